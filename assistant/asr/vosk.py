"""The recogniser Vosk, for machines that have one of its models."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.asr import language
from assistant.asr.stream import KaldiStream
from assistant.audio.quiet import quiet_stderr
from assistant.audio.sound import RATE, Audio
from assistant.errors import UserError
from assistant.turn import Hypothesis, Word

if TYPE_CHECKING:
    from assistant.nlu.templates import Patterns  # understanding takes a second to import

BEST = 10
UNKNOWN = "[unk]"
"""What a model writes for words outside the grammar."""
SCALE = 10.0
"""By how much the scores of whole hypotheses, in nats, are too far apart to be probabilities."""


class VoskRecognizer:
    """Vosk with a model from a folder. Raises `UserError` when the folder holds no model that can be loaded.

    A model with a dynamic graph (`HCLr.fst`) listens only for the home's sentences; any other for everything.
    """

    def __init__(self, model: Path) -> None:
        missing = [part for part in ("am/final.mdl", "conf/model.conf", "graph") if not (model / part).exists()]
        if missing:
            raise UserError(f"{model}: not a Vosk model: {missing[0]} is missing")
        import vosk

        vosk.SetLogLevel(-1)
        try:
            with quiet_stderr():
                self._model = vosk.Model(str(model.resolve()))
        except Exception as error:  # the package raises nothing more precise
            raise UserError(f"{model}: this Vosk model can't be loaded: {error}") from None
        self.name = f"Vosk ({model.name})"
        self.warnings: tuple[str, ...] = ()
        self._dynamic = (model / "graph" / "HCLr.fst").exists()
        self._grammar: str | None = None

    def prepare(self, sentences: Iterable[str], patterns: Patterns | None = None) -> None:
        """Take the home's sentences as a grammar, where the model allows it; words it lacks get a warning."""
        del patterns  # a grammar at run time is a list of sentences
        if not self._dynamic:
            return
        said = sorted({words for words in map(language.words_of, sentences) if words})
        lacking = {word for word in language.vocabulary(said) if self._model.vosk_model_find_word(word) < 0}
        self.warnings = tuple(f"{word!r} can't be recognised: the model does not know it" for word in sorted(lacking))
        usable = [" ".join(words) for words in said if not lacking.intersection(words)]
        self._grammar = json.dumps([*usable, UNKNOWN])

    def recognize(self, audio: Audio) -> tuple[Hypothesis, ...]:
        """Up to ten hypotheses, best first, with probabilities of being right; empty when nothing was said."""
        stream = self.stream()
        stream.accept(audio.to_rate().samples)
        return stream.finish()

    def stream(self) -> KaldiStream:
        """Begin an utterance that comes in pieces."""
        import vosk

        grammar = (self._grammar,) if self._grammar else ()
        decoder = vosk.KaldiRecognizer(self._model, RATE, *grammar)
        decoder.SetMaxAlternatives(BEST)
        decoder.SetWords(True)
        return KaldiStream([decoder], lambda results, _seconds: hypotheses(results[0]))


def hypotheses(result: dict[str, Any]) -> tuple[Hypothesis, ...]:
    """Vosk's alternatives as hypotheses: their scores become shares of one, and lose what was outside the grammar.

    >>> scored = [{"text": "open it", "confidence": 210.0}, {"text": "", "confidence": 200.0}]
    >>> found = hypotheses({"alternatives": scored})
    >>> [(each.text, round(each.confidence, 2)) for each in found]
    [('open it', 0.73)]
    """
    alternatives = result.get("alternatives") or [{"text": result.get("text", ""), "confidence": 0.0}]
    best = max(each.get("confidence", 0.0) for each in alternatives)
    weights = [math.exp((each.get("confidence", 0.0) - best) / SCALE) for each in alternatives]
    total = sum(weights)
    merged: dict[str, Hypothesis] = {}
    for each, weight in zip(alternatives, weights, strict=True):
        text = " ".join(each["text"].split())
        if not text or UNKNOWN in text:
            continue
        share = weight / total + (merged[text].confidence if text in merged else 0.0)
        words = tuple(
            Word(word["word"], word["start"], word["end"], word.get("conf", share)) for word in each.get("result", ())
        )
        merged[text] = Hypothesis(text, min(share, 1.0), words)
    return tuple(sorted(merged.values(), key=lambda each: -each.confidence)[:BEST])
