"""All figures of teaching, one section after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from simulator.study.teaching import asking, habits, lessons, preferences, voices
from simulator.study.teaching.shares import Figure


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured, for scale 1: lessons and requests of each kind, cases, households and days."""

    lessons: int = 120
    cases: int = 120
    households: int = 10
    days: int = 21
    asked_households: int = 9
    asked_days: int = 7
    requests: int = 3000

    def times(self, scale: float) -> Size:
        """The same, larger or smaller; the days stay."""

        def more(count: int) -> int:
            return max(2, round(count * scale))

        return replace(
            self,
            lessons=more(self.lessons),
            cases=more(self.cases),
            households=more(self.households),
            asked_households=more(self.asked_households),
            requests=more(self.requests),
        )


def sections(split: str, seed: int, size: Size, data: Path | None) -> dict[str, Callable[[], list[Figure]]]:
    """The sections by name; voices need the recordings of `data`."""
    known: dict[str, Callable[[], list[Figure]]] = {
        "lessons": partial(lessons.figures, split, seed, size.lessons),
        "preferences": partial(preferences.figures, split, seed, size.cases),
        "questions": partial(
            asking.figures, split, seed, size.asked_households, size.asked_days, size.requests
        ),
        "suggestions": partial(habits.figures, split, seed, size.households, size.days),
    }  # fmt: skip
    return known | ({"speakers": partial(voices.figures, data, split, seed)} if data is not None else {})


def run(chosen: dict[str, Callable[[], list[Figure]]], workers: int) -> Iterator[tuple[str, list[Figure]]]:
    """The figures of every section, in order; several processes where there are several workers."""
    if workers <= 1:
        yield from ((name, section()) for name, section in chosen.items())
        return
    with ProcessPoolExecutor(workers) as pool:
        futures = {name: pool.submit(section) for name, section in chosen.items()}
        yield from ((name, future.result()) for name, future in futures.items())
