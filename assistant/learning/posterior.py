"""Comparing success rates: Beta posteriors with a uniform prior, discounted by age (self-learning.md 5.1)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.learning.logged import DAY
from assistant.store.items import Beta

GRID = 400
WEEKLY = 0.8
"""What evidence is still worth after a week."""

_POINTS = (np.arange(GRID) + 0.5) / GRID
_LOG, _LOG_REST = np.log(_POINTS), np.log1p(-_POINTS)


def beta_of(results: Iterable[tuple[float, float]]) -> Beta:
    """The posterior of (time in seconds, defect probability) pairs.

    Age counts from the newest of them, so that evidence fades when newer evidence comes, not by lying still.

    >>> beta_of([(0.0, 1.0), (7 * 86400.0, 0.0)])
    Beta(wins=1.0, losses=0.8)
    """
    known = list(results)
    newest = max((time for time, _ in known), default=0.0)
    wins = losses = 0.0
    for time, defect in known:
        weight = WEEKLY ** ((newest - time) / DAY / 7)
        wins += weight * (1 - defect)
        losses += weight * defect
    return Beta(round(wins, 6), round(losses, 6))


def plus(one: Beta, other: Beta) -> Beta:
    """The evidence of both."""
    return Beta(one.wins + other.wins, one.losses + other.losses)


def beats(one: Beta, other: Beta, margin: float = 0.05) -> float:
    """P(theta_one > theta_other + margin), on a grid of 400 points.

    >>> round(beats(Beta(3, 0), Beta(0, 3)), 2), round(beats(Beta(1, 1), Beta(1, 1), 0.0), 2)
    (0.98, 0.5)
    """
    shift = round(margin * GRID)
    below = np.concatenate([np.zeros(shift + 1), np.cumsum(_density(other))])[: GRID + 1]
    return float((_density(one) * (below[:-1] + below[1:]) / 2).sum())


def bounds(beta: Beta, tail: float = 0.05) -> tuple[float, float]:
    """The success rate below which, and above which, `tail` of the posterior lies."""
    cumulative = np.cumsum(_density(beta))
    low, high = np.searchsorted(cumulative, [tail, 1 - tail])
    return float(_POINTS[min(low, GRID - 1)]), float(_POINTS[min(high, GRID - 1)])


@lru_cache(maxsize=4096)
def _density(beta: Beta) -> NDArray[np.float64]:
    logarithm = beta.wins * _LOG + beta.losses * _LOG_REST
    density: NDArray[np.float64] = np.exp(logarithm - logarithm.max())
    density /= density.sum()
    return density
