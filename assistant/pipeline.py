"""The middle of the loop as a list of stages, each of which declares what it reads and writes.

A run can start and stop at any stage, so replay, explanation and counterfactual re-runs need no code of their own.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from assistant.turn import Turn


class Stage(Protocol):
    """One step of the loop: reads some fields of a turn, returns the turn with its own fields filled in."""

    @property
    def name(self) -> str:
        """The spoken word of the field for this stage: `rewrite`, `nlu`, `resolve`, `decide`."""

    @property
    def reads(self) -> frozenset[str]:
        """The fields of `Turn` that must be there."""

    @property
    def writes(self) -> frozenset[str]:
        """The fields of `Turn` that it fills in."""

    def run(self, turn: Turn) -> Turn:
        """Return the turn with this stage's fields filled in."""


GIVEN = frozenset({"id", "context", "utterance"})


class Pipeline:
    """Stages in order. Raises `ValueError` at once when a stage reads what no earlier one writes."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        known = set(GIVEN)
        for stage in stages:
            if missing := stage.reads - known:
                raise ValueError(f"stage {stage.name!r} reads {sorted(missing)}, which nothing before it writes")
            known |= stage.writes
        self.stages = tuple(stages)

    def run(self, turn: Turn, start: str | None = None, stop: str | None = None) -> Turn:
        """Run the stages from `start` to `stop`, both included; each adds its time to the trace."""
        names = [stage.name for stage in self.stages]
        first = names.index(start) if start else 0
        last = names.index(stop) if stop else len(names) - 1
        for stage in self.stages[first : last + 1]:
            began = time.perf_counter()
            notes = len(turn.trace)
            turn = stage.run(turn)
            ms = (time.perf_counter() - began) * 1000
            text = "; ".join(note.text for note in turn.trace[notes:])
            turn = _with_time(turn, notes, stage.name, text, ms)
        return turn


def _with_time(turn: Turn, notes: int, stage: str, text: str, ms: float) -> Turn:
    """Fold what a stage noted into one line that carries its time."""
    return replace(turn, trace=turn.trace[:notes]).noted(stage, text, round(ms, 3))
