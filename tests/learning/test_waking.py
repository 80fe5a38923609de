from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.learning.ledger import Ledger
from assistant.learning.waking import HIGHER, ID, LOWER, MARGIN, OWN, Call, WakeTuner, calls, tuned
from assistant.store import Store
from assistant.store.items import ItemState
from assistant.turn import (
    Context,
    Decision,
    Execute,
    Hypothesis,
    Ignore,
    Outcome,
    OutcomeKind,
    Source,
    Turn,
    Utterance,
)

START = datetime(2026, 3, 2, 7, 0)
SETTING = 0.8
DONE = Execute(())


class Log:
    """Writes down what a household says to its assistant, a minute apart."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.now = START

    def call(self, text: str, *tries: float, after: float = 60.0, decision: Decision = DONE) -> None:
        self.now += timedelta(seconds=after)
        heard = (Hypothesis(text, 0.9),) if text else ()
        wake = min(tries[-1], 0.81) if tries else None
        utterance = Utterance(heard, Source.VOICE, wake, 1.0, "silence", tries)
        meant = text and not isinstance(decision, Ignore)
        outcome = Outcome(OutcomeKind.DONE if meant else OutcomeKind.IGNORED)
        context = Context(self.now, "home", "ann")
        self.turns.append(Turn(f"t{len(self.turns)}", context, utterance, decision=decision, outcome=outcome))


@pytest.fixture
def log() -> Log:
    """A week in which everybody who calls it reaches 0.97."""
    made = Log()
    for _ in range(10):
        made.call("turn on the lights", 0.97)
    return made


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store.open(":memory:")
    yield made
    made.close()


def meant(turns: list[Turn]) -> list[bool | None]:
    return [call.meant for call in calls(turns)]


def test_what_was_meant_is_told_from_what_was_not() -> None:
    log = Log()
    log.call("turn on the lights", 0.95)
    log.call("", 0.85)
    log.call("and then he said", 0.85, decision=Ignore("not for me"))
    log.call("close the door", 0.85)
    log.call("No, I wasn't talking to you!", after=5.0)
    log.call("close the door", 0.85)
    log.call("I wasn't talking to you!", after=5.0)
    assert meant(log.turns) == [True, False, False, True, False]


def test_who_falls_silent_and_calls_again_did_mean_it() -> None:
    log = Log()
    log.call("", 0.85)
    log.call("turn on the lights", 0.9, after=6.0)
    log.call("", 0.85)
    log.call("turn on the lights", 0.9, after=40.0)
    assert meant(log.turns) == [None, True, False, True]


def test_wakes_that_were_none_raise_the_cutoff(log: Log) -> None:
    for _ in range(3):
        log.call("", 0.85)
    found = tuned(calls(log.turns), SETTING)
    assert found is not None
    assert found.cutoff == 0.85
    assert found.reason == "it would have kept out 3 of 3 wakes that were not meant"
    assert found.evidence == ("t10", "t11", "t12")


def test_few_of_them_do_not(log: Log) -> None:
    log.call("", 0.85)
    log.call("", 0.85)
    assert tuned(calls(log.turns), SETTING) is None


def test_people_who_reach_no_more_than_what_was_not_meant_are_still_heard() -> None:
    log = Log()
    for _ in range(10):
        log.call("turn on the lights", 0.84)
        log.call("", 0.85)
    assert tuned(calls(log.turns), SETTING) is None


def test_nothing_rises_while_it_is_not_known_what_people_reach() -> None:
    log = Log()
    for _ in range(10):
        log.call("", 0.85)
    assert tuned(calls(log.turns), SETTING) is None


def test_calls_that_were_missed_lower_the_cutoff(log: Log) -> None:
    log.call("turn on the lights", 0.74, 0.95)
    assert tuned(calls(log.turns), SETTING) is None
    log.call("turn on the lights", 0.76, 0.95)
    found = tuned(calls(log.turns), SETTING)
    assert found is not None
    assert found.cutoff == 0.73
    assert found.reason == "it would have heard 2 of 2 calls that were missed"


scores = st.floats(0.3, 1.0)
known = st.lists(
    st.builds(Call, st.text(max_size=2), scores, st.none() | st.booleans(), st.tuples() | st.tuples(scores))
)


@given(known, st.sampled_from([0.5, 0.7, 0.8, 0.9, 0.95]))
def test_it_stays_within_bounds_and_never_loses_the_people_of_the_home(found: list[Call], setting: float) -> None:
    tuning = tuned(found, setting)
    if tuning is None:
        return
    assert setting - LOWER - 0.01 <= tuning.cutoff <= setting + HIGHER + 0.01
    assert 0.0 < tuning.cutoff < 1.0
    own = [call.score for call in found if call.meant]
    if tuning.cutoff > setting:
        assert len(own) >= OWN
        assert sum(score <= tuning.cutoff + MARGIN / 2 for score in own) <= 0.02 * len(own)


def test_what_was_learned_is_in_the_ledger_and_can_be_taken_back(log: Log, store: Store) -> None:
    for _ in range(3):
        log.call("", 0.85)
    for turn in log.turns:
        store.begin(turn)
    ledger = Ledger(store)
    tuner = WakeTuner(ledger, store, SETTING)
    assert tuner.cutoff == SETTING
    assert tuner.learn(log.now) == 0.85
    why = ledger.why(ID)
    assert why.startswith("I must be surer of the wake word: 0.85 instead of 0.8.")
    assert "kept out 3 of 3" in why
    assert WakeTuner(Ledger(store), store, SETTING).cutoff == 0.85, "a restart keeps it"
    assert WakeTuner(Ledger(store), store, 0.9).cutoff == 0.9, "another setting begins anew"

    ledger.forget(ID)
    assert tuner.cutoff == SETTING
    assert tuner.learn(log.now) == SETTING, "what it rested on counts no more"
    for _ in range(3):
        log.call("", 0.87)
        store.begin(log.turns[-1])
    assert tuner.learn(log.now) == 0.87

    ledger.block(ID)
    assert tuner.learn(log.now) == SETTING
    ledger.approve(ID)
    assert tuner.learn(log.now) == 0.87


def test_it_goes_back_when_the_last_turns_no_longer_speak_for_it(log: Log, store: Store) -> None:
    for _ in range(3):
        log.call("", 0.85)
    for turn in log.turns:
        store.begin(turn)
    tuner = WakeTuner(Ledger(store), store, SETTING)
    assert tuner.learn(log.now) == 0.85
    for number in range(200):
        log.call("turn on the lights", 0.97)
        store.begin(replace(log.turns[-1], id=f"later{number}"))
    assert tuner.learn(log.now) == SETTING
    (item,) = Ledger(store).items("wake")
    assert item.state is ItemState.RETIRED
