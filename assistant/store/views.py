"""Turns for a person to read: a list, and the whole trace of one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assistant.errors import UserError
from assistant.resolve.evidence import reason_of
from assistant.store.interchange import line_of, write
from assistant.store.states import difference
from assistant.store.store import Store
from assistant.turn import Candidate, Confirm, Resolution, Turn

UNTOLD = 0.0005
"""Shares of a cost that are printed as nothing."""
ROUNDED = 0.0035
"""What is left of a cost, when the printed shares are taken from it, by their rounding alone."""
COLOURS = {"done": "green", "failed": "red", "rejected": "yellow", "asked": "cyan"}


def find_turn(store: Store, id: str) -> Turn:
    """The turn of that id, or of the only one that begins or ends so; `last` is the newest. Raises `UserError`."""
    if id == "last" and (newest := store.last(1)):
        return newest[0]
    if turn := store.get(id):
        return turn
    near = [turn.id for turn in store.last(1000) if turn.id.startswith(id) or turn.id.endswith(id)]
    if len(near) == 1 and (turn := store.get(near[0])):
        return turn
    hint = f"; did you mean {', '.join(near[:3])}?" if near else "; `mynah turns list` shows the ids"
    raise UserError(f"no turn {id!r}{hint}")


def turns_table(turns: Iterable[Turn]) -> Table:
    """One line a turn."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "who", "said", "outcome", "reply"):
        table.add_column(name, overflow="fold", no_wrap=name in {"id", "outcome"})
    for turn in turns:
        line = line_of(turn)
        outcome = line["outcome"] or "-"
        said = f"{turn.said} -> {turn.executed}" if turn.rewrite else turn.said
        style = COLOURS.get(outcome, "")
        who = turn.context.speaker or "-"
        table.add_row(turn.id, who, Text(said), Text(outcome, style=style), Text(line["response"] or ""))
    return table


def turn_json(turn: Turn) -> dict[str, Any]:
    """The turn in the interchange format, with its trace."""
    return {**line_of(turn), "trace": [{"stage": note.stage, "ms": note.ms, "text": note.text} for note in turn.trace]}


def turn_view(turn: Turn) -> RenderableType:
    """The whole trace of a turn: what was heard, how it was understood, what was done, how it was received."""
    facts = Table(box=None, show_header=False, pad_edge=False)
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column(overflow="fold")
    for name, value in _facts(turn):
        facts.add_row(name, Text(value))
    parts: list[RenderableType] = [Text(f"turn {turn.id}", style="bold"), facts]
    for resolution in turn.resolutions:
        if resolution.candidates:
            parts += [Text(), evidence_table(resolution)]
    if turn.trace:
        trace = Table(box=None, pad_edge=False, header_style="bold")
        trace.add_column("stage", no_wrap=True)
        trace.add_column("ms", justify="right", no_wrap=True)
        trace.add_column("what it decided", overflow="fold")
        for note in turn.trace:
            seen = note.stage == "resolve" and any(each.candidates for each in turn.resolutions)
            trace.add_row(note.stage, f"{note.ms:.2f}", Text("the candidates above" if seen else note.text))
        parts += [Text(), trace]
    return Group(*parts)


