"""The voices of people, so that what the assistant hears is speech. None of them is the assistant's own voice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from assistant.audio.sound import RATE, Audio, Samples, silence, to_int16
from assistant.tts.synthesizer import VoiceSettings, WorkerSynthesizer

VARIANTS = ("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5")
"""Speakers that espeak-ng derives from its American voice; the assistant speaks with the plain one.

Each is understood: in a living room 154 of 156 sentences that the recogniser was prepared for."""
LEVEL = 1600.0
"""Loudness of a voice at the microphone: root mean square of its sounding parts on the 16-bit scale (-26 dB)."""
PAUSE = 0.3
"""Seconds between the wake word and the request."""


@dataclass(frozen=True, slots=True)
class PersonVoice:
    """How somebody sounds: an espeak-ng voice, words per minute, pitch (0 to 100)."""

    voice: str
    rate: int
    pitch: int

    @classmethod
    def of(cls, name: str) -> PersonVoice:
        """The voice of a person: always the same for the same name.

        >>> PersonVoice.of("ann") == PersonVoice.of("Ann")
        True
        """
        digest = hashlib.sha256(name.strip().lower().encode()).digest()
        return cls(f"en-us+{VARIANTS[digest[0] % len(VARIANTS)]}", 140 + digest[1] % 25, 40 + digest[2] % 25)


class Voices:
    """Renders what people say, at 16 kHz and equal loudness; remembers what it rendered."""

    def __init__(self, synthesizer: WorkerSynthesizer, wake_phrase: str = "Alexa") -> None:
        self._synthesizer = synthesizer
        self._wake_phrase = wake_phrase
        self._known: dict[tuple[PersonVoice, str], Samples] = {}

    def render(self, voice: PersonVoice, text: str) -> Audio:
        """A text in a person's voice, without silence around it."""
        if (voice, text) not in self._known:
            settings = VoiceSettings(voice.voice, voice.rate, voice.pitch)
            raw = self._synthesizer.render(text, settings).to_rate()
            self._known[voice, text] = at_level(trimmed(raw.samples))
        return Audio(self._known[voice, text])

    def request(self, voice: PersonVoice, text: str, wake: bool = True) -> Audio:
        """The wake word, a breath, and the request; an empty text is the wake word alone."""
        parts = [self.render(voice, f"{self._wake_phrase}.").samples] if wake else []
        if wake and text.strip():
            parts.append(silence(PAUSE))
        if text.strip():
            parts.append(self.render(voice, text).samples)
        return Audio(np.concatenate(parts) if parts else silence(0))


def trimmed(samples: Samples) -> Samples:
    """Without the silence at both ends."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 100)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples[:0]


def at_level(samples: Samples, level: float = LEVEL) -> Samples:
    """At an equal loudness of the parts that sound."""
    width = RATE // 50
    whole = len(samples) // width * width
    if not whole:
        return samples
    power = np.mean(samples[:whole].reshape(-1, width).astype(float) ** 2, axis=1)
    sounding = power[power > power.max() / 1000]
    return to_int16(samples * (level / np.sqrt(sounding.mean())))
