"""The study of teaching in small: it measures what it says, and it can miss."""

import random
from datetime import timedelta

import pytest

from assistant.store.items import Item, Layer
from assistant.turn import Ask
from simulator.homes import load_home
from simulator.people.customs import Custom, customs, day_of
from simulator.study.teaching.asking import false_offers
from simulator.study.teaching.habits import matches
from simulator.study.teaching.lessons import Concept, concept, fulfilled, notices, teach, unknown
from simulator.study.teaching.preferences import _holds, kinds
from simulator.study.teaching.shares import Share, at_least, at_most
from simulator.study.teaching.talk import MONDAY, talking, words
from simulator.study.teaching.voices import FALSE

COTTAGE = load_home("cottage")


def test_a_lesson_is_right_only_when_the_light_is_as_was_meant():
    chance = random.Random(1)
    with talking(COTTAGE, "ann", MONDAY + timedelta(hours=10)) as talk:
        meant = concept(COTTAGE, "tune", chance)
        right, turns = teach(talk, meant, "tune", random.Random(3))
        assert (right, turns) == (True, 3)
        other = Concept(meant.term, meant.spec, meant.values, {"brightness": 3})
        assert not fulfilled(talk, other)


def test_what_is_unknown_is_noticed_and_what_is_known_is_not():
    chance = random.Random(2)
    with talking(COTTAGE, "ann", MONDAY + timedelta(hours=10)) as talk:
        (text,) = unknown(COTTAGE, "tune", chance, 1)
        turn = talk.say(text)
        assert isinstance(turn.decision, Ask)
        assert notices(turn)
        talk.say("never mind")
        assert not notices(talk.say("turn on the kitchen light"))
    assert false_offers("tune", 1, 20).of == 20


def test_preferences_are_followed_and_not_for_somebody_else():
    # What one of a household listens to is offered to the others too, for want of a taste of their own.
    private = [case for case in kinds(COTTAGE, "tune", random.Random(5)) if case.kind != "music"]
    for case in private[:3]:
        with talking(COTTAGE, "ann", MONDAY + timedelta(hours=9)) as talk:
            talk.until(MONDAY + case.at)
            assert not _holds(talk, case), "nothing was told yet"
            talk.say(case.told)
            assert _holds(talk, case)
            at, speaker, request = case.elsewhere
            talk.until(MONDAY + timedelta(days=1) + at)
            assert not _holds(talk, case, request, speaker)


def test_days_come_with_the_habits_of_the_household_and_are_the_same_for_a_seed():
    chance = random.Random(4)
    kept = customs(COTTAGE, ("ann", "ben"), chance, 5)
    assert {each.trigger for each in kept} == {"alarm", "left", "came", "clock", "deed"}
    one = day_of(COTTAGE, ("ann", "ben"), kept, MONDAY, random.Random(9))
    assert one == day_of(COTTAGE, ("ann", "ben"), kept, MONDAY, random.Random(9))
    assert any(moment.custom for moment in one)
    assert [moment.time for moment in one] == sorted(moment.time for moment in one)


@pytest.mark.parametrize(("trigger", "deed", "same"), [
    ("alarm", "light.a=on", True), ("somebody came home", "light.a=on", False), ("alarm", "light.b=on", False),
])  # fmt: skip
def test_only_the_habit_itself_counts_as_found(trigger, deed, same):
    item = Item("habit-1", "habit", Layer.PERSONAL, "", "", details={"trigger": trigger, "deed": deed})
    assert matches(item, Custom("ann", "alarm", "light.a", "on", 0.9, True)) is same


def test_a_bar_can_be_missed():
    assert not at_least("x", Share(9, 10), 0.95).holds
    assert not at_most("x", Share(3, 100), FALSE).holds
    low, high = Share(9, 10).interval
    assert low < 0.9 < high
    assert words("tune")["concepts"] != words("test")["concepts"]
    assert not set(words("tune")["concepts"]) & set(words("test")["concepts"])
