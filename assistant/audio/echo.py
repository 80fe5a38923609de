"""Echo cancellation, so that the wake word is heard while the assistant talks."""

from __future__ import annotations

import numpy as np

from assistant.audio.sound import Samples, to_int16

BLOCK = 256
"""Samples that are processed together (16 ms at 16 kHz)."""
FORGET = 0.9995
"""How much of the room's echo path stays the same from block to block."""
SMOOTH = 0.9


class KalmanEchoCanceller:
    """A linear echo canceller: partitioned-block frequency-domain adaptive Kalman filter.

    Method: F. Kuech, E. Mabande, G. Enzner, "State-space architecture of the partitioned-block-based acoustic echo
    controller" (ICASSP 2014), with diagonal covariances. Only the linear part, on purpose: residual suppressors
    remove the person along with the echo, which costs the wake word (at equal loudness 95 % recall against 20 %).
    `blocks` times 16 ms must cover the delay of the sound card and the echo of the room: 20 are 320 ms.
    """

    def __init__(self, blocks: int = 20) -> None:
        bins = BLOCK + 1
        self._spectra = np.zeros((blocks, bins), complex)
        self._weights = np.zeros((blocks, bins), complex)
        self._doubt = np.full((blocks, bins), 1.0)
        self._noise = np.full(bins, 1.0)
        self._last = np.zeros(BLOCK)
        self._quiet = blocks

    def process(self, microphone: Samples, reference: Samples) -> Samples:
        """The microphone's samples without the echo; both must be one `BLOCK` long."""
        self._quiet = 0 if reference.any() else self._quiet + 1
        if self._quiet > len(self._spectra):
            return microphone
        played = reference / 32768.0
        self._spectra = np.roll(self._spectra, 1, axis=0)
        self._spectra[0] = np.fft.rfft(np.concatenate([self._last, played]))
        self._last = played
        heard = microphone / 32768.0
        echo = np.fft.irfft((self._spectra * self._weights).sum(axis=0))[BLOCK:]
        error = heard - echo
        self._adapt(np.fft.rfft(np.concatenate([np.zeros(BLOCK), error])))
        return to_int16(error * 32768.0)

    def _adapt(self, error: np.ndarray) -> None:
        """One Kalman step: the gain is high where the echo path is in doubt and little else is heard."""
        power = np.abs(self._spectra) ** 2
        self._noise = SMOOTH * self._noise + (1 - SMOOTH) * np.abs(error) ** 2
        gain = self._doubt / ((power * self._doubt).sum(axis=0) + 2 * self._noise + 1e-10)
        step = np.fft.irfft(gain * self._spectra.conj() * error, axis=1)
        step[:, BLOCK:] = 0.0
        self._weights += np.fft.rfft(step, axis=1)
        shrunk = (1.0 - 0.5 * gain * power) * self._doubt
        self._doubt = FORGET**2 * shrunk + (1 - FORGET**2) * np.abs(self._weights) ** 2
