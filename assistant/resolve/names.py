"""How near a spoken mention is to a name: exact, by words, by spelling, by sound."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import jellyfish
from rapidfuzz import fuzz

from assistant.home import Area, Entity, Home

_FILLER = frozenset({"the", "a", "an", "my", "our", "of", "in", "please", "device"})


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


def whole_home(mention: str) -> bool:
    """Whether a place is no room but all of them ("in the house").

    >>> whole_home("the whole house"), whole_home("kitchen")
    (True, False)
    """
    return normalise(mention).removeprefix("whole ").removeprefix("entire ") in {"house", "home", "apartment", "flat"}


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are, each part 0 to 1, and which part decided."""

    score: float
    because: str


@lru_cache(maxsize=65536)
def likeness(mention: str, name: str) -> Likeness:
    """Compare a spoken mention with a name.

    >>> likeness("the garage door", "Garage Door").score
    1.0
    >>> likeness("garbage door", "Garage Door").score > 0.8
    True
    >>> likeness("sandwich", "Garage Door").score < 0.5
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
        return Likeness(0.80 + 0.15 * len(said_words) / len(known_words), "part of the name")
    if known_words < said_words:
        return Likeness(0.65 + 0.15 * len(known_words) / len(said_words), "more than the name")
    spelled = fuzz.ratio(said, known) / 100
    sounded = fuzz.ratio(sound(mention), sound(name)) / 100
    if sounded > spelled:
        return Likeness(0.95 * (0.6 * sounded + 0.4 * spelled), "sounds alike")
    return Likeness(0.95 * spelled, "spelled alike")


@dataclass(frozen=True)
class NameIndex:
    """The names of a home, prepared once per change of the home."""

    home: Home
    by_entity: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, home: Home) -> NameIndex:
        """All names by which a person may call each thing: its own, with its room, without its room."""
        return cls(home, {entity.id: tuple(dict.fromkeys(_called(entity, home))) for entity in home.entities.values()})

    def areas(self, mention: str) -> list[str]:
        """The ids of the rooms that a mention means, best first; empty when none is near.

        A room's full name beats a longer name that merely contains it.
        """
        return _nearest(mention, {area.id: (area.name, *area.aliases) for area in self.home.areas.values()})

    def floors(self, mention: str) -> list[str]:
        """The ids of the storeys that a mention means; `upstairs` and `downstairs` count from the ground."""
        floors = self.home.floors.values()
        word = normalise(mention)
        if word in {"upstair", "upper floor"}:
            return [floor.id for floor in floors if floor.level > 0] or _nearest(mention, _floor_names(self.home))
        if word in {"downstair", "lower floor"}:
            return [floor.id for floor in floors if floor.level == 0] or _nearest(mention, _floor_names(self.home))
        return _nearest(mention, _floor_names(self.home))

    def best(self, mention: str, entities: Iterable[Entity]) -> list[tuple[Entity, Likeness]]:
        """Every entity with its best likeness to the mention, best first."""
        scored = []
        for entity in entities:
            found = max((likeness(mention, name) for name in self.by_entity[entity.id]), key=lambda one: one.score)
            scored.append((entity, found))
        scored.sort(key=lambda pair: (-pair[1].score, pair[0].id))
        return scored


def _floor_names(home: Home) -> dict[str, tuple[str, ...]]:
    return {floor.id: (floor.name, *floor.aliases) for floor in home.floors.values()}


def _nearest(mention: str, names: Mapping[str, Iterable[str]]) -> list[str]:
    scores = {key: max(likeness(mention, name).score for name in called) for key, called in names.items()}
    best = max(scores.values(), default=0.0)
    if best < 0.72:
        return []
    return sorted(key for key, score in scores.items() if score >= best - 0.02)


def _called(entity: Entity, home: Home) -> Iterable[str]:
    yield from entity.names
    noun = entity.domain.replace("_", " ")
    yield from (f"{name} {noun}" for name in entity.names if noun not in normalise(name))
    area: Area | None = home.areas.get(entity.area or "")
    if area is None:
        return
    room = normalise(area.name)
    for name in entity.names:
        plain = normalise(name)
        if plain.startswith(room + " "):
            yield plain[len(room) + 1 :]
        elif room not in plain:
            yield f"{area.name} {name}"
