"""Teachable moments that the assistant senses itself, each offered once: what fails again, what is complained about.

A phrase that nobody here understands is said again at once, or on another occasion, or the person says that it was
wrong: then the assistant asks what to do when it is said. Questions are left alone: there is nothing to be done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from assistant.learning.text import normal
from assistant.teaching.grammar import QUESTION, tidy
from assistant.timers import Keeper
from assistant.turn import Refuse, Turn

KIND = "offered"
AGAIN = timedelta(seconds=90)
"""Said again within this time, it was meant."""
KEEPS_FAILING = 3
"""Occasions on which a phrase has failed, this one included ..."""
WITHIN = timedelta(days=14)
"""... in so long a time."""
COMPLAINT = timedelta(seconds=45)
LONGEST = 7
"""Words of a phrase that a lesson is offered for."""
TEACHABLE = frozenset({"unexplained", "missing", "unsupported"})
"""Codes of refusals that tell that something was not known."""
_ELSEWHERE = re.compile(
    r"(?:can|could|will|would|have|am|call|say|sing|book|order|buy|send|read|look|search|find|define|translate|spell)\b"
)
"""How requests begin for what no device of a home does, beside questions."""


class Moments:
    """What failed of late, by person and phrase; what was offered is kept in the store."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._failed: dict[tuple[str | None, str], list[datetime]] = {}
        self._offered = set(keeper.kept(KIND))

    def read(self, log: Iterable[Turn]) -> None:
        """Take note of what failed before the last restart."""
        for turn in log:
            self.note(turn)

    def note(self, turn: Turn) -> None:
        """Take note of a turn that failed for want of knowing something."""
        if _teachable(turn):
            self._failed.setdefault(_key(turn), []).append(turn.context.now)

    def fails_again(self, turn: Turn) -> bool:
        """Whether what fails now has failed a moment ago, or on several occasions; `turn` is not yet noted."""
        before = [each for each in self._failed.get(_key(turn), ()) if turn.context.now - each <= WITHIN]
        soon = bool(before) and turn.context.now - before[-1] <= AGAIN
        return _teachable(turn) and self.may_offer(turn.said) and (soon or _occasions(before) + 1 >= KEEPS_FAILING)

    def complained_about(self, turn: Turn, last: Turn | None) -> bool:
        """Whether a "that's wrong" is about words that were not known, just before, by the same person."""
        if last is None or last.context.speaker != turn.context.speaker or not self.may_offer(last.said):
            return False
        return _teachable(last) and turn.context.now - last.context.now <= COMPLAINT

    def may_offer(self, text: str) -> bool:
        """Whether no lesson was offered for these words before."""
        return normal(text) not in self._offered

    def offered(self, text: str, now: datetime) -> None:
        """A lesson was offered for these words."""
        self._offered.add(normal(text))
        self._keeper.keep(KIND, normal(text)[:200], {"at": now.isoformat()})


def _key(turn: Turn) -> tuple[str | None, str]:
    return turn.context.speaker, normal(turn.said)


def _occasions(times: list[datetime]) -> int:
    """Failures that are more than a moment apart."""
    return sum(place == 0 or each - times[place - 1] > AGAIN for place, each in enumerate(times))


def _teachable(turn: Turn) -> bool:
    """Whether it failed for want of knowing what a short request of this home means."""
    said = tidy(turn.said)
    asks = QUESTION.match(said) or _ELSEWHERE.match(said)
    failed = isinstance(turn.decision, Refuse) and turn.decision.code in TEACHABLE
    if isinstance(turn.decision, Refuse) and turn.decision.code == "unsupported":
        # What a device can't do was understood; only what is nothing of this home's may be a phrase.
        failed = turn.parse is not None and all(intent.domain == "foreign" for intent in turn.parse.intents)
    return failed and turn.rewrite is None and 0 < len(said.split()) <= LONGEST and not asks
