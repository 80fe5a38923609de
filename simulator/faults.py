"""Faults of devices: jammed, offline, late, lost; for a time or for good."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from assistant.errors import UserError
from simulator.homes.lines import did_you_mean

KINDS = ("jammed", "offline", "late", "lost", "none")
LATE = 10.0
"""Seconds after which a late device obeys."""


class Faults:
    """Which device has which fault, and the commands that are under way to late ones. Times in simulated seconds."""

    def __init__(self) -> None:
        self._faults: dict[str, tuple[str, float]] = {}
        self._delayed: list[tuple[float, str, dict[str, Any]]] = []

    def begin(self, entity: str, kind: str, until: float | None) -> None:
        """A fault begins, in place of any other of that device. Raises `UserError` for an unknown kind."""
        if kind not in KINDS:
            raise UserError(f"unknown fault {kind!r}{did_you_mean(kind, KINDS)}")
        if kind == "none":
            self._faults.pop(entity, None)
        else:
            self._faults[entity] = (kind, math.inf if until is None else until)

    def kind(self, entity: str) -> str:
        """The fault of a device, or `none`."""
        return self._faults[entity][0] if entity in self._faults else "none"

    def loses(self, entity: str) -> bool:
        """Whether this command is lost; only one is."""
        if self.kind(entity) != "lost":
            return False
        del self._faults[entity]
        return True

    def delay(self, entity: str, wanted: Mapping[str, Any], now: float) -> None:
        """Keep a command for a late device."""
        self._delayed.append((now + LATE, entity, dict(wanted)))

    @property
    def pending(self) -> bool:
        """Whether a fault will end or a late command will arrive by itself."""
        return bool(self._delayed) or any(until < math.inf for _kind, until in self._faults.values())

    def take_due(self, now: float) -> list[tuple[str, dict[str, Any]]]:
        """The delayed commands whose time has come, in order."""
        if not self._delayed:
            return []
        due = [(entity, wanted) for time, entity, wanted in self._delayed if time <= now + 1e-9]
        self._delayed = [each for each in self._delayed if each[0] > now + 1e-9]
        return due

    def expire(self, now: float) -> list[str]:
        """End the faults whose time is over; their devices."""
        if not self._faults:
            return []
        over = [entity for entity, (_kind, until) in self._faults.items() if until <= now + 1e-9]
        for entity in over:
            del self._faults[entity]
        return over

    def next_due(self, now: float) -> float:
        """Seconds until something happens by itself; infinite when nothing will."""
        if not self._faults and not self._delayed:
            return math.inf
        times = [until for _kind, until in self._faults.values()] + [time for time, *_rest in self._delayed]
        return max(1e-6, min(times) - now)
