"""The recogniser Vosk with the acoustic model that comes with the assistant, and graphs made for this home.

Each utterance is decoded twice, as PocketSphinx does it here: strictly, with an automaton of the home's own phrasings
beside a loop of sounds for everything else, and freely, with a trigram model. Both take a hundredth of the audio.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assistant.asr.evidence import Decoded, weigh
from assistant.asr.graph import Machine, Words, free, strict
from assistant.asr.pronounce import Pronounce, sayable
from assistant.audio.quiet import quiet_stderr
from assistant.audio.sound import RATE, Audio
from assistant.turn import Hypothesis

MODEL = Path(__file__).parent / "data" / "model"
BEST = 10
"""Alternatives of a decoding, and hypotheses in the end."""
SHORTEST = 0.15
"""Seconds; there is no word in less."""
STRICT_SENTENCES = 8000
STRICT_WAY_OUT = 5.0
"""Nats that unknown words cost in place of a sentence of the home."""
FREE_WAY_OUT = 9.0
"""Nats that an unknown word costs among the home's words."""


def home_model(folder: Path, words: Words, grammar: Machine) -> Any:
    """A model of libvosk: the acoustic model with these words and this grammar, written to a folder and loaded."""
    import vosk

    vosk.SetLogLevel(-1)
    for part in ("am", "conf"):
        shutil.copytree(MODEL / part, folder / part)
    words.write(folder / "graph")
    grammar.write(folder / "graph" / "Gr.fst")
    with quiet_stderr():
        return vosk.Model(str(folder.resolve()))


class HomeVoskRecognizer:
    """Vosk with our own model. `pronounce` says how names sound that are not in the dictionary.

    One thread at a time.
    """

    name = "Vosk (own model)"

    def __init__(self, pronounce: Pronounce | None = None) -> None:
        self._pronounce = pronounce
        self._strict: Any = None
        self._free: Any = None
        self.warnings: tuple[str, ...] = ()

    def prepare(self, sentences: Iterable[str]) -> None:
        """Rebuild the graphs. Raises `UserError` when there is no sentence whose words can be said."""
        can = sayable(sentences, self._pronounce)
        self.warnings = can.warnings
        words = Words(can.spoken)
        with tempfile.TemporaryDirectory(prefix="mynah-") as name:
            distinct = list(dict.fromkeys(can.sentences))[:STRICT_SENTENCES]
            self._strict = home_model(Path(name) / "strict", words, strict(words, distinct, STRICT_WAY_OUT))
            self._free = home_model(Path(name) / "free", words, free(words, can.sentences, FREE_WAY_OUT))

    def recognize(self, audio: Audio) -> tuple[Hypothesis, ...]:
        """Up to ten hypotheses, best first, with probabilities of being right; empty when nothing was said."""
        return weigh(self.decode(audio), BEST)

    def decode(self, audio: Audio) -> Decoded:
        """What both graphs hear."""
        assert self._strict is not None, "prepared before use"
        sound = audio.to_rate()
        if sound.seconds < SHORTEST:
            return Decoded((), (), sound.seconds)
        data = sound.samples.tobytes()
        return Decoded(_alternatives(self._strict, data), _alternatives(self._free, data), sound.seconds)


def _alternatives(model: Any, data: bytes) -> tuple[tuple[str, float], ...]:
    """The ten best sentences of a decoding."""
    import vosk

    recognizer = vosk.KaldiRecognizer(model, RATE)
    recognizer.SetMaxAlternatives(BEST)
    recognizer.AcceptWaveform(data)
    found: dict[str, float] = {}
    for each in json.loads(recognizer.FinalResult()).get("alternatives", ()):
        found.setdefault(" ".join(each["text"].split()), each.get("confidence", 0.0))
    return tuple(sorted(found.items(), key=lambda each: -each[1]))
