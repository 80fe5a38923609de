"""Only what was said to be done is done: reports, wishes and half sentences move nothing; reasons change nothing."""

from datetime import datetime

import pytest

from assistant.nlu import Understander
from assistant.nlu.breaths import pieces
from assistant.nlu.clauses import split
from assistant.nlu.gazetteer import Gazetteer
from assistant.nlu.normalise import tokenise, words_of
from assistant.nlu.reasons import is_reason
from assistant.nlu.times import fold
from assistant.turn import Hypothesis, Utterance
from simulator.benchmarks.peers import DATA
from simulator.homes import load_home
from simulator.replay.checks import changed
from simulator.replay.stage import Stage

NOW = datetime(2026, 3, 2, 12, 0)


@pytest.fixture(scope="module")
def understander():
    return Understander.load()


@pytest.fixture(scope="module")
def everyday():
    return load_home(str(DATA / "everyday.yaml"))


@pytest.fixture
def stage(understander, everyday):
    stage = Stage(everyday, NOW, understander=understander)
    stage.world.set("light.kitchen", {"state": "on"})
    stage.assistant.engine.advance()
    yield stage
    stage.close()


def said(stage, *texts, room=None):
    """What changed with the last of some requests, and its turn."""
    engine = stage.assistant.engine
    for text in texts:
        before = dict(engine.states())
        turn = engine.hear(Utterance((Hypothesis(text),)), room)
        stage.run(2.0)
    after = engine.states()
    return {entity: after[entity].state for entity in changed(before, after)}, turn


@pytest.mark.parametrize(
    "text",
    [
        "turn the kettle", "oven", "the oven", "turn", "turn it", "should I turn on the heating",
        "I don't want the kitchen light off", "I just turned off the kitchen light", "she turned off the kitchen light",
        "do you like lights", "how do I turn on the oven", "the kitchen light went off", "turn both off",
        "clean the oven", "any lights off", "turn the light on and off", "garage door open?", "kitchen light off?",
        "turn on the garden light at nine if it is dark",
    ],
)  # fmt: skip
def test_what_is_no_order_moves_nothing(stage, text):
    changes, turn = said(stage, text)
    assert changes == {}
    assert turn.reply.text


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("kitchen light off, hall light on", {"light.kitchen": "off", "light.hall": "on"}),
        ("turn on the kettle and turn off the kitchen light at nine", {"switch.kettle": "on"}),
        ("turn on the desk lamp at nine", {}),
        ("at nine turn off the kitchen light and turn on the kettle", {}),
        ("on monday at 6 turn off the kitchen light", {}),
        ("turn off the kitchen light, it is too bright", {"light.kitchen": "off"}),
        ("I'm going to bed, turn off the kitchen light", {"light.kitchen": "off"}),
        ("turn off all the lights not the kitchen", {}),
        ("turn off the lights in all rooms except the kitchen", {}),
        ("turn on the lights in the hall, bathroom and garage",
         {"light.hall": "on", "light.bathroom": "on", "light.garage": "on"}),
        ("turn on the left and right lamps", {"light.left_lamp": "on", "light.right_lamp": "on"}),
        ("turn on the lamp on my desk", {"light.desk_lamp": "on"}),
        ("turn off the kitchen light unless the tv is on", {"light.kitchen": "off"}),
        ("unless the front door is locked turn off the kitchen light", {}),
        ("if the front door is locked and the tv is off turn off the kitchen light", {"light.kitchen": "off"}),
        ("if the front door is locked and the tv is on turn off the kitchen light", {}),
        ("is the front door locked? if so turn off the kitchen light", {"light.kitchen": "off"}),
        ("is the front door locked? if not turn off the kitchen light", {}),
        ("turn on the garage", {"light.garage": "on"}),
    ],
)  # fmt: skip
def test_what_is_asked_for_is_all_that_is_done(stage, text, wished):
    changes, _ = said(stage, text)
    assert changes == wished


@pytest.mark.parametrize(
    ("texts", "wished"),
    [
        (("turn the kettle", "on"), {"switch.kettle": "on"}),
        (("turn on the left lamp", "no, the right one"), {"light.left_lamp": "off", "light.right_lamp": "on"}),
        (("turn on the left lamp", "and the right one"), {"light.right_lamp": "on"}),
        (("turn on the left lamp", "the other one as well"), {"light.right_lamp": "on"}),
        (("turn on the desk lamp", "wrong one"), {}),
        (("turn on the desk lamp", "do it again"), {}),
        (("turn on the desk lamp and hall light", "turn both off"), {"light.desk_lamp": "off", "light.hall": "off"}),
    ],
)  # fmt: skip
def test_what_follows_is_about_what_was_said_before(stage, texts, wished):
    changes, _ = said(stage, *texts)
    assert changes == wished


def test_more_goes_on_the_same_way(stage):
    said(stage, "set the desk lamp to 80 percent", "dim the desk lamp", "a bit more")
    assert stage.assistant.engine.states()["light.desk_lamp"].attributes["brightness"] == pytest.approx(102, abs=2)


def test_what_follows_takes_its_own_value(stage):
    said(stage, "set the desk lamp to 40 percent", "and the bedroom light to 20")
    assert stage.assistant.engine.states()["light.bedroom"].attributes["brightness"] == 51


def test_everything_in_here_is_only_what_is_here(stage):
    changes, _ = said(stage, "everything off in here", room="bedroom")
    assert "light.kitchen" not in changes


def test_until_ends_what_was_on_already(stage):
    said(stage, "keep the kitchen light on until 12:10")
    stage.run(660.0)
    assert stage.assistant.engine.states()["light.kitchen"].state == "off"


def test_a_condition_of_two_parts_is_kept_and_waits(stage):
    said(stage, "when the kettle is on and the tv is on turn on the hall light")
    stage.world.set("switch.kettle", {"state": "on"})
    stage.run(10.0)
    assert stage.assistant.engine.states()["light.hall"].state == "off"
    stage.world.set("media_player.tv", {"state": "on"})
    stage.run(10.0)
    assert stage.assistant.engine.states()["light.hall"].state == "on"


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("two thirds", "pct", 66), ("three quarters", "pct", 75), ("one eighty", "num", 180),
        ("three quarters of an hour", "dur", 2700.0),
    ],
)  # fmt: skip
def test_numbers_as_people_say_them(text, kind, value):
    (span,) = fold(tokenise(words_of(text)))
    assert (span.kind, span.value) == (kind, value)


def test_half_six_is_half_past_six():
    spans = fold(tokenise(words_of("wake me at half six")))
    assert spans[-1].value == ("06:30", False)


@pytest.mark.parametrize("text", ["i am going to bed", "my mum is there", "it is too bright", "the pizza is done"])
def test_reasons(text):
    assert is_reason(words_of(text), Gazetteer())


@pytest.mark.parametrize(
    "text",
    ["not now", "it is for nine o'clock", "unless i am home", "the lights are on", "i said the garage", "stop it"],
)
def test_what_may_matter_is_no_reason(text):
    assert not is_reason(words_of(text), Gazetteer())


def test_a_sentence_is_cut_only_between_requests():
    kitchen = "turn off the lights in the kitchen"
    assert list(pieces(words_of(kitchen), kitchen)) == []
    assert next(pieces(words_of("lamp off fan on"))) == ("lamp off", "fan on")


def test_two_conditions_are_one_clause():
    found = split(words_of("if the tv is on or the radio is on close the blinds"))
    assert found is not None
    assert found.request == "close the blinds"
    assert found.clause.test == {"op": "any"}
    assert [part.question for part in found.clause.parts] == ["is the tv on", "is the radio on"]
