"""How far measured figures may be trusted, and what confidences are worth, as numbers and as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from assistant.nlu.confidence import expected_calibration_error, reliability

_DRAWS = 400
_SEED = 7


def wilson(passed: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson score interval of a share (E. B. Wilson, 1927); 95 % unless `z` says otherwise.

    >>> low, high = wilson(8, 10)
    >>> round(low, 2), round(high, 2)
    (0.49, 0.94)
    """
    rate, square = passed / of, z * z
    middle = (rate + square / (2 * of)) / (1 + square / of)
    half = z / (1 + square / of) * ((rate * (1 - rate) / of + square / (4 * of * of)) ** 0.5)
    return max(0.0, middle - half), min(1.0, middle + half)


def error_by_chance(probabilities: Sequence[float]) -> float:
    """The calibration error that perfect confidences of this kind stay below in 95 of 100 samples of this size.

    Consistency resampling (Bröcker and Smith, 2007): what is right is drawn by the confidences themselves.
    """
    sure = np.asarray(probabilities)
    drawn = np.random.default_rng(_SEED).random((_DRAWS, len(sure))) < sure
    bins = np.clip(np.ceil(sure * 10).astype(int) - 1, 0, 9)
    gaps = np.stack([np.bincount(bins, sure - right, 10) for right in drawn])
    return float(np.quantile(np.abs(gaps).sum(axis=1) / len(sure), 0.95))


def told(title: str, probabilities: Sequence[float], right: Sequence[bool]) -> str:
    """The calibration error of some readings in a line, with what chance alone would give."""
    error, chance = expected_calibration_error(probabilities, right), error_by_chance(probabilities)
    return f"calibration error, {title}: {error:.3f} (n = {len(right)}; by chance alone up to {chance:.3f})"


def draw(path: Path, groups: Mapping[str, tuple[Sequence[float], Sequence[bool]]]) -> None:
    """The reliability diagram of each group of (confidences, right or not), with 95 % intervals."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(groups), figsize=(4 * len(groups), 4), dpi=110, sharey=True, squeeze=False)
    for plot, (title, (sure, right)) in zip(axes[0], groups.items(), strict=True):
        table = reliability(sure, right)
        spread = [wilson(round(each.right * each.count), each.count) for each in table]
        below = [max(each.right - low, 0.0) for each, (low, _) in zip(table, spread, strict=True)]
        above = [max(high - each.right, 0.0) for each, (_, high) in zip(table, spread, strict=True)]
        plot.plot([0, 1], [0, 1], color="#aaaaaa", linestyle="--", linewidth=1)
        plot.errorbar(
            [each.sure for each in table], [each.right for each in table], [below, above], fmt="o-", capsize=3
        )
        for each in table:
            plot.annotate(str(each.count), (each.sure, 0.01), ha="center", fontsize=7, color="#666666")
        plot.set(title=f"{title}: {expected_calibration_error(sure, right):.3f}", xlabel="how sure it says it is")
        plot.set(xlim=(0, 1), ylim=(0, 1))
    axes[0][0].set_ylabel("share that is right")
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)
