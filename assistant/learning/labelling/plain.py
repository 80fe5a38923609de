"""Plain rules for logs that tell little: what a failed turn looks like beside the attempt that worked.

Other words that sound alike point to the recogniser, another reading of the same words to understanding, other things
to resolution, the very same to what was done. The weights were set by hand. The trained trees have seen only the logs
of our own assistant; the less of what those hold a log tells, the more these rules count (`weight`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from assistant.learning.labelling.evidence import Numbers, Seen
from assistant.learning.logged import Logged
from assistant.learning.phrases import completed, control
from assistant.learning.text import differing, misheard, phonetic

POINTS = ("correct", "false_wake", "asr", "nlu", "er", "result")
PRIOR = {"false_wake": 0.3, "asr": 1.0, "nlu": 1.0, "er": 1.0, "result": 0.5}
"""Relative weights of the failing stages before anything else is known."""
RICH = ("wake", "heard", "read", "changed", "says_which")
"""Numbers that are there when a log tells of audio, confidences, states and replies."""
MOST = 0.85
"""What the trees weigh where a log tells everything; the rest is the rules'."""
LEAST = 1e-3
"""No stage is ever quite ruled out."""
STRAY = 0.25
"""How likely what was declined, by itself, was not meant for the assistant."""


def weight(numbers: Numbers) -> float:
    """What the trees weigh (0 to 1), by how much is known of a turn."""
    return MOST * sum(not math.isnan(numbers.get(name, math.nan)) for name in RICH) / len(RICH)


def blended(trained: Mapping[str, float], rule: Mapping[str, float], weight: float) -> dict[str, float]:
    """Two opinions as one: their weighted geometric mean, scaled to add up to 1.

    >>> blended({"yes": 0.75, "no": 0.25}, {"yes": 0.5, "no": 0.5}, 0.0)
    {'yes': 0.5, 'no': 0.5}
    """
    logs = {
        name: weight * math.log(max(LEAST, trained[name])) + (1 - weight) * math.log(max(LEAST, rule[name]))
        for name in trained
    }
    powers = {name: math.exp(value) for name, value in logs.items()}
    total = sum(powers.values())
    return {name: value / total for name, value in powers.items()}


def shares(seen: Seen) -> dict[str, float]:
    """The probability of every failure point by the rules; they add up to 1."""
    turn = seen.logged
    defect = seen.defect
    weights = _weights(turn, seen.worked)
    if (turn.outcome == "ignored" and defect < 0.5) or control(turn.said) is not None:
        defect, weights = 0.02, {"false_wake": 1.0}
    elif turn.outcome == "unsupported" and defect < 0.5:
        defect, weights = STRAY if seen.worked is None and not seen.before else 0.02, {"false_wake": 1.0}
    total = sum(weights.values())
    found = {point: defect * weights.get(point, 0.0) / total for point in POINTS[1:]}
    return {"correct": 1 - sum(found.values()), **found}


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


def _compare(turn: Logged, worked: Logged, weights: dict[str, float]) -> None:
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
