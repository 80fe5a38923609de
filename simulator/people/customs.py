"""What simulated people do out of habit: after an alarm, on leaving or coming home, after another deed, by the clock.

This is the truth of a study. The assistant sees only the alarms, comings, goings and deeds that come of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from simulator.homes.model import DeviceSpec, HomeFile

Trigger = Literal["alarm", "left", "came", "clock", "deed"]
TRIGGERS: tuple[Trigger, ...] = ("alarm", "left", "came", "clock", "deed")
KEEPS = (0.8, 0.97)
"""How likely a person keeps to a habit on a day: from, to."""
STATES = {
    "light": ("on", "off"), "coffee_maker": ("on",), "kettle": ("on",), "fan": ("on", "off"), "plug": ("on", "off"),
    "tv": ("on", "off"), "blind": ("open", "closed"), "curtain": ("open", "closed"),
}  # fmt: skip
"""What is done out of habit with which kind of device."""


BACK = {"on": "off", "off": "on", "open": "closed", "closed": "open"}


@dataclass(frozen=True, slots=True)
class Custom:
    """A habit: on days that it `holds`, `entity` is brought to `state` soon after the trigger.

    `at` is the minute of the day of what goes by the clock, `after` the deed (entity, state) that it follows;
    `by_voice` tells whether it is asked for or done by hand.
    """

    person: str
    trigger: Trigger
    entity: str
    state: str
    keeps: float
    by_voice: bool
    days: frozenset[int] = frozenset(range(7))
    at: int = 0
    after: tuple[str, str] = ("", "")

    def holds(self, day: datetime, chance: random.Random) -> bool:
        """Whether it is kept on a day."""
        return day.weekday() in self.days and chance.random() < self.keeps


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happens in a day: `what` is alarm, stop, left, came, deed, or request."""

    time: datetime
    what: str
    person: str = ""
    entity: str = ""
    state: str = ""
    by_voice: bool = True
    custom: Custom | None = None


def with_persons(home: HomeFile, people: tuple[str, ...]) -> HomeFile:
    """The home with an entity for each person, which tells whether they are there."""
    persons = tuple(
        DeviceSpec(f"person.{name}", "person", name.capitalize(), None, (), {"state": "home"}) for name in people
    )
    return replace(home, devices=(*home.devices, *persons))


def customs(home: HomeFile, people: tuple[str, ...], chance: random.Random, count: int) -> tuple[Custom, ...]:
    """So many habits of a household, each about another device."""
    able = [spec for spec in home.devices if spec.kind in STATES]
    chosen = chance.sample(able, min(len(able), 2 * count))
    found = []
    for number in range(count):
        spec, other = chosen[2 * number], chosen[2 * number + 1]
        trigger = TRIGGERS[number % len(TRIGGERS)]
        state = chance.choice(STATES[spec.kind]) if trigger not in {"left"} else _off(spec)
        days = frozenset(chance.choice((range(7), range(7), range(5))))
        found.append(
            Custom(
                chance.choice(people), trigger, spec.entity, state, chance.uniform(*KEEPS), chance.random() < 0.6, days,
                chance.randrange(17 * 60, 21 * 60), (other.entity, STATES[other.kind][0]),
            )
        )  # fmt: skip
    return tuple(found)


def _off(spec: DeviceSpec) -> str:
    states = STATES[spec.kind]
    return states[-1]


def day_of(
    home: HomeFile, people: tuple[str, ...], kept: tuple[Custom, ...], day: datetime, chance: random.Random
) -> list[Moment]:
    """A day: an alarm, work away from home, habits, and as much that is no habit."""
    rise = day + timedelta(hours=6.5 if day.weekday() < 5 else 8, minutes=chance.uniform(0, 40))
    moments = [Moment(rise, "alarm"), Moment(rise + timedelta(seconds=20), "stop", people[0])]
    moments += _kept(kept, "alarm", rise + timedelta(seconds=40), chance, (20, 480))
    left = rise + timedelta(minutes=chance.uniform(70, 120))
    came = left + timedelta(hours=chance.uniform(5, 9))
    if chance.random() < 0.85:
        for number, person in enumerate(people):
            last = number == len(people) - 1
            moments.append(Moment(left - timedelta(minutes=0 if last else chance.uniform(10, 30)), "left", person))
            moments.append(Moment(came + timedelta(minutes=number * chance.uniform(5, 90)), "came", person))
        moments += _kept(kept, "left", left, chance, (-150, -20))
        moments += _kept(kept, "came", came, chance, (20, 360))
        away = (left, came)
    else:
        away = (left, left)
    for custom in kept:
        if custom.trigger == "clock" and custom.holds(day, chance):
            moments.append(_deed(custom, day + timedelta(minutes=custom.at + chance.uniform(-12, 12))))
    moments += _unrelated(home, people, kept, day, away, chance)
    for each in list(moments):
        follow = [one for one in kept if one.trigger == "deed" and one.after == (each.entity, each.state)]
        for custom in follow:
            if custom.holds(day, chance):
                moments.append(_deed(custom, each.time + timedelta(seconds=chance.uniform(15, 90))))
    return sorted(moments, key=lambda each: each.time)


def _kept(
    kept: tuple[Custom, ...], trigger: Trigger, at: datetime, chance: random.Random, delay: tuple[float, float]
) -> Iterator[Moment]:
    for custom in kept:
        if custom.trigger == trigger and custom.holds(at, chance):
            yield _deed(custom, at + timedelta(seconds=chance.uniform(*delay)))


def _deed(custom: Custom, time: datetime) -> Moment:
    return Moment(time, "deed", custom.person, custom.entity, custom.state, custom.by_voice, custom)


def _unrelated(
    home: HomeFile, people: tuple[str, ...], kept: tuple[Custom, ...], day: datetime, away: tuple[datetime, datetime],
    chance: random.Random,
) -> Iterator[Moment]:  # fmt: skip
    """What people do without any habit; and the deeds that others follow, at any time."""
    habitual = {custom.entity for custom in kept}
    able = [spec for spec in home.devices if spec.kind in STATES and spec.entity not in habitual]
    for _ in range(chance.randint(8, 16)):
        spec = chance.choice(able)
        time = day + timedelta(
            hours=chance.choice((7, 8, 9, 12, 15, 17, 18, 19, 20, 21)), minutes=chance.uniform(0, 59)
        )
        if not away[0] <= time <= away[1]:
            state = chance.choice(STATES[spec.kind])
            yield Moment(time, "deed", chance.choice(people), spec.entity, state, chance.random() < 0.6)
    for custom in kept:
        if custom.trigger == "deed":
            time = max(away[1], day + timedelta(hours=17)) + timedelta(minutes=chance.uniform(5, 200))
            yield Moment(time, "deed", custom.person, *custom.after, chance.random() < 0.6)
        # What is done is also undone, at no particular time.
        for entity, state in ((custom.entity, custom.state), custom.after):
            if chance.random() < 0.8 and (custom.trigger == "deed" or entity == custom.entity):
                late = day + timedelta(hours=chance.uniform(11, 22.5))
                yield Moment(late, "deed", custom.person, entity, BACK[state], by_voice=False)
