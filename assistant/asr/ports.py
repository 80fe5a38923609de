"""The protocol of recognition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from assistant.audio.sound import Audio, Samples
from assistant.turn import Hypothesis

if TYPE_CHECKING:
    from assistant.nlu.templates import Patterns  # understanding takes a second to import


class Recognition(Protocol):
    """One utterance that is being recognised while it is said."""

    @property
    def partial(self) -> str:
        """The words heard so far, `[unk]` for unknown ones; empty where nothing is known before the end."""

    def accept(self, samples: Samples) -> None:
        """Take the next samples at 16 kHz, any number."""

    def finish(self) -> tuple[Hypothesis, ...]:
        """What `Recognizer.recognize` says of all that was accepted; nothing can be accepted after that."""


class Recognizer(Protocol):
    """Turns the audio of one utterance into text."""

    @property
    def name(self) -> str:
        """What it is, for people: `PocketSphinx`, `Vosk (small-en)`."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """One line for each word of the home that it can't hear."""

    def prepare(self, sentences: Iterable[str], patterns: Patterns | None = None) -> None:
        """Rebuild the language model from what people of this home say, and from templates of what they may say."""

    def recognize(self, audio: Audio) -> tuple[Hypothesis, ...]:
        """Up to ten hypotheses, best first, with probabilities (0 to 1) of being right; empty when nothing was said."""

    def stream(self) -> Recognition:
        """Begin an utterance that comes in pieces."""
