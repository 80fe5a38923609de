"""When the assistant may speak up of its own accord, and what it costs: a budget of patience for each person.

Every question of its own costs patience; with each one asked lately the next costs more, and half of that is forgiven
after some hours. Nobody is asked at night, while an alarm is fresh, or in a hurry.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from assistant.config import Risk
from assistant.observer import Phase
from assistant.timers import Keeper
from assistant.turn import Turn

KIND = "manners"
FORGIVEN = timedelta(hours=10)
"""Time after which a question weighs half."""
HURRY_TURNS, HURRY = 2, timedelta(seconds=20)
"""So many requests in so short a time are a hurry; so is an interruption."""
AFTER_ALARM = timedelta(minutes=10)
A_DAY = 2
"""Questions about itself that a person is asked in a day at most."""
REMEMBERED = 40


class Manners:
    """What was asked of whom, kept in the store, and how much of a hurry people are in."""

    def __init__(self, keeper: Keeper, risk: Risk) -> None:
        self._keeper = keeper
        self._risk = risk
        self._asked: dict[str, list[datetime]] = {
            who: [datetime.fromisoformat(each) for each in document["asked"]]
            for who, document in keeper.kept(KIND).items()
        }
        self._turns: deque[datetime] = deque(maxlen=HURRY_TURNS)
        self._interrupted: datetime | None = None
        self._rang: datetime | None = None

    def heard(self, turn: Turn) -> None:
        """Take note of a turn, once, and of a later version of it that was interrupted."""
        now = turn.context.now
        if turn.said and (not self._turns or self._turns[-1] != now):
            self._turns.append(now)
        if turn.spoken is not None and turn.spoken.interrupted:
            self._interrupted = now
        if any(id.startswith("timer.") and each.state == "ringing" for id, each in turn.context.states.items()):
            self._rang = now

    def rang(self, now: datetime) -> None:
        """An alarm or timer rang, or something was announced as wrong."""
        self._rang = now

    def at_ease(self, now: datetime, alarm: bool = False) -> bool:
        """Whether it is a good time to ask something; `alarm` tells that the question is about the alarm itself."""
        night = now.hour >= self._risk.night_from or now.hour < self._risk.night_to
        rushed = len(self._turns) == HURRY_TURNS and now - self._turns[0] < HURRY
        cut = self._interrupted is not None and now - self._interrupted < timedelta(minutes=5)
        rang = not alarm and self._rang is not None and now - self._rang < AFTER_ALARM
        return not (night and not alarm) and not rushed and not cut and not rang

    def fatigue(self, who: str | None, now: datetime) -> float:
        """How many questions a person still remembers, the older ones in part."""
        return sum(math.pow(0.5, (now - each) / FORGIVEN) for each in self._asked.get(who or "", ()))

    def today(self, who: str | None, now: datetime) -> int:
        """How many questions a person was asked today."""
        return sum(each.date() == now.date() for each in self._asked.get(who or "", ()))

    def asked(self, who: str | None, now: datetime) -> None:
        """Take note of a question."""
        known = [*self._asked.get(who or "", ()), now][-REMEMBERED:]
        self._asked[who or ""] = known
        self._keeper.keep(KIND, who or "", {"asked": [each.isoformat() for each in known]})


class Listener(Protocol):
    """Takes note of turns."""

    def heard(self, turn: Turn) -> None:
        """A turn was answered, or completed later."""


class Attentive:
    """An observer of the engine that tells listeners of every turn."""

    def __init__(self, *listeners: Listener) -> None:
        self._listeners: Sequence[Listener] = listeners

    def turn_changed(self, turn: Turn) -> None:
        """Pass on."""
        for each in self._listeners:
            each.heard(turn)

    def said(self, text: str) -> None:
        """Nothing to note."""

    def phase_changed(self, phase: Phase) -> None:
        """Nothing to note."""

    def home_changed(self, entity: str) -> None:
        """Nothing to note."""
