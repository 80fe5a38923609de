"""What drives about and comes back to its dock: vacuum cleaners and lawn mowers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from devices.device import Device, Surroundings
from devices.traits import Choice, Trait

WAY_BACK = 60.0
"""Seconds that it takes to find its dock."""


class Robot(Device):
    """Working, paused, returning or docked; asked to dock, it returns first."""

    initial_state: ClassVar[str] = "docked"
    working: ClassVar[str] = "cleaning"

    def _ready(self) -> None:
        self._way = 0.0

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", (self.working, "paused", "idle", "returning", "docked", "on", "off", "stop"))
        if speeds := self.features.get("fan_speed_list"):
            yield Choice("fan_speed", speeds)

    def _obey(self, wanted: dict[str, Any]) -> None:
        meant = {"on": self.working, "off": "returning", "docked": "returning", "stop": "idle"}
        state = wanted.get("state")
        if state is not None:
            wanted["state"] = meant.get(state, state)
            if wanted["state"] == "returning" and self.state == "docked":
                wanted["state"] = "docked"
        super()._obey(wanted)

    def _settle(self, given: frozenset[str]) -> None:
        if self.state != "returning":
            self._way = 0.0
        elif not self._way:
            self._way = WAY_BACK

    def inverse(self, wanted: Any) -> dict[str, Any]:
        """Back to what it was doing."""
        return super().inverse(wanted) if self.state in self.traits["state"].options else {}  # type: ignore[attr-defined]

    @property
    def busy(self) -> bool:
        """While it drives home."""
        return self._way > 0

    def step(self, seconds: float, around: Surroundings) -> None:
        """Drive on."""
        if self._way > 0:
            self._way = max(0.0, self._way - seconds)
            if self._way <= 1e-9:
                self._way, self.state = 0.0, "docked"


class LawnMower(Robot):
    """A vacuum cleaner for the lawn."""

    working: ClassVar[str] = "mowing"
