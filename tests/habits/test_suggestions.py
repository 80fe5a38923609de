from datetime import datetime, timedelta

import pytest

from assistant.nlu import Understander
from assistant.turn import Hypothesis, Utterance
from simulator.homes import load_home
from simulator.replay.stage import Stage

MONDAY = datetime(2026, 3, 2)
OFFER = "You usually turn on the coffee maker after the alarm. Shall I?"
DELAYS = (3, 9, 5, 11)


def say(stage, text):
    stage.run(1.0)
    turn = stage.assistant.engine.hear(Utterance((Hypothesis(text),)), "kitchen", "ann")
    stage.run(4.0)
    return turn


def until(stage, moment):
    while (left := (moment - stage.clock.now()).total_seconds()) > 0:
        stage.clock.skip(min(left, 120.0))
        stage.assistant.engine.advance()


def morning(stage, day, minutes=0):
    """The alarm rings at seven and is stopped."""
    until(stage, day + timedelta(hours=6, minutes=30))
    say(stage, "set an alarm for 7 am")
    until(stage, day + timedelta(hours=7, seconds=20))
    say(stage, "stop")


def asked(stage):
    """The question that waits for an answer, if the assistant asked it of its own accord."""
    last = stage.assistant.engine.parts.dialogue.last
    return last.reply.text if last is not None and not last.said else None


@pytest.fixture
def stage(tmp_path):
    """After four mornings with coffee after the alarm."""
    stage = Stage(load_home("cottage"), MONDAY, tmp_path, understander=Understander.load())
    for number, delay in enumerate(DELAYS):
        day = MONDAY + timedelta(days=number)
        morning(stage, day)
        until(stage, stage.clock.now() + timedelta(minutes=delay))
        assert asked(stage) is None
        say(stage, "turn on the coffee maker")
        until(stage, day + timedelta(hours=13 + delay / 4))
        say(stage, "turn on the kitchen light" if number % 2 else "turn off the kitchen light")
    yield stage
    stage.close()


def coffee(stage):
    return stage.assistant.engine.states()["switch.coffee_maker"].state


def habit(stage):
    (item,) = [each for each in stage.assistant.ledger.items("habit") if each.after == "turn on the coffee maker"]
    return item


def test_a_habit_is_offered_taken_and_becomes_a_routine_that_survives(stage):
    day = MONDAY + timedelta(days=len(DELAYS))
    morning(stage, day)
    stage.run(8.0)
    assert asked(stage) == OFFER
    assert coffee(stage) == "off"
    say(stage, "yes")
    assert coffee(stage) == "on"
    stage.run(8.0)
    assert asked(stage) == "Shall I turn on the coffee maker after the alarm from now on?"
    say(stage, "yes")
    assert habit(stage).state == "active"
    assert "usually turns on the coffee maker" in say(stage, "what have you learned about me").reply.text
    stage.restart()
    until(stage, day + timedelta(days=1, hours=6))
    assert coffee(stage) == "off"
    morning(stage, day + timedelta(days=1))
    assert coffee(stage) == "on"
    assert asked(stage) is None


def test_what_is_declined_fades_and_a_no_is_not_held_against_the_turn_before(stage):
    offers = 0
    for number in range(len(DELAYS), len(DELAYS) + 8):
        day = MONDAY + timedelta(days=number)
        morning(stage, day)
        stage.run(8.0)
        if asked(stage) == OFFER:
            offers += 1
            say(stage, "no")
        assert coffee(stage) == "off"
    assert 1 <= offers <= 2
    assert habit(stage).applied.losses == offers
    stopped = [turn for turn in stage.store if turn.said == "stop"][-1]
    assert stopped.feedback is None


def test_a_habit_is_evidence_before_anything_was_offered(stage):
    engine = stage.assistant.engine
    day = MONDAY + timedelta(days=len(DELAYS))
    morning(stage, day)
    habits = next(each for each in engine.observers if type(each).__name__ == "Habits")
    context = next(iter(stage.store.last(1))).context
    assert habits.due(context)["switch.coffee_maker"] > 0.5
    until(stage, day + timedelta(hours=9))
    later = say(stage, "what time is it").context
    assert "switch.coffee_maker" not in habits.due(later)


def test_forgetting_forgets_the_habit_and_the_diary(stage):
    say(stage, "forget turn on the coffee maker")
    assert [each for each in stage.assistant.ledger.items("habit") if each.after == "turn on the coffee maker"] == []
    stage.store.forget(everything=True)
    assert stage.store.kept("diary") == {}


def test_in_guest_mode_nothing_is_written_down(stage):
    say(stage, "guest mode on")
    before = stage.store.kept("diary")
    day = MONDAY + timedelta(days=len(DELAYS))
    morning(stage, day)
    stage.run(60.0)
    assert asked(stage) is None
    assert stage.store.kept("diary").keys() == before.keys()
