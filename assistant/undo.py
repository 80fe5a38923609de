"""Taking back what a turn did, of a scene or script all that it reached."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.home import Entity, Home
from assistant.policy import inverse_of
from assistant.turn import Command, Turn


def undoing(turn: Turn, home: Home) -> tuple[Command, ...]:
    """The commands that put back what a turn did, last first; of a scene or script, all that it reached."""
    back: list[Command] = []
    for each in reversed(turn.commands):
        if each.inverse:
            back.append(Command(each.entity, "home.undo", each.inverse, each.value))
        elif each.entity in home.entities:
            back += _reached(home.entities[each.entity], turn, home)
    return tuple(back)


def _reached(scene: Entity, turn: Turn, home: Home) -> Iterator[Command]:
    """What puts back the things that a scene changes, as they were before the turn."""
    for member in scene.features.get("entities") or ():
        entity = home.entities.get(str(member.get("entity_id")))
        before = turn.context.states.get(entity.id) if entity else None
        if entity is None or before is None:
            continue
        value = {key: wished for key, wished in member.items() if key != "entity_id"}
        inverse = inverse_of(entity, value, before, turn.context.now)
        if inverse and any(before.attributes.get(key, before.state) != wished for key, wished in value.items()):
            yield Command(entity.id, "home.undo", inverse, value)
