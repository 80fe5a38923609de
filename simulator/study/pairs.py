"""Pairs of requests of which it is known whether the later says the earlier again: to weigh what tells rephrases apart.

The weights begin as they were set by hand, from what the literature reports and the cases of the tests, and are moved
by simulated people only as far as these insist: maximum a posteriori with a Gaussian prior around the hand's weights.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.learning import rephrase
from assistant.learning.logged import Logged
from assistant.learning.rephrase import RephraseDetector
from assistant.learning.sessions import REPHRASE, Segmenter
from simulator.people.life import Attempt

OUT = Path(rephrase.__file__).with_name(rephrase.WEIGHTS)
HAND: Mapping[str, float] = {
    "bias": -3.2,
    "alike": 5.0,
    "pause": -1.0,
    "marked": 2.5,
    "protested": 1.5,
    "failed": 1.5,
    "failed_shared": 0.7,
    "failed_then_done": 0.3,
    "barge_in": 1.0,
    "hand": 0.8,
    "answered_no": 2.0,
    "rewritten": 0.8,
    "identical": 0.5,
    "reordered": 0.8,
    "numbers": -2.0,
    "added": 0.3,
    "sounds": 4.0,
    "unlike": -2.5,
    "unlike_unknown": -1.5,
    "same_meaning": 1.5,
}
"""Log-odds set by hand."""
SPREAD = 0.7
"""Standard deviation of the prior around them."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """What is known of two requests, and whether both were tries at one wish."""

    known: Mapping[str, float]
    again: bool


def wishes(attempts: Iterable[Attempt]) -> dict[str, tuple[str, str, int]]:
    """For each turn, named `household/turn`, which wish of whom it was a try at."""
    found: dict[str, tuple[str, str, int]] = {}
    latest: dict[tuple[str, str], int] = {}
    for attempt in sorted(attempts, key=lambda each: each.time):
        who = attempt.household, attempt.speaker
        latest[who] = latest.get(who, 0) + (attempt.number == 0 and not attempt.answer)
        found[f"{attempt.household}/{attempt.turn}"] = (*who, latest[who])
    return found


def pairs(log: Sequence[Logged], attempts: Sequence[Attempt]) -> Iterator[Pair]:
    """The pairs of a log that the detector has to judge."""
    wish = wishes(each for each in attempts if not each.answer)
    detector = RephraseDetector()
    for session in Segmenter(detector=detector).sessions(log):
        for judged in detector.pairs(session):
            one, other = judged.earlier.id, judged.later.id
            if judged.known is not None and one in wish and other in wish:
                yield Pair(judged.known, wish[one] == wish[other])


def fit(known: Sequence[Pair]) -> dict[str, float]:
    """The weights that explain the pairs, no further from the hand's than need be."""
    from scipy.optimize import minimize

    names = list(HAND)
    start = np.array([HAND[name] for name in names])
    table = np.array([[1.0, *(pair.known[name] for name in names[1:])] for pair in known])
    sign = np.array([1.0 if pair.again else -1.0 for pair in known])

    def loss(weights: Floats) -> tuple[float, Floats]:
        margin = sign * (table @ weights)
        away = (weights - start) / SPREAD
        slope = -(sign / (1 + np.exp(margin))) @ table + away / SPREAD
        return float(np.logaddexp(0, -margin).sum() + (away**2).sum() / 2), slope

    found = minimize(loss, start, jac=True, method="L-BFGS-B")
    return {name: round(float(weight), 3) for name, weight in zip(names, found.x, strict=True)}


def told(weights: Mapping[str, float], known: Sequence[Pair]) -> str:
    """How the weights do: rephrases found, and how many of those found are rephrases."""
    guessed = [weights["bias"] + sum(weights[name] * value for name, value in pair.known.items()) for pair in known]
    least = float(np.log(REPHRASE / (1 - REPHRASE)))
    found = [pair.again for pair, strength in zip(known, guessed, strict=True) if strength >= least]
    there = sum(pair.again for pair in known)
    return f"found {sum(found) / max(1, there):.1%} of {there}, right {sum(found) / max(1, len(found)):.1%}"


def save(weights: Mapping[str, float], path: Path = OUT) -> None:
    """Write the weights for the program."""
    path.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
