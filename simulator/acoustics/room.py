"""A room full of sound at 16 kHz: voices, noise, echo, reverberation, in time that is counted in samples."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.audio.sound import RATE, Audio, Samples, to_int16, write_wav
from simulator.acoustics.voices import LEVEL

FLOOR = 3.0
"""Root mean square of a microphone's own noise on the 16-bit scale; digital silence does not exist in rooms."""


@dataclass(frozen=True, slots=True)
class Acoustics:
    """What a room does to sound.

    `noise` is `white`, `pink` or `hum` (a motor at 50 Hz); `snr` is the loudness of a voice above it in decibels.
    `rt60` is the time in seconds in which reverberation fades by 60 dB, 0 for none; `drr` the loudness of the direct
    sound above it. `echo` is how loud the assistant is at the microphone, in decibels above a person's voice, after
    `echo_delay` seconds. `clipping` is the level on the 16-bit scale to which its loudspeaker bends all that is
    louder (a hyperbolic tangent), 0 for a perfect one.
    """

    noise: str = "pink"
    snr: float = 35.0
    rt60: float = 0.0
    drr: float = 6.0
    echo: float = -6.0
    echo_delay: float = 0.06
    clipping: float = 0.0


QUIET = Acoustics()
ROOM = Acoustics(noise="pink", snr=25.0, rt60=0.3, drr=8.0)
GARAGE = Acoustics(noise="hum", snr=18.0, rt60=0.6, drr=6.0)


class Frame(NamedTuple):
    """The same stretch of time at the microphone and at the loudspeaker."""

    microphone: Samples
    reference: Samples


class RoomPlayback:
    """Audio that is being played into a virtual room."""

    def __init__(self, audio: Audio) -> None:
        self.audio = audio
        self.samples = audio.to_rate().samples
        self.played = 0
        self._stopped = self._paused = False

    @property
    def position(self) -> float:
        """Seconds that have been heard."""
        return min(self.played / RATE, self.audio.seconds)

    @property
    def done(self) -> bool:
        """Whether it was played to its end, or stopped."""
        return self._stopped or self.played >= len(self.samples)

    def pause(self) -> None:
        """Be silent for now."""
        self._paused = True

    def resume(self) -> None:
        """Go on where it was paused."""
        self._paused = False

    def stop(self) -> None:
        """Be silent at once and for good."""
        self._stopped = True

    def take(self, count: int) -> Samples:
        """The next samples; zeros once it is done, and while it is paused."""
        out = np.zeros(count, np.int16)
        if not self.done and not self._paused:
            piece = self.samples[self.played : self.played + count]
            out[: len(piece)] = piece
            self.played += len(piece)
        return out


class RoomPlayer:
    """The loudspeaker of a virtual room (see `assistant.audio.Player`); its time is the room's."""

    def __init__(self) -> None:
        self.current: RoomPlayback | None = None

    def play(self, audio: Audio) -> RoomPlayback:
        """Begin to play; a new piece replaces the one that is being played."""
        if self.current is not None:
            self.current.stop()
        self.current = RoomPlayback(audio)
        return self.current

    def close(self) -> None:
        """Stop."""
        if self.current is not None:
            self.current.stop()


