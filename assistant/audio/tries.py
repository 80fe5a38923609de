"""Attempts at the wake word: what it scored when it was heard, and before that, when it was not."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.audio.wake import COOL_DOWN

NEARLY = 0.3
"""Scores from here on are an attempt at the wake word, heard or not."""
TOGETHER = 8.0
"""Seconds between attempts of one person who was not heard at first."""


@dataclass(slots=True)
class _Try:
    last: float
    score: float


class Tries:
    """Follows the score of a wake word over time, which is in seconds.

    >>> tries = Tries()
    >>> for time, score in ((1.0, 0.5), (1.1, 0.6), (4.0, 0.9), (4.1, 0.95)):
    ...     tries.follow(time, score)
    >>> tries.taken()
    (0.6, 0.95)
    """

    def __init__(self) -> None:
        self._made: list[_Try] = []

    def follow(self, time: float, score: float) -> None:
        """Take the score of the last samples. What lies less than a cool-down apart is one attempt."""
        if score < NEARLY:
            return
        last = self._made[-1] if self._made else None
        if last is not None and time - last.last < COOL_DOWN:
            last.last, last.score = time, max(last.score, score)
            return
        if last is not None and time - last.last > TOGETHER:
            self._made.clear()
        self._made.append(_Try(time, score))

    def taken(self) -> tuple[float, ...]:
        """The best score of each attempt, the last one being that which was heard; then they are forgotten."""
        scores = tuple(round(each.score, 3) for each in self._made)
        self._made.clear()
        return scores
