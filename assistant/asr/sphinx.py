"""The recogniser that is always there: PocketSphinx, with language models made for this home.

Each utterance is decoded twice: freely, with a trigram model, for ten hypotheses; and strictly, with an automaton of
the home's own phrasings. When both hear the same, it was said; `assistant.asr.confidence` turns that into a number.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.asr import language
from assistant.asr.confidence import Candidate, rank
from assistant.asr.pronounce import Pronounce, Sayable, sayable
from assistant.asr.slots import SlotGrammar
from assistant.asr.stream import CollectedStream
from assistant.audio.sound import Audio
from assistant.turn import Hypothesis

if TYPE_CHECKING:
    from assistant.nlu.templates import Patterns  # understanding takes a second to import

BEST = 10
"""How many hypotheses are kept."""
SHORTEST = 0.15
"""Seconds; there is no word in less."""
TEMPLATES = 100
"""How many at most. Those of a home make an automaton of 100,000 arcs, which takes longer than the audio."""
STRICT_SENTENCES = 8000
"""Size of the automaton at most; larger ones are slower (a quarter of real time at 25,000) and mishear more."""


class PocketSphinxRecognizer:
    """PocketSphinx with its US English model. `pronounce` says how names sound that are not in its dictionary.

    `prepare` takes 0.5 s for 6,000 sentences, `recognize` about a tenth of the length of the audio. One thread at a
    time; another one may prepare it anew.
    """

    name = "PocketSphinx"

    def __init__(self, pronounce: Pronounce | None = None) -> None:
        self._pronounce = pronounce
        self._decoders: tuple[Any, Any] | None = None
        self.warnings: tuple[str, ...] = ()

    def prepare(self, sentences: Iterable[str], patterns: Patterns | None = None) -> None:
        """Rebuild the language models. Raises `UserError` when there is no sentence whose words can be said.

        Templates are taken in place of the sentences where they are few enough to be followed in time.
        """
        few = patterns is not None and len(patterns.templates) <= TEMPLATES
        grammar = SlotGrammar.of(patterns) if patterns is not None and few else None
        can = sayable(sentences, self._pronounce, grammar.words if grammar else ())
        self.warnings = can.warnings
        listed = list(dict.fromkeys(can.sentences))[:STRICT_SENTENCES]
        strict = grammar.automaton() if grammar else language.automaton(listed)
        with tempfile.TemporaryDirectory(prefix="mynah-") as folder:
            self._load(Path(folder), can, strict)

    def _load(self, folder: Path, can: Sayable, strict: language.Automaton) -> None:
        lines = []
        for word, variants in sorted(can.spoken.items()):
            for number, phones in enumerate(variants, start=1):
                lines.append(f"{word}({number}) {phones}" if number > 1 else f"{word} {phones}")
        (folder / "words.dict").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (folder / "home.arpa").write_text(language.arpa(can.sentences), encoding="utf-8")
        loose = _decoder(folder, lm=str(folder / "home.arpa"))
        # Without bestpath=False the first hypothesis of an automaton costs seconds.
        exact = _decoder(folder, lm=None, bestpath=False)
        start, final, arcs = strict
        arcs = [arc for arc in arcs if len(arc) == 3 or arc[3] in can.spoken]
        exact.add_fsg("home", exact.create_fsg("home", start, final, arcs))
        exact.activate_search("home")
        self._decoders = loose, exact

    def recognize(self, audio: Audio) -> tuple[Hypothesis, ...]:
        """Up to ten hypotheses, best first, with probabilities of being right; empty when nothing was said."""
        return rank(*self.decode(audio), BEST)

    def stream(self) -> CollectedStream:
        """Begin an utterance that comes in pieces; all of it is decoded at the end, which hears far more rightly."""
        return CollectedStream(self.recognize)

    def decode(self, audio: Audio) -> tuple[list[Candidate], str | None]:
        """The ten best of the free decoding, and the sentence of the strict one."""
        assert self._decoders is not None, "prepared before use"
        loose, exact = self._decoders
        sound = audio.to_rate()
        if sound.seconds < SHORTEST:
            return [], None
        data = sound.samples.tobytes()
        _decode(exact, data)
        strict = exact.hyp()
        _decode(loose, data)
        return _distinct(loose), (_clean(strict.hypstr) or None) if strict else None


def _decoder(folder: Path, **options: Any) -> Any:
    """A decoder with the acoustic model of the package and the home's dictionary."""
    from pocketsphinx import Config, Decoder

    return Decoder(Config(dict=str(folder / "words.dict"), cmn="batch", loglevel="FATAL", **options))


def _decode(decoder: Any, data: bytes) -> None:
    """Decode a whole utterance; knowing all of it, the recogniser can take out the room and the microphone."""
    decoder.reinit_feat()  # else a frame of the last utterance is left over and the same sound is heard differently
    decoder.start_utt()
    decoder.process_raw(data, full_utt=True)
    decoder.end_utt()


def _distinct(decoder: Any) -> list[Candidate]:
    """The n-best list without repeats: the same words come back with other pauses and pronunciations."""
    if decoder.hyp() is None:
        return []
    found: dict[str, Candidate] = {}
    for number, hypothesis in enumerate(decoder.nbest()):
        if hypothesis is None or number >= 8 * BEST or len(found) >= BEST:
            break
        text = _clean(hypothesis.hypstr)
        if text and text not in found:
            found[text] = Candidate(text, math.log(max(hypothesis.score, 1e-300)))
    return list(found.values())


def _clean(text: str | None) -> str:
    """The words without fillers and without the numbers of pronunciations."""
    words = (word.partition("(")[0] for word in (text or "").split())
    return " ".join(word for word in words if word and word[0] not in "<[+")
