"""A home with oven, garage door, lights, lock, thermostat, scene, script and TV in six rooms on two floors."""

from assistant.home import Area, Entity, Floor, Home

_AREAS = {
    "kitchen": ("Kitchen", "ground"),
    "living_room": ("Living Room", "ground"),
    "hallway": ("Hallway", "ground"),
    "garage": ("Garage", "ground"),
    "bedroom": ("Bedroom", "upper"),
    "office": ("Office", "upper"),
}
_THINGS = [
    ("light.kitchen_ceiling", "light", "Kitchen Ceiling", "kitchen"),
    ("light.worktop", "light", "Worktop Light", "kitchen"),
    ("light.living_room_lamp", "light", "Living Room Lamp", "living_room"),
    ("light.bedroom_lamp", "light", "Bedroom Lamp", "bedroom"),
    ("light.bedroom_ceiling", "light", "Bedroom Ceiling", "bedroom"),
    ("cover.garage_door", "garage_door", "Garage Door", "garage"),
    ("cover.bedroom_blinds", "blind", "Bedroom Blinds", "bedroom"),
    ("climate.oven", "oven", "Oven", "kitchen"),
    ("climate.thermostat", "thermostat", "Thermostat", "hallway"),
    ("lock.front_door", "lock", "Front Door", "hallway"),
    ("media_player.tv", "tv", "TV", "living_room"),
    ("media_player.kitchen_speaker", "speaker", "Kitchen Speaker", "kitchen"),
    ("switch.coffee_maker", "coffee_maker", "Coffee Maker", "kitchen"),
    ("fan.office", "fan", "Office Fan", "office"),
    ("vacuum.robby", "vacuum", "Robby", "hallway"),
    ("scene.movie_night", "scene", "Movie Night", None),
    ("script.bedtime", "script", "Bedtime", None),
    ("todo.shopping_list", "todo", "Shopping List", None),
]

HOME = Home(
    name="test",
    areas={key: Area(key, name, floor) for key, (name, floor) in _AREAS.items()},
    floors={"ground": Floor("ground", "Ground Floor", 0), "upper": Floor("upper", "Upper Floor", 1)},
    entities={key: Entity(key, kind, name, area) for key, kind, name, area in _THINGS},
    people=("Ann", "Ben"),
)
