"""A study's findings for people and for programs: a table, a picture, JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.table import Table

from assistant.errors import UserError
from simulator.study.arms import ARMS
from simulator.study.measure import Estimate, Findings
from simulator.study.run import ArmResult, Plan

COLOURS = {"off": "#888888", "global": "#3465a4", "personal": "#2e8b57", "prompt": "#d2691e", "oracle": "#000000"}


def table(found: Sequence[Findings]) -> Table:
    """One column an arm, one line a figure."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    shown.add_column("", max_width=24)
    for each in found:
        shown.add_column(each.arm, justify="right", no_wrap=True)
    for name, of in _LINES:
        shown.add_row(name, *(of(each) for each in found))
    return shown


def _share(estimate: Estimate | None) -> str:
    if estimate is None or not estimate.n:
        return "-"
    return f"{estimate.value:.1%}\n[dim]{estimate.low:.1%} to {estimate.high:.1%}[/dim]"


def _ratio(good: int, bad: int) -> str:
    return f"{good}:{bad}" if good or bad else "-"


_LINES: tuple[tuple[str, Callable[[Findings], str]], ...] = (
    ("requests", lambda each: str(each.requests)),
    ("failed at first", lambda each: _share(each.defects)),
    ("the same, second half", lambda each: _share(each.late_defects)),
    ("against off, second half", lambda each: _share(each.against_off)),
    ("rewritten", lambda each: f"{each.coverage:.1%}"),
    ("wins : losses (ties)", lambda each: f"{_ratio(each.wins, each.losses)} ({each.ties})"),
    ("correct : incorrect", lambda each: _ratio(each.correct, each.incorrect)),
    ("rewritten: failing before, after", lambda each: _before_after(each)),
    ("healthy requests changed", lambda each: _share(each.healthy_changed)),
    ("right on the second occasion", lambda each: _share(each.second_time)),
)


def _before_after(each: Findings) -> str:
    return f"{each.rewritten_before:.0%}, {each.rewritten_after:.0%}" if each.coverage else "-"


def as_json(plan: Plan, found: Sequence[Findings]) -> dict[str, Any]:
    """All figures, with what the study was."""
    return {
        "population": plan.population.name,
        "households": plan.households,
        "days": plan.days,
        "seed": plan.seed,
        "arms": {each.arm: asdict(each) for each in found},
        "what": {arm.name: arm.says for arm in ARMS},
    }


def write(folder: Path, plan: Plan, results: Sequence[ArmResult], found: Sequence[Findings]) -> list[Path]:
    """Figures, truth and picture into a folder. Raises `UserError` when it can't be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        figures, truth, picture = folder / "study.json", folder / "truth.jsonl", folder / "study.png"
        figures.write_text(json.dumps(as_json(plan, found), indent=1, default=str), encoding="utf-8")
        with truth.open("w", encoding="utf-8") as file:
            for result in results:
                for attempt in result.attempts:
                    file.write(json.dumps({"arm": result.arm, **asdict(attempt)}, default=str) + "\n")
        draw(picture, plan, found)
    except OSError as error:
        raise UserError(f"{folder}: can't be written: {error.strerror}") from None
    return [figures, truth, picture]


def draw(path: Path, plan: Plan, found: Sequence[Findings]) -> None:
    """The share of requests that failed at first, day by day, as a three-day mean."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.5), dpi=120)
    for each in found:
        days = [_mean(each.by_day[max(0, day - 1) : day + 2]) * 100 for day in range(len(each.by_day))]
        axes.plot(range(1, len(days) + 1), days, label=each.arm, color=COLOURS.get(each.arm), linewidth=2)
    if plan.population.drift:
        axes.axvline(plan.population.drift.day + 1, color="#aaaaaa", linestyle="--", linewidth=1)
        axes.text(plan.population.drift.day + 1.2, axes.get_ylim()[1] * 0.95, "habits change", color="#666666")
    axes.set_xlabel("day")
    axes.set_ylabel("requests that failed at first, %")
    axes.set_ylim(bottom=0)
    axes.set_title(f"{plan.population.name}: {plan.households} households, seed {plan.seed}")
    axes.legend(frameon=False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if value == value]
    return sum(known) / len(known) if known else float("nan")
