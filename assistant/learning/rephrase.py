"""Whether a request says again what an earlier one failed to achieve (self-learning.md 2.1, 2.2 d2).

Rephrases are lexical (words added, dropped, replaced, reordered) or phonetic (the same words, heard in two ways). What
looks alike may still be another goal: "and the bedroom too", "turn it off" later, the next room.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from assistant.learning.guard import numbers, opposite, opposite_intents
from assistant.learning.logged import Logged, by_person, logged
from assistant.learning.phrases import completed, continues, control, marked, stripped
from assistant.learning.text import differing, lexical, misheard, phonetic
from assistant.turn import Turn

FAILED = frozenset({"rejected", "failed", "unsupported"})
PROTESTS = frozenset({"no", "stop", "undo"})


@dataclass(frozen=True, slots=True)
class Window:
    """How far apart an attempt and its rephrase may be.

    `gap` is the most seconds between consecutive requests (self-learning.md 2.2: 45), `span` the most seconds between
    the two (90), `turns` the most requests from one to the other (5).
    """

    gap: float = 45.0
    span: float = 90.0
    turns: int = 5


@dataclass(frozen=True, slots=True)
class Rephrase:
    """`later` says again what `earlier` asked; `text` is the whole request that `later` amounts to, where it is known.

    `likeness` is how much the differing words sound alike (0 to 1); `marked` that it began with "no" or "I said".
    """

    earlier: Logged
    later: Logged
    probability: float
    text: str | None
    likeness: float
    marked: bool


@dataclass
class RephraseDetector:
    """Rephrase probabilities from words, sound, outcome and time; and from what many people do after the same failure.

    `fit` counts, over all customers, which request follows which failed one; a pair that at least `customers` distinct
    ones share, in at least `share` of the cases, is a rephrase however different the words.
    """

    window: Window = field(default_factory=Window)
    customers: int = 3
    share: float = 0.3

    def __post_init__(self) -> None:
        self.recurring_: set[tuple[str, str]] = set()

    def fit(self, turns: Iterable[Turn]) -> RephraseDetector:
        """Learn which pairs recur."""
        return self.fit_log([logged(turn) for turn in turns])

    def fit_log(self, log: Iterable[Logged]) -> RephraseDetector:
        """The same from the learners' own view of turns."""
        followed: dict[tuple[str, str], set[tuple[str, str | None]]] = defaultdict(set)
        failures: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
        for turns in by_person(log):
            for earlier, later in pairwise(turns):
                if _received_badly(earlier) and control(earlier.said) is None:
                    failures[earlier.said].add(earlier.who)
                    if later.time - earlier.time <= self.window.gap and _may_rephrase(earlier, later):
                        followed[earlier.said, later.said].add(later.who)
        self.recurring_ = {
            pair
            for pair, who in followed.items()
            if len(who) >= self.customers and len(who) >= self.share * len(failures[pair[0]])
        }
        return self

    def predict_one(self, earlier: Logged, later: Logged, protested: bool = False) -> Rephrase:
        """How likely `later` says `earlier` again; `protested`: there was a "no", "stop" or "undo" in between."""
        text = completed(earlier.said, later.said) if later.elliptic or marked(later.said) else stripped(later.said)
        said = text or stripped(later.said)
        likeness = misheard(earlier.said, said)
        strength = self._evidence(earlier, later, said, likeness) + 1.5 * protested
        if (earlier.said, later.said) in self.recurring_:
            strength = max(strength, 1.5)
        return Rephrase(earlier, later, 1 / (1 + math.exp(-strength)), text, likeness, marked(later.said))

    def _evidence(self, earlier: Logged, later: Logged, said: str, likeness: float) -> float:
        """Log-odds that it is a rephrase. The weights are set by hand from the cases in the tests."""
        if not _may_rephrase(earlier, later):
            return -6.0
        gap = later.time - earlier.time
        alike = max(lexical(earlier.said, said), phonetic(earlier.said, said))
        strength = -3.2 + 5.0 * alike - gap / 45.0
        strength += 2.5 * marked(later.said) + 1.5 * (earlier.outcome in FAILED) + 1.0 * (earlier.barge_in is not None)
        strength += 0.8 * bool(earlier.hands) + 2.0 * (earlier.feedback is False)
        return strength + _differences(earlier, later, said, likeness)

    def pairs(self, session: Sequence[Logged]) -> list[Rephrase]:
        """Every turn of a session with the best earlier attempt that it may rephrase; control turns are no attempts."""
        attempts: list[Logged] = []
        found = []
        protested = False
        for turn in session:
            if (kind := control(turn.said)) is not None:
                protested = protested or kind in PROTESTS
                continue
            # "No, ..." corrects what was just done, however much it may sound like something before that.
            back = 1 if marked(turn.said) else self.window.turns
            nearby = [each for each in attempts[-back:] if turn.time - each.time <= self.window.span]
            judged = [self.predict_one(each, turn, protested and each is attempts[-1]) for each in reversed(nearby)]
            if judged:
                found.append(max(judged, key=lambda rephrase: rephrase.probability))
            attempts.append(turn)
            protested = False
        return found


def _received_badly(turn: Logged) -> bool:
    return (
        turn.outcome in FAILED
        or turn.barge_in is not None
        or turn.feedback is False
        or any(hand.seconds_after <= 30 for hand in turn.hands)
    )


def _may_rephrase(earlier: Logged, later: Logged) -> bool:
    """False for what can't be one: control words, opposites, answers to a question, what goes on from a success."""
    if not later.said or control(later.said) is not None or continues(later.said):
        return False
    if earlier.decision in {"ask", "confirm"} and later.elliptic:
        return False
    if opposite_intents(earlier.intent, later.intent) and not marked(later.said):
        return False
    return not opposite(earlier.said, stripped(later.said))


def _differences(earlier: Logged, later: Logged, said: str, likeness: float) -> float:
    """What the words that differ say."""
    first, second = differing(earlier.said, said)
    if not first and not second:
        # the same again: it did not work, unless it is a thing that one does twice
        return 0.5 if earlier.said == said else 0.8
    if numbers(earlier.said) != numbers(said) and not marked(later.said) and earlier.outcome not in FAILED:
        return -2.0
    if not first or not second:
        return 0.3
    content = 4.0 * (likeness - 0.5)
    went_well = earlier.outcome in {"done", None} and earlier.barge_in is None and not earlier.hands
    if went_well and likeness < 0.5 and not marked(later.said):
        # other words and no sign of trouble: the next room, not the same one again
        content -= 1.5 if earlier.outcome is None else 2.5
    if earlier.state == later.state and earlier.intent is not None:
        content += 1.5
    return content