class VirtualRoom:
    """Deterministic for one `seed`, whatever the sizes of the frames. Change `acoustics` to walk into another room."""

    def __init__(self, acoustics: Acoustics = QUIET, seed: int = 0) -> None:
        self.acoustics = acoustics
        self.player = RoomPlayer()
        self._seed = seed
        self._now = 0
        self._entered = 0
        self._coming = np.zeros(0)
        self._noise: tuple[tuple[int, Acoustics], NDArray[np.floating]] | None = None
        self._recorded: list[Samples] = []

    @property
    def time(self) -> float:
        """Seconds since the room began."""
        return self._now / RATE

    def enter(self, acoustics: Acoustics, seed: int) -> None:
        """Go into another room (or into the same one again): its noise begins anew."""
        self.acoustics, self._seed = acoustics, seed
        self._entered = self._now
        self._noise = None

    def speak(self, audio: Audio, delay: float = 0.0, closer: float = 0.0) -> tuple[float, float]:
        """A person speaks, `delay` seconds from now, `closer` dB louder than usual (from nearer by).

        Returns when the voice begins and ends, in seconds. Being closer raises the direct sound, not the room's.
        """
        samples = audio.to_rate().samples.astype(float)
        begin = self._now + round(delay * RATE)
        self._add(samples * 10 ** (closer / 20), begin)
        if self.acoustics.rt60 > 0:
            self._add(_convolve(samples, _tail(self.acoustics.rt60, self.acoustics.drr)), begin)
        return begin / RATE, begin / RATE + audio.seconds

    def hear(self, count: int) -> Frame:
        """Let time pass by `count` samples and return what was heard and played."""
        current = self.player.current
        played = current.take(count) if current is not None else np.zeros(count, np.int16)
        if played.any():
            self._add(self._echo_of(played), self._now + round(self.acoustics.echo_delay * RATE))
        sound = self._ambient(count)
        here = self._coming[:count]
        sound[: len(here)] += here
        self._coming = self._coming[count:]
        self._now += count
        microphone = to_int16(sound)
        self._recorded.append(to_int16(microphone + 0.7 * played))
        return Frame(microphone, played)

    def record_to(self, path: Path) -> None:
        """Write all that was to be heard in the room so far, voices and assistant, as a WAV file."""
        write_wav(path, Audio(np.concatenate(self._recorded) if self._recorded else np.zeros(0, np.int16)))

    def _add(self, sound: NDArray[np.floating], begin: int) -> None:
        """Lay a sound over what is to come."""
        start = begin - self._now
        if len(self._coming) < start + len(sound):
            self._coming = np.pad(self._coming, (0, start + len(sound) - len(self._coming)))
        self._coming[start : start + len(sound)] += sound

    def _echo_of(self, played: Samples) -> NDArray[np.floating]:
        """What of the loudspeaker arrives: a direct path and a short tail."""
        gain = 10 ** (self.acoustics.echo / 20) * LEVEL / 4000.0
        knee = self.acoustics.clipping
        direct = (np.tanh(played / knee) * knee if knee else played) * gain
        tail = _convolve(direct, _tail(0.3, 3.0))
        tail[: len(direct)] += direct
        return tail

    def _ambient(self, count: int) -> NDArray[np.floating]:
        """Noise from now on, made in blocks of a second."""
        out, done = np.empty(count), 0
        while done < count:
            block, offset = divmod(self._now - self._entered + done, RATE)
            key = (block, self.acoustics)
            if self._noise is None or self._noise[0] != key:
                self._noise = (key, _noise(self.acoustics, self._seed, block))
            piece = self._noise[1][offset : offset + count - done]
            out[done : done + len(piece)] = piece
            done += len(piece)
        return out


def _noise(acoustics: Acoustics, seed: int, block: int) -> NDArray[np.floating]:
    """One second of noise."""
    source = np.random.default_rng([seed, block])
    white = source.standard_normal(RATE)
    own = FLOOR * source.standard_normal(RATE)
    if acoustics.noise == "white":
        shaped = white
    else:
        frequencies = np.maximum(np.fft.rfftfreq(RATE, 1 / RATE), 20.0)
        shaped = np.fft.irfft(np.fft.rfft(white) / np.sqrt(frequencies), RATE)
        shaped /= np.std(shaped)
    if acoustics.noise == "hum":
        time = (block * RATE + np.arange(RATE)) / RATE
        hum = sum(np.sin(2 * np.pi * 50 * k * time + k) / k for k in (1, 2, 3, 4, 6, 8))
        shaped = 0.8 * hum / np.std(hum) + 0.6 * shaped
    return shaped * LEVEL * 10 ** (-acoustics.snr / 20) + own


_TAILS: dict[tuple[float, float], NDArray[np.floating]] = {}


def _tail(rt60: float, drr: float) -> NDArray[np.floating]:
    """The reverberation of a room after the direct sound: noise that fades (Moorer 1979), from 4 ms on."""
    if (rt60, drr) not in _TAILS:
        length, start = round(rt60 * RATE), round(0.004 * RATE)
        fading = np.random.default_rng(60).standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
        fading[:start] = 0.0
        _TAILS[rt60, drr] = fading * 10 ** (-drr / 20) / np.sqrt(np.sum(fading**2))
    return _TAILS[rt60, drr]


def _convolve(samples: NDArray[np.floating], response: NDArray[np.floating]) -> NDArray[np.floating]:
    """Linear convolution by Fourier transform."""
    length = len(samples) + len(response) - 1
    size = 1 << (length - 1).bit_length()
    return np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size)[:length]
