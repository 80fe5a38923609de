"""Putting a clause together, whatever the tagger makes of its words."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.home import Home
from assistant.nlu.features import mentions
from assistant.nlu.frames import assemble
from assistant.nlu.gazetteer import Gazetteer
from assistant.nlu.normalise import tokenise
from assistant.nlu.times import fold
from assistant.nlu.understander import MODEL, Model

WORDS = ["turn", "is", "what", "the", "lamp", "kitchen", "on", "off", "open", "banana", "five", "percent", "red", "it"]
NOBODY = Gazetteer.of(Home())
TAGS = ["O", *(f"B-{tag}" for tag in ("STATE", "NAME", "KIND", "AREA", "VALUE", "AMOUNT", "TIME", "QUANT", "REF"))]


@pytest.fixture(scope="module")
def model():
    return Model.load(MODEL)


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(TAGS)), min_size=1, max_size=6), st.integers(0, 999))
@example([("what", "O"), ("banana", "B-STATE"), ("lamp", "B-STATE")], None)
@settings(max_examples=150, deadline=None)
def test_any_tags_make_some_frame(model, pairs, number):
    labels = model.classifier.labels
    label = "home.query/what" if number is None else labels[number % len(labels)]
    spans = fold(tokenise([word for word, _ in pairs]))
    tags = [tag for _, tag in pairs][: len(spans)]
    assert assemble(mentions(spans, tags), label, NOBODY, model.explained).intents
