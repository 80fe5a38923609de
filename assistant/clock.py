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
