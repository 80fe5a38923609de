"""What is on or off: switches, plugs, sirens; and what switches itself off when it is done: coffee makers, kettles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from devices.device import Device, Surroundings
from devices.traits import Choice, Trait


class Switch(Device):
    """On or off."""

    initial_state: ClassVar[str] = "off"

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", ("on", "off"))

    @property
    def heat(self) -> float:
        """What the thing behind it gives to the room, in watts."""
        return float(self.features.get("watts", 0)) if self.state == "on" else 0.0


class Brewer(Switch):
    """Goes off by itself `brew_seconds` after it was switched on (coffee maker, kettle)."""

    def _ready(self) -> None:
        self.features.setdefault("brew_seconds", 240)
        self._left = 0.0

    def _obey(self, wanted: dict[str, Any]) -> None:
        if wanted["state"] == "on" and self.state == "on":
            return
        super()._obey(wanted)

    def _settle(self, given: frozenset[str]) -> None:
        if "state" in given:
            self._left = float(self.features["brew_seconds"]) if self.state == "on" else 0.0

    @property
    def busy(self) -> bool:
        """While it brews."""
        return self._left > 0

    def step(self, seconds: float, around: Surroundings) -> None:
        """Brew on; done when the time is over."""
        if self._left > 0:
            self._left = max(0.0, self._left - seconds)
            if self._left <= 1e-9:
                self._left = 0.0
                self.state = "off"
