"""Words that tell how a person took the last answer, and what a fragment completes."""

from __future__ import annotations

from functools import lru_cache

from assistant.learning.text import lexical, phonetic
from assistant.learning.words import CONTINUES, CONTROL, MARKER, VERBS

_ARTICLES = frozenset({"the", "a", "an", "my", "our"})


@lru_cache(maxsize=1 << 16)
def control(text: str) -> str | None:
    """What a normal text says to the dialogue itself: `stop`, `undo`, `yes`, `no`, `thanks`; `None` for a request.

    >>> control("never mind"), control("thats not what i said"), control("turn on the lamp")
    ('stop', 'no', None)
    """
    plain = text.removesuffix(" please").removeprefix("oh ").removeprefix("ok ").removeprefix("okay ").strip()
    return CONTROL.get(plain)


@lru_cache(maxsize=1 << 16)
def stripped(text: str) -> str:
    """A normal text without the words that only mark a correction.

    >>> stripped("no i said open the garage door"), stripped("no the garage door")
    ('open the garage door', 'the garage door')
    """
    return MARKER.sub("", text) or text


def marked(text: str) -> bool:
    """Whether a normal text begins like a correction: "no, ...", "I said ..."."""
    return stripped(text) != text


@lru_cache(maxsize=1 << 16)
def continues(text: str) -> bool:
    """Whether a normal text goes on from what was right: "and the bedroom too", "louder", "next".

    >>> continues("and the bedroom too"), continues("louder"), continues("open the garage")
    (True, True, False)
    """
    return bool(CONTINUES.search(text))


def whole(text: str) -> bool:
    """Whether a normal text looks like a request of its own, with a verb in front, not like a fragment."""
    words = text.split()
    return any(word in VERBS for word in words[:3]) or (len(words) > 1 and words[-1] in {"on", "off"})


def completed(first: str, second: str) -> str | None:
    """The request that `second` means as a correction of `first`; `None` when it can't be told from the words.

    A whole request stands for itself. A fragment takes the place of the words of `first` that it resembles most, by
    letters and by sound.

    >>> completed("open the garbage door", "no the garage door")
    'open the garage door'
    >>> completed("open the garbage door", "no i said open the garage door")
    'open the garage door'
    >>> completed("turn on the lamp", "i meant the bedroom lamp")
    'turn on the bedroom lamp'
    >>> completed("turn on the porch light", "no the garage light")
    'turn on the garage light'
    """
    fragment = stripped(second)
    if whole(fragment):
        return fragment
    return _spliced(first.split(), fragment.split())


def _spliced(words: list[str], fragment: list[str]) -> str | None:
    best, best_likeness = None, 0.6
    if " ".join(fragment) in " ".join(words):
        return None
    for size in {max(1, len(fragment) - 1), len(fragment), len(fragment) + 1}:
        for start in range(len(words) - size + 1):
            window = " ".join(words[start : start + size])
            joined = " ".join(fragment)
            likeness = (lexical(window, joined) + phonetic(window, joined)) / 2
            if words[start + size - 1] == fragment[-1] and start:
                # the same noun, told more exactly: "the bedroom lamp" for "the lamp"
                likeness = max(likeness, 0.75)
            if likeness > best_likeness and window != joined:
                # "the garage light" takes the place of "porch light" with its article
                before = words[:start] if fragment[0] not in _ARTICLES else _without_article(words[:start])
                best, best_likeness = " ".join([*before, joined, *words[start + size :]]), likeness
    return best


def _without_article(words: list[str]) -> list[str]:
    return words[:-1] if words and words[-1] in _ARTICLES else words
