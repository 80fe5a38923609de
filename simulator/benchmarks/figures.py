"""What a benchmark reports: a figure with its spread, and where and when it was taken."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.nlu.reliability import wilson


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `value` and `spread` are texts with their units; `raw` holds the numbers."""

    section: str
    what: str
    value: str
    spread: str = ""
    raw: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where, when and from what a run was made."""

    cpu: str
    cores: int
    python: str
    date: str
    seed: int
    commit: str

    @classmethod
    def now(cls, seed: int) -> Circumstances:
        """Those of this process."""
        cores = os.cpu_count() or 1
        date = f"{datetime.now():%Y-%m-%d %H:%M}"
        return cls(_cpu(), cores, platform.python_version(), date, seed, _commit())

    def __str__(self) -> str:
        return (
            f"{self.cpu}, {self.cores} cores, Python {self.python}; {self.date}; seed {self.seed}; commit {self.commit}"
        )


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _commit() -> str:
    """The commit of the working copy, with a + when files differ from it."""
    folder = Path(__file__).parent
    try:
        asked = ["git", "describe", "--always", "--dirty=+", "--abbrev=7"]
        told = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return told.stdout.strip()


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` (0 to 1) of the values do not exceed.

    >>> quantile([3.0, 1.0, 2.0, 4.0], 0.5), quantile([1.0, 2.0], 0.99)
    (2.0, 2.0)
    """
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -int(-share * len(ordered) // 1) - 1))]


def timing(section: str, what: str, seconds: Sequence[float], unit: str = "ms") -> Figure:
    """Median, and as the spread 10th to 90th percentile (all runs where they are few)."""
    scale = {"s": 1.0, "ms": 1e3, "µs": 1e6}[unit]
    scaled = [each * scale for each in seconds]
    low, high = (min(scaled), max(scaled)) if len(scaled) < 20 else (quantile(scaled, 0.1), quantile(scaled, 0.9))
    kind = f"{len(scaled)} runs" if len(scaled) < 20 else f"10th to 90th percentile of {len(scaled)}"
    middle = statistics.median(scaled)
    raw = {"unit": unit, "median": middle, "low": low, "high": high, "p99": quantile(scaled, 0.99), "n": len(scaled)}
    return Figure(section, what, f"{middle:.3g} {unit}", f"{low:.3g} to {high:.3g} ({kind})", raw)


def share(section: str, what: str, passed: int, of: int, more: str = "") -> Figure:
    """A share with its 95 % Wilson score interval (E. B. Wilson, 1927).

    >>> share("x", "y", 8, 10).spread
    '49 to 94 %'
    """
    low, high = wilson(passed, of)
    spread = f"{low:.0%}".rstrip("%") + f" to {high:.0%}".replace("%", " %")
    raw = {"passed": passed, "of": of, "low": low, "high": high}
    return Figure(section, what, f"{passed} of {of} ({passed / of:.1%})", spread + (f"; {more}" if more else ""), raw)


def as_json(circumstances: Circumstances, figures: Sequence[Figure]) -> dict[str, Any]:
    """A run as one document."""
    return {"circumstances": asdict(circumstances), "figures": [asdict(figure) for figure in figures]}
