"""The assistant's ears and mouth put together: one set of engines for a microphone, a demo and a replay alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.asr import Recognizer, choose_recognizer
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
    because: str
    """Why this recogniser listens."""

    @classmethod
    def open(cls, settings: SpeechSettings, folder: Path | None = None) -> Hearing:
        """Load the engines; `folder` is where models are kept. The speech process starts in the background.

        Raises `UserError` for a wake word or a recogniser that is not there.
        """
        wake_word = NeuralWakeWord(settings.wake_word, settings.wake_cutoff)
        synthesizer = WorkerSynthesizer(VoiceSettings(settings.voice, settings.voice_rate), wake_word.phrase)
        synthesizer.start()
        choice = choose_recognizer(settings.recognizer, folder, synthesizer.pronounce)
        listener = Listener(wake_word, Endpointer(SileroDetector()), KalmanEchoCanceller())
        return cls(listener, choice.recognizer, synthesizer, wake_word.phrase, choice.because)

    def learn_home(self, home: Home) -> None:
        """Prepare the recogniser for the names of a home (about a second)."""
        self.recognizer.prepare([*phrasings(home, PHRASINGS), *background()])

    def close(self) -> None:
        """End the speech process."""
        self.synthesizer.close()
