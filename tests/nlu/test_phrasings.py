"""The sentences that the recogniser expects in a home."""

from __future__ import annotations

import re
import time

from assistant.home import Home
from assistant.nlu import Understander
from assistant.nlu.phrasings import phrasings, spoken
from tests.nlu.home import HOME


def test_distinct_spoken_and_reproducible() -> None:
    sentences = list(phrasings(HOME, 3000, seed=4))
    assert len(sentences) == len(set(sentences)) == 3000
    assert all(re.fullmatch(r"[a-z' ]+", sentence) for sentence in sentences)
    assert sentences == list(phrasings(HOME, 3000, seed=4))
    assert sentences != list(phrasings(HOME, 3000, seed=5))


def test_every_name_is_there() -> None:
    text = "\n".join(phrasings(HOME, 2000))
    for name in (*(entity.name for entity in HOME.entities.values()), *(area.name for area in HOME.areas.values())):
        assert spoken(name) in text


def test_dialogue_is_there() -> None:
    sentences = set(phrasings(HOME, 6000))
    assert {"stop", "never mind", "no the garage door"} <= sentences


def test_fast_enough_to_be_made_at_start() -> None:
    began = time.process_time()
    list(phrasings(HOME, 3000))
    assert time.process_time() - began < 2.0


def test_an_empty_home_still_has_words() -> None:
    assert len(list(phrasings(Home(), 200))) == 200


def test_they_are_understood(understander: Understander) -> None:
    sentences = list(phrasings(HOME, 600, seed=11))
    understood = [text for text in sentences if not understander.parse(text).unexplained]
    assert len(understood) / len(sentences) > 0.93
