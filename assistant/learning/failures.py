"""Failure point isolation, a first estimate: the first stage that failed and was not recovered (self-learning.md 10.1).

False wake, recogniser (`asr`), understanding (`nlu`), entity resolution (`er`), what was done (`result`), or `correct`.
A failed turn is compared with the attempt that worked: other words that sound alike point to the recogniser, another
reading of the same words to understanding, other devices to resolution, the very same to the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assistant.learning.logged import Logged, logged
from assistant.learning.phrases import completed, control
from assistant.learning.sessions import Goal, Segmenter
from assistant.learning.text import differing, misheard, phonetic
from assistant.turn import Turn

POINTS = ("correct", "false_wake", "asr", "nlu", "er", "result")
PRIOR = {"false_wake": 0.3, "asr": 1.0, "nlu": 1.0, "er": 1.0, "result": 0.5}
"""Relative weights of the failing stages before anything else is known."""


def failure_points(turns: Iterable[Turn]) -> dict[str, str]:
    """The likeliest failure point of each turn, by its id."""
    segmenter = Segmenter()
    found = {}
    for session in segmenter.sessions([logged(turn) for turn in turns]):
        for goal in segmenter.goals(session)[0]:
            for turn, shares in failures(goal).items():
                found[turn] = max(POINTS, key=shares.__getitem__)
    return found


def failures(goal: Goal) -> dict[str, dict[str, float]]:
    """For each turn of a goal, the probability of every failure point; they add up to 1."""
    defects = {attempt.id: defect for attempt, defect in zip(goal.attempts, goal.defects, strict=True)}
    success = goal.attempts[-1] if goal.success >= 0.5 else None
    result = {}
    for turn in goal.turns:
        declined = turn.outcome in {"ignored", "unsupported"} and defects.get(turn.id, 0.0) < 0.5
        if control(turn.said) is not None or declined:
            result[turn.id] = _shares(_stray(turn, goal), {"false_wake": 1.0})
        else:
            worked = success if success is not None and success.id != turn.id else None
            result[turn.id] = _shares(defects.get(turn.id, 0.0), _weights(turn, worked))
    return result


def _stray(turn: Logged, goal: Goal) -> float:
    """How likely a turn that was ignored or declined was not meant for the assistant, yet was answered."""
    if turn.outcome == "ignored" or control(turn.said) is not None or len(goal.turns) > 1:
        return 0.02
    return 0.25


def _shares(defect: float, weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values()) or 1.0
    shares = {point: round(defect * weights.get(point, 0.0) / total, 4) for point in POINTS[1:]}
    return {"correct": round(1 - sum(shares.values()), 4), **shares}


def _weights(turn: Logged, worked: Logged | None) -> dict[str, float]:
    """How well each stage explains the defect."""
    weights = dict(PRIOR)
    if turn.outcome == "failed":
        # understood and sent, but the device did not answer
        weights["result"] *= 12
    if turn.heard is not None and turn.heard < 0.6:
        weights["asr"] *= 3
    if turn.intent is None and turn.outcome == "rejected":
        weights["asr"] *= 2
        weights["nlu"] *= 2
    if worked is not None:
        weights["false_wake"] = 0.02
        _compare(turn, worked, weights)
    return weights


def _compare(turn: Logged, worked: Logged, weights: dict[str, Any]) -> None:
    """What the attempt that worked shows about the one that did not."""
    text = completed(turn.said, worked.executed) or worked.executed
    first, second = differing(turn.said, text)
    if (first and second and misheard(turn.said, text) >= 0.55) or (
        text != turn.said and phonetic(turn.said, text) > 0.9
    ):
        weights["asr"] *= 12
    elif not first and not second:
        weights["result"] *= 6
        weights["nlu"] *= 2
    elif turn.intent is not None and turn.intent != worked.intent:
        weights["nlu"] *= 4
    if turn.intent is not None and turn.intent == worked.intent and turn.entities != worked.entities:
        weights["er"] *= 4
    if turn.state == worked.state and turn.entities == worked.entities:
        weights["result"] *= 4
