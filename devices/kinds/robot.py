"""What drives about and comes back to its dock: vacuum cleaners and lawn mowers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from devices.countdown import ENDED
from devices.device import Device, Surroundings
from devices.traits import Choice, Trait, Words, as_number

WAY_BACK = 60.0
"""Seconds that it takes to find its dock."""
DRAIN, CHARGE = 100 / 7200, 100 / 10800
"""Percent of the battery a second: two hours of work, three hours to fill."""
LOW = 15.0
"""With so little left, in percent, it goes home by itself."""
WHOLE, ONE_AREA = 2700.0, 600.0
"""Seconds of work for the whole place, and for each area that was named."""


class Robot(Device):
    """Working, paused, returning or docked; asked to dock, it returns first, and when all is done too.

    With the feature `areas` it works only in the ones given as `cleaning_area_id`, as in Home Assistant's action.
    """

    initial_state: ClassVar[str] = "docked"
    initial: ClassVar[Mapping[str, Any]] = {"battery_level": 100}
    own_doing: ClassVar[bool] = True
    pace: ClassVar[float] = 5.0
    unset: ClassVar[Mapping[str, Any]] = {"cleaning_area_id": ()}
    working: ClassVar[str] = "cleaning"

    def _ready(self) -> None:
        self._left, self._left_for = 0.0, ""
        self._charge = 100.0
        if speeds := self.features.get("fan_speed_list"):
            self.attributes["fan_speed"] = speeds[0]

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", (self.working, "paused", "idle", "returning", "docked", "on", "off", "stop"))
        if speeds := self.features.get("fan_speed_list"):
            yield Choice("fan_speed", speeds)
        if areas := self.features.get("areas"):
            yield Words("cleaning_area_id", areas)

    def _obey(self, wanted: dict[str, Any]) -> None:
        meant = {"on": self.working, "off": "returning", "docked": "returning", "stop": "idle"}
        state = wanted.get("state")
        if state is None and wanted.get("cleaning_area_id"):
            state = self.working
        if state is not None:
            wanted["state"] = meant.get(state, state)
            if self.state == "docked" and wanted["state"] in {"returning", "paused", "idle"}:
                wanted["state"] = "docked"
            if wanted["state"] == self.working and self.state not in {self.working, "paused"}:
                wanted.setdefault("cleaning_area_id", [])
        super()._obey(wanted)

    def _settle(self, given: frozenset[str]) -> None:
        if "battery_level" in given:
            told = as_number(self.attributes["battery_level"])
            self._charge = min(max(100.0 if told is None else told, 0.0), 100.0)
        self.attributes["battery_level"] = round(self._charge)
        areas = self.attributes.get("cleaning_area_id") or ()
        if not areas or self.state in {"docked", "returning"}:
            areas = self.attributes.pop("cleaning_area_id", None) or ()
        if self.state == "returning" != self._left_for:
            self._left, self._left_for = WAY_BACK, "returning"
        elif self.state == self.working and ("cleaning_area_id" in given or self._left_for != self.working):
            self._left, self._left_for = ONE_AREA * len(areas) or WHOLE, self.working
        elif self.state in {"docked", "idle"}:
            self._left, self._left_for = 0.0, ""

    def _restored(self) -> Iterable[str]:
        return ("cleaning_area_id",) if self.state in {self.working, "paused"} else ()

    @property
    def busy(self) -> bool:
        """While it drives, or charges."""
        return self.state in {self.working, "returning"} or (self.state == "docked" and self._charge < 100)

    def step(self, seconds: float, around: Surroundings) -> None:
        """Work until all is done or the battery is low; then drive home, and charge."""
        while self.busy and seconds > ENDED:
            seconds -= self._go_on(seconds)
        self.attributes["battery_level"] = round(self._charge)

    def _go_on(self, seconds: float) -> float:
        """Do the same for at most so long; how long it was."""
        if self.state == "docked":
            self._charge = min(100.0, self._charge + CHARGE * seconds)
            return seconds
        spare = max(self._charge - LOW, 0.0) / DRAIN if self.state == self.working else self._left
        took = min(seconds, self._left, spare)
        self._left -= took
        self._charge = max(0.0, self._charge - DRAIN * took)
        if self._left <= ENDED or spare - took <= ENDED:
            self.state = "docked" if self.state == "returning" else "returning"
            self._settle(frozenset({"state"}))
        return took


class LawnMower(Robot):
    """A vacuum cleaner for the lawn."""

    working: ClassVar[str] = "mowing"
