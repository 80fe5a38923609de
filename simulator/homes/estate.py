"""The estate: a thousand devices in eighty rooms, made by code from a seed, to see how a controller bears it.

Like a real one it has both: names that many rooms share ("Ceiling Light", "Window") and names that only one has.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from devices.kinds import KINDS
from simulator.homes.model import DeviceSpec, HomeFile, Room, Storey

DEVICES = 1000
SEED = 1

STOREYS = (
    Storey("cellar", "Cellar", -1, ("basement",)),
    Storey("ground", "Ground Floor", 0, ("downstairs",)),
    Storey("first", "First Floor", 1, ("upstairs",)),
    Storey("attic", "Attic", 2, ("top floor",)),
)
ROOMS: Mapping[str, Mapping[str, str]] = {
    "cellar": {
        "plant": "Boiler Room, Server Room",
        "store": "Wine Cellar, Cold Store, Luggage Room",
        "leisure": "Gymnasium, Cinema, Games Room",
        "bath": "Pool Hall, Sauna",
        "laundry": "Laundry",
        "passage": "Cellar Passage",
    },
    "ground": {
        "passage": "Entrance Hall, Great Hall, East Passage, West Passage, Garden Lobby",
        "living": "Drawing Room, Morning Room, Library, Music Room, Billiard Room, Orangery",
        "dining": "Dining Room, Breakfast Room, Servants' Hall",
        "kitchen": "Kitchen, Scullery, Butler's Pantry",
        "office": "Study, Estate Office",
        "bath": "Cloakroom",
        "garage": "Garage, Coach House, Workshop, Gatehouse",
    },
    "first": {
        "passage": "Landing, East Gallery, West Gallery",
        "bedroom": "Master Bedroom, Blue Bedroom, Red Bedroom, Green Bedroom, Chinese Bedroom, Garden Bedroom, "
        "Tower Bedroom, Oak Bedroom, Nursery",
        "bath": "Master Bathroom, Blue Bathroom, Red Bathroom, Green Bathroom, Family Bathroom, Tower Bathroom",
        "living": "Boudoir, Sitting Room",
        "store": "Linen Room, His Dressing Room, Her Dressing Room",
    },
    "attic": {
        "bedroom": "Housekeeper's Room, Cook's Room, Nanny's Room, East Attic, West Attic",
        "bath": "Attic Bathroom",
        "kitchen": "Attic Kitchen",
        "store": "Box Room",
        "office": "Observatory, Studio",
        "passage": "Attic Stairs",
    },
    "": {
        "outdoors": "Terrace, Rose Garden, Kitchen Garden, Orchard, Courtyard, Forecourt, Drive, Tennis Court, "
        "Lake, Stable Yard",
    },
}
"""Storey -> use -> names of rooms; without a storey they are outside."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A device that rooms of some use may have: with which chance, and what it is like."""

    kind: str
    name: str
    chance: float = 1.0
    values: Mapping[str, Any] = field(default_factory=dict)


def _lamp(name: str, chance: float = 1.0, *modes: str) -> Thing:
    return Thing("light", name, chance, {"supported_color_modes": list(modes or ("brightness",))})


def _sensor(kind: str, name: str, device_class: str, chance: float = 1.0) -> Thing:
    return Thing(kind, name, chance, {"device_class": device_class})


def _plug(name: str, watts: float, chance: float = 1.0) -> Thing:
    return Thing("plug", name, chance, {"watts": watts, "metering": True})


_HEATED = (
    Thing("thermostat", "Thermostat", 0.6, {"state": "heat", "temperature": 20}),
    _sensor("sensor", "Temperature", "temperature", 0.8),
)
_SHADED = (Thing("curtain", "Curtains", 0.7, {"state": "open"}), Thing("blind", "Blinds", 0.5, {"state": "open"}))
_GLAZED = (_sensor("binary_sensor", "Window", "window", 0.8),)
_SAFE = (_sensor("binary_sensor", "Motion", "motion", 0.7), _sensor("binary_sensor", "Smoke Alarm", "smoke", 0.5))
_WET = (_sensor("sensor", "Humidity", "humidity"), _sensor("binary_sensor", "Leak Sensor", "moisture", 0.6))

