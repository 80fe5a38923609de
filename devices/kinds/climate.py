"""What keeps a temperature: thermostats and ovens."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, ClassVar

from devices.device import Device, Risk, Surroundings, Wanted
from devices.traits import Choice, Number, Trait, as_number

THERMOSTAT_MODES = ("off", "heat", "cool", "auto")
ALL_MODES = ("off", "heat", "cool", "heat_cool", "auto", "dry", "fan_only")


def fahrenheit(celsius: float) -> float:
    """Degrees Fahrenheit.

    >>> fahrenheit(20)
    68.0
    """
    return celsius * 9 / 5 + 32


class Climate(Device):
    """The base of thermostats and ovens: a mode as state, a target `temperature`, a `current_temperature`."""

    initial_state: ClassVar[str] = "off"
    modes: ClassVar[tuple[str, ...]] = THERMOSTAT_MODES
    limits: ClassVar[tuple[float, float]] = (5, 35)
    """Lowest and highest target, in degrees Celsius."""
    target: ClassVar[float] = 20
    """The target before anybody sets one, in degrees Celsius."""

    def _ready(self) -> None:
        self._unit = str(self.features.get("temperature_unit", "C")).strip("°")
        self.features["temperature_unit"] = self._unit
        if not self.features.get("hvac_modes"):
            self.features["hvac_modes"] = list(self.modes)
        self.features.setdefault("min_temp", self._degrees(self.limits[0]))
        self.features.setdefault("max_temp", self._degrees(self.limits[1]))
        self.attributes["temperature"] = self._degrees(self.target)

    def _degrees(self, celsius: float) -> float:
        return float(round(fahrenheit(celsius))) if self._unit == "F" else float(celsius)

    def _span(self, kelvin: float) -> float:
        """A difference of temperatures in the home's unit."""
        return kelvin * 9 / 5 if self._unit == "F" else kelvin

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", [mode for mode in self.features["hvac_modes"] if mode in ALL_MODES])
        for key in ("temperature", "target_temp_low", "target_temp_high"):
            yield Number(key, self.features["min_temp"], self.features["max_temp"], unit=" degrees")
        for key, options in (("fan_mode", "fan_modes"), ("preset_mode", "preset_modes"), ("swing_mode", "swing_modes")):
            if self.features.get(options):
                yield Choice(key, self.features[options])

    def _restored(self) -> Iterable[str]:
        return ("temperature",)


class Thermostat(Climate):
    """Heats or cools its room. What it reads is the room's temperature."""

    POWER: ClassVar[float] = 2000.0
    """Watts of a radiator that is on, and of a cooler."""

    def _settle(self, given: frozenset[str]) -> None:
        if "current_temperature" not in self.attributes:
            self.attributes["current_temperature"] = self.attributes["temperature"]

    @property
    def heat(self) -> float:
        """Heating, in watts: full power one degree below the target, nothing at it."""
        now, target = as_number(self.attributes.get("current_temperature")), as_number(self.attributes["temperature"])
        if now is None or target is None:
            return 0.0
        wished = max(-1.0, min(1.0, (target - now) / self._span(1.0)))
        if self.state == "heat":
            wished = max(wished, 0.0)
        elif self.state == "cool":
            wished = min(wished, 0.0)
        elif self.state not in {"auto", "heat_cool"}:
            wished = 0.0
        return wished * self.POWER

    def step(self, seconds: float, around: Surroundings) -> None:
        """Read the room, to half a degree."""
        self.attributes["current_temperature"] = round(around.temperature * 2) / 2


class Oven(Climate):
    """Heats food: off or heat. Never "the thermostat"."""

    modes: ClassVar[tuple[str, ...]] = ("off", "heat")
    limits: ClassVar[tuple[float, float]] = (30, 280)
    target: ClassVar[float] = 180
    HEATING: ClassVar[float] = 0.25
    """Kelvin a second while it heats up: 180 degrees in eleven minutes."""
    COOLING: ClassVar[float] = 2400.0
    """Seconds after which the difference to the room has fallen to 37 percent."""

    def _ready(self) -> None:
        super()._ready()
        self._inside = self._degrees(20)

    def _settle(self, given: frozenset[str]) -> None:
        told = as_number(self.attributes.get("current_temperature"))
        if "current_temperature" in given and told is not None:
            self._inside = told
        self._room = self._degrees(20)
        self.attributes["current_temperature"] = round(self._inside)

    def risk(self, wanted: Wanted) -> Risk:
        """Heating is confirmed when unsure; switching off never."""
        return "none" if wanted.get("state", self.state) == "off" else "confirm"

    @property
    def busy(self) -> bool:
        """While it heats, and until it is cold again."""
        return self.state != "off" or self._inside - self._room > self._span(1.0)

    @property
    def heat(self) -> float:
        """What its walls give to the kitchen, in watts: 900 at 180 degrees."""
        return max(0.0, (self._inside - self._room) / self._span(160.0)) * 900.0

    def step(self, seconds: float, around: Surroundings) -> None:
        """Heat towards the target, or cool towards the room."""
        self._room = around.temperature
        goal = float(self.attributes["temperature"]) if self.state != "off" else self._room
        if self._inside < goal:
            self._inside = min(goal, self._inside + self._span(self.HEATING) * seconds)
        else:
            cooled = self._room + (self._inside - self._room) * math.exp(-seconds / self.COOLING)
            self._inside = max(goal, cooled) if self.state != "off" else cooled
        self.attributes["current_temperature"] = round(self._inside)

    def report(self) -> dict[str, Any]:
        """Mode, target and what the inside really has, to a degree."""
        return {"state": self.state, "attributes": dict(self.attributes)}
