"""Fans: on and off, a speed in percent, oscillation, direction, and what moves air like one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from devices.device import Device, Wanted
from devices.traits import Choice, Flag, Number, Trait

FULL = 100


class Fan(Device):
    """`percentage` is 0 when it is off; switched on without a speed it runs at full speed.

    A `preset_mode` (where it has any) holds until a speed is set. The feature `supported_features` may leave out
    `oscillate` and `direction`.
    """

    initial_state: ClassVar[str] = "off"
    initial: ClassVar[Mapping[str, Any]] = {"percentage": 0}
    unset: ClassVar[Mapping[str, Any]] = {"oscillating": False, "direction": "forward"}

    def _traits(self) -> Iterable[Trait]:
        supported = self.features.get("supported_features")
        able = supported if isinstance(supported, list) else ("oscillate", "direction")
        yield Choice("state", ("on", "off"))
        yield Number("percentage", 0, FULL, whole=True, unit=" percent")
        if "oscillate" in able:
            yield Flag("oscillating")
        if "direction" in able:
            yield Choice("direction", ("forward", "reverse"))
        if modes := self.features.get("preset_modes"):
            yield Choice("preset_mode", modes)

    def _obey(self, wanted: dict[str, Any]) -> None:
        if "state" not in wanted and wanted.keys() & {"percentage", "preset_mode"}:
            wanted["state"] = "on"
        if wanted.get("percentage") == 0:
            wanted["state"] = "off"
        super()._obey(wanted)

    def _settle(self, given: frozenset[str]) -> None:
        if self.state == "off":
            self.attributes["percentage"] = 0
        elif self.state == "on" and not self.attributes.get("percentage"):
            self.attributes["percentage"] = FULL
        if self.state == "off" or ("percentage" in given and "preset_mode" not in given):
            self.attributes.pop("preset_mode", None)

    def inverse(self, wanted: Wanted) -> dict[str, Any]:
        """As fast as it is, or in the mode that it is in; off when it is off."""
        turned = [key for key in ("oscillating", "direction") if key in wanted and key in self.traits]
        back: dict[str, Any] = {"state": self.state, **{key: self._present(key) for key in turned}}
        if self.state == "on" and wanted.keys() & {"state", "percentage", "preset_mode"}:
            back["percentage"] = self.attributes["percentage"]
            back |= {key: self.attributes[key] for key in ("preset_mode",) if key in self.attributes}
        return back if self._possible("state", self.state) else {}

    @property
    def power(self) -> float:
        """What its motor draws, in watts."""
        return 45.0 * float(self.attributes["percentage"]) / FULL if self.state == "on" else 0.0
