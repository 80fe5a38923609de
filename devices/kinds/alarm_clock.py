"""An alarm clock: armed or not, it rings at its time, every day or on some. Home Assistant has it as a switch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from devices.countdown import Countdown
from devices.device import Device, Surroundings
from devices.traits import Choice, Flag, TimeOfDay, Trait, Words

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RINGS = 600.0
"""Seconds after which it falls silent by itself."""


class AlarmClock(Device):
    """`on` is armed. It rings at `alarm_time` on `alarm_days` (all, where none is given), until `ringing` is false."""

    own_doing: ClassVar[bool] = True
    pace: ClassVar[float] = 60.0
    initial_state: ClassVar[str] = "off"
    initial: ClassVar[Mapping[str, Any]] = {"alarm_time": "07:00", "alarm_days": [], "ringing": False}

    def _ready(self) -> None:
        self._ringing = Countdown()

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", ("on", "off"))
        yield TimeOfDay("alarm_time")
        yield Words("alarm_days", DAYS)
        yield Flag("ringing")

    def _settle(self, given: frozenset[str]) -> None:
        for key in ("alarm_time", "alarm_days"):
            self.attributes[key] = self.traits[key].check(self.attributes[key])
        if self.state == "off":
            self.attributes["ringing"] = False
        if "ringing" in given or self.state == "off":
            self._ringing.start(RINGS if self.attributes["ringing"] else 0.0)

    @property
    def busy(self) -> bool:
        """While it waits for its time, or rings."""
        return self.state == "on"

    def step(self, seconds: float, around: Surroundings) -> None:
        """Ring when the time has come."""
        rang = self._last_due(around.now)
        since = (around.now - rang).total_seconds()
        if self.state == "on" and 0 <= since < seconds:
            self._ringing.start(RINGS)
            seconds = since
        self._ringing.step(seconds, around.now)
        self.attributes["ringing"] = self._ringing.running

    def _last_due(self, now: datetime) -> datetime:
        """The last moment at which it was to ring, whether armed or not."""
        hour, minute = map(int, self.attributes["alarm_time"].split(":"))
        due = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        days = self.attributes["alarm_days"] or DAYS
        while due > now or DAYS[due.weekday()] not in days:
            due -= timedelta(days=1)
        return due
