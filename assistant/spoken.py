"""How things are called when they are spoken of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.home import Entity, Home
from assistant.nlu.lexicon import lexicon, normal


def spoken_name(entity: Entity, home: Home, among: Iterable[str] = ()) -> str:
    """The name to say; with its room where another of the same name is meant too."""
    robot = entity.domain in {"vacuum", "lawn_mower"} and not set(normal(entity.name).split()) & lexicon().kinds.keys()
    if entity.domain in {"scene", "script"} or "'s " in entity.name or robot:
        return entity.name
    same = [other for other in among if other != entity.id and home.entities[other].name == entity.name]
    area = home.areas.get(entity.area or "")
    return f"the {entity.name} in the {area.name}" if same and area else f"the {entity.name}"


def joined(words: Sequence[str], last: str = "and") -> str:
    """Words in a list.

    >>> joined(["the oven", "the kettle", "the fan"])
    'the oven, the kettle and the fan'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
