"""A small home for tests of the assistant's own parts."""

from datetime import datetime

from assistant.home import Area, Entity, Floor, Home
from assistant.turn import Context, State

NOW = datetime(2026, 3, 2, 12, 0)

_ENTITIES = [
    Entity("light.kitchen", "light", "Kitchen Light", "kitchen"),
    Entity("light.bedroom_lamp", "light", "Lamp", "bedroom"),
    Entity("light.living_lamp", "light", "Lamp", "living_room"),
    Entity("light.ceiling", "light", "Ceiling", "living_room"),
    Entity("cover.garage_door", "garage_door", "Garage Door", "garage", features={"device_class": "garage"}),
    Entity("cover.garden_gate", "gate", "Garden Gate", "garden", features={"device_class": "gate"}),
    Entity("lock.front_door", "lock", "Front Door", "hall"),
    Entity("climate.oven", "oven", "Oven", "kitchen", features={"min_temp": 50, "max_temp": 250}),
    Entity("climate.thermostat", "thermostat", "Thermostat", "hall", features={"min_temp": 5, "max_temp": 30}),
    Entity("media_player.tv", "tv", "TV", "living_room", features={"device_class": "tv"}),
    Entity(
        "sensor.kitchen_temperature",
        "sensor",
        "Kitchen Temperature",
        "kitchen",
        features={"device_class": "temperature"},
    ),
]

HOME = Home(
    "test",
    "C",
    {
        id: Area(id, name, floor)
        for id, name, floor in [
            ("kitchen", "Kitchen", "ground"),
            ("living_room", "Living Room", "ground"),
            ("hall", "Hall", "ground"),
            ("garage", "Garage", "ground"),
            ("garden", "Garden", None),
            ("bedroom", "Bedroom", "upper"),
        ]
    },
    {"ground": Floor("ground", "Ground Floor", 0), "upper": Floor("upper", "Upper Floor", 1)},
    {entity.id: entity for entity in _ENTITIES},
)

STATES = {
    "light.kitchen": State("off"),
    "light.bedroom_lamp": State("off"),
    "light.living_lamp": State("on", {"brightness": 128}),
    "light.ceiling": State("off"),
    "cover.garage_door": State("closed", {"current_position": 0}),
    "cover.garden_gate": State("closed", {"current_position": 0}),
    "lock.front_door": State("locked"),
    "climate.oven": State("off", {"temperature": 180, "current_temperature": 21}),
    "climate.thermostat": State("heat", {"temperature": 21, "current_temperature": 20.5}),
    "media_player.tv": State("off"),
    "sensor.kitchen_temperature": State("22.5"),
}


def context(room: str | None = None, now: datetime = NOW, **states: State) -> Context:
    """A context in this home; keyword names use `__` for the dot."""
    changed = {key.replace("__", "."): state for key, state in states.items()}
    return Context(now, room=room, states={**STATES, **changed})
