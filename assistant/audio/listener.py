"""The listener: from a stream of samples to "woken" and "this was said", in time that is counted in samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.audio.endpoint import EndedBy, Endpointer
from assistant.audio.overlap import OverlapDetector
from assistant.audio.ports import EchoCanceller, WakeWord
from assistant.audio.sound import RATE, Audio, Samples
from assistant.audio.tries import Tries
from assistant.audio.wake import COOL_DOWN

HOP = 256
"""Samples that are looked at together (16 ms), whatever the size of the frames that come in."""
BEFORE = 0.3
"""Seconds kept before the first sound of a command; recognisers need a little of the room."""
AFTER = 0.28
"""Seconds kept after its last sound: less than the shortest pause that ends it."""
PRE_ROLL = 1.0
"""Seconds that are remembered while waiting."""
SHORTEST_WAIT = AFTER + 0.04
"""Seconds of a pause that end a command at the earliest: all that is kept of it was heard then."""
FOLLOW_UP = 8.0
"""Seconds that a person may think before an answer."""


@dataclass(frozen=True, slots=True)
class Woke:
    """The wake word was heard. `score` is 0 to 1, `time` is in seconds since the listener began."""

    score: float
    time: float


@dataclass(frozen=True, slots=True)
class SpokeOver:
    """Somebody began to speak while the assistant does; what they say is collected. `time` as in `Woke`."""

    time: float


@dataclass(frozen=True, slots=True)
class Speech:
    """Something was said: `audio` holds it without the wake word. `wake` is the wake word's score, if there was one.

    `started` and `ended` are when the voice began and stopped, `time` is when that was noticed, in seconds since the
    listener began. `ended_by` is `silence` or `limit`. `tries` are the scores of the attempts at the wake word.
    `pause` is the longest pause in seconds after which the person went on; `over` is whether it began while the
    assistant spoke.
    """

    audio: Audio
    wake: float | None
    ended_by: EndedBy
    started: float
    ended: float
    time: float
    tries: tuple[float, ...] = ()
    pause: float = 0.0
    over: bool = False


@dataclass(frozen=True, slots=True)
class NothingSaid:
    """Nobody spoke after the wake word, or in answer to a question; or what began `over` the assistant was a click."""

    wake: float | None
    time: float
    tries: tuple[float, ...] = ()
    over: bool = False


ListenerEvent = Woke | SpokeOver | Speech | NothingSaid


class Listener:
    """Waits for the wake word, then collects what is said after it.

    While `playing` is true the assistant is being heard: `listen_now` waits, and what is said without the wake word
    is collected only where an `overlap` detector notices it.
    """

    def __init__(
        self,
        wake_word: WakeWord,
        endpointer: Endpointer,
        canceller: EchoCanceller | None = None,
        overlap: OverlapDetector | None = None,
    ) -> None:
        self._wake_word = wake_word
        self._endpointer = endpointer
        self._canceller = canceller
        self._overlap = overlap
        self._pending = np.zeros((2, 0), np.int16)
        self._kept = np.zeros(0, np.int16)
        self._samples = 0
        self._wake: float | None = None
        self._origin: int | None = None
        self._patience: float | None = None
        self._tries = Tries()
        self._woke = 0.0
        self._over = False
        self._playing = False

    @property
    def playing(self) -> bool:
        """Whether the assistant is being heard."""
        return self._playing

    @playing.setter
    def playing(self, playing: bool) -> None:
        if self._overlap is not None and playing and not self._playing:
            self._overlap.reset()
        self._playing = playing

    @property
    def time(self) -> float:
        """Seconds of sound that were processed."""
        return self._samples / RATE

    @property
    def wake_cutoff(self) -> float:
        """How sure the wake word must be; may be changed at any time, by any thread."""
        return self._wake_word.cutoff

    @wake_cutoff.setter
    def wake_cutoff(self, cutoff: float) -> None:
        self._wake_word.cutoff = cutoff

    @property
    def collecting(self) -> bool:
        """Whether it is listening to a command or an answer."""
        return self._origin is not None

    @property
    def said(self) -> Samples | None:
        """What was said so far, with a little before and after it; `None` when that is nothing, or only a click."""
        if self._origin is None or self._endpointer.started is None:
            return None
        begin, end = self._extent()
        return self._kept[begin:end] if self._endpointer.certain else None

    @property
    def silent(self) -> float:
        """Seconds since the last sound of what was said so far."""
        return self._endpointer.silent

    def wait(self, seconds: float) -> None:
        """How long a pause ends what is being said; counts until then. Any thread may call it."""
        self._endpointer.silence = max(seconds, SHORTEST_WAIT)

    def listen_now(self, patience: float = FOLLOW_UP) -> None:
        """Collect an answer without the wake word, as soon as nothing is playing; `patience` in seconds."""
        self._patience = patience

    def stop_listening(self) -> None:
        """Go back to waiting for the wake word; what was collected is dropped."""
        self._origin = self._patience = None

    def process(self, frame: Samples, reference: Samples | None = None) -> list[ListenerEvent]:
        """Take the next 16 kHz samples, any number of them, and tell what happened.

        `reference` is what the loudspeaker played meanwhile (as many samples), for the echo canceller.
        """
        played = np.zeros_like(frame) if reference is None else reference
        self._pending = np.concatenate([self._pending, np.stack([frame, played])], axis=1)
        events: list[ListenerEvent] = []
        whole = self._pending.shape[1] // HOP * HOP
        for start in range(0, whole, HOP):
            microphone, loudspeaker = self._pending[:, start : start + HOP]
            events += self._hop(microphone, loudspeaker)
        self._pending = self._pending[:, whole:]
        return events

    def _hop(self, microphone: Samples, loudspeaker: Samples) -> list[ListenerEvent]:
        if self._canceller is not None:
            microphone = self._canceller.process(microphone, loudspeaker)
        self._samples += HOP
        self._kept = np.concatenate([self._kept, microphone])
        if self._origin is None:
            self._kept = self._kept[-round(PRE_ROLL * RATE) :]
        score = self._wake_word.process(microphone)
        if score is not None:
            self._woke = self.time
        if self._origin is None or self.time - self._woke < COOL_DOWN:
            self._tries.follow(self.time, self._wake_word.score)
        if score is not None:
            self._begin(score)
            return [Woke(score, self.time)]
        if self._origin is not None:
            ended = self._endpointer.process(microphone)
            return [self._finish(ended)] if ended is not None else []
        if self._overlap is not None and self.playing and self._overlap.process(microphone, loudspeaker):
            self._overlap.reset()
            self._begin(None, over=self._overlap.voiced)
            return [SpokeOver(self.time)]
        if self._patience is not None and not self.playing:
            self._begin(None, self._patience)
        return []

    def _begin(self, wake: float | None, patience: float | None = None, over: float = 0.0) -> None:
        """Collect from here on; after the wake word, from its end, which lies a little back.

        A voice that was noticed `over` the assistant's own began that many seconds ago.
        """
        self._wake, self._patience, self._over = wake, None, over > 0
        self._kept = self._kept[-round(PRE_ROLL * RATE) :]
        back = len(self._kept) - round(over * RATE)
        self._origin = back if wake is None else _seam(self._kept, self._wake_word.ended)
        self._endpointer.begin(after_wake_word=wake is not None, patience=patience)
        self._endpointer.warm_up(self._kept[: self._origin])
        self._endpointer.process(self._kept[self._origin :])

    def _finish(self, ended: EndedBy) -> Speech | NothingSaid:
        endpointer, kept = self._endpointer, self._kept
        tries = self._tries.taken() if self._wake is not None else ()
        begin, end = self._extent()
        origin = self._origin or 0
        self.stop_listening()
        self._kept = kept[-round(PRE_ROLL * RATE) :]
        if ended is EndedBy.NOTHING or endpointer.started is None:
            return NothingSaid(self._wake, self.time, tries, self._over)
        zero = self._samples - len(kept) + origin
        started, stopped = (zero + endpointer.started) / RATE, (zero + endpointer.stopped) / RATE
        pause = round(endpointer.longest / RATE, 3)
        audio = Audio(kept[begin:end])
        return Speech(audio, self._wake, ended, started, stopped, self.time, tries, pause, self._over)

    def _extent(self) -> tuple[int, int]:
        """Where in what is kept the utterance begins and ends so far."""
        origin = self._origin or 0
        first, last = origin + (self._endpointer.started or 0), origin + self._endpointer.stopped
        begin = max(origin if self._wake is not None else 0, first - round(BEFORE * RATE))
        return begin, last + round(AFTER * RATE)


def _seam(samples: Samples, ended: float) -> int:
    """Where the wake word ends that was just detected: the quietest 20 ms near `ended` seconds before the samples' end.

    Each millisecond away from there must be 0.06 dB quieter, and none of the second half of that time is looked at, so
    that a closed lip later in the command is not taken: rather a bit of the wake word than none of the first word.
    """
    width, step, around = RATE // 50, RATE // 100, round(ended * RATE)
    starts = np.arange(max(0, len(samples) - 2 * around), len(samples) - width - around // 2, step)
    if not len(starts):
        return len(samples)
    frames = samples[starts[:, None] + np.arange(width)].astype(np.float64)
    level = 10 * np.log10(np.mean(frames**2, axis=1) + 1.0)
    distance = np.abs(len(samples) - around - starts) / RATE
    return int(starts[np.argmin(level + 60.0 * distance)]) + width // 2
