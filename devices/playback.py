"""A queue of things to hear or to see, and the place in it: what next, previous, shuffle and repeat move."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

ENDED = 1e-6
"""Seconds before its end at which a track counts as over: the rounding of many small steps."""


@dataclass(frozen=True, slots=True)
class Track:
    """One song, chapter or film. `seconds` is `None` for what has no end, such as radio."""

    title: str
    artist: str = ""
    seconds: float | None = None
    album: str = ""


class Playback:
    """Plays through `tracks`. `index` is the place in the order of playing, `position` the seconds into the track.

    >>> playing = Playback([Track("One", seconds=100), Track("Two", seconds=50)])
    >>> playing.advance(120), playing.track.title, playing.position
    (True, 'Two', 20.0)
    >>> playing.advance(40), playing.ended
    (True, True)
    """

    def __init__(self, tracks: Sequence[Track], seed: str = "") -> None:
        self.tracks = tuple(tracks)
        self.index = 0
        self.position = 0.0
        self.repeat = "off"
        self.ended = False
        self._order = list(range(len(self.tracks)))
        # The same for the same queue, so that shuffling back and forth ends where it began.
        self._shuffled = random.Random(seed).sample(self._order, len(self._order))

    @property
    def track(self) -> Track:
        """What plays now."""
        return self.tracks[self._order[self.index]]

    def told(self) -> dict[str, Any]:
        """What is told of it, in Home Assistant's names; `queue_position` counts from 1."""
        track = self.track
        about = {"media_title": track.title, "media_artist": track.artist, "media_album_name": track.album}
        known = {key: value for key, value in {**about, "media_duration": track.seconds}.items() if value}
        place = {"queue_position": self.index + 1, "queue_size": len(self.tracks)}
        return {**known, **place, "media_position": round(self.position, 1)}

    def shuffle(self, on: bool) -> None:
        """Change the order; what plays goes on."""
        natural = self._order[self.index]
        self._order = list(self._shuffled) if on else sorted(self._shuffled)
        self.index = self._order.index(natural)

    def go(self, index: int) -> None:
        """Begin another track of the queue; beyond its ends the first or last."""
        self.index = min(max(index, 0), len(self.tracks) - 1)
        self.position = 0.0

    def seek(self, position: float) -> None:
        """Move within the track, at most to its end."""
        end = self.track.seconds
        self.position = position if end is None else min(position, end)

    def advance(self, seconds: float) -> bool:
        """Play on; whether another track began, or all is over. What never ends (a station) has no place in it."""
        moved = False
        while not self.ended and (end := self.track.seconds) is not None:
            if self.position + seconds < end - ENDED:
                self.position += seconds
                break
            seconds -= max(end - self.position, 0.0)
            moved = True
            self._next()
        return moved

    def _next(self) -> None:
        last = self.index + 1 >= len(self.tracks)
        self.position = 0.0
        if self.repeat == "one":
            return
        self.ended = last and self.repeat != "all"
        self.index = self.index if self.ended else (self.index + 1) % len(self.tracks)
