"""What the trees are worth: `python -m simulator.annotation.compare --log TEST --school SCHOOL`.

Failure points by a linear model on the same numbers, by the trees, and by trees that saw only a part of the households
of `school`; without the plain rules that stand beside them in use. Mean F1 over the classes, on people of `test`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.learning.labelling.trees import Trees
from assistant.nlu import Understander
from simulator.annotation.cases import Case, cases, requests
from simulator.annotation.figures import scores
from simulator.annotation.logs import add_arguments, lived_or_read, read_files
from simulator.annotation.train import failures

SHARES = (0.05, 0.2, 0.5, 1.0)
"""Of the households of `school`, for the curve of what labels are worth."""


def main() -> None:
    """Fit all of them, and print how well each does."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser, "test", 24, 5)
    parser.add_argument("--school", type=Path, required=True, help="a folder with the log that all are trained on")
    options = parser.parse_args()
    understander = Understander.load()
    school = requests(cases(read_files(options.school), understander))
    known = requests(cases(lived_or_read(options), understander))
    print(f"linear, all of the households: {_mean(known, _linear(school, known)):.3f}")
    homes = sorted({case.seen.logged.household for case in school})
    for share in SHARES:
        chosen = set(homes[: max(1, round(share * len(homes)))])
        some = [case for case in school if case.seen.logged.household in chosen]
        print(
            f"trees, {len(chosen)} households, {len(some)} turns: {_mean(known, _by_trees(failures(some), known)):.3f}"
        )


def _linear(school: Sequence[Case], known: Sequence[Case]) -> list[str]:
    """Multinomial logistic regression; unknown numbers are the mean, and a number of their own says so."""
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    names = list(school[0].numbers)
    model = make_pipeline(
        SimpleImputer(add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(C=0.05, max_iter=500),
    )
    model.fit(_table(school, names), [case.truth.failure for case in school])
    return [str(each) for each in model.predict(_table(known, names))]


def _table(some: Sequence[Case], names: Sequence[str]) -> Any:
    return np.array([[case.numbers[name] for name in names] for case in some])


def _by_trees(trees: Trees, known: Sequence[Case]) -> list[str]:
    found = trees.probabilities([case.numbers for case in known])
    return [trees.labels[place] for place in found.argmax(axis=1)]


def _mean(known: Sequence[Case], guessed: Sequence[str]) -> float:
    """The mean F1 score over the classes."""
    return float(np.mean(list(scores([str(case.truth.failure) for case in known], guessed).values())))


if __name__ == "__main__":
    main()
