"""The story of the demo: who says what, where. What is heard is up to the recogniser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assistant.turn import Turn
from simulator.acoustics import QUIET, Acoustics

GARAGE = Acoustics(noise="hum", snr=30.0, rt60=0.4, drr=8.0)
"""A garage with its door shut: a compressor hums in the corner."""


def done(turn: Turn) -> bool:
    """The turn did what it decided to do."""
    return turn.outcome is not None and turn.outcome.kind.value == "done"


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence. `heard` is what a recorded run of the audio path delivered, for telling the story without audio.

    `closer` is how many decibels nearer the person comes; `interrupted_after` so many seconds the next line cuts in.
    """

    say: str
    heard: str | None = None
    wait: float = 2.0
    closer: float = 0.0
    interrupted_after: float | None = None
    holds: Callable[[Turn], bool] = done


@dataclass(frozen=True, slots=True)
class Chapter:
    """A place and a time, and what is said there. `seed` is the room's noise: a garage hums the same every day."""

    title: str
    at: datetime
    room: str
    acoustics: Acoustics
    lines: tuple[Line, ...]
    speaker: str = "ida"
    seed: int = 4
    learn: bool = False


def _rewritten(turn: Turn) -> bool:
    return turn.rewrite is not None and done(turn)


def _about_the_oven(turn: Turn) -> bool:
    return turn.entities == ("climate.oven",)


def _declined(turn: Turn) -> bool:
    return turn.decision is not None and turn.decision.kind == "refuse"


MISHEARD = "turn on the bedroom light"
"""What was heard in a recorded run; the home has no bench light, so no sentence that is expected has one."""

STORY = (
    Chapter(
        "In the garage",
        datetime(2026, 3, 2, 18, 0),
        "garage",
        GARAGE,
        (
            Line("is the garage door closed"),
            Line("turn on the bench light", MISHEARD, interrupted_after=0.2, holds=lambda _turn: True),
            Line("no, the garage light", wait=0.0, closer=6.0),
        ),
        learn=True,
    ),
    Chapter(
        "In the garage, the next day",
        datetime(2026, 3, 3, 18, 0),
        "garage",
        GARAGE,
        (
            Line("is the garage door closed"),
            Line("turn on the bench light", MISHEARD, holds=_rewritten),
        ),
    ),
    Chapter(
        "In the kitchen",
        datetime(2026, 3, 3, 18, 10),
        "kitchen",
        QUIET,
        (
            Line("make me a sandwich", holds=_declined),
            Line("set the oven to one hundred and eighty degrees"),
            Line("what is the temperature", wait=300.0, holds=_about_the_oven),
        ),
    ),
)
