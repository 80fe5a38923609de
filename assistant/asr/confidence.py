"""How sure the recogniser is: from the agreement of its two decodings to a probability.

The scores of a decoder say little about being right (area under the curve 0.6 to 0.75), the agreement of the strict
decoding with the free ten-best says much. Two logistic functions, one for the sentence of the strict decoding and one
for each other sentence, were fitted with scikit-learn on 750 utterances: fourteen synthetic voices in eight rooms (12
to 35 dB above the noise, half of them reverberant); 45 % sentences of the model, 30 % of the same home but not of the
model, 25 % not meant for a home. Five-fold: area 0.90 for the first sentence; above 0.85 it is right in 97 % of the
cases, between 0.5 and 0.7 in 66 %, below 0.2 in 9 %; of 193 foreign sentences one is above 0.5.
`python -m simulator.acoustics.calibrate` collects such utterances and fits again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.asr.language import word_errors
from assistant.turn import Hypothesis

STRICT_WEIGHTS = (-3.6, 2.85, 1.57, 1.94, 1.05)
"""Constant, then one weight for each of `strict_features`."""
FREE_WEIGHTS = (-3.28, 1.88, -1.76, -0.45, 4.27, -2.07)
"""Constant, then one weight for each of `free_features`."""
LONG = 8
"""Words from which on the length of a sentence makes no difference."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of the free decoding; `score` is its logarithmic score, comparable within one utterance."""

    text: str
    score: float


def rank(free: Sequence[Candidate], strict: str | None, best: int = 10) -> tuple[Hypothesis, ...]:
    """Both decodings together, best first, each with its probability; all together at most one."""
    chances: dict[str, float] = {}
    if strict:
        chances[strict] = _logistic(STRICT_WEIGHTS, strict_features(free, strict))
    for place, candidate in enumerate(free):
        if candidate.text != strict:
            chances[candidate.text] = _logistic(FREE_WEIGHTS, free_features(free, place, strict))
    total = max(1.0, sum(chances.values()))
    ordered = sorted(chances.items(), key=lambda each: -each[1])[:best]
    return tuple(Hypothesis(text, round(chance / total, 4)) for text, chance in ordered)


def strict_features(free: Sequence[Candidate], strict: str) -> tuple[float, ...]:
    """How near the nearest free sentence comes, how near the first one, its place among them, its length (all 0 to 1).

    >>> strict_features([Candidate("open the door", -1.0)], "open the door")
    (1.0, 1.0, 1.0, 0.375)
    """
    words = tuple(strict.split())
    near = [_nearness(words, tuple(candidate.text.split())) for candidate in free] or [0.0]
    texts = [candidate.text for candidate in free]
    place = 1 / (1 + texts.index(strict)) if strict in texts else 0.0
    return max(near), near[0], place, min(len(words), LONG) / LONG


def free_features(free: Sequence[Candidate], place: int, strict: str | None) -> tuple[float, ...]:
    """Place, gap to the first, whether the strict sentence is among them, lead of the first, length (all 0 to 1)."""
    candidate, first = free[place], free[0]
    gap = min(1.0, 10 * (first.score - candidate.score))
    lead = min(1.0, 10 * (first.score - free[1].score)) if place == 0 and len(free) > 1 else 0.0
    among = float(any(each.text == strict for each in free))
    return 1 / (1 + place), gap, among, lead, min(len(candidate.text.split()), LONG) / LONG


def _nearness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    return 1 - word_errors(one, other) / max(len(one), len(other), 1)


def _logistic(weights: Sequence[float], features: Sequence[float]) -> float:
    value = weights[0] + sum(weight * feature for weight, feature in zip(weights[1:], features, strict=True))
    return 1 / (1 + math.exp(-value))