def evidence_table(resolution: Resolution) -> Table:
    """What an intent may mean, the likeliest first: each candidate's cost, and the evidence that makes it up."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(f"{resolution.intent.name} may mean", overflow="fold")
    table.add_column("cost", justify="right", no_wrap=True)
    table.add_column("share", justify="right", no_wrap=True, style="dim")
    table.add_column("evidence", overflow="fold")
    for rank, candidate in enumerate(resolution.candidates):
        named = Text("\n".join(candidate.entities) or "-", style="" if rank else "bold")
        reasons = _adding_up(candidate)
        shares = "\n".join("" if share is None else f"{share:+.3f}" for _, share in reasons)
        words = "\n".join(_marked(share) + words for words, share in reasons)
        table.add_row(named, f"{candidate.cost:+.3f}", shares, Text(words))
    return table


def _adding_up(candidate: Candidate) -> list[tuple[str, float | None]]:
    """The evidence for a candidate, each with its share of the cost; what the name itself costs comes first."""
    reasons = [reason_of(each) for each in candidate.because]
    if not reasons or reasons[0][1] is not None or any(share is None for _, share in reasons[1:]):
        return reasons
    (name, _), *rest = reasons
    own = candidate.cost - sum(share or 0.0 for _, share in rest)
    return [(name, own if abs(own) >= ROUNDED else 0.0), *rest]


def _marked(share: float | None) -> str:
    """Whether evidence speaks for a candidate or against it."""
    return "" if share is None or abs(share) < UNTOLD else "for: " if share < 0 else "against: "


def _facts(turn: Turn) -> Iterator[tuple[str, str]]:
    """What is known of a turn, in the order in which it became known."""
    context = turn.context
    where = f" in {context.room}" if context.room else ""
    yield "who", f"{context.speaker or 'somebody'}{where}, household {context.household}"
    yield (
        "when",
        f"{context.now:%Y-%m-%d %H:%M:%S}" + (f", {context.gap:g} s after the turn before" if context.gap else ""),
    )
    for rank, each in enumerate(turn.utterance.hypotheses):
        yield "heard" if rank == 0 else "", f'"{each.text}" ({each.confidence:.2f})'
    yield from _meaning(turn)
    if turn.outcome is not None:
        yield "outcome", turn.outcome.kind.value
        yield from _changed(turn)
    if turn.reply is not None:
        yield "reply", turn.reply.text or f"({turn.reply.cue or 'nothing said'})"
    if turn.spoken is not None and turn.spoken.interrupted:
        yield "interrupted", f"after {turn.spoken.position:g} of {turn.spoken.seconds:g} s"
    for hand in turn.hands:
        yield "by hand", f"{hand.entity}, {hand.seconds_after:g} s later"
    if turn.feedback is not None:
        yield "feedback", "yes" if turn.feedback else "no"


def _meaning(turn: Turn) -> Iterator[tuple[str, str]]:
    """What was understood, found and decided."""
    if turn.rewrite is not None:
        yield "executed", f'"{turn.rewrite.after}" ({turn.rewrite.layer} rewrite {turn.rewrite.id})'
    if turn.holdout:
        yield "held out", f"left as said, which happens with probability {1 - turn.propensity:.2f}"
    for intent in turn.parse.intents if turn.parse else ():
        slots = ", ".join(f"{name}={value}" for name, value in intent.slots.items())
        yield "understood", f"{intent.name} {slots} ({intent.confidence:.2f})"
    if turn.parse and turn.parse.unexplained:
        yield "unexplained", " ".join(turn.parse.unexplained)
    for resolution in turn.resolutions:
        meant = ", ".join(resolution.entities) or f"nothing called {resolution.missing}"
        yield "meant", f"{resolution.intent.name}: {meant} ({resolution.confidence:.2f})"
    if turn.decision is not None:
        yield "decision", turn.decision.kind
    waits = " (after a yes)" if isinstance(turn.decision, Confirm) else ""
    for command in turn.commands:
        yield "command", f"{command.entity} {json.dumps(dict(command.value), default=str)}{waits}"


def _changed(turn: Turn) -> Iterator[tuple[str, str]]:
    if turn.outcome is None or not turn.outcome.after:
        return
    for entity in difference(turn.context.states, turn.outcome.after):
        before, after = turn.context.states.get(entity), turn.outcome.after.get(entity)
        yield "changed", f"{entity}: {before.state if before else 'unknown'} -> {after.state if after else 'gone'}"


def export(turns: Iterable[Turn], out: Path) -> int:
    """Write turns to a file in the interchange format; how many. Raises `UserError` when it can't be written."""
    count = 0
    try:
        with out.open("w", encoding="utf-8") as file:
            for line in write(turns):
                file.write(line + "\n")
                count += 1
    except OSError as error:
        raise UserError(f"{out}: can't be written: {error.strerror}") from None
    return count