THINGS: Mapping[str, tuple[Thing, ...]] = {
    "passage": (_lamp("Chandelier", 0.4), _lamp("Wall Lights"), *_SAFE, Thing("lock", "Door", 0.4),
                _sensor("binary_sensor", "Door Contact", "door", 0.5), *_GLAZED),
    "living": (_lamp("Chandelier", 0.8), _lamp("Floor Lamp", 1.0, "color_temp"), _lamp("Reading Lamp", 0.7),
               _lamp("Picture Lights", 0.6), _lamp("Table Lamp", 0.8, "color_temp", "rgb"), *_SHADED, *_HEATED, *_SAFE,
               *_GLAZED, Thing("tv", "TV", 0.5), Thing("speaker", "Speaker", 0.8, {"state": "idle"}),
               Thing("fan", "Ceiling Fan", 0.3), Thing("humidifier", "Humidifier", 0.3),
               _sensor("sensor", "Light Level", "illuminance", 0.6), Thing("vacuum", "Vacuum", 0.2)),
    "dining": (_lamp("Chandelier"), _lamp("Sideboard Lamp", 0.8), *_SHADED, *_HEATED, *_SAFE, *_GLAZED,
               Thing("speaker", "Speaker", 0.6, {"state": "idle"}), _plug("Hot Plate", 800, 0.7)),
    "kitchen": (_lamp("Ceiling Light"), _lamp("Worktop Lights", 1.0, "color_temp"), Thing("oven", "Oven"),
                Thing("oven", "Small Oven", 0.4), Thing("coffee_maker", "Coffee Maker"), Thing("kettle", "Kettle"),
                Thing("dishwasher", "Dishwasher", 0.8), Thing("fan", "Range Hood"), _plug("Toaster", 900),
                _plug("Fridge", 90), Thing("valve", "Sink Valve", 0.7, {"state": "open"}), *_WET, *_HEATED, *_SAFE,
                *_GLAZED, Thing("speaker", "Radio", 0.7, {"state": "idle"})),
    "office": (_lamp("Ceiling Light"), _lamp("Desk Lamp", 1.0, "color_temp"), _plug("Printer", 40, 0.8),
               _plug("Computer", 150), *_SHADED, *_HEATED, *_SAFE, *_GLAZED),
    "bath": (_lamp("Ceiling Light", 1.0, "onoff"), _lamp("Mirror Light"), Thing("fan", "Exhaust Fan"), *_WET,
             _plug("Towel Heater", 300), *_HEATED, *_GLAZED, _sensor("binary_sensor", "Motion", "motion")),
    "bedroom": (_lamp("Ceiling Light"), _lamp("Left Lamp", 1.0, "color_temp"), _lamp("Right Lamp", 0.9, "color_temp"),
                _lamp("Night Light", 0.4, "color_temp", "rgb"), *_SHADED, *_HEATED, *_SAFE, *_GLAZED,
                Thing("tv", "TV", 0.4), Thing("alarm_clock", "Alarm Clock", 0.7), Thing("fan", "Ceiling Fan", 0.5),
                Thing("humidifier", "Humidifier", 0.3), Thing("speaker", "Speaker", 0.3, {"state": "idle"})),
    "laundry": (_lamp("Ceiling Light", 1.0, "onoff"), Thing("washing_machine", "Washing Machine"),
                Thing("dryer", "Dryer"), _plug("Iron", 1500), *_WET, *_SAFE, Thing("fan", "Exhaust Fan")),
    "store": (_lamp("Ceiling Light", 1.0, "onoff"), _sensor("sensor", "Temperature", "temperature"),
              _sensor("sensor", "Humidity", "humidity"), _sensor("binary_sensor", "Door Contact", "door", 0.6), *_SAFE),
    "leisure": (_lamp("Ceiling Light"), _lamp("Mood Lights", 1.0, "rgb"), Thing("tv", "Screen"),
                Thing("speaker", "Speaker", 1.0, {"state": "idle"}), Thing("fan", "Ventilation"), *_HEATED, *_SAFE),
    "plant": (_lamp("Ceiling Light", 1.0, "onoff"), Thing("water_heater", "Boiler", 0.5), _plug("Pump", 400),
              _sensor("sensor", "Temperature", "temperature"), _sensor("sensor", "Power", "power"), *_WET, *_SAFE),
    "garage": (_lamp("Ceiling Light", 1.0, "onoff"), Thing("garage_door", "Left Door"),
               Thing("garage_door", "Right Door", 0.6), _plug("Car Charger", 7400, 0.6), Thing("lock", "Side Door"),
               _sensor("binary_sensor", "Left Door Contact", "garage_door"), *_SAFE),
    "outdoors": (_lamp("Path Lights", 1.0, "onoff"), _lamp("Tree Lights", 0.5, "rgb"),
                 Thing("valve", "Sprinklers", 0.8, {"state": "closed"}), _plug("Fountain", 200, 0.5),
                 _sensor("binary_sensor", "Motion", "motion", 0.8), Thing("lawn_mower", "Lawn Mower", 0.3),
                 Thing("gate", "Gate", 0.3), _sensor("sensor", "Temperature", "temperature", 0.3)),
}  # fmt: skip
"""Use of a room -> what it may have."""
MORE = (_lamp("Cabinet Light"), _lamp("Corner Lamp", 1.0, "color_temp"), _plug("Socket", 60), _lamp("Shelf Lights"),
        _sensor("binary_sensor", "Second Window", "window"), _sensor("sensor", "Battery", "battery"))  # fmt: skip
