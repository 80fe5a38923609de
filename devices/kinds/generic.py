"""Smaller kinds that homes have: numbers, choices, texts, alarm panels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from devices.device import Device, Risk, Wanted
from devices.traits import Choice, Number, Text, Trait


class NumberInput(Device):
    """A number as state, from `min` to `max`."""

    initial_state: ClassVar[str] = "0"

    def _ready(self) -> None:
        low, high = self._range
        self.state = str(Number("state", low, high).check(min(max(0, low), high)))

    @property
    def _range(self) -> tuple[float, float]:
        return self.features.get("min", 0), self.features.get("max", 100)

    def _traits(self) -> Iterable[Trait]:
        yield Number("state", *self._range)

    def _obey(self, wanted: dict[str, Any]) -> None:
        self.state = str(wanted["state"])


class Select(Device):
    """One of its `options` as state; the first of them to begin with."""

    def _ready(self) -> None:
        self.state = next(iter(self.features.get("options") or ()), self.initial_state)

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
