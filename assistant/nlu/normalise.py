"""From raw text to tokens: one spelling for what is said the same way, with the words as spoken kept beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.nlu.numerals import read_number

MAX_WORDS = 60
"""No request to a home is longer; what follows is not read, and the request counts as not understood."""

MAX_SIGNS = 1000
MAX_LETTERS = 64
"""No request, and no word of one, is longer."""

_CONTRACTIONS = {
    "what's": "what is", "whats": "what is", "where's": "where is", "who's": "who is", "how's": "how is",
    "it's": "it is", "that's": "that is", "there's": "there is", "when's": "when is", "let's": "let us",
    "don't": "do not", "dont": "do not", "doesn't": "does not", "didn't": "did not", "isn't": "is not",
    "aren't": "are not", "won't": "will not", "can't": "can not", "cannot": "can not", "couldn't": "could not",
    "wouldn't": "would not", "shouldn't": "should not", "wasn't": "was not", "haven't": "have not", "hasn't": "has not",
    "i'm": "i am", "i'd": "i would", "i'll": "i will", "i've": "i have", "we're": "we are", "you're": "you are",
    "they're": "they are", "nevermind": "never mind", "gonna": "going to", "wanna": "want to", "lemme": "let me",
    "gimme": "give me", "o'clock": "oclock", "alright": "all right", "mins": "minutes", "min": "minutes",
    "secs": "seconds", "sec": "seconds", "hr": "hour", "hrs": "hours", "colour": "color", "colours": "colors",
    "cosy": "cozy", "grey": "gray", "celcius": "celsius", "centigrade": "celsius", "w/o": "without", "&": "and",
    "t.v": "tv", "a.m": "am", "p.m": "pm", "okay": "ok",
}  # fmt: skip
_SYMBOLS = str.maketrans({
    "’": "'", "‘": "'", "`": "'", "´": "'", "–": " ", "—": " ", "‑": " ", "%": " percent ", "°": " degrees ",
    "℃": " degrees c ", "℉": " degrees f ", "½": " half ", "+": " plus ",
})  # fmt: skip
_WORD = re.compile(r"\d{1,2}:\d{2}|\d+(?:\.\d+)?|(?:[ap]\.m\b|t\.v\b)|[^\W\d_]+(?:'[^\W\d_]+)*(?:\d+\b)?|&|-(?=\d)")
_GLUED = re.compile(r"(?<=\d)(?=[a-z])")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_NOT_A_NUMBER_AFTER = frozenset(
    {"other", "this", "that", "which", "no", "every", "left", "right", "any", "each", "the"}
)
_UNITS_OF_ONE = frozenset({
    "hour", "hours", "minute", "minutes", "second", "seconds", "percent", "degree", "degrees", "day", "point",
    "hundred", "thousand", "am", "pm",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One unit of meaning: a word, or a number spoken in several words.

    `text` is the normal form, `spoken` the words as they came; `number` is set for numbers.
    """

    text: str
    spoken: str
    number: float | None = None


def is_too_long(text: str) -> bool:
    """Whether a text is longer than anything that is said to a home, or has a word that is none.

    >>> is_too_long("turn on the light"), is_too_long("x" * 100), is_too_long("light " * 200)
    (False, True, True)
    """
    return len(text) > MAX_SIGNS or max(map(len, text.split()), default=0) > MAX_LETTERS


def words_of(text: str) -> list[str]:
    """Lower-case words without punctuation, contractions opened.

    >>> words_of("What's the oven at?  It's 21°C – or 50%!")
    ['what', 'is', 'the', 'oven', 'at', 'it', 'is', '21', 'degrees', 'c', 'or', '50', 'percent']
    """
    text = unicodedata.normalize("NFKC", text[:8000].translate(_SYMBOLS)).translate(_SYMBOLS).lower()
    text = _GLUED.sub(" ", _THOUSANDS.sub("", text))
    words: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group().strip("'")
        words.extend(_CONTRACTIONS.get(word, "minus" if word == "-" else word).split())
        if len(words) > MAX_WORDS * 3:
            break
    return words


def tokenise(words: Sequence[str]) -> list[Token]:
    """Join the words of each number; all other words stay as they are.

    >>> [token.text for token in tokenise("set it to one hundred and eighty degrees".split())]
    ['set', 'it', 'to', '180', 'degrees']
    >>> [token.text for token in tokenise("the oven at one eighty".split())]
    ['the', 'oven', 'at', '180']
    >>> [token.text for token in tokenise("the other one".split())]
    ['the', 'other', 'one']
    """
    return [token for token, _ in aligned(words)]


def aligned(words: Sequence[str]) -> list[tuple[Token, int]]:
    """The tokens, each with the index of its first word."""
    tokens: list[tuple[Token, int]] = []
    i = 0
    while i < len(words):
        value, end = _number_at(words, i)
        if value is None:
            tokens.append((Token(words[i], words[i]), i))
            i += 1
            continue
        text = f"{value:g}" if abs(value) < 1e6 else str(int(value))
        tokens.append((Token(text, " ".join(words[i:end]), value), i))
        i = end
    return tokens


def _number_at(words: Sequence[str], i: int) -> tuple[float | None, int]:
    word = words[i]
    if word[0].isdigit():
        try:
            return (float(word), i + 1) if len(word) < 10 else (None, i)
        except ValueError:
            return None, i
    if word == "minus" and i + 1 < len(words) and words[i + 1][0].isdigit():
        value, end = _number_at(words, i + 1)
        return (-value if value is not None else None), end
    if word == "one" and _is_pronoun(words, i):
        return None, i
    found = read_number(words, i)
    if found is None:
        return None, i
    value, end = found[0], found[1]
    tens = read_number(words, end) if 0 < value < 10 and end == i + 1 else None
    if tens is not None and 60 <= tens[0] < 100 and not words[end][0].isdigit():
        # "one eighty": no clock has eighty minutes.
        return value * 100 + tens[0], tens[1]
    return value, end


def _is_pronoun(words: Sequence[str], i: int) -> bool:
    """Whether "one" stands for a thing ("the other one") and not for a number."""
    after = words[i + 1] if i + 1 < len(words) else ""
    if after in _UNITS_OF_ONE or read_number(words, i + 1):
        return False
    if after in {"in", "of", "is", "on", "by", "that"}:
        return True
    if after == "for" and words[max(0, i - 1)] in {"and", "another"}:
        return True
    return i == 0 or words[i - 1] in _NOT_A_NUMBER_AFTER
