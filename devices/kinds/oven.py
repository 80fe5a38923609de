"""Ovens: modes, a target, what the inside really has, a timer that switches them off, and a door."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, ClassVar

from devices.countdown import FINISHES, Countdown
from devices.device import Risk, Surroundings, Wanted
from devices.kinds.climate import Climate
from devices.traits import Choice, Number, Trait, as_number

MODES = ("bake", "broil", "convection", "roast", "warm")
"""How it heats: Home Assistant's `preset_mode`."""
LONGEST = 86_400
"""The longest time that its timer takes, in seconds."""


class Oven(Climate):
    """Heats food: off or heat. Never "the thermostat". With `duration`, in seconds, it goes off by itself."""

    own_doing: ClassVar[bool] = True
    modes: ClassVar[tuple[str, ...]] = ("off", "heat")
    limits: ClassVar[tuple[float, float]] = (30, 280)
    target: ClassVar[float] = 180
    HEATING: ClassVar[float] = 0.25
    """Kelvin a second while it heats up: 180 degrees in eleven minutes."""
    COOLING: ClassVar[float] = 2400.0
    """Seconds after which the difference to the room has fallen to 37 percent; a sixth of it while the door is open."""

    def _ready(self) -> None:
        super()._ready()
        self.features["preset_modes"] = self.features.get("preset_modes") or list(MODES)
        self._inside = self._room = self._degrees(20)
        self._timer = Countdown()
        self.attributes |= {"preset_mode": self.features["preset_modes"][0], "door": "closed"}

    def _traits(self) -> Iterable[Trait]:
        yield from super()._traits()
        yield Number("duration", 0, LONGEST, whole=True, unit=" s")

    def _manual(self) -> Iterable[Trait]:
        yield Choice("door", ("open", "closed"))

    def _settle(self, given: frozenset[str]) -> None:
        told = as_number(self.attributes.get("current_temperature"))
        if "current_temperature" in given and told is not None:
            self._inside = told
        self.attributes["current_temperature"] = round(self._inside)
        asked = as_number(self.attributes.get("duration")) or 0.0
        if self.state == "off" or "duration" in given:
            self._timer.start(asked if self.state != "off" else 0.0)
        if finishes := self.attributes.pop(FINISHES, None):
            self._timer.resume(finishes)
        if not self._timer.running:
            self.attributes.pop("duration", None)

    def _present(self, key: str) -> Any:
        return round(self._timer.left) if key == "duration" else super()._present(key)

    def _restored(self) -> Iterable[str]:
        return (*super()._restored(), "duration")

    def risk(self, wanted: Wanted) -> Risk:
        """Heating is confirmed when unsure; switching off never."""
        return "none" if wanted.get("state", self.state) == "off" else "confirm"

    @property
    def busy(self) -> bool:
        """While it heats, and until it is cold again."""
        return self.state != "off" or self._inside - self._room > self._span(1.0)

    @property
    def unhurried(self) -> bool:
        """While it cools, or keeps its temperature with no timer running."""
        return self.state == "off" or (not self._timer.running and self._inside == self.attributes["temperature"])

    @property
    def heat(self) -> float:
        """What its walls give to the kitchen, in watts: 900 at 180 degrees."""
        return max(0.0, (self._inside - self._room) / self._span(160.0)) * 900.0

    @property
    def power(self) -> float:
        """What it draws, in watts: all it can while it heats up, then what its walls lose."""
        heats = self.state != "off" and self._inside < float(self.attributes["temperature"])
        return 2500.0 if heats else self.heat if self.state != "off" else 0.0

    def step(self, seconds: float, around: Surroundings) -> None:
        """Heat towards the target, or cool towards the room; off when the timer is over."""
        self._room = around.temperature
        timed = self._timer.running
        over = self._timer.step(seconds, around.now) if timed else 0.0
        self._warm(seconds - over)
        if timed and not self._timer.running:
            self.state = "off"
            self.attributes.pop("duration", None)
            self._warm(over)
        self.attributes["current_temperature"] = round(self._inside)

    def _warm(self, seconds: float) -> None:
        goal = float(self.attributes["temperature"]) if self.state != "off" else self._room
        shut = self.attributes["door"] == "closed"
        if self.state != "off" and shut and self._inside < goal:
            self._inside = min(goal, self._inside + self._span(self.HEATING) * seconds)
            return
        pace = self.COOLING if shut else self.COOLING / 6
        cooled = self._room + (self._inside - self._room) * math.exp(-seconds / pace)
        self._inside = max(goal, cooled) if self.state != "off" and shut else cooled

    def report(self) -> dict[str, Any]:
        """Mode, target, what the inside really has (to a degree), and when its timer is over."""
        report = super().report()
        target = as_number(self.attributes["temperature"]) or 0.0
        doing = "off" if self.state == "off" else "preheating" if self._inside < target - 1 else "heating"
        return {**report, "attributes": {**report["attributes"], "hvac_action": doing, **self._timer.told()}}
