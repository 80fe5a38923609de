from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assistant.conditions import Condition, View
from assistant.nlu.clauses import split
from assistant.nlu.normalise import words_of
from assistant.rules import Rule, Rules, rule_of
from assistant.store import Store
from assistant.turn import Command, State
from tests.assistant.homes import HOME, STATES

NOW = datetime(2026, 3, 2, 12, 0)
OFF = Command("climate.oven", "climate.turn_off", {"state": "off"}, {"state": "heat"})
WARM = Condition("above", ("sensor.kitchen_temperature",), value=23.0)


def view(now=NOW, **states):
    return View(HOME, {**STATES, **{key.replace("__", "."): state for key, state in states.items()}}, now)


def warm(degrees):
    return view(sensor__kitchen_temperature=State(str(degrees)))


def rules(store=None):
    return Rules(store or Store.open(":memory:"))


def test_what_is_due_is_done_once_and_survives_a_restart():
    store = Store.open(":memory:")
    rules(store).add(Rule("rule", "oven off", NOW, due=NOW + timedelta(hours=1), commands=(OFF,)), view())
    again = rules(store)
    assert again.next_due() == NOW + timedelta(hours=1)
    assert again.take_due(view()) == []
    assert [rule.commands for rule in again.take_due(view(NOW + timedelta(hours=1)))] == [(OFF,)]
    assert len(again) == len(rules(store)) == 0


def test_a_condition_counts_at_its_edge_only():
    kept = rules()
    kept.add(Rule("rule", "fan", NOW, condition=replace(WARM, becomes=True)), warm(24))
    assert kept.take_due(warm(25)) == []
    assert kept.take_due(warm(22)) == []
    assert len(kept.take_due(warm(23.5))) == 1
    assert len(kept) == 0


def test_a_standing_rule_needs_the_value_to_go_back_before_it_counts_again():
    kept = rules()
    kept.add(Rule("rule", "fan", NOW, condition=WARM, standing=True), warm(20))
    fired = [len(kept.take_due(warm(degrees))) for degrees in (23.1, 22.9, 23.1, 22.5, 23.1)]
    assert fired == [1, 0, 0, 0, 1]


def test_what_must_last_is_counted_from_when_it_began():
    kept = rules()
    kept.add(Rule("rule", "close", NOW, condition=Condition("is", ("cover.garage_door",), "open", lasting=600)), view())
    opened = {"cover__garage_door": State("open")}
    assert kept.take_due(view(NOW, **opened)) == []
    assert kept.take_due(view(NOW + timedelta(minutes=5))) == []
    assert kept.take_due(view(NOW + timedelta(minutes=6), **opened)) == []
    assert kept.take_due(view(NOW + timedelta(minutes=15), **opened)) == []
    assert len(kept.take_due(view(NOW + timedelta(minutes=16), **opened))) == 1


def test_what_is_offline_meets_no_condition():
    kept = rules()
    kept.add(Rule("rule", "x", NOW, condition=Condition("is", ("lock.front_door",), "unlocked")), view())
    assert kept.take_due(view(lock__front_door=State("unavailable"))) == []
    assert len(kept.take_due(view(lock__front_door=State("unlocked")))) == 1


@given(st.text(max_size=80), st.floats(-1e6, 1e6), st.booleans(), st.sampled_from(["", "every day", "every weekday"]))
def test_a_rule_is_read_back_as_it_was_kept(about, value, standing, repeat):
    store = Store.open(":memory:")
    condition = replace(WARM, value=value)
    kept = rules(store)
    rule = kept.add(Rule("rule", about, NOW, condition=condition, standing=standing, repeat=repeat), view())
    assert [rule_of(document) for document in store.kept("rule").values()] == [rule]
    store.close()


WORDS = words_of("when if until the garage opens it is above 23 at sunset for ten minutes i leave")


@given(st.lists(st.sampled_from(WORDS)))
def test_any_words_are_split_or_left_alone(words):
    found = split(words_of(" ".join(words)))
    assert found is None or (found.clause.words and set(found.request.split()) <= set(words))
