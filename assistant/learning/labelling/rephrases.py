"""Contextual rephrase detection: which later request, if any, is the one that at last said it so that it worked.

After Wang et al. (EMNLP 2021), who point from a failed request into the dialogue that follows. Here every later request
within reach is judged by boosted trees over the pair, how both were received, and what lies between; the best one is
taken, or none. A later request that has nothing to do with it is refused however near it is, and of several tries the
one that worked is taken, not the nearest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from math import nan
from pathlib import Path

from assistant.learning.labelling.evidence import Numbers, Seen, pair
from assistant.learning.labelling.trees import Trees
from assistant.learning.phrases import control
from assistant.learning.rephrase import Window

MODEL = Path(__file__).parent / "rephrases.npz"
KINDS = ("none", "tried", "worked")
"""What a later request may be to an earlier one: another wish, another try at the same, the one that worked."""
NONE_BELOW = 0.5
"""Where no request is likelier than this, there was no rephrase that worked."""
REACH = Window()


@dataclass(frozen=True, slots=True)
class Pair:
    """A request and a later one within reach. `between` are the requests of the person between the two."""

    earlier: Seen
    later: Seen
    between: tuple[Seen, ...]

    def numbers(self) -> Numbers:
        """What speaks for the later one being the rephrase that worked."""
        one, other = self.earlier, self.later
        alike = [pair("", one.logged, each.logged) for each in self.between]
        return {
            **pair("pair", one.logged, other.logged),
            "between": float(len(self.between)),
            "between_alike": max((each["_phonetic"] for each in alike), default=nan),
            "earlier_defect": one.defect,
            "later_defect": other.defect,
            "earlier_barged": nan if one.logged.barge_in is None else one.logged.barge_in,
            "earlier_by_hand": float(bool(one.logged.hands)),
            "earlier_failed": float(one.logged.outcome in {"rejected", "failed", "unsupported"}),
            "earlier_asked": float(one.logged.decision in {"ask", "confirm"}),
            "earlier_done": float(one.logged.outcome == "done"),
            "earlier_feedback": nan if one.logged.feedback is None else float(one.logged.feedback),
            "later_words": float(len(other.logged.said.split())),
            "same_person_soon": float(bool(other.after) and other.after[0].time - other.logged.time < REACH.gap),
        }


@dataclass(frozen=True, slots=True)
class Judgement:
    """How likely a later request is another try at what an earlier one wanted, and how likely one that worked."""

    pair: Pair
    again: float
    worked: float


@dataclass(frozen=True, slots=True)
class Found:
    """A request, the later one that said it so that it worked (`None`: there is none), and how likely that is."""

    turn: str
    rephrase: str | None
    probability: float


class ContextualDetector:
    """Finds for every request the rephrase that worked."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees

    def judge(self, seen: Sequence[Seen]) -> list[Judgement]:
        """Every pair within reach."""
        return self.judge_pairs([each for person in people(seen) for each in within_reach(person)])

    def judge_pairs(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """The same for some pairs."""
        found = self._trees.probabilities([each.numbers() for each in pairs])
        none, worked = (self._trees.labels.index(kind) for kind in ("none", "worked"))
        return [
            Judgement(each, 1 - float(row[none]), float(row[worked])) for each, row in zip(pairs, found, strict=True)
        ]

    def predict(self, seen: Sequence[Seen]) -> list[Found]:
        """For each request that others follow within reach, the rephrase that worked, or none."""
        found = []
        for turn, judged in groupby(self.judge(seen), key=lambda each: each.pair.earlier.turn.id):
            best = max(judged, key=lambda each: each.worked)
            chosen = best.pair.later.turn.id if best.worked >= NONE_BELOW else None
            found.append(Found(turn, chosen, best.worked))
        return found


@cache
def shipped() -> ContextualDetector:
    """The model that comes with the program."""
    return ContextualDetector(Trees.load(MODEL))


def people(seen: Sequence[Seen]) -> Iterator[list[Seen]]:
    """The requests of each person; words to the dialogue itself are none."""
    for _, some in groupby(seen, key=lambda each: each.logged.who):
        yield [each for each in some if control(each.logged.said) is None and each.logged.said]


def within_reach(person: Sequence[Seen], reach: Window = REACH) -> Iterator[Pair]:
    """Every request with the later ones that may say it again: some requests and some time away at most."""
    for place, earlier in enumerate(person):
        before = earlier.logged.time
        for further, later in enumerate(person[place + 1 : place + 1 + reach.turns], place + 1):
            if later.logged.time - before > reach.gap or later.logged.time - earlier.logged.time > reach.span:
                break
            before = later.logged.time
            yield Pair(earlier, later, tuple(person[place + 1 : further]))
