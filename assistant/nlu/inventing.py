"""Homes that do not exist, to train on: names far more varied than those of any real home."""

from __future__ import annotations

import random
from typing import Any

from assistant.home import Area, Entity, Floor, Home
from assistant.nlu.templates import read_yaml

_DOMAINS = {
    "light": ("light", None), "switch": ("switch", None), "fan": ("fan", None), "shade": ("cover", "blind"),
    "cover": ("cover", "window"), "garage": ("cover", "garage"), "lock": ("lock", None), "climate": ("climate", None),
    "oven": ("climate", None), "coffee": ("switch", None), "tv": ("media_player", "tv"),
    "speaker": ("media_player", "speaker"), "vacuum": ("vacuum", None), "mower": ("lawn_mower", None),
    "valve": ("valve", None), "humidifier": ("humidifier", None), "sensor": ("sensor", None),
}  # fmt: skip
_KINDS = {"garage": "garage_door", "oven": "oven", "coffee": "coffee_maker", "shade": "blind"}


def invent_home(rng: random.Random) -> Home:
    """A home of 5 to 14 rooms with some 30 to 60 things, lists, scenes and people."""
    words = read_yaml("vocabulary.yaml")
    rooms = rng.sample(words["rooms"], rng.randint(5, 14))
    if rng.random() < 0.5:
        rooms.append(f"{rng.choice(words['people'])}'s {rng.choice(('room', 'bedroom', 'office', 'room'))}")
    if rng.random() < 0.3:
        rooms.append(_invented_word(rng))
    floors = {name: Floor(name, name, i) for i, name in enumerate(rng.sample(words["floors"], rng.randint(0, 3)))}
    areas = {
        f"a{i}": Area(f"a{i}", name, rng.choice(list(floors)) if floors else None, _alias(rng, words["rooms"], 0.1))
        for i, name in enumerate(rooms)
    }
    entities: dict[str, Entity] = {}
    for kind, nouns in words["nouns"].items():
        for _ in range(_how_many(kind, rng)):
            entity = _thing(kind, nouns, areas, rng, len(entities))
            entities[entity.id] = entity
    for i, name in enumerate(rng.sample(words["scenes"], rng.randint(2, 6))):
        domain = rng.choice(("scene", "scene", "script"))
        entities[f"{domain}.s{i}"] = Entity(f"{domain}.s{i}", domain, name)
    for i, name in enumerate(rng.sample(words["lists"], 2)):
        entities[f"todo.l{i}"] = Entity(f"todo.l{i}", "todo", name)
    return Home("invented", "C", areas, floors, entities, tuple(rng.sample(words["people"], rng.randint(0, 4))))


def _how_many(kind: str, rng: random.Random) -> int:
    most = {
        "light": 12,
        "switch": 6,
        "fan": 3,
        "shade": 4,
        "cover": 3,
        "lock": 3,
        "climate": 3,
        "speaker": 3,
        "sensor": 4,
    }
    return rng.randint(1, most.get(kind, 1))


def _thing(kind: str, nouns: list[str], areas: dict[str, Area], rng: random.Random, number: int) -> Entity:
    area = rng.choice(list(areas.values()))
    domain, device_class = _DOMAINS[kind]
    name = _name(rng.choice(nouns), area, rng)
    features: dict[str, Any] = {"device_class": device_class} if device_class else {}
    entity_id = f"{domain}.e{number}"
    return Entity(entity_id, _KINDS.get(kind, domain), name, area.id, _alias(rng, [name.split()[-1]], 0.05), features)


def _name(noun: str, area: Area, rng: random.Random) -> str:
    words = read_yaml("vocabulary.yaml")
    adjective, person, odd = (rng.choice(words[key]) for key in ("adjectives", "people", "odd_names"))
    forms = (
        noun, f"{area.name} {noun}", f"{area.name} {noun}", f"{adjective} {noun}", f"{adjective} {noun}",
        f"{area.name} {adjective} {noun}", f"{person}'s {noun}", odd, f"{odd} {noun}", _invented_word(rng),
        f"{_invented_word(rng)} {noun}", f"{noun} {rng.randint(1, 6)}", f"{area.name} {noun} {rng.randint(1, 4)}",
        f"{noun} {adjective}", f"the {noun}" if rng.random() < 0.1 else noun, adjective,
    )  # fmt: skip
    return rng.choice(forms)


def _alias(rng: random.Random, options: list[str], chance: float) -> tuple[str, ...]:
    return (rng.choice(options),) if rng.random() < chance else ()


def _invented_word(rng: random.Random) -> str:
    syllables = read_yaml("vocabulary.yaml")["syllables"]
    return "".join(rng.choice(syllables) for _ in range(rng.randint(2, 4)))
