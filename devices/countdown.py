"""What runs for a while and then is done: a brewing pot, an oven's timer, a washing programme, a siren."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

ENDED = 1e-6
"""Seconds that count as nothing: what is left of a sum of many small steps."""
LONGEST = 10 * 366 * 86400.0
"""Seconds that anything runs at most, so that its end is a date."""
FINISHES = "finishes_at"
"""The attribute that tells when it will be done, as Home Assistant's timers have it."""


class Countdown:
    """Seconds that are left of something, and the moment at which it will be done.

    >>> pot = Countdown()
    >>> pot.start(240)
    >>> pot.step(100, datetime(2026, 3, 2, 7, 0)), pot.left, pot.told()
    (0.0, 140.0, {'finishes_at': '2026-03-02T07:02:20'})
    >>> pot.step(150, datetime(2026, 3, 2, 7, 3)), pot.running
    (10.0, False)
    """

    def __init__(self) -> None:
        self.left = 0.0
        self._at: datetime | None = None
        self._told = False

    @property
    def running(self) -> bool:
        """Whether anything is left."""
        return self.left > 0

    def start(self, seconds: float) -> None:
        """Begin anew; 0 stops it. Nothing runs for longer than `LONGEST`.

        >>> siren = Countdown()
        >>> siren.start(251629848000.0)
        >>> siren.step(1.0, datetime(2026, 3, 2)), siren.left < LONGEST
        (0.0, True)
        """
        self.left, self._at, self._told = min(float(seconds), LONGEST), None, False

    def resume(self, finishes: object) -> None:
        """Go on with one that is told to be done at a moment (ISO 8601); the next step reckons what is left."""
        try:
            at = datetime.fromisoformat(str(finishes))
        except ValueError:
            return
        if at.tzinfo is None:
            self.left, self._at, self._told = max(self.left, 1.0), at, True

    def step(self, seconds: float, now: datetime) -> float:
        """Let time pass up to `now`; the seconds that were left over after the end."""
        if not self.running:
            return seconds
        if self._told and self._at is not None:
            self.left, self._told, seconds = max((self._at - now).total_seconds(), 0.0), False, 0.0
        self.left -= seconds
        if self.left <= ENDED:
            over = max(-self.left, 0.0)
            self.start(0.0)
            return over
        if self._at is None:
            self._at = now + timedelta(seconds=self.left)
        return 0.0

    def told(self) -> Mapping[str, Any]:
        """What is told of it: the moment at which it will be done."""
        return {FINISHES: self._at.isoformat(timespec="seconds")} if self.running and self._at else {}
