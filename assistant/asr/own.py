"""The recogniser Vosk with the acoustic model that comes with the assistant, and graphs made for this home.

Each utterance is decoded twice: strictly, with automata of the home's sentences and of its templates with slots for
names and values, beside a loop of sounds for everything else; and freely, with a trigram model.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.asr.evidence import Decoded, weigh
from assistant.asr.graph import Machine, Words, free, strict
from assistant.asr.language import automaton
from assistant.asr.pronounce import Pronounce, sayable
from assistant.asr.slots import SlotGrammar
from assistant.asr.stream import KaldiStream, Results
from assistant.audio.quiet import quiet_stderr
from assistant.audio.sound import RATE, Audio
from assistant.turn import Hypothesis

MODEL = Path(__file__).parent / "data" / "model"
if TYPE_CHECKING:
    from assistant.nlu.templates import Patterns  # understanding takes a second to import

BEST = 10
"""Alternatives of a decoding, and hypotheses in the end."""
SHORTEST = 0.15
"""Seconds; there is no word in less."""
STRICT_SENTENCES = 8000
STRICT_WAY_OUT = 5.0
"""Nats that unknown words cost in place of a sentence of the home."""
FREE_WAY_OUT = 9.0
"""Nats that an unknown word costs among the home's words."""


def home_model(folder: Path, words: Words, grammar: Machine, acoustic: Path = MODEL) -> Any:
    """A model of libvosk: an acoustic model with these words and this grammar, written to a folder and loaded."""
    import vosk

    vosk.SetLogLevel(-1)
    for part in ("am", "conf"):
        shutil.copytree(acoustic / part, folder / part)
    words.write(folder / "graph")
    grammar.write(folder / "graph" / "Gr.fst")
    with quiet_stderr():
        return vosk.Model(str(folder.resolve()))


class HomeVoskRecognizer:
    """Vosk with our own model. `pronounce` says how names sound that are not in the dictionary.

    One thread at a time; another one may prepare it anew.
    """

    name = "Vosk (own model)"

    def __init__(self, pronounce: Pronounce | None = None) -> None:
        self._pronounce = pronounce
        self._models: tuple[Any, Any] | None = None
        self.warnings: tuple[str, ...] = ()

    def prepare(self, sentences: Iterable[str], patterns: Patterns | None = None) -> None:
        """Rebuild the graphs (one to three seconds). Raises `UserError` when there is no sentence that can be said."""
        grammar = SlotGrammar.of(patterns) if patterns is not None else None
        can = sayable(sentences, self._pronounce, grammar.words if grammar else ())
        self.warnings = can.warnings
        words = Words(can.spoken)
        listed = automaton(list(dict.fromkeys(can.sentences))[:STRICT_SENTENCES])
        automata = [(listed, 1.0)]
        if patterns is not None and grammar is not None:
            automata = [(listed, 1.0 - patterns.share), (grammar.automaton(), patterns.share)]
        with tempfile.TemporaryDirectory(prefix="mynah-") as name:
            exact = home_model(Path(name) / "strict", words, strict(words, automata, STRICT_WAY_OUT))
            loose = home_model(Path(name) / "free", words, free(words, can.sentences, FREE_WAY_OUT))
        self._models = exact, loose

    def recognize(self, audio: Audio) -> tuple[Hypothesis, ...]:
        """Up to ten hypotheses, best first, with probabilities of being right; empty when nothing was said."""
        stream = self.stream()
        stream.accept(audio.to_rate().samples)
        return stream.finish()

    def stream(self) -> KaldiStream:
        """Begin an utterance that comes in pieces: both graphs hear them."""
        import vosk

        assert self._models is not None, "prepared before use"
        decoders = [vosk.KaldiRecognizer(model, RATE) for model in self._models]
        for decoder in decoders:
            decoder.SetMaxAlternatives(BEST)
        return KaldiStream(decoders, lambda results, seconds: weigh(_decoded(results, seconds), BEST))

    def decode(self, audio: Audio) -> Decoded:
        """What both graphs hear."""
        stream = self.stream()
        stream.accept(audio.to_rate().samples)
        return _decoded(stream.results(), stream.seconds)


def _decoded(results: Results, seconds: float) -> Decoded:
    """The ten best sentences of each decoding."""
    exact, loose = (_alternatives(result) for result in results) if seconds >= SHORTEST else ((), ())
    return Decoded(exact, loose, seconds)


def _alternatives(result: dict[str, Any]) -> tuple[tuple[str, float], ...]:
    """The ten best sentences of a decoding."""
    found: dict[str, float] = {}
    for each in result.get("alternatives", ()):
        found.setdefault(" ".join(each["text"].split()), each.get("confidence", 0.0))
    return tuple(sorted(found.items(), key=lambda each: -each[1]))
