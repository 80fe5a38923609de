"""What another policy would have been worth, from a log of what was chosen with which probability (self-learning.md 8).

Inverse propensity scoring (IPS), its self-normalised form (SNIPS, Swaminathan and Joachims 2015), and the doubly robust
estimate (Dudik, Langford and Li 2011), each with a 95 % interval from a bootstrap over households. Weights are clipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CLIP = 20.0
"""The most that one choice may weigh."""
RESAMPLES = 1000
LEVEL = (0.025, 0.975)
Floats = NDArray[np.float64]
METHODS = ("ips", "snips", "dr")


@dataclass(frozen=True, slots=True)
class Choice:
    """One logged choice. `propensity` is the probability with which this `action` was taken, `reward` 0 to 1.

    `group` is what may be alike among choices (the household); `about` is the request that the choice was made for.
    """

    group: str
    about: str
    action: str
    propensity: float
    reward: float


Policy = Callable[[str, str], float]
"""The probability with which a policy takes an action about a request."""
Model = Callable[[str, str], float]
"""The reward that an action about a request is expected to bring."""


@dataclass(frozen=True, slots=True)
class Value:
    """An estimated mean reward with its 95 % interval, from `n` choices, `effective` of which it rests on."""

    method: str
    value: float
    low: float
    high: float
    n: int
    effective: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def estimates(log: Sequence[Choice], policy: Policy, actions: Sequence[str], model: Model | None = None) -> list[Value]:
    """The value of a policy by all three methods.

    `actions` are all that there are to take; `model` serves the doubly robust estimate (without one: the mean reward of
    each action in the log). Raises `ValueError` for an empty log, or a propensity that is no probability above 0.

    >>> log = [Choice("a", "x", "old", 0.5, 0.0), Choice("a", "x", "new", 0.5, 1.0)] * 20
    >>> [value.value for value in estimates(log, lambda about, action: float(action == "new"), ["old", "new"])]
    [1.0, 1.0, 1.0]
    """
    if not log:
        raise ValueError("no choices to learn from")
    if any(not 0 < each.propensity <= 1 for each in log):
        raise ValueError("a propensity must be above 0 and at most 1")
    model = model or mean_rewards(log)
    weights = np.array([min(CLIP, policy(each.about, each.action) / each.propensity) for each in log])
    rewards = np.array([each.reward for each in log])
    expected = np.array([sum(policy(each.about, one) * model(each.about, one) for one in actions) for each in log])
    surprise = rewards - np.array([model(each.about, each.action) for each in log])
    terms = {
        "ips": (weights * rewards, np.ones(len(log))),
        "snips": (weights * rewards, weights),
        "dr": (expected + weights * surprise, np.ones(len(log))),
    }
    effective = float(weights.sum() ** 2 / max(1e-12, float((weights**2).sum())))
    return [_value(method, *terms[method], [each.group for each in log], effective) for method in METHODS]


def mean_rewards(log: Iterable[Choice]) -> Model:
    """The mean reward of each action in a log; a half where it was never taken."""
    sums: dict[str, list[float]] = {}
    for each in log:
        sums.setdefault(each.action, []).append(each.reward)
    means = {action: float(np.mean(rewards)) for action, rewards in sums.items()}
    return lambda _about, action: means.get(action, 0.5)


def _value(method: str, above: Floats, below: Floats, groups: Sequence[str], effective: float) -> Value:
    """A ratio of sums, with an interval from drawing whole groups again and again."""
    names, place = np.unique(np.array(groups), return_inverse=True)
    sums = np.stack([np.bincount(place, weights=each, minlength=len(names)) for each in (above, below)], axis=1)
    drawn = np.random.default_rng(0).integers(0, len(names), (RESAMPLES, len(names)))
    totals = sums[drawn].sum(axis=1)
    low, high = np.quantile(totals[:, 0] / np.maximum(totals[:, 1], 1e-9), LEVEL)
    value = float(above.sum() / max(float(below.sum()), 1e-9))
    return Value(method, value, float(low), float(high), len(groups), effective)
