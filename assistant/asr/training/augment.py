"""From utterances to what a microphone in a room hears: streams with pauses, reverberation, colour and noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from assistant.asr.training.corpus import Spoken
from assistant.asr.training.features import STEP
from assistant.audio.sound import RATE, Samples, to_int16

Sound = NDArray[np.floating]
NOISY, CALM = (1.0, 22.0), (22.0, 55.0)
"""Decibels by which a voice is above the noise, in two thirds of the streams and in the others."""


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """Sound, and of each frame of 10 ms the number of the network's output that is right."""

    samples: Samples
    labels: NDArray[np.uint8]


class Room:
    """Makes streams. `noises` are recordings of places, to be mixed in beside made noise and the babble of others."""

    def __init__(self, source: np.random.Generator, noises: Sequence[Samples] = ()) -> None:
        self._source = source
        self._noises = noises

    def stream(self, spoken: Sequence[Spoken], others: Sequence[Spoken]) -> Stream:
        """Some utterances one after the other, somewhere; `others` talk in the background, sometimes."""
        source = self._source
        parts: list[Sound] = [np.zeros(self._frames(0.0, 1.5) * STEP)]
        labels = [np.zeros(len(parts[0]) // STEP, np.uint8)]
        for each in spoken:
            whole = each.samples[: len(each.samples) // STEP * STEP].astype(float)
            whole *= 1600 / max(1.0, float(np.sqrt(np.mean(whole**2))))
            gap = self._frames(0.0, 0.8)
            parts += [whole, np.zeros(gap * STEP)]
            labels += [labels_of(each, len(whole) // STEP), np.zeros(gap, np.uint8)]
        sound = self._coloured(self._reverberant(np.concatenate(parts)))
        snr = source.uniform(*NOISY) if source.random() < 0.65 else source.uniform(*CALM)
        noise = self._noise(len(sound), others)
        noise *= 1600 * 10 ** (-snr / 20) / max(1e-9, float(np.sqrt(np.mean(noise**2))))
        level = 10 ** (source.uniform(-18, 12) / 20)
        hiss = source.standard_normal(len(sound)) * source.uniform(0.5, 4)
        return Stream(to_int16((sound + noise) * level + hiss), np.concatenate(labels))

    def _frames(self, least: float, most: float) -> int:
        return round(self._source.uniform(least, most) * RATE / STEP)

    def _reverberant(self, sound: Sound) -> Sound:
        source = self._source
        if source.random() < 0.35:
            return sound
        length = round(source.uniform(0.1, 0.7) * RATE)
        tail = source.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
        tail[: round(0.003 * RATE)] = 0.0
        tail *= 10 ** (-source.uniform(-2, 15) / 20) / np.sqrt(np.sum(tail**2))
        tail[0] = 1.0
        return np.asarray(fftconvolve(sound, tail)[: len(sound)])

    def _coloured(self, sound: Sound) -> Sound:
        """The frequency response of a microphone: eight points within 8 dB; some hear nothing high."""
        source = self._source
        points = source.uniform(-8, 8, 8)
        frequencies = np.fft.rfftfreq(len(sound), 1 / RATE)
        response = np.interp(np.sqrt(frequencies), np.sqrt(np.linspace(0, RATE / 2, 8)), points)
        if source.random() < 0.15:
            response = np.where(frequencies > source.uniform(3400, 6000), -60.0, response)
        return np.fft.irfft(np.fft.rfft(sound) * 10 ** (response / 20), len(sound))

    def _noise(self, length: int, others: Sequence[Spoken]) -> Sound:
        source = self._source
        kind = source.random()
        if kind < 0.3 and self._noises:
            recorded = self._noises[int(source.integers(len(self._noises)))].astype(float)
            begin = source.integers(len(recorded))
            return self._coloured(np.resize(np.roll(recorded, -begin), length))
        if kind < 0.45:
            babble = np.zeros(length)
            for each in others:
                voice = np.resize(each.samples.astype(float), length)
                babble += np.roll(voice / max(1.0, float(np.std(voice))), source.integers(length))
            return babble
        white = source.standard_normal(length)
        frequencies = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 30.0)
        slope = source.uniform(0, 1.2) if source.random() < 0.7 else 0.0
        noise = np.fft.irfft(np.fft.rfft(white) / frequencies**slope, length)
        noise /= np.std(noise)
        if source.random() < 0.2:
            time = np.arange(length) / RATE
            base = source.choice([50, 60, 100, 120]) * source.uniform(0.97, 1.03)
            noise += 2 * sum(np.sin(2 * np.pi * base * k * time + k) / k for k in (1, 2, 3, 4, 6, 8))
        return noise


def labels_of(spoken: Spoken, frames: int) -> NDArray[np.uint8]:
    """Of each frame the right output: 0 in silence, an odd one in the first 30 ms of a phone, an even one after."""
    labels = np.zeros(frames, np.uint8)
    ends = (*spoken.begins[1:], frames)
    for phone, begin, end in zip(spoken.phones, spoken.begins, ends, strict=True):
        if phone:
            labels[begin:end] = 2 * phone
            labels[begin : min(begin + 3, end)] = 2 * phone - 1
    return labels
