"""Trains how much each signal of the circumstances counts: `python -m assistant.resolve.train`.

A conditional logit: the intended entity against each other that the words leave open, their signals subtracted; so a
weight is the log-odds that a signal adds. Afterwards one more factor is fitted on households kept aside, so that the
probabilities hold; and all is measured on households that neither has seen. Runs in under a minute.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.resolve.evidence import WEIGHTS, signals
from assistant.resolve.situations import Case, cases

TRAIN, ASIDE, UNSEEN = range(400), range(10_000, 10_150), range(20_000, 20_200)
"""Seeds of the households for fitting, for calibration and for measuring."""
STRENGTH = 1.0
"""Inverse strength of the regularisation."""
BINS = 10


def rows(case: Case, keys: Sequence[str]) -> np.ndarray:
    """One row of signal strengths for each entity of a case."""
    table = np.zeros((len(case.entities), len(keys)))
    for row, entity in enumerate(case.entities):
        for signal in signals(entity, case.situation):
            if signal.key in keys:
                table[row, keys.index(signal.key)] += signal.strength
    return table


def fit(some: Sequence[Case]) -> dict[str, float]:
    """The weight of each signal."""
    keys = sorted({signal.key for case in some for each in case.entities for signal in signals(each, case.situation)})
    differences = []
    for case in some:
        table = rows(case, keys)
        differences += [table[case.intended] - table[i] for i in range(len(table)) if i != case.intended]
    x = np.array(differences)
    x[1::2] *= -1
    y = np.arange(len(x)) % 2 == 0
    model = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=1000).fit(x, y)
    return dict(zip(keys, (float(weight) for weight in model.coef_[0]), strict=True))


def scores(some: Sequence[Case], weights: dict[str, float]) -> list[np.ndarray]:
    """The log-odds of every entity of every case."""
    keys = sorted(weights)
    vector = np.array([weights[key] for key in keys])
    return [rows(case, keys) @ vector for case in some]


def calibrated(some: Sequence[Case], weights: dict[str, float]) -> dict[str, float]:
    """The weights times the factor under which the intended entities of other households are likeliest."""
    found = scores(some, weights)
    factors = np.linspace(0.4, 1.8, 141)
    losses = [
        sum(_loss(score * factor, case.intended) for score, case in zip(found, some, strict=True)) for factor in factors
    ]
    factor = float(factors[int(np.argmin(losses))])
    return {key: round(weight * factor, 4) for key, weight in weights.items()}


def _loss(score: np.ndarray, intended: int) -> float:
    return float(np.logaddexp.reduce(score) - score[intended])


def measured(some: Sequence[Case], weights: dict[str, float]) -> dict[str, float]:
    """How often the best is meant, how often by chance, and the expected calibration error."""
    sure, right = [], []
    for score, case in zip(scores(some, weights), some, strict=True):
        best = int(np.argmax(score))
        sure.append(math.exp(score[best] - np.logaddexp.reduce(score)))
        right.append(best == case.intended)
    asked = [p for p in sure if p < 0.75]
    confident = [ok for p, ok in zip(sure, right, strict=True) if p >= 0.75]
    return {
        "cases": len(some),
        "right": float(np.mean(right)),
        "by_chance": float(np.mean([1 / len(case.entities) for case in some])),
        "calibration_error": _error(np.array(sure), np.array(right)),
        "asked": len(asked) / len(some),
        "right_when_not_asked": float(np.mean(confident)),
    }


def _error(sure: np.ndarray, right: np.ndarray) -> float:
    """The expected calibration error: how far, on average, confidence and success are apart, in ten bins."""
    places = np.minimum((sure * BINS).astype(int), BINS - 1)
    return float(
        sum(
            abs(sure[places == place].mean() - right[places == place].mean()) * (places == place).mean()
            for place in range(BINS)
            if (places == place).any()
        )
    )


def train() -> dict[str, Any]:
    """Fit, calibrate and measure; what is shipped."""
    weights = calibrated(list(cases(ASIDE)), fit(list(cases(TRAIN))))
    unseen = {name: round(value, 4) for name, value in measured(list(cases(UNSEEN)), weights).items()}
    return {"recipe": "python -m assistant.resolve.train", "unseen": unseen, "weights": weights}


def main() -> None:
    """Train, print what it came to, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where to write the weights")
    arguments = parser.parse_args()
    trained = train()
    arguments.out.write_text(json.dumps(trained, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(trained, indent=1))


if __name__ == "__main__":
    main()
