import json
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.learning.files import learn_store
from assistant.nlu import Understander
from assistant.store import Store
from assistant.teaching.grammar import frame_of, parts_of, statement, tidy, value_asked
from assistant.turn import Hypothesis, Utterance
from simulator.homes import load_home
from simulator.replay.stage import Stage

NOON = datetime(2026, 3, 2, 12, 0)
LESSON = ("set the living room light to study mode", "fifty percent and warm white", "yes")
INTERRUPTIONS = ("never mind", "no", "what time is it", "bananas", "I like that", "is the garage door open", "")
ORDINARY = (
    "turn on the flux capacitor",
    "set the flux capacitor to study mode",
    "set the living room light to 5000 percent",
    "set the living room light to five hundred percent",
    "set the coffee maker to on",
    "change the kitchen light to a different hue",
    "tell me a joke",
    "call me a taxi",
    "what does hygge mean",
    "turn on the light",
    "never mind",
    "set the volume to ten",
    "make it warmer",
    "you can stop now",
    "I would like the kitchen light on",
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    stage = Stage(load_home("cottage"), NOON, tmp_path_factory.mktemp("data"), understander=Understander.load())
    yield stage
    stage.close()


def say(stage, text, speaker="ann"):
    stage.run(3.0)
    return stage.assistant.engine.hear(Utterance((Hypothesis(text),) if text else ()), "kitchen", speaker)


def told(stage):
    return [item for item in stage.assistant.ledger.items() if "told" in item.details]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.integers(1, 2),
    said=st.lists(st.sampled_from(INTERRUPTIONS), min_size=3, max_size=3),
)
def test_a_lesson_interrupted_anywhere_keeps_nothing_and_moves_nothing(stage, steps, said):
    before = stage.assistant.engine.states()["light.living_room"]
    for text in LESSON[:steps]:
        say(stage, text)
    for text in said:
        assert not say(stage, text).commands
    say(stage, "never mind")
    assert not say(stage, "yes").commands
    assert told(stage) == []
    assert stage.assistant.engine.states()["light.living_room"] == before


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_requests_are_no_lessons(stage, text):
    turn = say(stage, text)
    assert "I don't know" not in turn.reply.text or turn.decision.kind != "ask"
    assert told(stage) == []
    say(stage, "never mind")


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text):
    said = tidy(text)
    frame_of(said), statement(said), parts_of(said), value_asked(said, ("desk lamp",))


def test_what_was_told_is_listed_explained_written_and_forgotten_by_command(tmp_path):
    stage = Stage(load_home("cottage"), NOON, tmp_path, understander=Understander.load())
    say(stage, "when I say movie time I mean turn off the kitchen light")
    say(stage, "guest mode on")
    say(stage, "turn on the hall light")
    say(stage, "guest mode off")
    stage.close()
    store = Store.open(tmp_path)
    ledger = stage.assistant.ledger.__class__(store)
    (item,) = ledger.items()
    assert item.kind == "phrase"
    assert "movie time" in ledger.why(item.id)
    assert "for ann" in ledger.why(item.id)
    assert [turn.said for turn in store.turns()] == [item.reason.split('"')[1], "guest mode off"]
    learn_store(store, tmp_path / "out")
    (line,) = [json.loads(text) for text in (tmp_path / "out" / "preferences.jsonl").read_text().splitlines()]
    assert line["told"]["kind"] == "phrase"
    assert ledger.items() == [item], "learning from the whole log leaves alone what was told"
    ledger.forget(item.id)
    assert ledger.items() == []
    store.close()
