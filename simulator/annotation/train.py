"""Trains the models of the label generator: `python -m simulator.annotation.train --homes 60 --days 6`.

People of the `school` population live with an assistant that learns nothing; what was the matter with each of their
turns is the truth that a real home does not have, so this is done here, once, and never by the learner. Settings were
chosen on `tune`; `python -m simulator.annotation.figures` reports on `test`.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assistant.learning.failures import MODEL
from assistant.learning.labelling.evidence import Numbers
from assistant.learning.labelling.rephrases import MODEL as REPHRASES
from assistant.learning.labelling.rephrases import Pair, people, within_reach
from assistant.learning.labelling.trees import Trees
from assistant.learning.labels import BOUNDARY, DEFECT
from assistant.nlu import Understander
from simulator.annotation.cases import Case, cases, poorer, requests
from simulator.annotation.logs import add_arguments, lived_or_read
from simulator.annotation.truth import Truth

SETTINGS: dict[str, Any] = {
    "max_iter": 150, "learning_rate": 0.07, "max_leaf_nodes": 10, "l2_regularization": 2.0, "min_samples_leaf": 20,
    "max_features": 0.2, "random_state": 0,
}  # fmt: skip


def main() -> None:
    """Let people live, fit, and write the models."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser, "school", 60, 3)
    known = cases(lived_or_read(parser.parse_args()), Understander.load())
    print(f"{len(known)} turns: {dict(points(known))}")
    failures(requests(known)).save(MODEL)
    defects(requests(known)).save(DEFECT)
    boundaries(known).save(BOUNDARY)
    rephrases(known).save(REPHRASES)


def points(known: Sequence[Case]) -> Counter[str]:
    """How many turns there are of each failure point."""
    return Counter(case.truth.failure for case in known)


def failures(known: Sequence[Case]) -> Trees:
    """The model of failure points."""
    both = [*known, *poorer(known)]
    counts = points(both)
    weights = np.array([counts[case.truth.failure] ** -0.5 for case in both])
    return fit(both, [case.truth.failure for case in both], weights / weights.mean())


def defects(known: Sequence[Case]) -> Trees:
    """The model of whether a turn was defective; what can't be done is no defect."""
    both = [*known, *poorer(known)]
    return fit(both, [str(case.truth.failure != "correct") for case in both])


def boundaries(known: Sequence[Case]) -> Trees:
    """The model of whether a turn begins a new goal."""
    both = [*known, *poorer(known)]
    return fit(both, [str(case.begins) for case in both])


def rephrases(known: Sequence[Case]) -> Trees:
    """The model of what a later request is to an earlier one."""
    pairs = [each for person in people([case.seen for case in known]) for each in within_reach(person)]
    truth = {case.seen.turn.id: case.truth for case in known}
    return fit_rows([each.numbers() for each in pairs], [relation(each, truth) for each in pairs])


def relation(pair: Pair, truth: Mapping[str, Truth]) -> str:
    """What the later request of a pair really is to the earlier one."""
    one, other = truth[pair.earlier.turn.id], truth[pair.later.turn.id]
    if one.goal != other.goal or one.right or other.kind not in {"request", "answer"}:
        return "none"
    return "worked" if other.right else "tried"


def fit(known: Sequence[Case], labels: Sequence[str], weights: Any = None) -> Trees:
    """Boosted trees over the numbers of the cases."""
    return fit_rows([case.numbers for case in known], labels, weights)


def fit_rows(rows: Sequence[Numbers], labels: Sequence[str], weights: Any = None) -> Trees:
    """Boosted trees over numbers by name."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    # What is the same wherever it is known tells nothing, and the trees can't be grown over it.
    names = [name for name in rows[0] if len({row[name] for row in rows if not math.isnan(row[name])}) > 1]
    values = np.array([[row[name] for name in names] for row in rows])
    model = HistGradientBoostingClassifier(**SETTINGS).fit(values, np.array(labels), sample_weight=weights)
    return Trees.of(model, names)


if __name__ == "__main__":
    main()
