"""Shares with their intervals, as the study of teaching reports them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """`held` of `of`, with the 95 % interval of Wilson's score."""

    held: int
    of: int

    @classmethod
    def of_all(cls, results: Sequence[bool]) -> Share:
        """How many of them hold."""
        return cls(sum(results), len(results))

    @property
    def value(self) -> float:
        """The share; not a number where there is nothing."""
        return self.held / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """From where to where it may lie.

        >>> low, high = Share(9, 10).interval
        >>> round(low, 2), round(high, 2)
        (0.6, 0.98)
        """
        if not self.of:
            return math.nan, math.nan
        share, n = self.value, self.of
        middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.1%} ({low:.1%} to {high:.1%}), {self.held} of {self.of}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what was measured, the bar it is held against, and what came out.

    `holds` tells whether the bar is reached; `value` is for programs, `says` for people.
    """

    name: str
    bar: str
    value: float
    says: str
    holds: bool
    n: int


def at_least(name: str, share: Share, bar: float) -> Figure:
    """A share that should be at least so large."""
    return Figure(name, f"at least {bar:.0%}", round(share.value, 4), str(share), share.value >= bar, share.of)


def at_most(name: str, share: Share, bar: float) -> Figure:
    """A share that should be at most so large."""
    return Figure(name, f"at most {bar:.1%}", round(share.value, 4), str(share), share.value <= bar, share.of)
