"""What a study found: rates by what people really wanted, with intervals from a bootstrap over households."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.people.life import Attempt
from simulator.study.run import ArmResult

RESAMPLES = 1000
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rate or ratio, its 95 % interval (bootstrap over households), and how many turns it rests on."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True)
class Findings:
    """The figures of one arm. `by_day` are defect rates of first attempts, day by day."""

    arm: str
    requests: int
    defects: Estimate
    late_defects: Estimate
    against_off: Estimate | None
    coverage: float
    wins: int
    losses: int
    ties: int
    correct: int
    incorrect: int
    rewritten_before: float
    rewritten_after: float
    healthy_changed: Estimate | None
    second_time: Estimate | None
    by_day: tuple[float, ...]


def findings(results: Sequence[ArmResult]) -> list[Findings]:
    """The figures of every arm; `off` is what the others are compared with."""
    off = next((result for result in results if result.arm == "off"), None)
    return [_of_arm(result, off) for result in results]


def firsts(attempts: Iterable[Attempt]) -> list[Attempt]:
    """The first attempt at every wish: what a person counts as one request."""
    return [each for each in attempts if each.number == 0 and not each.answer]


def _of_arm(result: ArmResult, off: ArmResult | None) -> Findings:
    first = firsts(result.attempts)
    rewritten = [each for each in first if each.rewrite is not None]
    wins = sum(each.right and each.healthy is False for each in rewritten)
    losses = sum(not each.right and each.healthy is True for each in rewritten)
    correct = sum(each.right for each in rewritten)
    return Findings(
        result.arm,
        len(first),
        _rate(first, lambda each: not each.right),
        _rate(_late(first), lambda each: not each.right),
        _relative(_late(first), _late(firsts(off.attempts))) if off is not None and off is not result else None,
        len(rewritten) / max(1, len(first)),
        wins,
        losses,
        len(rewritten) - wins - losses,
        correct,
        len(rewritten) - correct,
        _mean(rewritten, lambda each: each.healthy is False),
        _mean(rewritten, lambda each: not each.right),
        _healthy_changed(first),
        second_time(result.attempts),
        _by_day(first, result.days),
    )


def _late(first: Sequence[Attempt]) -> list[Attempt]:
    """The second half of the time, when there has been something to learn from."""
    if not first:
        return []
    times = [each.time for each in first]
    middle = min(times) + (max(times) - min(times)) / 2
    return [each for each in first if each.time >= middle]


def _healthy_changed(first: Sequence[Attempt]) -> Estimate | None:
    """Requests that would have been right as they were, and were rewritten all the same."""
    healthy = [each for each in first if (each.right if each.healthy is None else each.healthy)]
    return _rate(healthy, lambda each: each.rewrite is not None) if healthy else None


def second_time(attempts: Iterable[Attempt]) -> Estimate | None:
    """How often the next request in the same words for the same thing is right at once, after one that was corrected.

    Corrected: it failed, and another attempt at the same wish succeeded. Only the next occasion counts.
    """
    by_speaker: dict[tuple[str, str], list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        if not attempt.answer:
            by_speaker[attempt.household, attempt.speaker].append(attempt)
    occasions = []
    for mine in by_speaker.values():
        waiting: set[tuple[str, str]] = set()
        failed: list[tuple[str, str]] = []
        for attempt in mine:
            key = (attempt.heard, f"{attempt.goal.verb} {attempt.goal.entity}")
            if attempt.number == 0:
                failed = []
                if key in waiting:
                    waiting.discard(key)
                    occasions.append(attempt)
            if not attempt.right:
                failed.append(key)
            elif failed:
                waiting.update(failed)
    return _rate(occasions, lambda each: each.right) if occasions else None


def _by_day(first: Sequence[Attempt], days: int) -> tuple[float, ...]:
    if not first:
        return ()
    start = min(each.time for each in first).replace(hour=0, minute=0, second=0)
    daily: list[list[bool]] = [[] for _ in range(days)]
    for each in first:
        daily[min((each.time - start).days, days - 1)].append(not each.right)
    return tuple(round(sum(day) / len(day), 4) if day else float("nan") for day in daily)


def _mean(attempts: Sequence[Attempt], holds: Callable[[Attempt], bool]) -> float:
    return sum(map(holds, attempts)) / max(1, len(attempts))


def _counts(attempts: Sequence[Attempt], holds: Callable[[Attempt], bool]) -> dict[str, tuple[int, int]]:
    """By household: how many hold, of how many."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for each in attempts:
        counts[each.household][0] += holds(each)
        counts[each.household][1] += 1
    return {household: (held, total) for household, (held, total) in counts.items()}


def _rate(attempts: Sequence[Attempt], holds: Callable[[Attempt], bool]) -> Estimate:
    """A share with its interval."""
    counts = _counts(attempts, holds)
    if not counts:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    table = np.array(list(counts.values()), dtype=float)
    drawn = table[_draws(len(table))].sum(axis=1)
    rates = drawn[:, 0] / np.maximum(drawn[:, 1], 1)
    low, high = np.quantile(rates, [0.025, 0.975])
    return Estimate(float(table[:, 0].sum() / table[:, 1].sum()), float(low), float(high), len(attempts))


def _relative(first: Sequence[Attempt], off: Sequence[Attempt]) -> Estimate:
    """The relative change of the defect rate against the arm without learning; households are drawn in pairs."""
    mine, theirs = _counts(first, lambda each: not each.right), _counts(off, lambda each: not each.right)
    both = sorted(mine.keys() & theirs.keys())
    if not both:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    table = np.array([[*mine[each], *theirs[each]] for each in both], dtype=float)

    def change(sums: Floats) -> Floats:
        ours = sums[..., 0] / np.maximum(sums[..., 1], 1)
        without = sums[..., 2] / np.maximum(sums[..., 3], 1)
        return np.asarray(ours / np.maximum(without, 1e-9) - 1)

    low, high = np.quantile(change(table[_draws(len(table))].sum(axis=1)), [0.025, 0.975])
    return Estimate(float(change(table.sum(axis=0))), float(low), float(high), len(first))


def _draws(households: int) -> NDArray[np.int64]:
    return np.random.default_rng(0).integers(0, households, (RESAMPLES, households))
