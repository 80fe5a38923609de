"""Time in a replay: it passes only when the script or a waiting loop lets it pass."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from assistant.events import Event

TICK = 0.5
"""Seconds of the longest step in which the world moves."""


class SimClock:
    """A clock that others move. `advance` lets the world run for as long."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.elapsed = 0.0
        self.on_tick: Callable[[float], None] = lambda _seconds: None

    def now(self) -> datetime:
        """Simulated local time."""
        return self.start + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        """Simulated seconds since the start."""
        return self.elapsed

    def advance(self, seconds: float) -> None:
        """Let time pass, in steps of at most `TICK` seconds."""
        left = seconds
        while left > 1e-9:
            step = min(left, TICK)
            self.elapsed += step
            left -= step
            self.on_tick(step)

    def skip(self, seconds: float) -> None:
        """Let time pass in one step; for the long quiet hours in which nothing moves."""
        self.elapsed += seconds
        self.on_tick(seconds)


class ReplayInbox:
    """An inbox whose waiting moves the simulated clock. One thread only."""

    def __init__(self, clock: SimClock) -> None:
        self._clock = clock
        self._events: deque[Event] = deque()

    def put(self, event: Event) -> None:
        """Add an event."""
        self._events.append(event)

    def get(self, timeout: float) -> Event | None:
        """The next event; waits by letting the world run for up to `timeout` seconds."""
        left = timeout
        while not self._events and left > 1e-9:
            step = min(left, 0.1)
            self._clock.advance(step)
            left -= step
        return self._events.popleft() if self._events else None
