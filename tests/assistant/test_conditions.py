from dataclasses import replace

import pytest

from assistant.conditions import Condition, View, holds
from assistant.home import Entity
from assistant.resolve.conditions import resolved_condition
from assistant.resolve.resolver import Memory, Resolver
from assistant.turn import State
from tests.assistant.homes import HOME, NOW, STATES, context

PEOPLE = {f"person.{name.lower()}": Entity(f"person.{name.lower()}", "person", name) for name in ("Ann", "Ben")}
LIVED_IN = replace(HOME, entities={**HOME.entities, **PEOPLE})


def resolved(test, home=LIVED_IN, **said):
    resolver = Resolver()
    resolver.learn_home(home)
    return resolved_condition(test, replace(context(), **said), resolver, Memory())


def home_are(*names):
    states = {key: State("home" if entity.name in names else "not_home") for key, entity in PEOPLE.items()}
    return View(LIVED_IN, {**STATES, **states}, NOW)


def test_everyone_is_out_only_when_the_last_has_left():
    condition = Condition.of(resolved({"op": "presence", "who": "all", "state": "not_home"}))
    assert [holds(condition, home_are(*names)) for names in (("Ann", "Ben"), ("Ann",), ())] == [False, False, True]


def test_i_is_who_speaks():
    condition = Condition.of(resolved({"op": "presence", "who": "speaker", "state": "not_home"}, speaker="ben"))
    assert condition.entities == ("person.ben",)
    assert holds(condition, home_are("Ann"))


def test_without_anything_that_tells_who_is_at_home_it_is_missing():
    assert "missing" in resolved({"op": "presence", "who": "all", "state": "not_home"}, home=HOME)


@pytest.mark.parametrize(
    ("op", "value", "reported", "so"),
    [
        ("above", 23, "23.1", True),
        ("above", 23, "23", False),
        ("below", 18, "17", True),
        ("below", 18, "unknown", None),
    ],
)
def test_a_level_is_what_the_sensor_reports(op, value, reported, so):
    target = {"attribute": "temperature", "area": "kitchen"}
    condition = Condition.of(resolved({"op": op, "value": value, "unit": "degrees", "target": target}))
    assert "sensor.kitchen_temperature" in condition.entities
    only = replace(condition, entities=("sensor.kitchen_temperature",))
    assert holds(only, View(LIVED_IN, {"sensor.kitchen_temperature": State(reported)}, NOW)) is so
