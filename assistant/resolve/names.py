"""The names of a home: what people may call each thing, room and storey."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.home import Area, Entity, Home
from assistant.nlu.lexicon import lexicon
from assistant.resolve.likeness import MORE, Likeness, likeness, normalise
from assistant.resolve.nearest import Nearest

__all__ = ["Likeness", "NameIndex", "likeness", "mention_of", "normalise", "spoken_target", "whole_home"]

_GARDEN = frozenset({"garden", "yard", "backyard", "lawn", "grass"})
"""Words for the green around a house: who says one means the other."""
LONG_ENOUGH = 4
"""Letters that two names must share from the start for the one to stand for the other."""
_OUTSIDE = frozenset({"outside", "outdoor", "out"})


def whole_home(mention: str) -> bool:
    """Whether a place is no room but all of them ("in the house").

    >>> whole_home("the whole house"), whole_home("kitchen")
    (True, False)
    """
    return normalise(mention).removeprefix("whole ").removeprefix("entire ") in {"house", "home", "apartment", "flat"}


@dataclass(frozen=True)
class NameIndex:
    """The names of a home, prepared once per change of the home."""

    home: Home
    things: Nearest
    rooms: Nearest
    storeys: Nearest

    @classmethod
    def of(cls, home: Home) -> NameIndex:
        """All names by which a person may call each thing: its own, with its room, without its room."""
        return cls(
            home,
            Nearest({entity.id: dict.fromkeys(_called(entity, home)) for entity in home.entities.values()}),
            Nearest({area.id: (area.name, *area.aliases) for area in home.areas.values()}),
            Nearest({floor.id: (floor.name, *floor.aliases) for floor in home.floors.values()}),
        )

    def areas(self, mention: str) -> list[str]:
        """The ids of the rooms that a mention means, best first; empty when none is near.

        A room's full name beats a longer name that merely contains it. "Outside" is every place that has no roof.
        """
        found = _nearest(mention, self.rooms)
        said = normalise(mention)
        if found or said not in _OUTSIDE | _GARDEN:
            return found
        outside = lexicon().outdoor_places if said in _OUTSIDE else _GARDEN
        return [area.id for area in self.home.areas.values() if outside & set(normalise(area.name).split())]

    def called(self, mention: str) -> list[str]:
        """The rooms of which a mention is the name, and not just of a part of it ("garden lights")."""
        near = self.rooms.scores(mention)
        return [area for area in self.areas(mention) if area not in near or near[area].because != MORE]

    def place_heard(self, mention: str | None) -> float:
        """How sure it is (0 to 1) that what was said is the name of a room, or of several: 1 where none was said.

        A part of its name is as good as the whole, and so is a word that goes on or stops short: "hallway" is the hall.
        """
        if not mention or whole_home(mention):
            return 1.0
        near, said = self.rooms.scores(mention), normalise(mention)
        rooms = [self.home.areas[area] for area in near]
        names = [normalise(name) for room in rooms for name in (room.name, *room.aliases)]
        known = {word for name in names for word in name.split()}
        if set(said.split()) <= known or any(_goes_on(said, name) for name in names):
            return 1.0
        return max((like.score for like in near.values()), default=1.0)

    def floors(self, mention: str) -> list[str]:
        """The ids of the storeys that a mention means; `upstairs` and `downstairs` count from the ground."""
        floors = self.home.floors.values()
        word = normalise(mention)
        if word in {"upstair", "upper floor"}:
            return [floor.id for floor in floors if floor.level > 0] or _nearest(mention, self.storeys)
        if word in {"downstair", "lower floor"}:
            return [floor.id for floor in floors if floor.level == 0] or _nearest(mention, self.storeys)
        return _nearest(mention, self.storeys)

    def best(self, mention: str, entities: Iterable[Entity]) -> list[tuple[Entity, Likeness]]:
        """The entities that have a name near to the mention, best first."""
        near = self.things.scores(mention)
        scored = [(entity, near[entity.id]) for entity in entities if entity.id in near]
        return sorted(scored, key=lambda pair: (-pair[1].score, pair[0].id))

    def nearest(self, mention: str, areas: Collection[str] = ()) -> float:
        """How alike the mention is to the name that is nearest to it, in the home or in these rooms of it: 0 to 1."""
        things = self.home.entities
        scores = self.things.scores(mention).items()
        return max((like.score for key, like in scores if not areas or things[key].area in areas), default=0.0)


def _goes_on(one: str, other: str) -> bool:
    """Whether one of two words begins with the other.

    >>> _goes_on("hallway", "hall"), _goes_on("bath", "bathroom"), _goes_on("attic", "patio")
    (True, True, False)
    """
    short, long = sorted((one, other), key=len)
    return len(short) >= LONG_ENOUGH and long.startswith(short) and " " not in long


def _nearest(mention: str, names: Nearest) -> list[str]:
    scores = names.scores(mention)
    best = max((like.score for like in scores.values()), default=0.0)
    if best < 0.72:
        return []
    return sorted(key for key, like in scores.items() if like.score >= best - 0.02)


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


def spoken_target(slots: Mapping[str, Any]) -> str:
    """The words of a target, for a reply."""
    words = [slots.get("area"), slots.get("name") or slots.get("device_class") or slots.get("domain")]
    return " ".join(str(word).replace("_", " ") for word in words if word and word != "all") or "that"


def mention_of(slots: Mapping[str, Any]) -> str:
    """The words of a target in the form in which they are compared; empty when nothing was named.

    >>> mention_of({"name": "the Lamp", "domain": "light"})
    'lamp'
    """
    spoken = spoken_target(slots)
    return "" if spoken == "that" else normalise(spoken)
