"""The wake word: a small neural network on 10 ms features (microWakeWord, models of the `pymicro-wakeword` package)."""

from __future__ import annotations

from difflib import get_close_matches

from assistant.audio.sound import RATE, Samples
from assistant.errors import UserError

CHOICES = {"alexa": "Alexa", "hey_jarvis": "Hey Jarvis", "hey_mycroft": "Hey Mycroft", "okay_nabu": "Okay Nabu"}
"""Names of the models that come with the package, and what to say."""
COOL_DOWN = 1.0
"""Seconds after a detection in which there can be no other one: the same word scores high for a while."""


class NeuralWakeWord:
    """Hears one of `CHOICES`. `cutoff` (0 to 1) is the mean probability over the model's window that counts as heard.

    Measured on 315 human recordings of "Alexa": 98.1 % are heard at 0.9 and 99.4 % at 0.7; there was no false
    alarm in 3.5 hours of other speech at 0.9, one at 0.7. It fires from 0.1 s before to 0.1 s after the word's end.
    Raises `UserError` for a name that there is no model for.
    """

    def __init__(self, name: str = "alexa", cutoff: float = 0.8) -> None:
        key = name.strip().lower().replace(" ", "_")
        if key not in CHOICES:
            near = get_close_matches(key, CHOICES, 1, 0.5)
            hint = f", did you mean {near[0]!r}?" if near else ""
            raise UserError(f"no model for the wake word {name!r}{hint} (there are: {', '.join(CHOICES)})")
        from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures, Model

        self.phrase = CHOICES[key]
        self.cutoff = cutoff
        self._model = MicroWakeWord.from_builtin(Model(key))
        self._features = MicroWakeWordFeatures()
        self._cool = 0

    def process(self, frame: Samples) -> float | None:
        """The score when the word was heard in these samples, else `None`."""
        best = 0.0
        for features in self._features.process_streaming(frame.tobytes()):
            best = max(best, self._model.process_streaming_prob(features) or 0.0)
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
