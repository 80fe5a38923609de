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
        yield Choice("state", ("locked", "unlocked"), told=("jammed",))

    def _stuck(self, wanted: dict[str, Any]) -> None:
        self.state = self.state if wanted["state"] == self.state else "jammed"

    def risk(self, wanted: Wanted) -> Risk:
        """Unlocking always needs a yes."""
        return "none" if wanted.get("state") == "locked" else "always"
