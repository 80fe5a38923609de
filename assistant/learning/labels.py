"""From yes-or-no feedback to labels: was a turn right, which turns pursue one goal, was it reached, what was meant.

Whether a turn was defective and whether it begins a new goal is judged by boosted trees over what is seen of it in its
dialogue (`labelling/evidence.py`). What was meant by a failed turn is projected back from the attempt that worked: its
intent, its slots, and the words (after MARUPA, Falke et al. 2020; self-learning.md 7.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from assistant.learning.labelling.evidence import Numbers, Seen, evidence
from assistant.learning.labelling.plain import blended, weight
from assistant.learning.labelling.trees import Trees
from assistant.learning.logged import INTERNAL_SLOTS, Logged
from assistant.learning.phrases import completed, control, stripped

FOLDER = Path(__file__).parent / "labelling"
DEFECT, BOUNDARY = FOLDER / "defects.npz", FOLDER / "boundaries.npz"
LIKELY = 0.5
"""From this probability on something is taken to be so."""
SURE = 0.9
"""How sure a label must be for something to be trained from it; below, the generator abstains."""
REMARK = 0.02
"""How likely a remark to the dialogue itself ("stop") is a defect."""
FIRST = 0.95
"""How sure the plain rules are of where a goal begins."""
UNSUPPORTED = 0.1
"""How likely a request that was declined as impossible was fulfilled all the same."""


@dataclass(frozen=True, slots=True)
class Label:
    """What is believed about a turn. `defect`, `goal_success` and `sure` are probabilities; `None` is unknown.

    `sure` is how likely intent, slots, entities and transcript are what was meant.
    """

    turn: str
    defect: float
    goal: str
    goal_success: float
    intent: str | None
    slots: Mapping[str, Any] | None
    transcript: str | None
    entities: tuple[str, ...] = ()
    sure: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """A line of `labels.jsonl`."""
        return {
            "turn": self.turn,
            "defect": round(self.defect, 4),
            "goal": self.goal,
            "goal_success": round(self.goal_success, 4),
            "intent": self.intent,
            "slots": dict(self.slots) if self.slots is not None else None,
            "transcript": self.transcript,
            "entities": list(self.entities),
            "sure": round(self.sure, 4),
        }


@dataclass(frozen=True, slots=True)
class Judged:
    """A turn with how likely it was defective, and how likely it begins a new goal."""

    turn: Logged
    defect: float
    begins: float


class LabelGenerator:
    """Labels every turn of a log, dialogue by dialogue."""

    def __init__(self, defects: Trees, boundaries: Trees) -> None:
        self._defects = defects
        self._boundaries = boundaries

    def predict(self, seen: Sequence[Seen], numbers: Sequence[Numbers] | None = None) -> list[Label]:
        """The labels of all turns, which come person by person and in order of time.

        `numbers` are those of `evidence` where they are known already.
        """
        rows = [evidence(each) for each in seen] if numbers is None else numbers
        defects = self._of(self._defects, rows, [each.defect for each in seen])
        begins = self._of(self._boundaries, rows, [FIRST if each.first else 1 - FIRST for each in seen])
        judged = [
            Judged(each.logged, REMARK if control(each.logged.said) is not None else defect, begin)
            for each, defect, begin in zip(seen, defects, begins, strict=True)
        ]
        return [
            label
            for _, person in groupby(judged, key=lambda each: each.turn.who)
            for goal in segmented(list(person))
            for label in labelled(goal)
        ]

    @staticmethod
    def _of(trees: Trees, rows: Sequence[Numbers], rule: Sequence[float]) -> list[float]:
        """The probability of yes; the less a log tells, the more the plain rules count."""
        trained = trees.probabilities(rows)[:, trees.labels.index("True")]
        return [
            blended({"yes": float(one), "no": 1 - float(one)}, {"yes": other, "no": 1 - other}, weight(row))["yes"]
            for one, other, row in zip(trained, rule, rows, strict=True)
        ]


@cache
def shipped() -> LabelGenerator:
    """The models that come with the program."""
    return LabelGenerator(Trees.load(DEFECT), Trees.load(BOUNDARY))


def segmented(turns: Sequence[Judged]) -> Iterator[list[Judged]]:
    """A person's turns, goal by goal."""
    goal: list[Judged] = []
    for each in turns:
        if goal and each.begins >= LIKELY:
            yield goal
            goal = []
        goal.append(each)
    if goal:
        yield goal


def labelled(goal: Sequence[Judged]) -> Iterator[Label]:
    """The labels of the turns of a goal."""
    attempts = [each for each in goal if control(each.turn.said) is None] or [goal[0]]
    last = attempts[-1]
    success = 1 - last.defect
    if last.turn.outcome == "unsupported":
        success *= UNSUPPORTED
    name = goal[0].turn.id
    for each in goal:
        meant, sure = _meant(each, attempts)
        if meant is None:
            yield Label(each.turn.id, each.defect, name, success, None, None, None)
            continue
        words = meant.words if meant is each.turn else _words(each.turn, meant)
        yield Label(
            each.turn.id, each.defect, name, success, meant.intent, _slots(meant), words or None, meant.entities, sure
        )  # fmt: skip


def _meant(each: Judged, attempts: Sequence[Judged]) -> tuple[Logged | None, float]:
    """The turn that tells what was meant by this one (itself, if it was right), and how surely."""
    if control(each.turn.said) is not None or each.defect < LIKELY:
        return each.turn, 1 - each.defect
    same = 1.0
    later = attempts[attempts.index(each) + 1 :] if each in attempts else ()
    for attempt in later:
        same *= 1 - attempt.begins
        if attempt.defect < LIKELY:
            return attempt.turn, same * (1 - attempt.defect)
    return None, 0.0


def _words(turn: Logged, worked: Logged) -> str:
    """The words of a request as it should have been heard."""
    return completed(turn.said, worked.executed) or stripped(worked.executed)


def _slots(turn: Logged) -> dict[str, Any] | None:
    if turn.intent is None:
        return None
    return {name: value for name, value in turn.slots.items() if name not in INTERNAL_SLOTS}
