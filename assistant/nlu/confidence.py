"""How sure a reading is: a calibrated probability that the whole frame is right (Platt's method on a few signals)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SIGNALS = ("class log-odds", "weakest class log-odds", "weakest slot log-odds", "mean slot log-odds", "split log-odds",
           "unexplained", "clauses", "tokens")  # fmt: skip


def signals(classes: Sequence[float], slots: Sequence[float], split: float, unexplained: int, size: int) -> list[float]:
    """What the calibration looks at: probabilities of the classes and of the slots, and the shape of the request."""
    weakest = min(slots, default=1.0)
    mean = sum(slots) / len(slots) if slots else 1.0
    odds = [_odds(math.prod(classes)), _odds(min(classes)), _odds(weakest), _odds(mean), _odds(split)]
    return [*odds, float(min(unexplained, 4)), float(len(classes) - 1), min(size, 25) / 10]


def _odds(probability: float) -> float:
    clipped = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(clipped / (1 - clipped))


@dataclass(frozen=True)
class Calibration:
    """Logistic regression on the signals."""

    weights: np.ndarray
    bias: float

    def probability(self, of: Sequence[float]) -> float:
        """The probability (0 to 1) that the frame is right."""
        return float(1 / (1 + math.exp(-(float(np.dot(self.weights, of)) + self.bias))))

    def save(self, path: Path) -> None:
        """Write the parameters (no pickles)."""
        np.savez(path, weights=self.weights, bias=np.array(self.bias))

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(arrays["weights"], float(arrays["bias"]))


def expected_calibration_error(probabilities: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """The mean gap between confidence and share of right answers, over equally wide bins (Naeini et al., 2015).

    >>> expected_calibration_error([1.0, 1.0], [True, False])
    0.5
    """
    error = 0.0
    for k in range(bins):
        low, high = k / bins, (k + 1) / bins
        inside = [i for i, p in enumerate(probabilities) if low < p <= high or (k == 0 and p == 0)]
        if inside:
            sure = sum(probabilities[i] for i in inside) / len(inside)
            share = sum(right[i] for i in inside) / len(inside)
            error += abs(sure - share) * len(inside) / len(probabilities)
    return error
