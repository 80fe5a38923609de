"""How sure a reading is: calibrated probabilities, by Platt's method on a few signals and their squares.

Readings that are for a home and those that are not have each their own fit: who was not understood is mostly taken for
foreign, so the two err in different ways.

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
           "unexplained", "clauses", "tokens", "unfamiliar", "class log-odds squared",
           "weakest class log-odds squared", "class log-odds x unexplained", "weakest class log-odds x unexplained",
           "class log-odds above 0", "class log-odds above 3", "foreign")  # fmt: skip
FOREIGN = SIGNALS.index("foreign")


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
    together, worst, odd = _odds(math.prod(classes)), _odds(min(classes)), float(min(shape.unexplained, 4))
    return [
        together, worst, _odds(weakest), _odds(mean), _odds(shape.split),
        odd, float(len(classes) - 1), min(shape.tokens, 25) / 10, shape.unfamiliar, together**2,
        worst**2, together * odd, worst * odd,
        max(together, 0.0), max(together - 3.0, 0.0), float(shape.foreign),
    ]  # fmt: skip


def _odds(probability: float) -> float:
    clipped = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(clipped / (1 - clipped))


@dataclass(frozen=True)
class Calibration:
    """Logistic regressions on the signals: the first row for readings that are for a home, the second for the others.

    `weights` has the shape (2, number of signals), `bias` (2,).
    """

    weights: np.ndarray
    bias: np.ndarray

    @classmethod
    def unfitted(cls) -> Calibration:
        """One that says 0.5 of everything."""
        return cls(np.zeros((2, len(SIGNALS))), np.zeros(2))

    @classmethod
    def fit(cls, signals: Sequence[Sequence[float]], right: Sequence[bool]) -> Calibration:
        """Fit the confidence to how often readings with such signals were right."""
        from sklearn.linear_model import LogisticRegression

        table, truth = np.asarray(signals), np.asarray(right)
        fitted = cls.unfitted()
        for row in (0, 1):
            own = table[:, FOREIGN] == row
            if len(set(truth[own])) == 2:
                model = LogisticRegression(C=10.0, max_iter=3000).fit(table[own], truth[own])
                fitted.weights[row], fitted.bias[row] = model.coef_[0], model.intercept_[0]
        return fitted

    def probability(self, of: Sequence[float]) -> float:
        """The probability (0 to 1) of being right."""
        row = int(of[FOREIGN])
        odds = float(np.dot(self.weights[row], of)) + float(self.bias[row])
        return 1 / (1 + math.exp(-min(max(odds, -30.0), 30.0)))

    def save(self, path: Path) -> None:
        """Write the parameters (no pickles)."""
        np.savez(path, weights=self.weights, bias=self.bias)

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(arrays["weights"], arrays["bias"])


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
