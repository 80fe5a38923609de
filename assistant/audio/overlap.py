"""A voice over the assistant's own: somebody who speaks while it does."""

from __future__ import annotations

from collections import deque

import numpy as np

from assistant.audio.endpoint import CHUNK
from assistant.audio.ports import SpeechDetector
from assistant.audio.sound import RATE, Samples

SURE = 0.5
"""Probability of speech from which a chunk counts as voice."""
VOICED, WINDOW = 3, 4
"""Chunks that must be voice, of how many."""
HELD = 10
"""Chunks for which the echo of what was played may last (0.32 s, the span of the canceller)."""
KNOWN = 25
"""Chunks of its own speech (0.8 s) after which it is known how much of it the canceller leaves."""
REMEMBERED = 60
ABOVE = 9.0
"""Decibels by which a voice must exceed what the canceller usually leaves of the assistant's own.

A linear canceller leaves 12 to 16 dB less than the echo (8 to 10 when the loudspeaker distorts), so that a person half
as loud as the echo is still noticed.
"""
SILENT = 100.0
"""Power (squared 16-bit samples) below which nothing is played."""


class OverlapDetector:
    """Notices within 0.2 s that somebody speaks while the assistant does, and not that the assistant does.

    A neural speech detector alone takes a tenth to a half of the residual echo for speech; so a chunk counts only if it
    is louder, compared with what was played, than chunks usually are.
    """

    def __init__(self, detector: SpeechDetector) -> None:
        self._detector = detector
        self._left: deque[float] = deque(maxlen=REMEMBERED)
        self.reset()

    def reset(self) -> None:
        """A reply begins, or a voice is over; what is known of the echo stays."""
        self._detector.reset()
        self._pending = np.zeros((2, 0), np.int16)
        self._voiced: deque[bool] = deque(maxlen=WINDOW)
        self._played: deque[float] = deque(maxlen=HELD)

    @property
    def voiced(self) -> float:
        """Seconds that a voice has lasted when it is noticed."""
        return WINDOW * CHUNK / RATE

    def process(self, cancelled: Samples, played: Samples) -> bool:
        """Take the next samples without the echo, and what was played; whether somebody speaks in them."""
        self._pending = np.concatenate([self._pending, np.stack([cancelled, played])], axis=1)
        noticed = False
        while self._pending.shape[1] >= CHUNK:
            chunk, self._pending = self._pending[:, :CHUNK], self._pending[:, CHUNK:]
            noticed |= self._chunk(*chunk)
        return noticed

    def _chunk(self, cancelled: Samples, played: Samples) -> bool:
        voice = self._detector.process(cancelled) > SURE
        self._voiced.append(self._exceeds(_power(cancelled), _power(played)) and voice)
        return sum(self._voiced) >= VOICED

    def _exceeds(self, power: float, played: float) -> bool:
        """Whether this is more than the canceller leaves of what was played."""
        self._played.append(played)
        loudest = max(self._played)
        if loudest < SILENT:
            return True
        left = 10 * np.log10((power + 1) / (loudest + 1))
        exceeds = len(self._left) >= KNOWN and left > np.median(self._left) + ABOVE
        self._left.append(left)
        return bool(exceeds)


def _power(samples: Samples) -> float:
    return float(np.mean(samples.astype(float) ** 2))
