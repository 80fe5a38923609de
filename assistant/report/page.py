"""The report as one HTML file that needs nothing else: its plots are drawn into it."""

from __future__ import annotations

import io
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, select_autoescape

from assistant.errors import UserError
from assistant.report.findings import Findings
from assistant.report.terminal import STAGES, quality_text, remarks

RED, GREY = "#c0392b", "#7f8c8d"


def write(found: Findings, path: Path) -> None:
    """Write the page. Raises `UserError` when it can't be written."""
    try:
        path.write_text(page(found), encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path}: can't be written: {error.strerror}; choose another with --out") from None


def page(found: Findings) -> str:
    """The whole page; what people said is escaped."""
    template = files("assistant.report").joinpath("page.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=select_autoescape(default=True, default_for_string=True))
    plots = {"days": _days(found), "points": _points(found)}
    return environment.from_string(template).render(
        found=found, plots=plots, stages=STAGES, quality=quality_text(found), remarks=remarks(found)
    )


def _days(found: Findings) -> str:
    """The share of requests that failed, day by day, and how many there were."""
    figure, axes = _figure(3.2)
    dates = [day.date[5:] for day in found.days]
    axes.bar(dates, [day.requests for day in found.days], color="#e5e8e8", label="requests")
    axes.set_ylabel("requests", color=GREY)
    rates = axes.twinx()
    rates.plot(dates, [100 * day.rate for day in found.days], color=RED, marker="o", linewidth=2)
    rates.set_ylabel("% failed", color=RED)
    rates.set_ylim(0, 120 * max((day.rate for day in found.days), default=0.0) or 1)
    rates.spines["top"].set_visible(False)
    _thin(axes, dates)
    return _drawn(figure)


def _points(found: Findings) -> str:
    """How many requests each stage failed."""
    figure, axes = _figure(2.4)
    ordered = sorted(found.points.items(), key=lambda each: each[1])
    bars = axes.barh([STAGES[point] for point, _ in ordered], [count for _, count in ordered], color=RED)
    axes.bar_label(bars, fmt="%.1f", padding=3)
    axes.margins(x=0.12)
    return _drawn(figure)


def _figure(height: float) -> tuple[Any, Any]:
    """An empty plot; drawn without a screen."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _thin(axes: Any, dates: list[str]) -> None:
    """Leave out dates where there are many."""
    step = max(1, len(dates) // 10)
    axes.set_xticks(range(0, len(dates), step), dates[::step])


def _drawn(figure: Any) -> str:
    """The plot as SVG, without the head of a file."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    text = out.getvalue()
    return text[text.index("<svg") :]
