"""Which entities a kind word means: "the blinds", "the oven", "the TV", "a door"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assistant.home import Entity
from assistant.nlu.lexicon import lexicon, normal
from assistant.resolve.likeness import normalise
from assistant.services import has_program, is_oven

_ALSO: dict[str, frozenset[str]] = {
    "garage_door": frozenset({"garage", "door"}),
    "blind": frozenset({"blind", "shade", "window_covering"}),
    "shade": frozenset({"blind", "shade"}),
    "shutter": frozenset({"shutter", "blind"}),
    "curtain": frozenset({"curtain"}),
    "door": frozenset({"door"}),
    "gate": frozenset({"gate", "door"}),
    "window": frozenset({"window"}),
    "tv": frozenset({"tv", "television"}),
    "lock": frozenset({"lock", "door"}),
    "thermostat": frozenset({"thermostat", "heating"}),
    "outlet": frozenset({"outlet", "plug", "socket"}),
    "plug": frozenset({"outlet", "plug", "socket"}),
}


DEEDS: dict[str, frozenset[str]] = {
    "brew": frozenset({"coffee_maker", "kettle", "tea_maker"}),
    "boil": frozenset({"kettle"}),
    "bake": frozenset({"oven"}),
    "roast": frozenset({"oven"}),
    "wash": frozenset({"washing_machine", "washer", "dishwasher"}),
    "dry": frozenset({"dryer", "tumble_dryer"}),
}
"""What is done -> the kinds of things that do it: "start brewing" is for the coffee maker, or the kettle."""


def deed_of(text: str) -> str | None:
    """The deed that a request names, when it names no thing.

    >>> deed_of("start brewing"), deed_of("start it")
    ('brew', None)
    """
    stems = {word.removesuffix("ing") for word in text.lower().split()}
    return next((deed for deed in DEEDS if deed in stems or deed.removesuffix("e") in stems), None)


def kind_words(entity: Entity) -> frozenset[str]:
    """Every kind word that is true of the entity.

    >>> sorted(kind_words(Entity("cover.g", "garage_door", "Garage Door")))
    ['cover', 'door', 'garage', 'garage_door']
    """
    own = {entity.domain, entity.kind}
    if device_class := entity.features.get("device_class"):
        own.add(str(device_class))
    if entity.domain == "lock":
        own.add("door")
    for word in tuple(own):
        own |= _ALSO.get(word, frozenset())
    if entity.kind == "oven":
        own -= {"thermostat", "heating"}
    elif entity.domain == "climate":
        own |= {"thermostat", "heating"}
    return frozenset(own)


def is_kind(entity: Entity, domain: str | None, device_class: str | None) -> bool:
    """Whether the entity is of the kind that was named; `None` and `all` match everything."""
    if domain == "climate" and entity.kind == "oven" and device_class != "oven":
        return False
    if not device_class and domain in {None, "all", entity.domain}:
        return True
    words = kind_words(entity)
    if device_class and device_class not in words:
        return False
    if domain and domain != "all" and entity.domain != domain:
        # A kind word may stand for a device of another domain: a "fan" on a plug, the "garage" cover.
        return bool(device_class) or domain in words
    return True


def only_a_kind(name: str, slots: Mapping[str, Any]) -> bool:
    """Whether a mention is no more than the word for its kind ("the light")."""
    return normalise(name) in {
        normalise(str(slots.get(key) or "").replace("_", " ")) for key in ("domain", "device_class")
    }


def is_kind_word(name: str) -> bool:
    """Whether a mention is a word for a kind of which nobody has several in a room ("the heating")."""
    kind = lexicon().kinds.get(normal(name))
    return kind is not None and kind.domain in {"climate", "media_player", "humidifier"}


_ON_THEIR_OWN = frozenset(
    {"scene", "script", "automation", "valve", "water_heater", "vacuum", "lawn_mower", "alarm_control_panel"}
)
"""Domains of which nobody thinks who turns off everything: what serves the whole house, or goes about by itself."""
_STARTED_ALONE = frozenset({"coffee_maker", "kettle", "tea_maker", "iron", "heater", "siren"})
"""Kinds that nobody wants on with everything else."""


def switched_together(entities: Iterable[Entity], verb: str) -> list[Entity]:
    """What "turn off the kitchen" and "everything" reach: not scenes, water, robots or the heating of the house.

    Nor, when it is about turning on, machines that do something once they are on.
    """
    kept = [
        each for each in entities if each.domain not in _ON_THEIR_OWN and (each.domain != "climate" or is_oven(each))
    ]
    if verb == "turn_off":
        return kept
    return [each for each in kept if each.kind not in _STARTED_ALONE and not has_program(each)]
