"""What counts as a hand on the switch, and what does not: a late device, a stuck bolt."""

from dataclasses import replace
from datetime import datetime

import pytest

from assistant.turn import Command, Context, Execute, Outcome, OutcomeKind, State, Turn, Utterance
from assistant.watch import Watch

ON = Command("light.hall", "light.on", {"state": "on"})


def watched(unconfirmed=(), after="off"):
    """A watch after the assistant has switched on the light of the hall."""
    watch = Watch()
    states = {"light.hall": State(after), "lock.door": State("locked")}
    turn = Turn("1", Utterance(()), Context(datetime(2026, 3, 2)), decision=Execute((ON,)))
    outcome = Outcome(OutcomeKind.FAILED if unconfirmed else OutcomeKind.DONE, states, tuple(unconfirmed))
    watch.acted(replace(turn, outcome=outcome), 0.0)
    return watch


def test_a_hand_puts_it_back():
    turn = watched(after="on").reported("light.hall", State("off"), 5.0)
    assert [(hand.entity, hand.seconds_after) for hand in turn.hands] == [("light.hall", 5.0)]


def test_a_device_that_obeys_late_is_no_hand():
    watch = watched(unconfirmed=["light.hall"])
    assert watch.reported("light.hall", State("on"), 10.0) is None
    assert watch.reported("light.hall", State("off"), 12.0) is not None, "but what follows is one"


@pytest.mark.parametrize("state", ["jammed", "unavailable"])
def test_nobody_switches_a_device_to_that(state):
    assert watched().reported("lock.door", State(state), 5.0) is None