"""What is added, room by room, until the number is right."""
WHOLE = (
    Thing("alarm_control_panel", "Alarm System"),
    Thing("todo", "Shopping List", values={"items": []}),
    Thing("todo", "Tasks", values={"items": []}),
    _sensor("sensor", "Estate Power", "power"),
)
"""What belongs to no room."""


def estate(seed: int = SEED, count: int = DEVICES) -> HomeFile:
    """An estate of `count` devices (100 to 1,400); the same for the same seed.

    >>> home = estate()
    >>> len(home.devices), len(home.rooms) >= 75
    (1000, True)
    """
    draw = random.Random(seed)
    rooms = list(_rooms())
    specs = [_spec(thing, None) for thing in WHOLE]
    for room, use in rooms:
        specs += [_spec(thing, room) for thing in THINGS[use] if draw.random() < thing.chance]
    for thing in MORE:
        specs += [_spec(thing, room) for room, _use in draw.sample(rooms, len(rooms)) if not room.outdoors]
    return HomeFile(
        "estate",
        "Estate",
        rooms=tuple(room for room, _ in rooms),
        storeys=STOREYS,
        people=("Ada", "Basil", "Clara", "Dorothy", "Edmund", "Florence", "George", "Harriet"),
        devices=tuple(specs[:count]),
    )


def _rooms() -> Iterator[tuple[Room, str]]:
    """All rooms, with their use."""
    for storey, uses in ROOMS.items():
        for use, names in uses.items():
            for name in names.split(", "):
                yield Room(_id(name), name, storey or None, (), not storey, _window(use)), use


def _window(use: str) -> float:
    return 0.001 if use in {"store", "plant", "laundry", "garage", "leisure"} else 0.01


def _id(name: str) -> str:
    return name.lower().replace("'", "").replace(" ", "_")


def _spec(thing: Thing, room: Room | None) -> DeviceSpec:
    place = f"{room.id}_" if room else ""
    entity = f"{KINDS[thing.kind].domain}.{place}{_id(thing.name)}"
    values = {"state": "80", **thing.values} if thing.values.get("device_class") == "battery" else thing.values
    return DeviceSpec(entity, thing.kind, thing.name, room.id if room else None, (), values)
