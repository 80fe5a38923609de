"""How near a spoken mention is to a name: exact, by words, by spelling, by sound."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import jellyfish
from rapidfuzz import fuzz

_FILLER = frozenset({"the", "a", "an", "my", "our", "of", "in", "please", "device"})


ALIEN = 0.6
"""A word that is no nearer than this to any word of a name is not in it."""
PART = "part of the name"
"""The reason of a mention that leaves words of the name out."""
MORE = "more than the name"
"""The reason of a mention that has words which the name has not."""
NOT_NAMED = "it was not named"
"""The reason of a thing that was meant by its kind, its room or what it tells."""
LEFT_OUT = "without "
"""How the reason begins that names what was excepted."""
OTHER = 0.6
"""The most that two names are alike of which each has a word that is not in the other."""


@lru_cache(maxsize=8192)
def normalise(text: str) -> str:
    """Lower case, words only, no articles, no plural s.

    >>> normalise("The Kitchen-Lights")
    'kitchen light'
    """
    words = re.findall(r"[a-z0-9]+", text.lower().replace("'s", "").replace("'", ""))
    kept = [word for word in words if word not in _FILLER] or words
    return " ".join(_singular(word) for word in kept)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")) else word


@lru_cache(maxsize=8192)
def sound(text: str) -> str:
    """The Metaphone code of every word, joined: equal for words that sound alike."""
    return " ".join(jellyfish.metaphone(word) for word in normalise(text).split())


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are, each part 0 to 1, and which part decided."""

    score: float
    because: str

    @property
    def heard(self) -> float:
        """How sure it is that the words that were said are words of the name: 1 for a part of it."""
        return 1.0 if self.because.startswith(PART) else self.score


@lru_cache(maxsize=65536)
def likeness(mention: str, name: str) -> Likeness:
    """Compare a spoken mention with a name.

    >>> likeness("the garage door", "Garage Door").score
    1.0
    >>> likeness("garbage door", "Garage Door").score > 0.8
    True
    >>> likeness("sandwich", "Garage Door").score < 0.5
    True
    >>> likeness("front door lock", "Rear Door Lock").score < 0.62
    True
    """
    said, known = normalise(mention), normalise(name)
    if not said or not known:
        return Likeness(0.0, "empty")
    if said == known:
        return Likeness(1.0, "same name")
    if said.replace(" ", "") == known.replace(" ", ""):
        return Likeness(0.99, "same letters")
    said_words, known_words = set(said.split()), set(known.split())
    if said_words == known_words:
        return Likeness(0.98, "same words")
    if said_words < known_words:
        return Likeness(0.80 + 0.15 * len(said_words) / len(known_words), PART)
    if known_words < said_words:
        return Likeness(0.65 + 0.15 * len(known_words) / len(said_words), MORE)
    spelled = fuzz.ratio(said, known) / 100
    sounded = fuzz.ratio(sound(mention), sound(name)) / 100
    most = OTHER if _tells_apart(said, known) else 1.0
    if sounded > spelled:
        return Likeness(min(0.95 * (0.6 * sounded + 0.4 * spelled), most), "sounds alike")
    return Likeness(min(0.95 * spelled, most), "spelled alike")


def _tells_apart(said: str, known: str) -> bool:
    """Whether both have a word that is like none of the other's: the FRONT door is not the REAR door.

    >>> _tells_apart("bed room lamb", "bedroom lamp"), _tells_apart("milking machine", "coffee machine")
    (False, True)
    """
    one, other = set(said.split()), set(known.split())
    mine, theirs = one - other, other - one
    return _alien(mine, theirs) and _alien(theirs, mine)


def _alien(words: set[str], others: set[str]) -> bool:
    return any(max((_alike(word, other) for other in others), default=0.0) < ALIEN for word in words)


@lru_cache(maxsize=65536)
def _alike(one: str, other: str) -> float:
    part = fuzz.partial_ratio(one, other) if min(len(one), len(other)) > 2 else 0.0
    return max(fuzz.ratio(one, other), part, fuzz.ratio(sound(one), sound(other))) / 100
