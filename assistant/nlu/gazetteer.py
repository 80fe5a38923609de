"""The names of this home (and the closed classes) as hints for the tagger: which words are a known name, of what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.home import Entity, Home
from assistant.nlu.lexicon import lexicon, normal
from assistant.nlu.times import Span

_Trie = dict[str, dict[tuple[str, ...], str]]
_SCENES = frozenset({"scene", "script", "automation"})


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Phrases by their first word. `match` finds the longest at each place."""

    names: _Trie = field(default_factory=dict)
    classes: _Trie = field(default_factory=dict)

    @classmethod
    def of(cls, home: Home) -> Gazetteer:
        """The names of a home: devices (by domain), scenes and scripts (`scene`), lists, rooms, storeys, people."""
        return cls(_trie(_names(home)), _lexical_trie())

    def hints(self, spans: Sequence[Span]) -> list[str]:
        """One hint for each span: place in, and class of, a known name; and its closed class.

        >>> from assistant.home import Area, Home
        >>> from assistant.nlu.normalise import tokenise
        >>> from assistant.nlu.times import fold
        >>> home = Home(areas={"k": Area("k", "Living Room")})
        >>> Gazetteer.of(home).hints(fold(tokenise("living room lights".split())))
        ['B-area|', 'I-area|', '|kind']
        """
        keys = [key_of(span) for span in spans]
        names = _longest(keys, self.names)
        classes = _longest(keys, self.classes)
        return [_hint(*pair) for pair in zip(names, classes, strict=True)]

    def is_thing(self, keys: Sequence[str]) -> bool:
        """Whether exactly these words are the name of a device, a scene or a script."""
        return self.known(keys) not in {None, "area", "floor", "person", "list"}

    def completed(self, words: Sequence[str]) -> list[str]:
        """The words, with the noun of two names that was said once: "the left and right lamps" here are two lamps.

        >>> from assistant.home import Entity
        >>> lamps = {key: Entity(key, "light", f"{key} lamp") for key in ("left", "right")}
        >>> " ".join(Gazetteer.of(Home(entities=lamps)).completed("the left and right lamps".split()))
        'the left lamp and right lamp'
        """
        kinds = lexicon().kinds
        for i in range(3, len(words)):
            first, joint, second, noun = words[i - 3 : i + 1]
            if joint not in {"and", "or"} or noun not in kinds or not kinds[noun].plural:
                continue
            one = noun.removesuffix("s")
            if self.is_thing((first, one)) and self.is_thing((second, one)):
                return [*words[: i - 3], first, one, joint, second, one, *words[i + 1 :]]
        return list(words)

    def known(self, keys: Sequence[str]) -> str | None:
        """The class of a name that consists of exactly these words."""
        if not keys:
            return None
        return self.names.get(keys[0], {}).get(tuple(keys))


def key_of(span: Span) -> str:
    """The word under which a span stands in a name: numbers count by value, not by class."""
    return f"{span.value:g}" if span.kind == "num" else span.text if span.kind == "word" else span.spoken


def _longest(keys: Sequence[str], trie: _Trie) -> list[tuple[int, str] | None]:
    """For each place, which word of a phrase it is (0 = the first) and the phrase's class."""
    found: list[tuple[int, str] | None] = [None] * len(keys)
    i = 0
    while i < len(keys):
        best = 0
        for phrase, name in trie.get(keys[i], {}).items():
            size = len(phrase)
            if size > best and tuple(keys[i : i + size]) == phrase:
                best = size
                for k in range(size):
                    found[i + k] = (k, name)
        i += max(best, 1)
    return found


def _hint(name: tuple[int, str] | None, known: tuple[int, str] | None) -> str:
    if name is None and known is None:
        return ""
    marked = f"{'I' if name[0] else 'B'}-{name[1]}" if name else ""
    return f"{marked}|{known[1] if known else ''}"


def _trie(phrases: Iterable[tuple[str, str]]) -> _Trie:
    trie: _Trie = {}
    for phrase, name in phrases:
        words = tuple(normal(phrase).split())
        if words:
            trie.setdefault(words[0], {}).setdefault(words, name)
    return trie


@lru_cache(maxsize=1)
def _lexical_trie() -> _Trie:
    return _trie(lexicon().phrases())


def _kind(entity: Entity) -> str:
    """The domain; an oven is told from other climate devices."""
    return "oven" if entity.kind == "oven" else entity.domain


def _names(home: Home) -> Iterable[tuple[str, str]]:
    for area in home.areas.values():
        for name in (area.name, *area.aliases):
            yield name, "area"
    for floor in home.floors.values():
        for name in (floor.name, *floor.aliases):
            yield name, "floor"
    for entity in home.entities.values():
        kind = "scene" if entity.domain in _SCENES else "list" if entity.domain == "todo" else _kind(entity)
        for name in entity.names:
            yield name, kind
    for person in home.people:
        yield person, "person"
