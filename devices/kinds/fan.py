"""Fans: on and off, a speed in percent, and what moves air like one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from devices.device import Device
from devices.traits import Choice, Flag, Number, Trait


class Fan(Device):
    """`percentage` is 0 when it is off; switched on without a speed it runs at full speed."""

    initial_state: ClassVar[str] = "off"
    initial: ClassVar[Mapping[str, Any]] = {"percentage": 0}

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", ("on", "off"))
        yield Number("percentage", 0, 100, whole=True, unit=" percent")
        yield Flag("oscillating")
        yield Choice("direction", ("forward", "reverse"))
        if modes := self.features.get("preset_modes"):
            yield Choice("preset_mode", modes)

    def _obey(self, wanted: dict[str, Any]) -> None:
        if "state" not in wanted and "percentage" in wanted:
            wanted["state"] = "on"
        if wanted.get("percentage") == 0:
            wanted["state"] = "off"
        super()._obey(wanted)

    def _settle(self, given: frozenset[str]) -> None:
        if self.state == "off":
            self.attributes["percentage"] = 0
        elif self.state == "on" and not self.attributes.get("percentage"):
            self.attributes["percentage"] = 100

    def _restored(self) -> Iterable[str]:
        return ("percentage",)
