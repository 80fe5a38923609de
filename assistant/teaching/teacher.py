"""What the stages of teaching share: the plan of the turn, and the lesson or offer that is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.home import Home
from assistant.teaching.guide import Guide
from assistant.teaching.interview import Interview
from assistant.teaching.lesson import Lesson, Plan
from assistant.teaching.memory import Memories
from assistant.teaching.moments import Moments
from assistant.teaching.taught import Taught
from assistant.teaching.telling import Telling
from assistant.teaching.trial import Trier
from assistant.turn import Execute, Outcome, OutcomeKind, Turn

if TYPE_CHECKING:
    from assistant.conversation import Dialogue
    from assistant.teaching.guest import Guest

ANSWER_WITHIN = 60.0
"""Seconds in which what follows a question of a lesson is its answer."""


class Teacher:
    """What the three stages share: the plan of the turn and the lesson that is open. Owned by the engine's thread."""

    def __init__(
        self, taught: Taught, trier: Trier, dialogue: Dialogue, guest: Guest, home: Callable[[], Home], moments: Moments
    ) -> None:
        self.interview = Interview(taught, guest.log)
        self.guest = guest
        self.taught = taught
        self.trier = trier
        self.home = home
        self.telling = Telling(trier, taught)
        self.memories = Memories(taught)
        self.guide = Guide(taught)
        self.plan = Plan()
        self.last: tuple[str, ...] = ()
        self._dialogue = dialogue
        self._open: tuple[str, Lesson] | None = None
        self.moments = moments

    def waiting(self, turn: Turn) -> Turn | None:
        """The turn whose question waits for an answer."""
        return self.asked(turn.context.now)

    def asked(self, now: datetime) -> Turn | None:
        """The turn whose question waits for an answer now."""
        return self._dialogue.pending(now, ANSWER_WITHIN)

    def lesson(self, turn: Turn) -> Lesson | None:
        """The lesson that the last turn left open."""
        waiting = self.waiting(turn)
        return self._open[1] if waiting and self._open and self._open[0] == waiting.id else None

    @property
    def before(self) -> Turn | None:
        """The turn before this one."""
        return self._dialogue.last

    def open(self, turn: Turn, lesson: Lesson) -> None:
        """Wait for the answer to a question that the assistant asked of its own accord."""
        self._open = (turn.id, lesson)

    def commit(self, turn: Turn) -> None:
        """Make what was planned in this turn real."""
        plan = self.plan if self.plan.turn == turn.id else Plan(turn.id)
        offered = plan.offer or (self._open[1].offer if self._open else None)
        if offered is not None:
            offered.answered(plan.accepted)
        self._open = (turn.id, plan.lesson) if plan.lesson else None
        if plan.offered:
            self.moments.offered(plan.offered, turn.context.now)
        if plan.guest is not None:
            self.guest.switch(plan.guest)
        if plan.keep or plan.drop:
            self.taught.change(plan.keep, plan.drop)
            self.last = tuple(item.id for item in plan.keep)


def say(turn: Turn, text: str) -> Turn:
    """The turn, answered; nothing is sent to any device."""
    return replace(turn, decision=Execute(), outcome=Outcome(OutcomeKind.DONE, {}, (), (text,)))
