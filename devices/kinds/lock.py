"""Locks: unlocking always needs a yes, locking never."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from devices.device import Device, Risk, Wanted
from devices.traits import Choice, Trait


class Lock(Device):
    """Locked or unlocked; `jammed` when the bolt is stuck."""

    initial_state: ClassVar[str] = "locked"

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", ("locked", "unlocked"))

    def apply(self, wanted: Wanted) -> None:
        """Turn the bolt. Raises `DeviceError`."""
        checked = self.check(wanted)
        self.state = "jammed" if self.jammed and checked["state"] != self.state else checked["state"]

    def inverse(self, wanted: Wanted) -> dict[str, Any]:
        """Nothing puts back a stuck bolt."""
        return {"state": self.state} if self.state in {"locked", "unlocked"} else {}

    def risk(self, wanted: Wanted) -> Risk:
        """Unlocking always needs a yes."""
        return "none" if wanted.get("state") == "locked" else "always"
