"""The assistant's ears and mouth put together: one set of engines for a microphone, a demo and a replay alike."""

from __future__ import annotations

import contextlib
import ctypes
import threading
from dataclasses import dataclass, field
from pathlib import Path

from assistant.asr import Recognizer, choose_recognizer
from assistant.audio.echo import KalmanEchoCanceller
from assistant.audio.endpoint import Endpointer, SileroDetector
from assistant.audio.listener import Listener
from assistant.audio.overlap import OverlapDetector
from assistant.audio.wake import spoken_as, wake_words
from assistant.config import Speech as SpeechSettings
from assistant.home import Home
from assistant.nlu.phrasings import background, patterns, phrasings
from assistant.readiness import Endings, Patience, Pauses, Preview
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
    endings: Endings = field(default_factory=Endings)
    """Where the sentences of the home end."""
    _known: tuple[Home, tuple[str, ...]] | None = field(default=None, init=False)
    _learning: threading.Thread | None = field(default=None, init=False)

    @classmethod
    def open(cls, settings: SpeechSettings, folder: Path | None = None) -> Hearing:
        """Load the engines; `folder` is where models are kept. The speech process starts in the background.

        Raises `UserError` for a wake word or a recogniser that is not there.
        """
        phrases = [spoken_as(name) for name in settings.wake_words]
        synthesizer = WorkerSynthesizer(VoiceSettings(settings.voice, settings.voice_rate), phrases)
        synthesizer.start()
        wake_word = wake_words(phrases, settings.wake_cutoff, synthesizer.pronounce)
        choice = choose_recognizer(settings.recognizer, folder, synthesizer.pronounce)
        overlap = OverlapDetector(SileroDetector())
        listener = Listener(wake_word, Endpointer(SileroDetector()), KalmanEchoCanceller(), overlap)
        return cls(listener, choice.recognizer, synthesizer, wake_word.phrase, choice.because)

    def learn_home(self, home: Home, sayings: tuple[str, ...] = ()) -> None:
        """Prepare the recogniser for the names of a home and its people's own sayings (one to three seconds)."""
        self._known = home, sayings
        sentences = [*sayings, *phrasings(home, PHRASINGS)]
        self.endings.learn(sentences)
        self.recognizer.prepare([*sentences, *background()], patterns(home))
        _give_back_memory()

    def attend(self, preview: Preview, pauses: Pauses) -> Patience:
        """What follows the words as they come, and tells the listener how long a pause may last."""
        return Patience(preview, self.endings, pauses, self.listener.wait)

    def keep_up(self, home: Home, sayings: tuple[str, ...]) -> None:
        """Prepare anew where names or sayings have changed, in the background; until then the old ones are heard."""
        outdated = self._known is not None and (self._known[0] is not home or self._known[1] != sayings)
        if outdated and not self.busy:
            self._learning = threading.Thread(target=self.learn_home, args=(home, sayings), daemon=True)
            self._learning.start()

    @property
    def busy(self) -> bool:
        """Whether it is being prepared in the background."""
        return self._learning is not None and self._learning.is_alive()

    def close(self) -> None:
        """End the speech process."""
        if self._learning is not None:
            self._learning.join()
        self.synthesizer.close()


def _give_back_memory() -> None:
    """Return to the system what building the graphs took: 10 to 50 MB that glibc would keep."""
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)
