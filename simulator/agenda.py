"""What is due in the world, and when: appointments in whole milliseconds, kept in order."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator

NEVER = 1 << 62
"""Later than anything, in milliseconds."""


class Agenda:
    """Appointments in the order in which they are due; those of one moment in the order in which they were made.

    >>> agenda = Agenda()
    >>> agenda.at(2000, lambda: print("second"))
    >>> agenda.at(1000, lambda: print("first"))
    >>> for action in agenda.due(2000):
    ...     action()
    first
    second
    """

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._made = 0

    def at(self, time: int, action: Callable[[], None]) -> None:
        """Do something at that time."""
        self._made += 1
        heapq.heappush(self._heap, (time, self._made, action))

    @property
    def next(self) -> int:
        """When the next is due; `NEVER` when there is none."""
        return self._heap[0][0] if self._heap else NEVER

    def due(self, now: int) -> Iterator[Callable[[], None]]:
        """Take what is due; also what is added for `now` meanwhile."""
        while self._heap and self._heap[0][0] <= now:
            yield heapq.heappop(self._heap)[2]
