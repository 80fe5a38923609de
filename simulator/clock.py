"""The world's own time: as fast as the machine's, faster, or moved by a test."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from assistant.errors import UserError

SLOWEST = 1.0
FASTEST = 10_000.0


class RunningClock:
    """Runs `speed` times as fast as real time (1 to 10,000), from `start` on (default: now).

    Raises `UserError` for any other speed.
    """

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        if not SLOWEST <= speed <= FASTEST:
            raise UserError(f"a speed is {SLOWEST:g} to {FASTEST:,.0f} times real time, not {speed:g}")
        self.speed = speed
        self._start = start or datetime.now()
        self._began = time.monotonic()

    def monotonic(self) -> float:
        """Seconds of the world since its start."""
        return (time.monotonic() - self._began) * self.speed

    def now(self) -> datetime:
        """Local time in the world."""
        return self._start + timedelta(seconds=self.monotonic())


class SteppedClock:
    """Stands still until it is moved; for tests and studies.

    >>> clock = SteppedClock(datetime(2026, 3, 2, 7, 0))
    >>> clock.move(90)
    >>> clock.now().isoformat()
    '2026-03-02T07:01:30'
    """

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._seconds = 0.0

    def move(self, seconds: float) -> None:
        """Let time pass; the world has to be stepped by as much."""
        self._seconds += seconds

    def monotonic(self) -> float:
        """Seconds of the world since its start."""
        return self._seconds

    def now(self) -> datetime:
        """Local time in the world."""
        return self._start + timedelta(seconds=self._seconds)
