"""Recognition of one utterance piece by piece, while it is being said."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from assistant.audio.sound import RATE, Audio, Samples
from assistant.turn import Hypothesis

STEP = RATE // 5
"""Samples that libvosk takes at a time (0.2 s); fed so, the same sound is heard alike in pieces and as a whole."""
Results = list[dict[str, Any]]
"""What each decoder says at the end, as libvosk writes it."""
Read = Callable[[Results, float], tuple[Hypothesis, ...]]
"""Makes hypotheses of the results of an utterance of so many seconds."""


class CollectedStream:
    """For recognisers that need the whole utterance at once: nothing is known before its end."""

    partial = ""

    def __init__(self, recognize: Callable[[Audio], tuple[Hypothesis, ...]]) -> None:
        self._recognize = recognize
        self._pieces: list[Samples] = []

    def accept(self, samples: Samples) -> None:
        """Take the next samples at 16 kHz."""
        self._pieces.append(samples)

    def finish(self) -> tuple[Hypothesis, ...]:
        """What was said."""
        return self._recognize(Audio(np.concatenate([np.zeros(0, np.int16), *self._pieces])))


class KaldiStream:
    """One or more decoders of libvosk that hear the same; the first one's words so far are the `partial`."""

    def __init__(self, decoders: Sequence[Any], read: Read) -> None:
        self._decoders = decoders
        self._read = read
        self._rest = np.zeros(0, np.int16)
        self.seconds = 0.0
        self.partial = ""

    def accept(self, samples: Samples) -> None:
        """Take the next samples at 16 kHz, any number; decoding takes 2 to 5 % of their time."""
        self.seconds += len(samples) / RATE
        data = np.concatenate([self._rest, samples])
        whole = len(data) // STEP * STEP
        self._rest = data[whole:]
        if whole:
            self._feed(data[:whole])
            self.partial = " ".join(json.loads(self._decoders[0].PartialResult()).get("partial", "").split())

    def finish(self) -> tuple[Hypothesis, ...]:
        """What was said; the stream is over."""
        return self._read(self.results(), self.seconds)

    def results(self) -> Results:
        """What each decoder says at the end; the stream is over."""
        self._feed(self._rest)
        return [json.loads(decoder.FinalResult()) for decoder in self._decoders]

    def _feed(self, samples: Samples) -> None:
        for decoder in self._decoders:
            decoder.AcceptWaveform(samples.tobytes())
