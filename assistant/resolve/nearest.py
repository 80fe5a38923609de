"""Finding the names that are near to a mention among many, without comparing with each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

from assistant.resolve.likeness import Likeness, likeness, normalise, sound

CUTOFF = 0.6
"""Names that are less alike are not found."""
REMEMBERED = 4096
"""Mentions whose names are kept; homes hear the same few again and again."""


class Nearest:
    """The names of some things, each by its key.

    >>> names = Nearest({"a": ["Kitchen Lamp"], "b": ["Oven", "Stove"]})
    >>> list(names.scores("the kitten lamp")), list(names.scores("stove"))
    (['a'], ['b'])
    """

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self._keys: list[str] = []
        self._names: list[str] = []
        for key, called in names.items():
            for name in called:
                self._keys.append(key)
                self._names.append(name)
        self._normal = [normalise(name) for name in self._names]
        self._sounds = [sound(name) for name in self._names]
        self._words = [frozenset(name.split()) for name in self._normal]
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_letters: dict[str, list[int]] = defaultdict(list)
        for i, words in enumerate(self._words):
            for word in words:
                self._by_word[word].append(i)
            self._by_letters[self._normal[i].replace(" ", "")].append(i)
        self._known: dict[str, Mapping[str, Likeness]] = {}

    def scores(self, mention: str) -> Mapping[str, Likeness]:
        """The likeness (`CUTOFF` to 1) of all things that have a name near to the mention, by key."""
        known = self._known.get(mention)
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = self._known[mention] = self._compared(mention)
        return known

    def _compared(self, mention: str) -> Mapping[str, Likeness]:
        found: dict[str, Likeness] = {}
        for i in self._near(mention):
            like = likeness(mention, self._names[i])
            best = found.get(self._keys[i])
            if like.score >= CUTOFF and (best is None or like.score > best.score):
                found[self._keys[i]] = like
        return found

    def _near(self, mention: str) -> Iterable[int]:
        """The indices of all names that can be at least `CUTOFF` alike: by words, by letters, by sound."""
        said = normalise(mention)
        words = frozenset(said.split())
        near = set(self._by_letters.get(said.replace(" ", ""), ()))
        rarest = min((self._by_word.get(word, ()) for word in words), key=len, default=())
        near.update(i for i in rarest if words <= self._words[i])
        near.update(i for word in words for i in self._by_word.get(word, ()) if self._words[i] < words)
        if len(near) < len(self._names):
            near.update(_alike(said, self._normal))
            near.update(_alike(sound(mention), self._sounds))
        return sorted(near)


def _alike(said: str, names: Sequence[str]) -> Iterable[int]:
    found = process.extract(said, names, scorer=fuzz.ratio, processor=None, score_cutoff=CUTOFF * 100, limit=None)
    return (index for _, _, index in found)
