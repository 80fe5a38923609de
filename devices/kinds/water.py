"""What treats air and water: humidifiers and water heaters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from devices.device import Device, Surroundings
from devices.kinds.climate import fahrenheit
from devices.traits import Choice, Number, Trait, as_number


class Humidifier(Device):
    """On or off, with a target `humidity` in percent; it reads the `current_humidity` of its room."""

    initial_state: ClassVar[str] = "off"
    initial: ClassVar[Mapping[str, Any]] = {"humidity": 50}

    def _ready(self) -> None:
        low, high = self._range
        self.attributes["humidity"] = min(max(50, low), high)
        if modes := self.features.get("available_modes"):
            self.attributes["mode"] = modes[0]

    @property
    def _range(self) -> tuple[float, float]:
        return self.features.get("min_humidity", 0), self.features.get("max_humidity", 100)

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", ("on", "off"))
        yield Number("humidity", *self._range, whole=True, unit=" percent")
        if modes := self.features.get("available_modes"):
            yield Choice("mode", modes)

    @property
    def follows(self) -> bool:
        """It reads its room."""
        return True

    @property
    def power(self) -> float:
        """What it draws, in watts, while it has something to do."""
        now = as_number(self.attributes.get("current_humidity")) or 0.0
        return 35.0 if self.state == "on" and now < self.attributes["humidity"] else 0.0

    def step(self, seconds: float, around: Surroundings) -> None:
        """Read the room, in whole percent."""
        self.attributes["current_humidity"] = round(around.humidity)


class WaterHeater(Device):
    """A tank: its mode is the state, with a target `temperature` and the `current_temperature` of the water."""

    own_doing: ClassVar[bool] = True
    pace: ClassVar[float] = 60.0
    initial_state: ClassVar[str] = "off"
    HEATING: ClassVar[float] = 0.01
    """Kelvin a second: thirty degrees in fifty minutes."""
    COOLING: ClassVar[float] = 172_800.0
    """Seconds after which the difference to the room has fallen to 37 percent."""

    def _ready(self) -> None:
        self._fahrenheit = str(self.features.get("temperature_unit", "C")).strip("°") == "F"
        self.features.setdefault("min_temp", self._degrees(30))
        self.features.setdefault("max_temp", self._degrees(90))
        self.attributes["temperature"] = self._degrees(50)
        self._inside = self._degrees(20)

    def _degrees(self, celsius: float) -> float:
        return float(round(fahrenheit(celsius))) if self._fahrenheit else float(celsius)

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", self.features.get("operation_list") or ("on", "off", "eco", "electric", "performance"))
        yield Number("temperature", self.features["min_temp"], self.features["max_temp"], unit=" degrees")

    def _settle(self, given: frozenset[str]) -> None:
        told = as_number(self.attributes.get("current_temperature"))
        if told is not None:
            self._inside = told if "current_temperature" in given else self._inside
        elif self.state != "off":
            self._inside = float(self.attributes["temperature"])
        self.attributes["current_temperature"] = round(self._inside)

    @property
    def busy(self) -> bool:
        """While it keeps the water warm."""
        return self.state != "off"

    @property
    def power(self) -> float:
        """What its element draws, in watts."""
        return 2000.0 if self.state != "off" and self._inside < self.attributes["temperature"] else 0.0

    def step(self, seconds: float, around: Surroundings) -> None:
        """Heat the water, or let it cool towards the room."""
        goal = float(self.attributes["temperature"])
        if self.state != "off" and self._inside <= goal:
            per_kelvin = 1.8 if self._fahrenheit else 1.0
            self._inside = min(goal, self._inside + self.HEATING * per_kelvin * seconds)
        else:
            cooled = around.temperature + (self._inside - around.temperature) * math.exp(-seconds / self.COOLING)
            self._inside = max(goal, cooled) if self.state != "off" else cooled
        self.attributes["current_temperature"] = round(self._inside)
