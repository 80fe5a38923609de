"""Fits the probability of a defect: `python -m simulator.study.calibrate`.

People of the `tune` population live with an assistant that learns nothing; whether each turn was right is the truth
that a real home does not have, so this is done here, once, and never by the learner. Reported on the `test` population.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import timedelta
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
from simulator.study.arms import ARMS
from simulator.study.run import START, Plan, move_in

OUT = Path(defects.__file__).with_name("defects.json")
BINS = 10
Floats = NDArray[np.float64]
Case = tuple[Logged, list[Signal], Logged | None, bool]


def main() -> None:
    """Fit on one population, report on the other, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--homes", type=int, default=24)
    parser.add_argument("--days", type=int, default=6)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    tune, test = (
        list(cases(Plan(load_population(name), options.homes, options.days, options.seed))) for name in ("tune", "test")
    )
    model = fit(tune)
    options.out.write_text(json.dumps({"weights": model.weights, "bias": model.bias}, indent=1) + "\n")
    print(f"fitted on {len(tune)} turns of tune, {np.mean([case[3] for case in tune]):.1%} defective")
    print(f"on {len(test)} turns of test, {np.mean([case[3] for case in test]):.1%} defective:")
    truth = np.array([case[3] for case in test], dtype=float)
    rule = np.array([defect_probability(found, turn.outcome) for turn, found, _, _ in test])
    learned = np.array([model.predict_one(*case[:3]) for case in test])
    for name, guess in (("plain rule", rule), ("calibrated", learned)):
        print(f"  {name}: {figures(guess, truth)}")


def cases(plan: Plan) -> Iterator[Case]:
    """Every first-hand turn of a population with its signals, the next turn, and whether it was defective."""
    understander = Understander.load()
    for number in range(plan.households):
        resident = move_in(plan, ARMS[0], number, understander)
        for day in range(plan.days):
            resident.life.live(resident.household, START + timedelta(days=day))
        resident.stage.close()
        truth = {f"{each.household}/{each.turn}": each for each in resident.life.attempts}
        yield from _judged(list(resident.log.turns.values()), truth)


def _judged(log: list[Logged], truth: dict[str, Attempt]) -> Iterator[Case]:
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
