"""Learning from what has just happened: a correction may help its speaker on the very next occasion.

The nightly pass over the whole log (`learn.py`) has the last word; this one looks at the last minutes only, while
nobody is waiting for an answer.
"""

from __future__ import annotations

from collections import deque

from assistant.clock import Clock
from assistant.config import Learning
from assistant.learning.learn import study
from assistant.learning.ledger import Ledger
from assistant.learning.logged import logged
from assistant.observer import Phase
from assistant.store.items import Layer
from assistant.turn import Turn

QUIET = 30.0
"""Seconds after the last turn before it is judged: so long may a hand or a "no" still speak against it."""
RECENT = 300.0
"""Seconds that it looks back from the last turn."""
TURNS = 24


class PromptLearner:
    """An observer of the engine that learns personal items; call `rest` whenever there is nothing to do."""

    def __init__(self, ledger: Ledger, clock: Clock, settings: Learning) -> None:
        self._ledger = ledger
        self._clock = clock
        self._settings = settings
        self._turns: deque[tuple[float, Turn]] = deque(maxlen=TURNS)
        self._last: float | None = None

    def turn_changed(self, turn: Turn) -> None:
        """Keep the newest version of a turn."""
        now = self._clock.monotonic()
        known = next((index for index, (_, each) in enumerate(self._turns) if each.id == turn.id), None)
        if known is None:
            self._turns.append((now, turn))
        else:
            self._turns[known] = (self._turns[known][0], turn)
        self._last = now

    def rest(self) -> None:
        """Learn, if something has happened and it has been quiet since."""
        last = self._last
        if last is None or self._clock.monotonic() - last < QUIET:
            return
        self._last = None
        recent = [turn for time, turn in self._turns if last - time <= RECENT]
        studied = study((logged(turn) for turn in recent), self._settings)
        items = [item for item in studied.proposals if item.live and item.layer is Layer.PERSONAL]
        if items:
            self._ledger.offer(items, studied.latest)

    def said(self, text: str) -> None:
        """Nothing to learn."""

    def phase_changed(self, phase: Phase) -> None:
        """Nothing to learn."""

    def home_changed(self, entity: str) -> None:
        """Nothing to learn."""
