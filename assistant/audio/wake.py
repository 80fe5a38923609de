"""Wake words: small neural networks on 10 ms features, or any phrase through the recogniser; several at once.

The networks are the microWakeWord models of the `pymicro-wakeword` package; phrases of one's own are `spotter.py`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from assistant.asr.pronounce import Pronounce
from assistant.audio.endpoint import SileroDetector
from assistant.audio.ports import WakeWord
from assistant.audio.sound import RATE, Samples
from assistant.errors import UserError

CHOICES = {"alexa": "Alexa", "hey_jarvis": "Hey Jarvis", "hey_mycroft": "Hey Mycroft", "okay_nabu": "Okay Nabu"}
"""Names of the models that come with the package, and what to say."""
COOL_DOWN = 1.0
"""Seconds after a detection in which there can be no other one: the same word scores high for a while."""
LIKE = 0.8
"""Likeness (0 to 1) to the name of a model from which a phrase is taken for a typing mistake."""
MODEL_ENDS = 0.18
"""Seconds by which the word ends before a model detects it (median of 99 human recordings; 0 to 0.3)."""


class NeuralWakeWord:
    """Hears one of `CHOICES`. `cutoff` (0 to 1) is the mean probability over the model's window that counts as heard.

    Measured on 315 human recordings of "Alexa": 98.1 % are heard at 0.9 and 99.4 % at 0.7; there was no false
    alarm in 3.5 hours of other speech at 0.9, one at 0.7. It fires from 0.1 s before to 0.1 s after the word's end.
    Raises `UserError` for a name that there is no model for.
    """

    ended = MODEL_ENDS

    def __init__(self, name: str = "alexa", cutoff: float = 0.8) -> None:
        key = _key(name)
        if key not in CHOICES:
            raise UserError(f"no model for the wake word {name!r}{_meant(key)} (there are: {', '.join(CHOICES)})")
        from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures, Model

        self.phrase = CHOICES[key]
        self.cutoff = cutoff
        self.score = 0.0
        self._model = MicroWakeWord.from_builtin(Model(key))
        self._features = MicroWakeWordFeatures()
        self._cool = 0

    def process(self, frame: Samples) -> float | None:
        """The score when the word was heard in these samples, else `None`."""
        best = 0.0
        for features in self._features.process_streaming(frame.tobytes()):
            best = max(best, self._model.process_streaming_prob(features) or 0.0)
        self.score = best
        self._cool = max(0, self._cool - len(frame))
        if best <= self.cutoff or self._cool:
            return None
        self._cool = round(COOL_DOWN * RATE)
        return best

    def reset(self) -> None:
        """Forget what was heard so far."""
        self._model.reset()
        self._features.reset()
        self._cool = 0


class WakeWords:
    """Hears any of several wake words; after one of them none of them counts for `COOL_DOWN`."""

    def __init__(self, words: Sequence[WakeWord]) -> None:
        self._words = tuple(words)
        self._cool = 0
        self.ended = 0.0

    @property
    def score(self) -> float:
        """How surely one of them was heard in the last samples, 0 to 1."""
        return max(word.score for word in self._words)

    @property
    def phrase(self) -> str:
        """What a person may say."""
        return " or ".join(word.phrase for word in self._words)

    @property
    def cutoff(self) -> float:
        """How sure it must be, above 0 and below 1; may be changed at any time, by any thread."""
        return self._words[0].cutoff

    @cutoff.setter
    def cutoff(self, cutoff: float) -> None:
        for word in self._words:
            word.cutoff = cutoff

    def process(self, frame: Samples) -> float | None:
        """The score of the surest word that was heard in these samples, else `None`."""
        heard = [(score, word) for word in self._words if (score := word.process(frame)) is not None]
        self._cool = max(0, self._cool - len(frame))
        if not heard or self._cool:
            return None
        self._cool = round(COOL_DOWN * RATE)
        score, word = max(heard, key=lambda found: found[0])
        self.ended = word.ended
        return score

    def reset(self) -> None:
        """Forget what was heard so far."""
        for word in self._words:
            word.reset()
        self._cool = 0


def spoken_as(name: str) -> str:
    """What to say for a wake word of the settings. Raises `UserError` for a model's name that is mistyped.

    >>> spoken_as("okay nabu"), spoken_as("Hey Computer")
    ('Okay Nabu', 'Hey Computer')
    """
    key = _key(name)
    if key not in CHOICES and (meant := _meant(key)):
        raise UserError(f"no model for the wake word {name!r}{meant} (there are: {', '.join(CHOICES)})")
    return CHOICES.get(key, name.strip())


def wake_words(names: Sequence[str], cutoff: float, pronounce: Pronounce | None = None) -> WakeWords:
    """Models for the names of `CHOICES`, the recogniser for any other phrase. Raises `UserError` as they do."""
    return WakeWords([wake_word(name, cutoff, pronounce) for name in dict.fromkeys(map(spoken_as, names))])


def wake_word(name: str, cutoff: float, pronounce: Pronounce | None = None) -> WakeWord:
    """One of them."""
    if _key(name) in CHOICES:
        return NeuralWakeWord(name, cutoff)
    from assistant.audio.spotter import PhraseWakeWord  # Vosk need not be there for the models

    return PhraseWakeWord(spoken_as(name), SileroDetector(), pronounce, cutoff)


def _key(name: str) -> str:
    return "_".join(name.lower().split())


def _meant(key: str) -> str:
    """A question for a name that is nearly that of a model."""
    near = get_close_matches(key, CHOICES, 1, LIKE)
    return f", did you mean {near[0]!r}?" if near else ""
