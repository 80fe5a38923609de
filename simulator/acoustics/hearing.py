"""The whole way from a person's mouth to text: voice, room, wake word, end of speech, recognition."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.asr.ports import Recognizer
from assistant.audio.endpoint import Endpointer, SileroDetector
from assistant.audio.listener import Listener, Speech, Woke
from assistant.audio.wake import NeuralWakeWord
from assistant.turn import Hypothesis
from simulator.acoustics.room import Acoustics, VirtualRoom
from simulator.acoustics.voices import PersonVoice, Voices

FRAME = 1024
LEAD = 0.5
"""Seconds of the empty room before somebody speaks."""
WAIT = 4.0
"""Seconds in which the assistant must have noticed the end of speech."""


@dataclass(frozen=True, slots=True)
class Said:
    """One request as it is spoken. `closer` is by how many decibels louder than usual."""

    voice: PersonVoice
    text: str
    acoustics: Acoustics
    seed: int = 0
    closer: float = 0.0


@dataclass(frozen=True, slots=True)
class Hearing:
    """What became of it: `wake` is the wake word's score, `None` when it was not heard; `speech` what was cut out."""

    wake: float | None
    speech: Speech | None
    hypotheses: tuple[Hypothesis, ...] = ()

    @property
    def text(self) -> str | None:
        """The best hypothesis."""
        return self.hypotheses[0].text if self.hypotheses else None


class HearingChain:
    """Speaks into virtual rooms and tells what an assistant hears there."""

    def __init__(self, voices: Voices, recognizer: Recognizer | None = None) -> None:
        self._voices = voices
        self._recognizer = recognizer
        self._wake_word = NeuralWakeWord()
        self._endpointer = Endpointer(SileroDetector())

    def hear(self, said: Said) -> Hearing:
        """One request after the wake word, alone in a room."""
        room = VirtualRoom(said.acoustics, said.seed)
        self._wake_word.reset()
        listener = Listener(self._wake_word, self._endpointer)
        audio = self._voices.request(said.voice, said.text)
        room.speak(audio, LEAD, said.closer)
        wake: float | None = None
        while room.time < LEAD + audio.seconds + WAIT:
            for event in listener.process(room.hear(FRAME).microphone):
                if isinstance(event, Woke):
                    wake = event.score
                elif isinstance(event, Speech):
                    found = self._recognizer.recognize(event.audio) if self._recognizer else ()
                    return Hearing(wake, event, found)
        return Hearing(wake, None)
