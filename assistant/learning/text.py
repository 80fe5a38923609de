"""Comparing what was said: normal form, words that matter, likeness by letters and by sound."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import jellyfish
from rapidfuzz import fuzz

from assistant.learning.words import FILLERS

_APOSTROPHE = re.compile(r"['’`´]")
_PUNCTUATION = re.compile(r"(?<!\d)[.:,]|[.:,](?!\d)|[^\w\s%°.:,]|_")
LONG = 40
"""Words that are compared; what comes after them is no command."""


@lru_cache(maxsize=1 << 16)
def normal(text: str) -> str:
    """The form in which texts are matched: lower case, no punctuation, single spaces.

    >>> normal("What's the Weather, in Wilkerson?"), normal("Set it to 21.5 %!")
    ('whats the weather in wilkerson', 'set it to 21.5 %')
    """
    plain = _APOSTROPHE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return " ".join(_PUNCTUATION.sub(" ", plain).split())


@lru_cache(maxsize=1 << 16)
def sound(text: str) -> str:
    """How a text sounds, as Metaphone codes; words that have no code (numbers) stand for themselves.

    >>> sound("garage door"), sound("40 percent")
    ('KRJ TR', '40 PRSNT')
    """
    return " ".join(jellyfish.metaphone(word) or word for word in text.split()[:LONG])


def content(text: str) -> tuple[str, ...]:
    """The words of a normal text that matter."""
    words = text.split()[:LONG]
    return tuple(word for word in words if word not in FILLERS) or tuple(words)


@lru_cache(maxsize=1 << 16)
def lexical(one: str, other: str) -> float:
    """Likeness of two normal texts by their words and letters (0 to 1), whatever the order of the words.

    >>> lexical("turn the lamp on", "turn on the lamp")
    1.0
    """
    return fuzz.token_sort_ratio(" ".join(content(one)), " ".join(content(other))) / 100


@lru_cache(maxsize=1 << 16)
def phonetic(one: str, other: str) -> float:
    """Likeness of two normal texts by sound (0 to 1): Metaphone codes, compared with and without word boundaries.

    >>> phonetic("garbage door", "garage door") > 0.8 > 0.4 > phonetic("kitchen", "bedroom")
    True
    """
    first, second = sound(one), sound(other)
    joined = fuzz.ratio(first.replace(" ", ""), second.replace(" ", "")) / 100
    # codes drop the vowels, which two short different words easily share; the letters keep them honest
    return 0.7 * joined + 0.3 * fuzz.ratio(one, other) / 100


def differing(one: str, other: str) -> tuple[str, str]:
    """The words of each text that the other lacks.

    >>> differing("open the garbage door", "open the garage door")
    ('garbage', 'garage')
    """
    first, second = content(one), content(other)
    return (
        " ".join(word for word in first if word not in second),
        " ".join(word for word in second if word not in first),
    )


def misheard(one: str, other: str) -> float:
    """How likely the differing words of two texts are one word heard in two ways (0 to 1); 0 when none differ.

    >>> misheard("open the garbage door", "open the garage door") > 0.7
    True
    >>> misheard("turn on the kitchen light", "turn on the bedroom light") < 0.5
    True
    """
    first, second = differing(one, other)
    return phonetic(first, second) if first and second else 0.0
