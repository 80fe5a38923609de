"""Fits the probability of a defect, and of a rephrase: `python -m simulator.study.calibrate [defects|rephrases]`.

People of the `tune` population live with an assistant that learns nothing; whether each turn was right is the truth
that a real home does not have, so this is done here, once, and never by the learner. Reported on the `test` population.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.learning import defects
from assistant.learning.defects import DefectModel, by_rule, features
from assistant.learning.logged import Logged
from assistant.learning.rephrase import RephraseDetector
from assistant.learning.sessions import Segmenter
from assistant.learning.signals import by_turn, defect_probability
from assistant.nlu import Understander
from assistant.turn import Signal
from simulator.people.life import Attempt
from simulator.people.population import load_population
from simulator.study import pairs
from simulator.study.arms import ARMS
from simulator.study.run import Plan, lives

OUT = Path(defects.__file__).with_name("defects.json")
BINS = 10
Floats = NDArray[np.float64]
Case = tuple[Logged, list[Signal], Logged | None, bool]


def main() -> None:
    """Fit on one population, report on the other, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=("defects", "rephrases"), default="defects")
    parser.add_argument("--homes", type=int, default=24)
    parser.add_argument("--days", type=int, default=6)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    plans = {name: Plan(load_population(name), options.homes, options.days, options.seed) for name in ("tune", "test")}
    # whether it was said again is asked where something is learned, and so rewritten, in the meantime
    arm = next(arm for arm in ARMS if arm.name == ("prompt" if options.what == "rephrases" else "off"))
    lived = {name: list(lives(plan, arm, Understander.load())) for name, plan in plans.items()}
    if options.what == "defects":
        _defects(*([case for home in lived[name] for case in _judged(*home)] for name in ("tune", "test")))
    else:
        _rephrases(*([pair for home in lived[name] for pair in pairs.pairs(*home)] for name in ("tune", "test")))


def _rephrases(tune: list[pairs.Pair], test: list[pairs.Pair]) -> None:
    """Weigh what tells rephrases apart."""
    weights = pairs.fit(tune)
    pairs.save(weights)
    for name, known in (("tune", tune), ("test", test)):
        print(f"{len(known)} pairs of {name}:")
        print(f"  by hand: {pairs.told(pairs.HAND, known)}")
        print(f"  fitted: {pairs.told(weights, known)}")


def _defects(tune: list[Case], test: list[Case]) -> None:
    """Weigh what tells defects."""
    model = fit(tune)
    OUT.write_text(json.dumps({"weights": model.weights, "bias": model.bias}, indent=1) + "\n")
    print(f"fitted on {len(tune)} turns of tune, {np.mean([case[3] for case in tune]):.1%} defective")
    print(f"on {len(test)} turns of test, {np.mean([case[3] for case in test]):.1%} defective:")
    truth = np.array([case[3] for case in test], dtype=float)
    rule = np.array([defect_probability(found, turn.outcome) for turn, found, _, _ in test])
    learned = np.array([model.predict_one(*case[:3]) for case in test])
    for name, guess in (("plain rule", rule), ("calibrated", learned)):
        print(f"  {name}: {figures(guess, truth)}")


def _judged(log: list[Logged], attempts: list[Attempt]) -> Iterator[Case]:
    """Every first-hand turn with its signals, the next turn, and whether it was defective."""
    truth = {f"{each.household}/{each.turn}": each for each in attempts}
    segmenter = Segmenter(detector=RephraseDetector().fit_log(log))
    for session in segmenter.sessions(log):
        about = by_turn(segmenter.goals(session)[1])
        for place, turn in enumerate(session):
            attempt = truth.get(turn.id)
            if attempt is not None and not attempt.answer:
                following = session[place + 1] if place + 1 < len(session) else None
                found = list(about.get(turn.id, ()))
                if not by_rule(turn, found):
                    yield turn, found, following, not attempt.right


def fit(known: list[Case]) -> DefectModel:
    """A logistic regression over `defects.features`."""
    from sklearn.linear_model import LogisticRegression

    rows = [features(*case[:3]) for case in known]
    names = list(rows[0])
    table = np.array([[row[name] for name in names] for row in rows])
    model = LogisticRegression(C=1.0, max_iter=1000).fit(table, [case[3] for case in known])
    weights = {name: round(float(weight), 4) for name, weight in zip(names, model.coef_[0], strict=True)}
    return DefectModel(weights, round(float(model.intercept_[0]), 4))


def figures(guess: Floats, truth: Floats) -> str:
    """Accuracy, area under the curve, Brier score and expected calibration error."""
    from sklearn.metrics import brier_score_loss, roc_auc_score

    right = float(((guess > 0.5) == truth).mean())
    area, brier = roc_auc_score(truth, guess), brier_score_loss(truth, guess)
    return f"right {right:.1%}, AUC {area:.3f}, Brier {brier:.4f}, ECE {calibration_error(guess, truth):.3f}"


def calibration_error(guess: Floats, truth: Floats) -> float:
    """The expected calibration error over ten equal bins."""
    place = np.minimum((guess * BINS).astype(int), BINS - 1)
    error = 0.0
    for number in range(BINS):
        here = place == number
        if here.any():
            error += here.mean() * abs(guess[here].mean() - truth[here].mean())
    return float(error)


if __name__ == "__main__":
    main()
