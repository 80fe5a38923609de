from datetime import datetime, timedelta

import pytest

from assistant.config import Learning, Settings
from assistant.nlu import Understander
from assistant.store import Store
from assistant.teaching.manners import Manners
from assistant.turn import Hypothesis, Utterance
from simulator.homes import load_home
from simulator.replay.stage import Stage

ASKS = "Did I get that right?"
NOON = datetime(2026, 3, 2, 12, 0)


class Heard:
    """An observer that keeps what was said of the assistant's own accord."""

    def __init__(self):
        self.texts = []

    def turn_changed(self, turn):
        pass

    def said(self, text):
        self.texts.append(text)

    def phase_changed(self, phase):
        pass

    def home_changed(self, entity):
        pass


def open_stage(start, questions=2):
    heard = Heard()
    settings = Settings(learning=Learning(promptly=False, questions=questions, explore=0.0))
    stage = Stage(load_home("cottage"), start, None, 0, settings, Understander.load(), [heard])
    return stage, heard


def say(stage, text, confidence, wait=60.0):
    turn = stage.assistant.engine.hear(Utterance((Hypothesis(text, confidence),)), "kitchen", "ann")
    stage.run(wait)
    return turn


def often(stage, confidence, times=8, wait=60.0):
    for number in range(times):
        say(stage, f"turn {('on', 'off')[number % 2]} the kitchen light", confidence, wait)


@pytest.mark.parametrize(
    ("start", "confidence", "wait", "asked"),
    [
        (NOON, 0.6, 60.0, True),
        (NOON, 1.0, 60.0, False),
        (NOON.replace(hour=23), 0.6, 60.0, False),
        (NOON, 0.6, 8.0, False),
    ],
    ids=["doubtful and often", "sure", "at night", "in a hurry"],
)
def test_it_asks_when_the_answer_is_worth_it(start, confidence, wait, asked):
    stage, heard = open_stage(start)
    often(stage, confidence, wait=wait)
    assert (ASKS in heard.texts) == asked
    assert heard.texts.count(ASKS) <= 2
    stage.close()


def test_never_when_told_not_to_and_never_after_an_alarm():
    stage, heard = open_stage(NOON, questions=0)
    often(stage, 0.6)
    assert heard.texts == []
    stage.close()
    stage, heard = open_stage(NOON)
    say(stage, "set an alarm for 12:09", 1.0)
    often(stage, 0.6, 6)
    before = heard.texts.count(ASKS)
    stage.run(160.0)
    assert "It is 12:09." in heard.texts
    often(stage, 0.5, 4)
    assert heard.texts.count(ASKS) == before
    stage.close()


@pytest.mark.parametrize(
    ("answer", "feedback", "on"),
    [("yes", True, "light.kitchen"), ("no", False, "light.kitchen"), ("no, the hall light", False, "light.hall")],
)
def test_the_answer_is_a_label_and_a_correction_is_carried_out_in_one_go(answer, feedback, on):
    stage, _ = open_stage(NOON)
    turn = say(stage, "turn on the kitchen light", 1.0, 5.0)
    stage.assistant.engine.ask_feedback()
    stage.run(2.0)
    say(stage, answer, 1.0, 3.0)
    assert stage.store.get(turn.id).feedback is feedback
    lit = {
        id for id, state in stage.assistant.engine.states().items() if id.startswith("light.") and state.state == "on"
    }
    assert lit == {on}
    stage.close()


def test_patience_comes_back_and_outlives_a_restart():
    store = Store.open(":memory:")
    manners = Manners(store, Settings().risk)
    manners.asked("ann", NOON)
    again = Manners(store, Settings().risk)
    assert again.fatigue("ann", NOON) == 1.0
    assert again.fatigue("ben", NOON) == 0.0
    assert again.fatigue("ann", NOON + timedelta(hours=20)) == pytest.approx(0.25)
    assert again.today("ann", NOON + timedelta(days=1)) == 0
    store.close()
