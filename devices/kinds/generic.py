"""Smaller kinds that homes have: humidifiers, water heaters, numbers, choices, texts, alarm panels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from devices.device import Device, Risk, Wanted
from devices.traits import Choice, Number, Text, Trait


class Humidifier(Device):
    """On or off, with a target `humidity` in percent."""

    initial_state: ClassVar[str] = "off"
    initial: ClassVar[Mapping[str, Any]] = {"humidity": 50}

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", ("on", "off"))
        low, high = self.features.get("min_humidity", 0), self.features.get("max_humidity", 100)
        yield Number("humidity", low, high, whole=True, unit=" percent")
        if modes := self.features.get("available_modes"):
            yield Choice("mode", modes)


class WaterHeater(Device):
    """A mode as state and a target `temperature`."""

    initial_state: ClassVar[str] = "off"
    initial: ClassVar[Mapping[str, Any]] = {"temperature": 50}

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", self.features.get("operation_list") or ("on", "off", "eco", "electric", "performance"))
        yield Number("temperature", self.features.get("min_temp", 30), self.features.get("max_temp", 90))


class NumberInput(Device):
    """A number as state, from `min` to `max`."""

    initial_state: ClassVar[str] = "0"

    def _traits(self) -> Iterable[Trait]:
        yield Number("state", self.features.get("min", 0), self.features.get("max", 100))

    def _obey(self, wanted: dict[str, Any]) -> None:
        self.state = f"{wanted['state']:g}"


class Select(Device):
    """One of its `options` as state."""

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", self.features.get("options") or ())


class TextInput(Device):
    """A text as state."""

    initial_state: ClassVar[str] = ""

    def _traits(self) -> Iterable[Trait]:
        yield Text("state")


class AlarmPanel(Device):
    """An alarm system: disarming it always needs a yes."""

    initial_state: ClassVar[str] = "disarmed"

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", ("disarmed", "armed_home", "armed_away", "armed_night", "armed_vacation"))

    def risk(self, wanted: Wanted) -> Risk:
        """Disarming always needs a yes."""
        return "always" if wanted.get("state") == "disarmed" else "none"
