"""How sure a reading is: calibrated probabilities, by Platt's method on a few signals.

Two things are told apart: that the whole frame is right, with every slot (fitted to generated sentences, whose slots
are known), and that the intent is right (fitted to what people wrote and recognisers heard, each sentence judged by a
model that never saw it).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SIGNALS = ("class log-odds", "weakest class log-odds", "weakest slot log-odds", "mean slot log-odds", "split log-odds",
           "unexplained", "clauses", "tokens", "foreign", "unfamiliar")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """What a reading looks like beside its probabilities. `unfamiliar` is the share of words never seen in training."""

    split: float
    unexplained: int
    tokens: int
    foreign: bool
    unfamiliar: float


def signals(classes: Sequence[float], slots: Sequence[float], shape: Shape) -> list[float]:
    """What the calibration looks at: probabilities of the classes and of the slots, and the shape of the request."""
    weakest = min(slots, default=1.0)
    mean = sum(slots) / len(slots) if slots else 1.0
    odds = [_odds(math.prod(classes)), _odds(min(classes)), _odds(weakest), _odds(mean), _odds(shape.split)]
    return [
        *odds, float(min(shape.unexplained, 4)), float(len(classes) - 1), min(shape.tokens, 25) / 10,
        float(shape.foreign), shape.unfamiliar,
    ]  # fmt: skip


def _odds(probability: float) -> float:
    clipped = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(clipped / (1 - clipped))


@dataclass(frozen=True)
class Calibration:
    """Logistic regression on the signals."""

    weights: np.ndarray
    bias: float

    def probability(self, of: Sequence[float]) -> float:
        """The probability (0 to 1) of being right."""
        return float(1 / (1 + math.exp(-(float(np.dot(self.weights, of)) + self.bias))))

    def save(self, path: Path) -> None:
        """Write the parameters (no pickles)."""
        np.savez(path, weights=self.weights, bias=np.array(self.bias))

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(arrays["weights"], float(arrays["bias"]))


@dataclass(frozen=True, slots=True)
class Bin:
    """Readings of about the same confidence: how many, how sure on average, and which share of them is right."""

    low: float
    count: int
    sure: float
    right: float


def reliability(probabilities: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[Bin]:
    """The reliability table, over equally wide bins; empty bins are left out.

    >>> reliability([0.95, 1.0], [True, False])
    [Bin(low=0.9, count=2, sure=0.975, right=0.5)]
    """
    table = []
    for k in range(bins):
        low, high = k / bins, (k + 1) / bins
        inside = [i for i, p in enumerate(probabilities) if low < p <= high or (k == 0 and p == 0)]
        if inside:
            sure = sum(probabilities[i] for i in inside) / len(inside)
            table.append(Bin(low, len(inside), sure, sum(right[i] for i in inside) / len(inside)))
    return table


def expected_calibration_error(probabilities: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """The mean gap between confidence and share of right answers, over equally wide bins (Naeini et al., 2015).

    >>> expected_calibration_error([1.0, 1.0], [True, False])
    0.5
    """
    table = reliability(probabilities, right, bins)
    return sum(abs(each.sure - each.right) * each.count for each in table) / max(len(probabilities), 1)
