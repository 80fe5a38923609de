"""The report in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assistant.report.findings import Findings

BARS = " ▁▂▃▄▅▆▇█"
WIDTH = 30
"""Characters of the longest bar."""
STAGES = {
    "false_wake": "woken by nobody", "asr": "misheard", "nlu": "misunderstood", "er": "took the wrong thing",
    "result": "did not come about",
}  # fmt: skip
"""Failure points in plain words."""


def shown(found: Findings) -> RenderableType:
    """Everything, one part below the other."""
    return Group(*_parts(found))


def _parts(found: Findings) -> Iterator[RenderableType]:
    share = found.failed / found.requests if found.requests else 0.0
    homes = "1 household" if found.households == 1 else f"{found.households} households"
    yield Text(f"{found.requests} requests of {homes}, of which {share:.1%} failed")
    yield Text(spark([day.rate for day in found.days]) + "  day by day")
    yield _title("Where failures come from")
    yield _points(found)
    yield _title("What fails most")
    yield _failing(found)
    yield _title("What was repaired")
    yield _repairs(found)
    yield from map(Text, remarks(found))
    yield _title("Where the time goes")
    yield _speeds(found)
    yield _title("Labels")
    yield Text(quality_text(found))
    yield _title("Worth asking")
    asked = [f"{each.said} ({each.bits:.1f} bits)" for each in found.questions]
    yield Text("\n".join(asked) or "nothing")


def _speeds(found: Findings) -> RenderableType:
    table = Table(box=None, pad_edge=False)
    for title in ("stage", "turns", "median", "95 % below"):
        table.add_column(title, justify="left" if title == "stage" else "right")
    for each in found.speeds:
        table.add_row(each.stage, str(each.turns), f"{each.median:.1f} ms", f"{each.late:.1f} ms")
    return table


def remarks(found: Findings) -> list[str]:
    """What a stricter wake word would do, and what rewriting is worth, in sentences."""
    told = []
    if found.wake:
        wake = found.wake
        told.append(
            f"a stricter wake word (speech.wake_cutoff at {wake.cutoff:g}) would have kept out {wake.kept_out} of "
            f"{wake.stray} false wakes, and {wake.lost} of {wake.requests} requests"
        )
    for worth in found.worth:
        values = ", ".join(f"{each.method} {each}" for each in worth.estimates)
        told.append(f"share that goes right, of what there is a rule for, {worth.policy}: {values}")
    return told


def _title(text: str) -> Text:
    return Text(f"\n{text}", style="bold")


def spark(values: list[float]) -> str:
    """Shares as a row of bars, the tallest for the largest.

    >>> spark([0.0, 0.5, 1.0])
    ' ▄█'
    """
    top = max(values, default=0.0)
    return "".join(BARS[round(value / top * (len(BARS) - 1))] if top else BARS[0] for value in values)


def quality_text(found: Findings) -> str:
    """How good the labels are, in a sentence."""
    quality = found.quality
    told = f"{quality.sure} of {quality.turns} turns are labelled surely, {quality.abstained} are left open"
    if not quality.checked:
        return f"{told}; nobody was asked"
    return (
        f"{told}; of {quality.checked} that people were asked about, {quality.agreed} were labelled like their answer "
        "before it came"
    )


def _points(found: Findings) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    top = max(found.points.values(), default=0.0) or 1.0
    for point, count in sorted(found.points.items(), key=lambda each: -each[1]):
        table.add_row(STAGES[point], f"{count:.1f}", Text("█" * round(count / top * WIDTH), style="red"))
    return table


def _failing(found: Findings) -> RenderableType:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("said", "times", "failed", "what went wrong"):
        table.add_column(name, overflow="fold")
    for each in found.failing:
        table.add_row(Text(each.said), str(each.times), f"{each.failed:.1f}", STAGES[each.point])
    if not found.kept_back:
        return table
    return Group(table, Text(f"{found.kept_back} more that too few households said to be shown", style="dim"))


def _repairs(found: Findings) -> RenderableType:
    if not found.repairs:
        return Text("nothing yet")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "what", "said", "becomes", "state", "won", "lost"):
        table.add_column(name, overflow="fold", no_wrap=name == "id")
    for each in found.repairs:
        said, becomes = Text(each.before), Text(each.after)
        table.add_row(each.id, each.kind, said, becomes, each.state, f"{each.wins:g}", f"{each.losses:g}")
    return table
