"""Asking "Did I get that right?", where the answer tells most for the patience that it costs (self-learning.md 9.3).

The worth of an answer is the entropy of what is not known (was it right?), times how often this person asks for the
same, divided by the answers there are already. What it costs grows with what was asked lately. The answer becomes a
label of the turn, the strongest that learning knows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable

from assistant.engine import Engine
from assistant.learning.logged import canonical
from assistant.policy import overall
from assistant.teaching.manners import Manners
from assistant.turn import Execute, OutcomeKind, Turn

COST = 0.3
"""What a question costs a person who was asked nothing of late (tuned on the people of `tune`)."""
EACH = 0.5
"""What each question still remembered adds to the cost, as a share."""
QUIET = (5.0, 25.0)
"""Seconds after the last turn between which it may be asked: not into what comes next, nor out of the blue."""
HALF = 3.0
"""Requests of a kind of which half of the worth is to be had."""
WEIGHT = 6.0
"""Requests that the confidence of the chain is worth, beside the answers about its kind."""


class Feedback:
    """Decides whether to ask; `rest` is called while nobody speaks."""

    def __init__(self, engine: Engine, manners: Manners, log: Callable[[], Iterable[Turn]], a_day: int) -> None:
        self._engine = engine
        self._manners = manners
        self._log = log
        self._a_day = a_day
        self._times: Counter[tuple[str | None, str]] | None = None
        self._answers: dict[tuple[str | None, str], list[bool]] = {}
        self._judged: set[str] = set()
        self._last: Turn | None = None
        self._at = 0.0
        self._unanswered: str | None = None

    def heard(self, turn: Turn) -> None:
        """Count a turn; a later version may bring its judgement."""
        key = _key(turn)
        if turn.feedback is not None and turn.id not in self._judged and key is not None:
            self._judged.add(turn.id)
            self._answers.setdefault(key, []).append(turn.feedback)
            self._unanswered = None
        if self._last is not None and turn.id == self._last.id:
            self._last = turn
            return
        if self._unanswered is not None and turn.said:
            # Who was asked and said something else was bothered: it counts twice.
            self._manners.asked(turn.context.speaker, turn.context.now)
            self._unanswered = None
        self._last, self._at = turn, self._engine.parts.clock.monotonic()
        if self._times is not None and key is not None:
            self._times[key] += 1

    def rest(self) -> None:
        """Ask about the last turn, if that is worth it."""
        waited = self._engine.parts.clock.monotonic() - self._at
        turn = self._last
        if turn is None or self._a_day == 0 or not QUIET[0] <= waited <= QUIET[1] or not _askable(turn):
            return
        self._last = None
        now, who = self._engine.parts.clock.now(), turn.context.speaker
        if self._manners.today(who, now) >= self._a_day or not self._manners.at_ease(now):
            return
        if self.worth(turn) > COST * (1 + EACH * self._manners.fatigue(who, now)):
            self._manners.asked(who, now)
            self._unanswered = turn.id
            self._engine.ask_feedback()

    def worth(self, turn: Turn) -> float:
        """What an answer about a turn would tell, 0 to 1."""
        key = _key(turn)
        if key is None:
            return 0.0
        if self._times is None:
            self._times = Counter(found for each in self._log() if (found := _key(each)) is not None)
        answers = self._answers.get(key, [])
        sure = (overall(turn) * WEIGHT + sum(answers)) / (WEIGHT + len(answers))
        often = self._times[key] / (self._times[key] + HALF)
        return _entropy(sure) * often / (1 + len(answers))


def _askable(turn: Turn) -> bool:
    """Whether something was done that may have been wrong, and nothing tells yet."""
    done = turn.outcome is not None and turn.outcome.kind is OutcomeKind.DONE
    acted = isinstance(turn.decision, Execute) and bool(turn.decision.commands)
    return done and acted and bool(turn.said) and turn.feedback is None and not turn.hands


def _key(turn: Turn) -> tuple[str | None, str] | None:
    """The person and the kind of request."""
    intent = turn.parse.intents[0] if turn.parse and turn.parse.intents else None
    return (turn.context.speaker, canonical(intent)) if intent is not None and intent.domain != "dialogue" else None


def _entropy(share: float) -> float:
    """The entropy of a yes or no, in bits.

    >>> _entropy(0.5), _entropy(1.0)
    (1.0, 0.0)
    """
    if not 0.0 < share < 1.0:
        return 0.0
    return -share * math.log2(share) - (1 - share) * math.log2(1 - share)
