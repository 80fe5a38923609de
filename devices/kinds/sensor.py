"""What only reports: sensors that follow their room, and everything whose state comes from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from devices.device import Device, Surroundings


class ReadOnly(Device):
    """Reports what it was last told: a person, the weather, a calendar, or a domain that nobody here knows."""


def _steps(lux: float) -> str:
    """Light is read to two figures, as cheap sensors do.

    >>> _steps(437.2), _steps(3.2)
    ('440', '3')
    """
    return f"{round(lux, -1) if lux >= 100 else round(lux):.0f}"


READINGS: Mapping[str, Callable[[Surroundings], str]] = {
    "temperature": lambda around: f"{round(around.temperature * 2) / 2:g}",
    "humidity": lambda around: f"{around.humidity:.0f}",
    "illuminance": lambda around: _steps(around.lux),
    "power": lambda around: f"{around.power:.0f}",
    "motion": lambda around: "on" if around.occupied else "off",
    "occupancy": lambda around: "on" if around.occupied else "off",
    "presence": lambda around: "on" if around.occupied else "off",
}
"""Device class -> what such a sensor reads of its room."""
UNITS = {"humidity": "%", "illuminance": "lx", "battery": "%", "power": "W"}


class Sensor(Device):
    """Follows its room where it measures something of it and was not given a state."""

    initial_state: ClassVar[str] = "unknown"

    def _ready(self) -> None:
        measured = str(self.features.get("device_class", ""))
        if measured in UNITS:
            self.features.setdefault("unit_of_measurement", UNITS[measured])
        if measured == "temperature":
            self.features.setdefault("unit_of_measurement", f"°{self.features.get('temperature_unit', 'C')}")
        self._read = None if "state" in self._given else READINGS.get(measured)

    @property
    def follows(self) -> bool:
        """Whether it reads its room."""
        return self._read is not None

    def step(self, seconds: float, around: Surroundings) -> None:
        """Read the room."""
        if self._read is not None:
            self.state = self._read(around)


class BinarySensor(Sensor):
    """A sensor that is `on` or `off`."""

    initial_state: ClassVar[str] = "off"

    def _settle(self, given: frozenset[str]) -> None:
        if self.state not in {"on", "off", "unavailable"}:
            self.state = "off"
