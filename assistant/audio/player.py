"""Players: one that feeds a sound card, and one that makes no sound but takes as long."""

from __future__ import annotations

import queue

import numpy as np

from assistant.audio.sound import RATE, Audio, Resampler, Samples
from assistant.clock import Clock, Stopwatch

FADE = 0.005
"""Seconds in which a stopped sound fades, so that it does not click."""


class StreamPlayback:
    """Audio that a sound card takes piece by piece. `card` counts the samples that it ever took."""

    def __init__(self, audio: Audio, rate: int, card: StreamPlayer) -> None:
        self.audio = audio
        self.samples = audio.to_rate(rate).samples
        self._card = card
        self._began: int | None = None
        self._taken = self._waited = 0
        self._paused = self._silent = False
        self._frozen: float | None = None

    @property
    def position(self) -> float:
        """Seconds that left the loudspeaker: what the card took, less its delay."""
        if self._frozen is not None:
            return self._frozen
        return min(self._out / self._card.rate, self.audio.seconds)

    @property
    def _out(self) -> int:
        """Samples of it that left the loudspeaker."""
        if self._began is None:
            return 0
        out = self._card.taken - self._began - self._waited - round(self._card.latency * self._card.rate)
        return max(0, min(out, self._taken))

    @property
    def done(self) -> bool:
        """Whether it was played to its end, or stopped."""
        # Counted in samples: resampled audio may be a sample longer than its length in seconds says.
        return self._frozen is not None or self._out >= len(self.samples)

    def pause(self) -> None:
        """Fade out within 5 ms for now; what the card already took is still heard."""
        self._paused = True

    def resume(self) -> None:
        """Go on where it was paused."""
        self._paused = False

    def stop(self) -> None:
        """Fade out as fast for good."""
        if not self.done:
            self._frozen = self.position

    def take(self, count: int) -> Samples:
        """The next samples, for the card's thread; zeros after the end."""
        if self._began is None:
            self._began = self._card.taken
        out = np.zeros(count, np.int16)
        ending = self._paused or self._frozen is not None
        wanted = count if not ending else 0 if self._silent else min(count, round(FADE * self._card.rate))
        piece = self.samples[self._taken : self._taken + wanted]
        out[: len(piece)] = piece * np.linspace(1.0, 0.0, len(piece)) if ending else piece
        self._taken += len(piece)
        self._waited += count - len(piece) if self._paused else 0
        self._silent = ending
        return out


class StreamPlayer:
    """Feeds a card whose stream always runs and calls `fill`. `latency` is the card's delay in seconds."""

    def __init__(self, rate: int, latency: float = 0.0) -> None:
        self.rate = rate
        self.latency = latency
        self.taken = 0
        self._current: StreamPlayback | None = None
        self._played: queue.SimpleQueue[Samples] = queue.SimpleQueue()
        self._resampler = Resampler(rate, RATE)
        self._reference = np.zeros(0, np.int16)

    def play(self, audio: Audio) -> StreamPlayback:
        """Begin to play; a new piece replaces the one that is being played."""
        if self._current is not None:
            self._current.stop()
        playback = StreamPlayback(audio, self.rate, self)
        self._current = playback
        return playback

    def fill(self, count: int) -> Samples:
        """The next samples for the card: called on its thread, does nothing that can block."""
        current = self._current
        out = current.take(count) if current is not None else np.zeros(count, np.int16)
        self.taken += count
        self._played.put(out)
        return out

    def reference(self, count: int) -> Samples:
        """The next `count` samples at 16 kHz of what was played, for the echo canceller; zeros when there are none."""
        while not self._played.empty():
            self._reference = np.concatenate([self._reference, self._resampler.push(self._played.get())])
        out = np.zeros(count, np.int16)
        piece, self._reference = self._reference[:count], self._reference[count:][-RATE // 2 :]
        out[: len(piece)] = piece
        return out

    def close(self) -> None:
        """Stop; the stream itself belongs to whoever opened it."""
        if self._current is not None:
            self._current.stop()


class ClockPlayback:
    """Audio that nobody hears, but that takes its time."""

    def __init__(self, audio: Audio, clock: Clock) -> None:
        self.audio = audio
        self._watch = Stopwatch(clock)
        self._stopped = False

    @property
    def position(self) -> float:
        """Seconds of it that have passed, at most its length."""
        return min(self._watch.seconds, self.audio.seconds)

    @property
    def done(self) -> bool:
        """Whether its time is over, or it was stopped."""
        return self._stopped or self.position >= self.audio.seconds

    def pause(self) -> None:
        """Be silent for now."""
        self._watch.stop()

    def resume(self) -> None:
        """Go on where it was paused."""
        self._watch.go_on()

    def stop(self) -> None:
        """Be silent at once and for good."""
        self._stopped = True
        self._watch.stop()


class ClockPlayer:
    """Plays in silence, on any clock: for machines without a loudspeaker, and for replays."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._current: ClockPlayback | None = None

    def play(self, audio: Audio) -> ClockPlayback:
        """Begin; a new piece replaces the one before."""
        self.close()
        self._current = ClockPlayback(audio, self._clock)
        return self._current

    def close(self) -> None:
        """Stop."""
        if self._current is not None:
            self._current.stop()
