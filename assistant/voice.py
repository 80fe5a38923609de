"""The assistant's mouth as the loop sees it: something is being said, can be stopped, and tells how far it got."""

from __future__ import annotations

from typing import Protocol

from assistant.clock import Clock, Stopwatch
from assistant.turn import Spoken


class Speech(Protocol):
    """A reply that is being said."""

    @property
    def seconds(self) -> float:
        """The length of the whole reply in seconds of audio."""

    @property
    def position(self) -> float:
        """How many seconds have really been heard."""

    @property
    def done(self) -> bool:
        """Whether it was said to its end, or stopped."""

    def pause(self) -> None:
        """Be silent for now."""

    def resume(self) -> None:
        """Go on where it was paused."""

    def stop(self) -> None:
        """Be silent at once and for good."""

    def heard(self, position: float) -> str:
        """The text up to a position."""


class Voice(Protocol):
    """Says things."""

    def say(self, text: str) -> Speech:
        """Begin to say a text and return at once."""


class TextSpeech:
    """A reply on a screen, or one whose audio nobody renders: it lasts as long as it would take to say."""

    def __init__(self, text: str, seconds: float, clock: Clock) -> None:
        self.text = text
        self.seconds = seconds
        self._clock = clock
        self._watch = Stopwatch(clock)
        self._stopped = False

    @property
    def position(self) -> float:
        """How many seconds of it have passed, at most its length."""
        return min(self._watch.seconds, self.seconds)

    @property
    def done(self) -> bool:
        """Whether it was said to its end, or stopped."""
        return self._stopped or self.position >= self.seconds

    def pause(self) -> None:
        """Be silent for now."""
        self._watch.stop()

    def resume(self) -> None:
        """Go on where it was paused."""
        self._watch.go_on()

    def stop(self) -> None:
        """Be silent at once and for good."""
        self._stopped = True
        self._watch.stop()

    def heard(self, position: float) -> str:
        """The text up to a position, by its share of the length."""
        share = position / self.seconds if self.seconds else 1.0
        return self.text[: round(len(self.text) * share)]


class TextVoice:
    """Says nothing aloud. `words_per_minute` 0 means that reading takes no time, so that typing never interrupts."""

    def __init__(self, clock: Clock, words_per_minute: float = 0.0) -> None:
        self._clock = clock
        self._rate = words_per_minute

    def say(self, text: str) -> TextSpeech:
        """Begin a reply."""
        seconds = len(text.split()) / self._rate * 60 if self._rate else 0.0
        return TextSpeech(text, seconds, self._clock)


def spoken(speech: Speech, interrupted: bool) -> Spoken:
    """The record of how much of a reply was heard."""
    position = min(speech.position, speech.seconds)
    return Spoken(round(speech.seconds, 3), round(position, 3), interrupted, speech.heard(position))
