"""How likely a turn was defective, calibrated: the plain rule of `signals.py`, corrected by what else is known.

A logistic regression over the rule's log-odds and a few facts of the turn. Trained by `python -m
simulator.study.calibrate` on simulated people of one population and reported on another; the weights ship in
`defects.json`. Where the person says outright how it was, and where something was declined as impossible or ignored,
the rule alone judges: simulated people ask for nothing that a home can't do.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.learning.logged import Logged
from assistant.learning.phrases import continues, control
from assistant.learning.signals import NEUTRAL, defect_probability
from assistant.turn import Signal

SOON = 15.0
"""Seconds within which a next request may be another try."""
TOLD = frozenset({"explicit_no", "explicit_yes", "feedback_no", "feedback_yes", "undo", "stop", "thanks"})
"""Signals by which a person says outright how it was: the rule decides."""
STEEPEST = 5.0
"""The rule's log-odds are kept within these bounds."""


def features(turn: Logged, found: Sequence[Signal], following: Logged | None) -> dict[str, float]:
    """What the probability is computed from; all between 0 and 1 but the rule's log-odds."""
    rule = min(max(defect_probability(found, turn.outcome), 1e-6), 1 - 1e-6)
    soon = following is not None and following.time - turn.time <= SOON
    goes_on = following is not None and (continues(following.said) or control(following.said) is not None)
    return {
        "rule": max(-STEEPEST, min(STEEPEST, math.log(rule / (1 - rule)))),
        "rejected": float(turn.outcome == "rejected"),
        "asked": float(turn.decision in {"ask", "confirm"}),
        "unsure": 1 - turn.heard if turn.heard is not None else 0.2,
        "soon": float(soon and not goes_on),
        "last_soon": float(soon and not goes_on and turn.outcome == "done"),
    }


def by_rule(turn: Logged, found: Sequence[Signal]) -> bool:
    """Whether the plain rule alone judges a turn."""
    return turn.outcome in NEUTRAL or any(signal.kind in TOLD for signal in found)


@dataclass(frozen=True)
class DefectModel:
    """Weights by feature, and the bias, of log-odds."""

    weights: Mapping[str, float]
    bias: float

    def predict_one(self, turn: Logged, found: Sequence[Signal], following: Logged | None) -> float:
        """The probability (0 to 1) that a turn was defective, from its signals and the same person's next turn."""
        if by_rule(turn, found):
            return defect_probability(found, turn.outcome)
        known = features(turn, found, following)
        strength = self.bias + sum(self.weights.get(name, 0.0) * value for name, value in known.items())
        return 1 / (1 + math.exp(-strength))


@cache
def shipped() -> DefectModel:
    """The model that comes with the program."""
    told = json.loads(files("assistant.learning").joinpath("defects.json").read_text(encoding="utf-8"))
    return DefectModel(told["weights"], told["bias"])
