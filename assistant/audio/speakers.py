"""Who speaks: voices of those who enrolled, told apart by a light model; nobody rather than the wrong one.

A voice is what a Gaussian mixture of everybody's speech becomes when it is adapted to one person's (relevance MAP,
Reynolds, Quatieri and Dunn, 2000), as one vector; two voices are compared by their cosine, against how like each is to
a cohort of strangers (symmetric normalisation). `python -m assistant.audio.train_speakers` makes mixture, cohort and
threshold. It hears the microphone as well as the voice: enrol where it will be used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from assistant.audio.sound import RATE, Audio, Samples
from assistant.timers import Keeper

Floats = NDArray[np.float64]
KIND = "voice"
"""Kind of the documents that hold enrolled voices."""
FRAME, HOP, FFT, BANDS, COEFFICIENTS = 400, 160, 512, 26, 19
LOUD = 28.0
"""Decibels below the loud frames from which a frame is no speech."""
LEAST = 0.8
"""Seconds of speech below which nobody is recognised."""
ENROLL = 6.0
"""Seconds of speech that an enrolment should have."""
RELEVANCE = 8.0
"""Frames that the mixture itself is worth when it is adapted."""


@dataclass(frozen=True)
class Model:
    """The mixture (`means`, `precisions`, log `weights`), the cohort's voices, and the threshold of the score."""

    means: Floats
    precisions: Floats
    weights: Floats
    cohort: Floats
    centre: Floats
    threshold: float

    def voice(self, frames: Floats) -> Floats:
        """The voice of some frames: a vector of length 1."""
        whole = self.whole(frames) - self.centre
        return np.asarray(whole / np.linalg.norm(whole))

    def whole(self, frames: Floats) -> Floats:
        """The adapted means, scaled, before the mean voice is taken away."""
        scores = self.weights + 0.5 * np.log(self.precisions).sum(axis=1) - 0.5 * self._distances(frames)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        counts = shares.sum(axis=0)[:, None]
        adapted = (shares.T @ frames + RELEVANCE * self.means) / (counts + RELEVANCE)
        scaled = (adapted - self.means) * np.sqrt(self.precisions) * np.exp(self.weights / 2)[:, None]
        return np.asarray(scaled.ravel())

    def _distances(self, frames: Floats) -> Floats:
        weighted = self.means * self.precisions
        offset = (self.means * weighted).sum(axis=1)
        return np.asarray((frames**2) @ self.precisions.T - 2 * frames @ weighted.T + offset)

    def score(self, one: Floats, other: Floats) -> float:
        """How like two voices are, in standard deviations from how like each is to strangers."""
        likeness = float(one @ other)
        parts = [(likeness - against.mean()) / against.std() for against in (self.cohort @ one, self.cohort @ other)]
        return float(sum(parts) / 2)


@cache
def shipped() -> Model:
    """The model that comes with the program."""
    with np.load(str(files("assistant.audio").joinpath("speakers.npz"))) as told:
        arrays = {name: told[name].astype(np.float64) for name in told.files}
    return Model(**{**arrays, "threshold": float(arrays["threshold"])})


def frames_of(samples: Samples) -> Floats:
    """Cepstral coefficients of speech and their change, 100 a second, of the loud frames only."""
    sound = samples.astype(np.float64) / 32768
    sound = np.append(sound[:1], sound[1:] - 0.97 * sound[:-1])
    if len(sound) < 3 * FRAME:
        return np.zeros((0, 2 * COEFFICIENTS))
    windows = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP] * np.hamming(FRAME)
    power = np.abs(np.fft.rfft(windows, FFT)) ** 2
    level = 10 * np.log10(power.sum(axis=1) + 1e-10)
    cepstra = np.log(power @ _filters().T + 1e-8) @ _cosines().T
    padded = np.pad(cepstra, ((2, 2), (0, 0)), "edge")
    change = (2 * (padded[4:] - padded[:-4]) + (padded[3:-1] - padded[1:-3])) / 10
    return np.asarray(np.hstack([cepstra, change])[level > np.percentile(level, 95) - LOUD])


@cache
def _filters() -> Floats:
    """Triangles on the mel scale, from 80 to 7,600 hertz."""
    low, high = (2595 * np.log10(1 + hertz / 700) for hertz in (80.0, 7600.0))
    points = np.floor((FFT + 1) * 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1) / RATE)
    bins = np.arange(FFT // 2 + 1)[None, :]
    left, middle, right = (points[start : start + BANDS, None] for start in range(3))
    up, down = (bins - left) / np.maximum(1, middle - left), (right - bins) / np.maximum(1, right - middle)
    return np.asarray(np.clip(np.minimum(up, down), 0, None))


@cache
def _cosines() -> Floats:
    """The discrete cosine transform without its constant."""
    order = np.arange(1, COEFFICIENTS + 1)[:, None]
    return np.asarray(np.sqrt(2 / BANDS) * np.cos(np.pi * order * (2 * np.arange(BANDS)[None, :] + 1) / (2 * BANDS)))


class Speakers:
    """The voices that enrolled, kept in the store. Safe to ask from the thread that listens."""

    def __init__(self, keeper: Keeper, model: Model | None = None) -> None:
        self._keeper = keeper
        self._model = model or shipped()
        self._voices: Mapping[str, Floats] = {
            name: np.array(document["voice"], dtype=np.float64) for name, document in keeper.kept(KIND).items()
        }

    @property
    def names(self) -> list[str]:
        """Who has enrolled."""
        return sorted(self._voices)

    def enroll(self, name: str, recordings: Sequence[Audio]) -> float:
        """Keep the voice of some recordings; how many seconds of speech they held. A new one replaces the old."""
        frames = np.vstack([frames_of(each.to_rate().samples) for each in recordings])
        seconds = len(frames) * HOP / RATE
        if seconds >= LEAST:
            voice = self._model.voice(frames)
            self._voices = {**self._voices, name: voice}
            self._keeper.keep(KIND, name, {"voice": [round(float(each), 6) for each in voice]})
        return seconds

    def forget(self, name: str) -> None:
        """Delete a voice."""
        self._voices = {other: voice for other, voice in self._voices.items() if other != name}
        self._keeper.drop(KIND, name)

    def identify(self, audio: Audio) -> str | None:
        """Who of those who enrolled speaks; `None` where fewer than two did, or that is not sure."""
        if len(self._voices) < 2:
            return None
        frames = frames_of(audio.to_rate().samples)
        if len(frames) * HOP / RATE < LEAST:
            return None
        voice = self._model.voice(frames)
        scores = {name: self._model.score(voice, other) for name, other in self._voices.items()}
        best = max(scores, key=lambda name: scores[name])
        return best if scores[best] >= self._model.threshold else None
