"""Where the time of a turn goes: stage by stage, from the traces in the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from assistant.turn import Turn

PAUSE = "pause after speech"


@dataclass(frozen=True, slots=True)
class Speed:
    """How long a stage takes: the median of so many turns and what 95 % stay below, in milliseconds."""

    stage: str
    turns: int
    median: float
    late: float


def speeds(turns: Iterable[Turn]) -> tuple[Speed, ...]:
    """The stages in their order; before them the pause after which speech was taken as ended.

    >>> from datetime import datetime
    >>> from assistant.turn import Context, Utterance
    >>> turn = Turn("1", Context(datetime(2026, 3, 2)), Utterance((), waited=0.4)).noted("nlu", "", 3.0)
    >>> [(each.stage, each.median) for each in speeds([turn])]
    [('pause after speech', 400.0), ('nlu', 3.0)]
    """
    taken: dict[str, list[float]] = defaultdict(list)
    for turn in turns:
        if turn.utterance.waited is not None:
            taken[PAUSE].append(turn.utterance.waited * 1000)
        for note in turn.trace:
            if note.ms > 0:
                taken[note.stage].append(note.ms)
    found = []
    for stage, values in taken.items():
        median, late = np.quantile(values, (0.5, 0.95))
        found.append(Speed(stage, len(values), round(float(median), 2), round(float(late), 2)))
    return tuple(sorted(found, key=lambda each: each.stage != PAUSE))
