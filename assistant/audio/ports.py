"""The protocols of hearing and being heard: small, so that hardware, files and simulated rooms fit alike."""

from __future__ import annotations

from typing import Protocol

from assistant.audio.sound import Audio, Samples


class Microphone(Protocol):
    """A stream of 16 kHz mono samples."""

    def read(self, timeout: float) -> Samples | None:
        """The next samples, any number; `None` when none came within `timeout` seconds."""

    def close(self) -> None:
        """Stop recording."""


class WakeWord(Protocol):
    """Listens for a word or a phrase.

    `cutoff` (above 0, below 1) is how sure it must be; it may be changed at any time.
    """

    cutoff: float

    @property
    def phrase(self) -> str:
        """What the person says."""

    @property
    def score(self) -> float:
        """How surely it was heard in the last samples, 0 to 1, also where that was not enough."""

    @property
    def ended(self) -> float:
        """Seconds from the end of the phrase to its last detection, as far as known."""

    def process(self, frame: Samples) -> float | None:
        """Take the next 16 kHz samples; the score (0 to 1) when the word was heard in them, else `None`."""

    def reset(self) -> None:
        """Forget what was heard so far."""


class SpeechDetector(Protocol):
    """Tells speech from everything else."""

    def process(self, chunk: Samples) -> float:
        """The probability (0 to 1) that these 512 samples at 16 kHz are speech."""

    def reset(self) -> None:
        """Forget what was heard so far."""


class Playback(Protocol):
    """Audio that is being played."""

    @property
    def audio(self) -> Audio:
        """All of it."""

    @property
    def position(self) -> float:
        """Seconds that have really been heard: what the sound card took, less its delay."""

    @property
    def done(self) -> bool:
        """Whether it was played to its end, or stopped."""

    def pause(self) -> None:
        """Be silent for now: at once in a simulated room, within 150 ms on real hardware."""

    def resume(self) -> None:
        """Go on where it was paused."""

    def stop(self) -> None:
        """Be silent for good, as fast as `pause`."""


class Player(Protocol):
    """Plays audio; a new piece replaces the one that is being played."""

    def play(self, audio: Audio) -> Playback:
        """Begin to play and return at once."""

    def close(self) -> None:
        """Give the device back."""


class EchoCanceller(Protocol):
    """Removes from the microphone what the loudspeaker plays."""

    def process(self, microphone: Samples, reference: Samples) -> Samples:
        """The microphone's samples without the echo of `reference` (as many samples, what was played meanwhile)."""
