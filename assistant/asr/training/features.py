"""The features of Kaldi, exactly as libvosk computes them: MFCC, less a running mean."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.audio.sound import RATE, Samples

Features = NDArray[np.float32]
SIZE = 40
"""Coefficients of a frame, and bands."""
FRAME, STEP = 400, 160
"""Samples of a frame, and between two."""
LOW, HIGH = 20.0, 7600.0
"""Hertz."""
KNEE = 4800.0
"""Hertz; sounds of a throat of another length are shifted in proportion up to here."""
WINDOW, GLOBAL = 600, 200
"""Frames of the running mean; frames that the global mean counts for in the beginning (Kaldi's defaults)."""
CONF = f"""--sample-frequency={RATE}
--use-energy=false
--num-mel-bins={SIZE}
--num-ceps={SIZE}
--low-freq={LOW:.0f}
--high-freq={HIGH:.0f}
--dither=0
"""
"""The same for libvosk (`conf/mfcc.conf`)."""


def mfcc(samples: Samples, warp: float = 1.0) -> Features:
    """Frames of 25 ms every 10 ms, forty coefficients each.

    With a `warp` other than one the bands are shifted, as by another length of the throat: in training, one person
    becomes several (vocal tract length perturbation, Jaitly and Hinton 2013).

    >>> mfcc(np.zeros(16000, np.int16)).shape
    (98, 40)
    """
    count = max(0, 1 + (len(samples) - FRAME) // STEP)
    index = np.arange(count)[:, None] * STEP + np.arange(FRAME)
    frames = samples.astype(np.float32)[index]
    frames -= frames.mean(axis=1, keepdims=True)
    frames = np.concatenate([0.03 * frames[:, :1], frames[:, 1:] - 0.97 * frames[:, :-1]], axis=1)
    window, bands, cosines = _tables(warp)
    power = np.abs(np.fft.rfft(frames * window, 512)).astype(np.float32) ** 2
    return np.asarray(np.log(np.maximum(power[:, :256] @ bands, 1.19e-7)) @ cosines)


@lru_cache
def _tables(warp: float) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """The window, the triangular filters and the lifted cosine transform."""
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / (FRAME - 1))) ** 0.85
    edges = _mel(_warped(_hertz(np.linspace(_mel(LOW), _mel(HIGH), SIZE + 2)), warp))
    mel = _mel(np.arange(256) * RATE / 512)[:, None]
    rising = (mel - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - mel) / (edges[2:] - edges[1:-1])
    bands = np.maximum(0.0, np.minimum(rising, falling))
    row = np.arange(SIZE)
    cosines = np.sqrt(2 / SIZE) * np.cos(np.pi / SIZE * (np.arange(SIZE)[:, None] + 0.5) * row)
    cosines[:, 0] = np.sqrt(1 / SIZE)
    cosines *= 1 + 11 * np.sin(np.pi * row / 22)
    return window.astype(np.float32), bands.astype(np.float32), cosines.astype(np.float32)


def _mel(hertz: float | NDArray[np.floating]) -> NDArray[np.floating]:
    return np.asarray(1127 * np.log(1 + np.asarray(hertz) / 700))


def _hertz(mel: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.asarray(700 * (np.exp(mel / 1127) - 1))


def _warped(hertz: NDArray[np.floating], warp: float) -> NDArray[np.floating]:
    """Multiplied by `warp` up to a knee, from there straight to the highest frequency."""
    knee = KNEE * min(1.0, 1 / warp)
    above = HIGH - (HIGH - knee * warp) * (HIGH - hertz) / (HIGH - knee)
    return np.where(hertz <= knee, hertz * warp, above)


def less_mean(features: Features, mean: NDArray[np.floating]) -> Features:
    """Take out the mean of the last six seconds; in the beginning the global mean helps (Kaldi's online CMN)."""
    sums = np.concatenate([np.zeros((1, SIZE)), np.cumsum(features, axis=0, dtype=np.float64)])
    now = np.arange(1, len(features) + 1)
    first = np.maximum(0, now - WINDOW)
    count = (now - first)[:, None]
    helped = np.minimum(GLOBAL, WINDOW - count)
    running = (sums[now] - sums[first] + helped * mean) / (count + helped)
    return np.asarray(features - running, np.float32)
