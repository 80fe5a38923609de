"""How words sound: the recogniser's dictionary, and for names that are not in it the speech synthesiser's rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.asr import language
from assistant.errors import UserError

Pronounce = Callable[[Sequence[str]], Sequence[str]]
"""Words to the International Phonetic Alphabet, phonemes separated by `_` (see `WorkerSynthesizer.pronounce`)."""

# The phonemes of espeak-ng's American English in ARPAbet, as far as the acoustic model has them (no stress).
_ARPABET = {
    "p": "P", "b": "B", "t": "T", "d": "D", "k": "K", "ɡ": "G", "g": "G", "tʃ": "CH", "dʒ": "JH", "f": "F", "v": "V",
    "θ": "TH", "ð": "DH", "s": "S", "z": "Z", "ʃ": "SH", "ʒ": "ZH", "h": "HH", "m": "M", "n": "N", "ŋ": "NG",
    "l": "L", "ɫ": "L", "ɹ": "R", "r": "R", "j": "Y", "w": "W", "ʍ": "W", "ɾ": "T", "ʔ": "T", "x": "K", "ç": "HH",
    "iː": "IY", "i": "IY", "ɪ": "IH", "ᵻ": "IH", "eɪ": "EY", "e": "EY", "ɛ": "EH", "æ": "AE", "a": "AE", "aː": "AA",
    "ɑː": "AA", "ɑ": "AA", "ɒ": "AA", "ɔː": "AO", "ɔ": "AO", "oʊ": "OW", "o": "OW", "oː": "OW", "əʊ": "OW", "ʊ": "UH",
    "uː": "UW", "u": "UW", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "ɚ": "ER", "ɜː": "ER", "ɝ": "ER", "aɪ": "AY", "aʊ": "AW",
    "ɔɪ": "OY", "ɪɹ": "IH R", "iə": "IY AH", "ɛɹ": "EH R", "ɑːɹ": "AA R", "ɔːɹ": "AO R", "oːɹ": "AO R", "ʊɹ": "UH R",
    "aɪɚ": "AY ER", "aɪə": "AY AH", "əl": "AH L", "n̩": "AH N", "ɬ": "L", "y": "IY", "yː": "UW", "ø": "ER", "œ": "ER",
    "ɑ̃": "AA N", "ɔ̃": "AO N", "ɛ̃": "AE N", "œ̃": "AH N", "ɣ": "G", "ʁ": "R", "ɲ": "N Y", "t͡s": "T S", "ts": "T S",
}  # fmt: skip
_MARKS = str.maketrans("", "", "ˈˌ‍ ")


def arpabet(ipa: str) -> str | None:
    """Phonemes of the phonetic alphabet, separated by `_`, in ARPAbet; `None` when one has no counterpart.

    >>> arpabet("ˈɛ_k_oʊ_b_ˌiː")
    'EH K OW B IY'
    """
    phones = []
    for phoneme in filter(None, (part.translate(_MARKS) for part in ipa.split("_"))):
        if phoneme not in _ARPABET:
            return None
        phones.append(_ARPABET[phoneme])
    return " ".join(phones) or None


def dictionary(path: Path, words: Collection[str]) -> dict[str, list[str]]:
    """The pronunciations of these words in a dictionary of CMU format; words that are not in it are left out."""
    wanted = set(words)
    found: dict[str, list[str]] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            name, _, phones = line.partition(" ")
            word = name.partition("(")[0]
            if word in wanted:
                found.setdefault(word, []).append(phones.strip())
    return found


def complete(
    known: dict[str, list[str]], words: Collection[str], pronounce: Pronounce | None
) -> tuple[dict[str, list[str]], list[str]]:
    """Add the words that the dictionary lacks; returns all pronunciations and a warning for each word without one."""
    missing = sorted(set(words) - set(known))
    spoken = [arpabet(ipa) for ipa in pronounce(missing)] if missing and pronounce else [None] * len(missing)
    added = {word: [phones] for word, phones in zip(missing, spoken, strict=True) if phones}
    warnings = [f"{word!r} can't be recognised: nobody knows how it is spoken" for word in missing if word not in added]
    return known | added, warnings


@dataclass(frozen=True, slots=True)
class Sayable:
    """Sentences whose words can all be said, how each word is spoken (ARPAbet), and warnings for those that can't."""

    sentences: list[tuple[str, ...]]
    spoken: Mapping[str, list[str]]
    warnings: tuple[str, ...]


def sayable(sentences: Iterable[str], pronounce: Pronounce | None, more: Iterable[str] = ()) -> Sayable:
    """What a recogniser can listen for, by the dictionary of PocketSphinx's wheel and `pronounce` for other words.

    `more` are words that occur elsewhere. Raises `UserError` when no sentence is left.
    """
    from pocketsphinx import get_model_path

    said = [words for words in map(language.words_of, sentences) if words]
    wanted = language.vocabulary(said).union(more)
    known = dictionary(Path(get_model_path()) / "en-us" / "cmudict-en-us.dict", wanted)
    spoken, warnings = complete(known, wanted, pronounce)
    said = [words for words in said if all(word in spoken for word in words)]
    if not said:
        raise UserError("no sentence to listen for: the home has no names that can be said")
    return Sayable(said, spoken, tuple(warnings))
