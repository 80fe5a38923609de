"""What recognisers and hurried people do to words: errors under which a training sentence keeps its labels."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache

import jellyfish

from assistant.nlu.lexicon import lexicon
from assistant.nlu.normalise import words_of
from assistant.nlu.templates import read_yaml

_ARTICLES = frozenset({"the", "a", "an", "my", "our"})
_FILLERS = ("um", "uh", "er", "hmm")
Tagged = list[tuple[str, str, int]]
"""Words with their slot tag and the number of the piece that they belong to."""


def spoil(words: Tagged, rng: random.Random) -> Tagged:
    """The words with one or two errors of hearing or speaking; tags stay with their words."""
    for _ in range(rng.choice((1, 1, 2))):
        words = rng.choice((_drop_article, _drop_article, _mishear, _mishear, _mishear_name, _hesitate))(words, rng)
    return words


def _drop_article(words: Tagged, _: random.Random) -> Tagged:
    return [each for each in words if each[0] not in _ARTICLES or each[1]] or words


def _mishear(words: Tagged, rng: random.Random) -> Tagged:
    alike = read_yaml("vocabulary.yaml")["sound_alikes"]
    spots = [i for i, (word, _, _) in enumerate(words) if word in alike]
    if not spots:
        return words
    i = rng.choice(spots)
    _, tag, piece = words[i]
    heard = [(word, tag, piece) for word in alike[words[i][0]].split()]
    return (
        _renamed([*words[:i], *heard, *words[i + 1 :]], piece)
        if tag == "KIND"
        else [*words[:i], *heard, *words[i + 1 :]]
    )


def _renamed(words: Tagged, piece: int) -> Tagged:
    """A kind that is no kind any more once it was misheard ("garbage door") counts as a name."""
    if " ".join(word for word, _, number in words if number == piece) in lexicon().kinds:
        return words
    return [(word, "NAME" if number == piece else tag, number) for word, tag, number in words]


def _mishear_name(words: Tagged, rng: random.Random) -> Tagged:
    """Replace a word of a name by one that sounds alike."""
    spots = [i for i, (word, tag, _) in enumerate(words) if tag in {"NAME", "AREA"} and len(word) > 3]
    if not spots:
        return words
    i = rng.choice(spots)
    word, tag, piece = words[i]
    alike = [other for other in _by_sound().get(_sound(word), ()) if other != word]
    heard = rng.choice(alike) if alike else _misspelt(word, rng)
    return [*words[:i], (heard, tag, piece), *words[i + 1 :]]


def _hesitate(words: Tagged, rng: random.Random) -> Tagged:
    i = rng.randrange(len(words))
    return words if words[i][1] else [*words[:i], (rng.choice(_FILLERS), "", -1), *words[i:]]


def _misspelt(word: str, rng: random.Random) -> str:
    i = rng.randrange(1, len(word))
    return word[:i] + rng.choice("aeioulmnrstd") + word[i + rng.choice((0, 1)) :]


def _sound(word: str) -> str:
    return jellyfish.metaphone(word)[:2]


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, Sequence[str]]:
    """All words of the vocabulary by the beginning of their Metaphone code."""
    vocabulary = read_yaml("vocabulary.yaml")
    phrases = [phrase for value in vocabulary.values() if isinstance(value, list) for phrase in value]
    found: dict[str, list[str]] = {}
    for word in sorted({word for phrase in phrases for word in words_of(phrase) if word.isalpha() and len(word) > 2}):
        found.setdefault(_sound(word), []).append(word)
    return {key: tuple(words) for key, words in found.items()}
