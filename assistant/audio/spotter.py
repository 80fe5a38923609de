"""A wake word of one's own: any phrase, through the recogniser's acoustic model, with unknown words as the way out.

Method: keywords and fillers (Rose, Paul 1990). Speech is decoded as the phrase, as any sounds, or as both in turn. The
decoding that runs along only points to where the phrase may be, since it takes back much of what it says; what counts
is a second one of the last seconds, once the phrase has ended in it.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from assistant.asr.graph import UNKNOWN, Machine, Words
from assistant.asr.own import home_model
from assistant.asr.pronounce import Pronounce, sayable
from assistant.audio.endpoint import CHUNK
from assistant.audio.ports import SpeechDetector
from assistant.audio.sound import RATE, Samples
from assistant.errors import UserError

WAY_OUT = 1.0
"""Nats that unknown words cost beside the phrase."""
INSIDE = 8.0
"""Nats that the phrase costs after other words: who calls somebody begins with the name."""
LOUD, STILL = 0.5, 0.35
"""Probabilities of speech from which the recogniser listens, and below which speech pauses."""
PAUSE = 0.6
"""Seconds without speech after which it stops listening."""
BEFORE = 0.4
"""Seconds from before the speech that it hears too."""
TAIL = 3.0
"""Seconds that the second decoding looks back."""
ENDED = 0.12
"""Seconds that must have passed since the end of the phrase: before that it may be the beginning of another word."""
DOUBT = 1.5
"""Seconds after the first decoding came upon the phrase in which the second may confirm it."""
LOOK = 3
"""Chunks after which it looks at what was heard (0.1 s)."""
SHORTEST = 4
"""Sounds of a phrase, at least."""


def spotting(words: Words, phrase: tuple[str, ...]) -> Machine:
    """A grammar: the phrase, before, after and between unknown words; or only those; or nothing."""
    machine = Machine()
    start, others, said = machine.state(), machine.state(), machine.state()
    unknown = words.numbers[UNKNOWN]
    for source, cost in ((start, 0.0), (others, INSIDE)):
        state = source
        for place, word in enumerate(phrase):
            target = said if place == len(phrase) - 1 else machine.state()
            machine.arc(state, words.numbers[word], words.numbers[word], 0.0 if place else cost, target)
            state = target
    machine.arc(start, unknown, unknown, WAY_OUT, others)
    machine.arc(others, unknown, unknown, 0.0, others)
    machine.arc(said, unknown, unknown, WAY_OUT, others)
    machine.finals = dict.fromkeys((start, others, said), 0.0)
    return machine


class PhraseWakeWord:
    """Hears a phrase of one's own. `cutoff` (0 to 1) is the least confidence of each of its words.

    The recogniser runs only while `detector` hears speech. It fires 0.1 to 0.3 s after the end of the phrase.
    Raises `UserError` when nobody knows how the phrase is spoken, and when it is too short to be told from other words.
    """

    def __init__(
        self, phrase: str, detector: SpeechDetector, pronounce: Pronounce | None = None, cutoff: float = 0.8
    ) -> None:
        can = sayable([phrase], pronounce)
        (self._said,) = can.sentences
        sounds = sum(min(len(each.split()) for each in can.spoken[word]) for word in self._said)
        if sounds < SHORTEST:
            raise UserError(f"the wake word {phrase!r} is too short: it has {sounds} sounds, {SHORTEST} are needed")
        words = Words(can.spoken)
        with tempfile.TemporaryDirectory(prefix="mynah-") as folder:
            self._model = home_model(Path(folder), words, spotting(words, self._said))
        self.phrase = phrase
        self.cutoff = cutoff
        self.score = 0.0
        self.ended = 0.0
        self._detector = detector
        self.reset()

    def reset(self) -> None:
        """Forget what was heard so far."""
        self._detector.reset()
        self._rest = np.zeros(0, np.int16)
        self._tail = np.zeros(0, np.int16)
        self._recognizer: Any = None
        self._fed = self._still = 0
        self._count = 0
        self._doubted = 0

    def process(self, frame: Samples) -> float | None:
        """The score when the phrase was heard in these samples, else `None`."""
        self.score = 0.0
        data = np.concatenate([self._rest, frame])
        whole = len(data) // CHUNK * CHUNK
        self._rest = data[whole:]
        scores = [self._chunk(data[start : start + CHUNK]) for start in range(0, whole, CHUNK)]
        return max((score for score in scores if score is not None), default=None)

    def _chunk(self, chunk: Samples) -> float | None:
        speech = self._detector.process(chunk)
        kept = BEFORE if self._recognizer is None else TAIL
        self._tail = np.concatenate([self._tail, chunk])[-round(kept * RATE) :]
        if self._recognizer is None:
            if speech > LOUD:
                self._listen()
            return None
        self._recognizer.AcceptWaveform(chunk.tobytes())
        self._fed += 1
        self._still = 0 if speech > STILL else self._still + CHUNK
        score = self._look() if self._fed % LOOK == 0 else None
        if score is not None or self._still > PAUSE * RATE:
            self._recognizer = None
        return score

    def _listen(self) -> None:
        """Begin to recognise, with a moment from before the speech."""
        import vosk

        self._recognizer = vosk.KaldiRecognizer(self._model, RATE)
        self._recognizer.AcceptWaveform(self._tail.tobytes())
        self._fed = self._still = self._count = 0

    def _look(self) -> float | None:
        """The confidence in the phrase, when it has just ended and is surely there."""
        words = tuple(json.loads(self._recognizer.PartialResult())["partial"].split())
        count = len(_places(words, self._said))
        if count > self._count:
            self._doubted = self._fed
        self._count = count
        if not count or (self._fed - self._doubted) * CHUNK > DOUBT * RATE:
            return None
        return self._confirm()

    def _confirm(self) -> float | None:
        """The last seconds anew, as a whole."""
        import vosk

        recognizer = vosk.KaldiRecognizer(self._model, RATE)
        recognizer.SetWords(True)
        recognizer.AcceptWaveform(self._tail.tobytes())
        found = json.loads(recognizer.FinalResult()).get("result", ())
        for place in _places(tuple(word["word"] for word in found), self._said):
            heard = found[place : place + len(self._said)]
            ended = len(self._tail) / RATE - heard[-1]["end"]
            confidence: float = min(word["conf"] for word in heard)
            if ENDED <= ended <= DOUBT:
                self.score = max(self.score, min(confidence, 1.0))
            if ENDED <= ended <= DOUBT and confidence > self.cutoff:
                self.ended = ended
                return self.score
        return None


def _places(words: tuple[str, ...], phrase: tuple[str, ...]) -> list[int]:
    """Where the phrase begins among the words.

    >>> _places(("[unk]", "hey", "computer"), ("hey", "computer"))
    [1]
    """
    length = len(phrase)
    return [place for place in range(len(words) - length + 1) if words[place : place + length] == phrase]
