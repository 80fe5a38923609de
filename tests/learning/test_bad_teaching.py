import time
from datetime import datetime

import pytest

from assistant.nlu import Understander
from assistant.store.items import Item, ItemState, Layer
from assistant.turn import Hypothesis, Utterance
from simulator.homes import load_home
from simulator.replay.stage import Stage

NOON = datetime(2026, 3, 2, 12, 0)
MANY = 10_000


@pytest.fixture(scope="module")
def understander():
    return Understander.load()


@pytest.fixture
def stage(understander):
    stage = Stage(load_home("cottage"), NOON, understander=understander)
    yield stage
    stage.close()


def say(stage, text, speaker="ann"):
    stage.run(3.0)
    return stage.assistant.engine.hear(Utterance((Hypothesis(text),)), "kitchen", speaker)


def state(stage, entity):
    stage.run(1.0)
    return stage.assistant.engine.states()[entity].state


def stored(number):
    """One of very many things that were told."""
    kind = ("preference", "phrase", "value", "rule")[number % 4]
    details = {"told": f"Thing {number}.", "requests": ["turn on the hall light"], "domain": f"d{number}", "when": ""}
    details |= {"polarity": 1, "forbidden": {f"light.none{number}": "on"}}
    return Item(
        f"{kind}-{number}", kind, Layer.PERSONAL, f"word{number}", f"thing {number}", ItemState.ACTIVE, "home", "ann",
        since=NOON, details=details, reason='you said "it"',
    )  # fmt: skip


def test_ten_thousand_stored_items_do_not_slow_a_turn(stage):
    stage.store.items.put([stored(number) for number in range(MANY)])
    say(stage, "turn on the kitchen light")
    began = time.process_time()
    for number in range(10):
        say(stage, f"turn {('off', 'on')[number % 2]} the kitchen light")
        assert state(stage, "light.kitchen") == ("off", "on")[number % 2]
    assert (time.process_time() - began) / 10 < 0.15
    assert "Thing" in say(stage, "what have you learned about me").reply.text
    assert say(stage, "word9997").decision.kind == "execute"


def test_phrases_that_lead_to_each_other_end(stage):
    say(stage, "when I say zig I mean turn on the hall light")
    say(stage, "when I say zag I mean zig")
    for told in ("when I say zig I mean zag", "when I say zag I mean zag please", "when I say zog I mean zog"):
        turn = say(stage, told)
        if turn.decision.kind == "confirm":
            say(stage, "yes")
    say(stage, "zag")
    assert state(stage, "light.hall") == "on"


def test_two_teachers_who_disagree_have_each_their_own_and_share_no_name(stage):
    say(stage, "by cosy I mean thirty percent")
    say(stage, "by cosy I mean eighty percent", "ben")
    say(stage, "set the kitchen light to cosy")
    assert stage.assistant.engine.states()["light.kitchen"].attributes["brightness"] == pytest.approx(76, abs=2)
    say(stage, "set the kitchen light to cosy", "ben")
    assert stage.assistant.engine.states()["light.kitchen"].attributes["brightness"] == pytest.approx(204, abs=2)
    say(stage, "call the reading light bob")
    refused = say(stage, "call the hall light bob", "ben")
    assert refused.decision.kind == "refuse"
    assert "bob" in refused.reply.text.lower()


@pytest.mark.parametrize("name", ["kitchen", "light", "it", "yes", "the", "off", "garage door", "stop"])
def test_names_that_mean_something_are_refused(stage, name):
    assert say(stage, f"call the reading light {name}").decision.kind == "refuse"
    assert stage.assistant.ledger.items("name") == []


def test_a_risky_nickname_keeps_its_confirmation_however_it_was_taught(stage):
    say(stage, "when I say sesame I mean open the garage door")
    assert say(stage, "sesame").decision.kind == "confirm"
    assert state(stage, "cover.garage_door") == "closed"
    say(stage, "no")
    say(stage, "call the garage door big mouth")
    say(stage, "I'm coming home")
    say(stage, "unlock the front door")
    say(stage, "yes")
    say(stage, "never mind")
    say(stage, "never open the garage door")
    assert say(stage, "sesame").decision.kind == "refuse"
    assert say(stage, "open big mouth").decision.kind == "refuse"
    assert state(stage, "cover.garage_door") == "closed"


def test_what_the_assistant_says_itself_does_not_disturb_a_lesson(stage):
    say(stage, "set a timer for 10 seconds")
    say(stage, "set the living room light to study mode")
    stage.run(12.0)
    assert say(stage, "fifty percent").decision.kind == "confirm"
    say(stage, "yes")
    assert stage.assistant.engine.states()["light.living_room"].attributes["brightness"] == 128
