"""Whether a request says again what an earlier one failed to achieve (self-learning.md 2.1, 2.2 d2).

Rephrases are lexical (words added, dropped, replaced, reordered) or phonetic (the same words, heard in two ways). What
looks alike may still be another goal: "and the bedroom too", "turn it off" later, the next room.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise

from assistant.learning.guard import numbers, opposite, opposite_intents
from assistant.learning.logged import Logged, by_person, logged
from assistant.learning.phrases import completed, continues, control, marked, stripped
from assistant.learning.text import content, differing, lexical, misheard, phonetic
from assistant.learning.words import GIVING_UP
from assistant.turn import Turn

FAILED = frozenset({"rejected", "failed", "unsupported"})
ONE_WORD = 0.9
"""Texts that are more alike than this differ by a letter or two."""
FORBIDDEN = -6.0
"""The log-odds of what a rule forbids."""
WEIGHTS = "rephrase.json"
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
    `known` is what the probability was computed from; `None` where a rule forbids that it is one.
    """

    earlier: Logged
    later: Logged
    probability: float
    text: str | None
    likeness: float
    marked: bool
    known: Mapping[str, float] | None = None


@cache
def shipped() -> Mapping[str, float]:
    """The weights that come with the program, made by `python -m simulator.study.calibrate`."""
    told: dict[str, float] = json.loads(files("assistant.learning").joinpath(WEIGHTS).read_text(encoding="utf-8"))
    return told


@dataclass
class RephraseDetector:
    """Rephrase probabilities from words, sound, outcome and time; and from what many people do after the same failure.

    `fit` counts, over all customers, which request follows which failed one; a pair that at least `customers` distinct
    ones share, in at least `share` of the cases, is a rephrase however different the words.
    """

    window: Window = field(default_factory=Window)
    customers: int = 3
    share: float = 0.3
    weights: Mapping[str, float] = field(default_factory=shipped)

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
        known = features(earlier, later, said, protested) if _may_rephrase(earlier, later) else None
        strength = FORBIDDEN if known is None else self._strength(known)
        if (earlier.said, later.said) in self.recurring_:
            strength = max(strength, 1.5)
        return Rephrase(earlier, later, 1 / (1 + math.exp(-strength)), text, likeness, marked(later.said), known)

    def _strength(self, known: Mapping[str, float]) -> float:
        return self.weights["bias"] + sum(self.weights[name] * value for name, value in known.items())

    def pairs(self, session: Sequence[Logged]) -> list[Rephrase]:
        """Every turn of a session with the best earlier attempt that it may rephrase; control turns are no attempts."""
        attempts: list[Logged] = []
        found = []
        protested = False
        for turn in session:
            if (kind := control(turn.said)) is not None:
                protested = protested or kind in PROTESTS
                attempts = [] if turn.said in GIVING_UP else attempts
                continue
            # "No, ..." corrects what was just done, however much it may sound like something before that.
            back = 1 if marked(turn.said) else self.window.turns
            nearby = [each for each in attempts[-back:] if turn.time - each.time <= self.window.span]
            judged = [self.predict_one(each, turn, protested and each is nearby[-1]) for each in reversed(nearby)]
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
    # what was not understood says nothing about what was meant, nor do two readings of nearly the same words
    told_apart = earlier.outcome not in FAILED and lexical(earlier.said, later.said) < ONE_WORD
    if told_apart and opposite_intents(earlier.intent, later.intent) and not marked(later.said):
        return False
    return not opposite(earlier.said, stripped(later.said))


def features(earlier: Logged, later: Logged, said: str, protested: bool) -> dict[str, float]:
    """What the log-odds that `later` (which amounts to the text `said`) repeats `earlier` are computed from."""
    failed = earlier.outcome in FAILED
    known = {
        "alike": max(lexical(earlier.said, said), phonetic(earlier.said, said)),
        "pause": (later.time - earlier.time) / 45.0,
        "marked": float(marked(later.said)),
        "protested": float(protested),
        "failed": float(failed),
        "failed_shared": _shared(earlier.said, said) if failed else 0.0,
        "failed_then_done": float(failed and later.outcome == "done"),
        "barge_in": float(earlier.barge_in is not None),
        "hand": float(bool(earlier.hands)),
        "answered_no": float(earlier.feedback is False),
        "rewritten": float(earlier.rewrite is not None),
    }
    return known | _differences(earlier, later, said)


def _shared(one: str, other: str) -> float:
    """The share of the words that matter in the shorter text that the other has as well."""
    first, second = set(content(one)), set(content(other))
    return len(first & second) / max(1, min(len(first), len(second)))


def _differences(earlier: Logged, later: Logged, said: str) -> dict[str, float]:
    """What the words that differ say; one kind of difference excludes the others."""
    kinds = dict.fromkeys(("identical", "reordered", "numbers", "added", "sounds", "unlike", "unlike_unknown"), 0.0)
    first, second = differing(earlier.said, said)
    kinds["same_meaning"] = 0.0
    if not first and not second:
        # the same again: it did not work, unless it is a thing that one does twice
        return kinds | {"identical" if earlier.said == said else "reordered": 1.0}
    if numbers(earlier.said) != numbers(said) and not marked(later.said) and earlier.outcome not in FAILED:
        return kinds | {"numbers": 1.0}
    if not first or not second:
        return kinds | {"added": 1.0}
    likeness = phonetic(first, second)
    kinds["sounds"] = likeness - 0.5
    went_well = earlier.outcome in {"done", None} and earlier.barge_in is None and not earlier.hands
    if went_well and likeness < 0.5 and not marked(later.said):
        # other words and no sign of trouble: the next room, not the same one again
        kinds["unlike_unknown" if earlier.outcome is None else "unlike"] = 1.0
    kinds["same_meaning"] = float(earlier.state == later.state and earlier.intent is not None)
    return kinds
