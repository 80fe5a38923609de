"""What people want of a home: a device and the state that it should come to."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.homes.model import DeviceSpec, HomeFile

OPPOSITE = {
    "turn_on": "turn_off",
    "turn_off": "turn_on",
    "open": "close",
    "close": "open",
    "lock": "unlock",
    "unlock": "lock",
    "start": "dock",
    "dock": "start",
}
WANTED: Mapping[str, tuple[str, ...]] = {
    "turn_on": ("on", "heat", "auto", "cool", "idle", "playing", "paused"),
    "turn_off": ("off",),
    "open": ("open", "opening"),
    "close": ("closed", "closing"),
    "lock": ("locked",),
    "unlock": ("unlocked",),
    "start": ("cleaning", "mowing"),
    "dock": ("docked", "returning"),
}
"""The states in which a wish is fulfilled."""
KINDS: Mapping[str, tuple[str, ...]] = {
    "light": ("turn_on", "turn_off", "turn_on", "turn_off", "brightness"),
    "switch": ("turn_on", "turn_off"),
    "plug": ("turn_on", "turn_off"),
    "coffee_maker": ("turn_on", "turn_off"),
    "kettle": ("turn_on",),
    "fan": ("turn_on", "turn_off"),
    "tv": ("turn_on", "turn_off"),
    "oven": ("turn_off",),
    "thermostat": ("temperature",),
    "blind": ("open", "close"),
    "curtain": ("open", "close"),
    "shutter": ("open", "close"),
    "garage_door": ("close", "open"),
    "lock": ("lock",),
    "vacuum": ("start", "dock"),
}
"""What is wished of which kind of device."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A wish: `verb` as in `population.VERBS`, `value` in per cent or degrees where the verb has one."""

    verb: str
    entity: str
    value: int | None = None

    def fulfilled(self, reports: Mapping[str, Mapping[str, Any]]) -> bool:
        """Whether the home is as wished, by its devices' reports `{state, attributes}`."""
        report = reports[self.entity]
        if self.verb == "brightness" and self.value is not None:
            level = report["attributes"].get("brightness")
            return report["state"] == "on" and level is not None and abs(level - self.value * 2.55) <= 2
        if self.verb == "temperature":
            return bool(report["attributes"].get("temperature") == self.value)
        return report["state"] in WANTED[self.verb]

    def sensible(self, reports: Mapping[str, Mapping[str, Any]]) -> Goal | None:
        """The wish, or its opposite where it holds already; `None` where neither makes sense."""
        if not self.fulfilled(reports):
            return self
        other = OPPOSITE.get(self.verb)
        if other is None or other == "unlock":
            return None
        turned = Goal(other, self.entity)
        return None if turned.fulfilled(reports) else turned


def wishes(home: HomeFile) -> list[tuple[DeviceSpec, str]]:
    """All devices of a home with what may be wished of them."""
    return [(spec, verb) for spec in home.devices for verb in KINDS.get(spec.kind, ()) if _can(spec, verb)]


def _can(spec: DeviceSpec, verb: str) -> bool:
    if verb == "brightness":
        modes = spec.values.get("supported_color_modes") or ()
        return any(mode != "onoff" for mode in modes)
    return True


def draw(home: HomeFile, chance: random.Random) -> Goal:
    """A wish, every device as likely as another."""
    by_device: dict[str, list[str]] = {}
    for spec, verb in wishes(home):
        by_device.setdefault(spec.entity, []).append(verb)
    entity = chance.choice(sorted(by_device))
    verb = chance.choice(by_device[entity])
    return Goal(verb, entity, _value(verb, chance))


def _value(verb: str, chance: random.Random) -> int | None:
    if verb == "brightness":
        return chance.randrange(10, 100, 10)
    if verb == "temperature":
        return chance.randrange(17, 25)
    return None


def full_names(home: HomeFile) -> dict[str, str]:
    """A name for each device that no other has: with its room where the name alone is not enough."""
    rooms = {room.id: room.name for room in home.rooms}
    counts = Counter(spec.name.lower() for spec in home.devices)
    named = {}
    for spec in home.devices:
        name, room = spec.name.lower(), rooms.get(spec.area or "", "").lower()
        named[spec.entity] = name if counts[name] == 1 or not room or room in name else f"{room} {name}"
    return named
