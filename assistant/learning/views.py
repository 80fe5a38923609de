"""What was learned, for a person to read and to take back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rich.table import Table
from rich.text import Text

from assistant.config import Learning
from assistant.learning.files import learn_store
from assistant.learning.learn import Report
from assistant.store import Forgotten, Store
from assistant.store.items import Item, Layer

COLOURS = {"active": "green", "trial": "cyan", "shadow": "dim", "retired": "yellow", "blocked": "red"}
ORDER = ("active", "trial", "shadow", "retired", "blocked")


def learned_table(items: Iterable[Item]) -> Table:
    """One line an item, the live ones first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "state", "for", "said", "becomes", "seen", "with it", "without", "asks"):
        table.add_column(name, overflow="fold", no_wrap=name in {"id", "state"})
    for item in sorted(items, key=lambda item: (ORDER.index(item.state.value), -item.score, item.id)):
        whom = "everybody" if item.layer is Layer.GLOBAL else item.speaker or item.household or "?"
        table.add_row(
            item.id,
            Text(item.state.value, style=COLOURS[item.state.value]),
            Text(whom),
            Text(item.before),
            Text(item.after),
            str(item.support),
            f"{item.applied.wins:.1f}:{item.applied.losses:.1f}",
            f"{item.plain.wins:.1f}:{item.plain.losses:.1f}",
            "first" if item.confirm else "",
        )
    return table


def forget(
    store: Store,
    speaker: str | None = None,
    since: datetime | None = None,
    everything: bool = False,
    settings: Learning | None = None,
) -> Forgotten:
    """Delete turns, audio and what was learned from them; what still holds without them is learned again."""
    forgotten = store.forget(speaker, since, everything)
    if not everything and (forgotten.learned or forgotten.documents):
        learn_store(store, settings=settings)
    return forgotten


def report_text(report: Report) -> str:
    """A report in a few lines."""
    changes = report.changes
    lines = [
        f"{report.turns} turns, {report.goals} goals, of which {report.reached:.0f} were reached",
        "signals: " + (", ".join(f"{count} {kind}" for kind, count in report.signals.items()) or "none"),
        f"learned: {changes.total} items, {changes.live} in use ({changes.promoted} new, {changes.retired} retired)",
        "seconds: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in report.seconds.items()),
    ]
    if report.problems:
        lines.append(f"skipped {len(report.problems)} lines; the first: {report.problems[0]}")
    return "\n".join(lines)
