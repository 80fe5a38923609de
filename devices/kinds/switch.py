"""What is on or off: switches and plugs, with or without a meter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from devices.device import Device, Surroundings
from devices.traits import Choice, Trait, as_number

JOULES = 3_600_000.0
"""In one kilowatt-hour."""


class Switch(Device):
    """On or off. With the feature `metering` it tells its `power` in watts and the `energy` so far in kWh."""

    initial_state: ClassVar[str] = "off"
    pace: ClassVar[float] = 10.0

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", ("on", "off"))

    def _settle(self, given: frozenset[str]) -> None:
        if "energy" in given:
            self._used = (as_number(self.attributes.pop("energy")) or 0.0) * JOULES
        self.attributes.pop("power", None)

    def _ready(self) -> None:
        self._used = 0.0

    @property
    def power(self) -> float:
        """What the thing behind it draws, in watts."""
        return float(self.features.get("watts", 0)) if self.state == "on" else 0.0

    @property
    def heat(self) -> float:
        """What the thing behind it gives to the room, in watts."""
        return self.power

    @property
    def metered(self) -> bool:
        """Whether it measures what goes through it."""
        return self.features.get("metering") is True

    @property
    def busy(self) -> bool:
        """While its meter runs."""
        return self.metered and self.power > 0

    def step(self, seconds: float, around: Surroundings) -> None:
        """Count what goes through."""
        if self.metered:
            self._used += self.power * seconds

    def report(self) -> dict[str, Any]:
        """State, and what the meter shows."""
        report = super().report()
        if self.metered:
            report["attributes"] |= {"power": round(self.power, 1), "energy": round(self._used / JOULES, 2)}
        return report
