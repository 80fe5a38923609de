"""The assistant's ears and mouth put together: one set of engines for a microphone, a demo and a replay alike."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.asr.ports import Recognizer
from assistant.audio.echo import KalmanEchoCanceller
from assistant.audio.endpoint import Endpointer, SileroDetector
from assistant.audio.listener import Listener
from assistant.audio.wake import NeuralWakeWord
from assistant.config import Speech as SpeechSettings
from assistant.home import Home
from assistant.nlu.phrasings import background, phrasings
from assistant.tts import VoiceSettings, WorkerSynthesizer

PHRASINGS = 6000
"""Sentences of this home that the recogniser is prepared for."""


@dataclass
class Hearing:
    """Listener, recogniser and synthesiser of one assistant."""

    listener: Listener
    recognizer: Recognizer
    synthesizer: WorkerSynthesizer
    wake_phrase: str

    @classmethod
    def open(cls, settings: SpeechSettings, recognizer: Recognizer) -> Hearing:
        """Load the engines; the speech process starts in the background."""
        synthesizer = WorkerSynthesizer(VoiceSettings(settings.voice, settings.voice_rate), settings.wake_word)
        synthesizer.start()
        wake_word = NeuralWakeWord(settings.wake_word, settings.wake_cutoff)
        listener = Listener(wake_word, Endpointer(SileroDetector()), KalmanEchoCanceller())
        return cls(listener, recognizer, synthesizer, wake_word.phrase)

    def learn_home(self, home: Home) -> None:
        """Prepare the recogniser for the names of a home (about a second)."""
        self.recognizer.prepare([*phrasings(home, PHRASINGS), *background()])

    def close(self) -> None:
        """End the speech process."""
        self.synthesizer.close()
