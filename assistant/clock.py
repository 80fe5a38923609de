"""Time, injected, so that a replay owns it."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Where the loop gets the time from."""

    def now(self) -> datetime:
        """Local wall-clock time without a zone."""

    def monotonic(self) -> float:
        """Seconds that never go backwards."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Local wall-clock time without a zone."""
        return datetime.now()

    def monotonic(self) -> float:
        """Seconds that never go backwards."""
        return time.monotonic()


class Stopwatch:
    """Counts the seconds since it was made, without those while it was stopped."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.monotonic()
        self._stopped: float | None = None

    @property
    def seconds(self) -> float:
        """What was counted so far."""
        return (self._clock.monotonic() if self._stopped is None else self._stopped) - self._began

    def stop(self) -> None:
        """Count no further."""
        if self._stopped is None:
            self._stopped = self._clock.monotonic()

    def go_on(self) -> None:
        """Count again."""
        if self._stopped is not None:
            self._began += self._clock.monotonic() - self._stopped
            self._stopped = None
