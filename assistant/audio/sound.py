"""Sound as data: 16-bit mono samples with a rate, and where in it each word begins."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from functools import lru_cache
from math import gcd
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import UserError

RATE = 16_000
"""Samples a second inside the assistant: what wake word, speech detector and recognisers were trained on."""
Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Mark:
    """A word of a spoken text: it begins at character `text_position`, `seconds` after the start of the audio."""

    text_position: int
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """Mono sound. `samples` are 16-bit integers, `rate` is samples a second; `marks` only when it was synthesised.

    >>> Audio(np.zeros(8000, np.int16)).seconds
    0.5
    """

    samples: Samples
    rate: int = RATE
    marks: tuple[Mark, ...] = ()

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.samples) / self.rate

    def to_rate(self, rate: int = RATE) -> Audio:
        """The same sound at another rate."""
        if rate == self.rate:
            return self
        return Audio(Resampler(self.rate, rate).whole(self.samples), rate, self.marks)

    def heard_of(self, text: str, seconds: float) -> str:
        """How much of `text`, which this audio says, was heard after `seconds`: whole words, as far as the marks tell.

        >>> said = Audio(np.zeros(16000, np.int16), marks=(Mark(0, 0.0), Mark(4, 0.3), Mark(11, 0.7)))
        >>> said.heard_of("The garage door", 0.5), said.heard_of("The garage door", 1.0)
        ('The', 'The garage door')
        """
        if seconds >= self.seconds:
            return text
        begun = [mark.text_position for mark in self.marks if mark.seconds <= seconds]
        return text[: max(begun, default=0)].rstrip()


def silence(seconds: float, rate: int = RATE) -> Samples:
    """Samples of silence."""
    return np.zeros(round(seconds * rate), np.int16)


def to_int16(values: NDArray[np.floating]) -> Samples:
    """Floating-point samples on the 16-bit scale, rounded, and limited instead of wrapped around."""
    limited: Samples = np.clip(np.rint(values), -32768, 32767).astype(np.int16)
    return limited


class Resampler:
    """Changes the sample rate of a stream, whatever the sizes of its pieces: a polyphase filter of windowed sincs.

    Method: J. O. Smith, "Digital Audio Resampling" (CCRMA); Hann window, `LOBES` zero crossings on each side. The
    delay is `LOBES` samples of the lower rate (1 ms at 16 kHz).
    """

    LOBES = 16

    def __init__(self, source: int, target: int) -> None:
        divisor = gcd(source, target)
        self._up, self._down = target // divisor, source // divisor
        self._taps, self._half = _polyphase(self._up, self._down)
        self._next = 0
        self._kept = np.zeros(self._half, np.float32)

    def push(self, samples: Samples) -> Samples:
        """The next piece of the stream; returns what can be computed by now."""
        data = np.concatenate([self._kept, samples.astype(np.float32)])
        width = self._taps.shape[1]
        # Output k sits at k * down / up input samples; all of them whose window is complete are due.
        count = ((len(data) - width) * self._up - self._next) // self._down + 1 if len(data) >= width else 0
        if count <= 0:
            self._kept = data
            return np.zeros(0, np.int16)
        places = self._next + np.arange(count) * self._down
        starts, phases = places // self._up, places % self._up
        windows = np.lib.stride_tricks.sliding_window_view(data, width)[starts]
        out = np.einsum("ij,ij->i", windows, self._taps[phases])
        after = self._next + count * self._down
        drop = min(after // self._up, len(data))
        self._next = after - drop * self._up
        self._kept = data[drop:]
        return to_int16(out)

    def whole(self, samples: Samples) -> Samples:
        """A whole recording at once; the result has exactly the same length in seconds, to a sample."""
        wanted = -(-len(samples) * self._up // self._down)
        tail = np.zeros(2 * self._half + self._down, np.int16)
        return self.push(np.concatenate([samples, tail]))[:wanted]


@lru_cache(maxsize=16)
def _polyphase(up: int, down: int) -> tuple[NDArray[np.float32], int]:
    """One row of filter taps for each of the `up` phases, and half their number."""
    cutoff = min(1.0, up / down) * 0.95
    half = int(np.ceil(Resampler.LOBES / cutoff))
    offsets = np.arange(-half, half + 1)[None, :] - (np.arange(up) / up)[:, None]
    window = np.where(np.abs(offsets) <= half, 0.5 + 0.5 * np.cos(np.pi * offsets / (half + 1)), 0.0)
    taps = cutoff * np.sinc(cutoff * offsets) * window
    return (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32), half


def read_wav(path: Path) -> Audio:
    """Read a WAV file of 16-bit samples; several channels are averaged. Raises `UserError` when it is no such file."""
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            data = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise UserError(f"{path}: not a WAV file that can be read: {error}") from None
    if width != 2:
        raise UserError(f"{path}: {width * 8}-bit samples; expected 16-bit")
    samples = np.frombuffer(data[: len(data) // (2 * channels) * 2 * channels], "<i2").astype(np.int16)
    if channels > 1:
        samples = to_int16(samples.reshape(-1, channels).mean(axis=1))
    return Audio(samples, rate)


def write_wav(path: Path, audio: Audio) -> None:
    """Write a 16-bit mono WAV file. Raises `UserError` when the path can't be written."""
    try:
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(audio.rate)
            file.writeframes(audio.samples.astype("<i2").tobytes())
    except OSError as error:
        raise UserError(f"{path}: can't be written: {error.strerror}") from None
