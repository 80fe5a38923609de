"""Home Assistant's synthetic home inventory: areas, devices and entities, as others write homes down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from devices.kinds import guess_kind, make
from devices.traits import DeviceError
from simulator.homes.lines import Document
from simulator.homes.model import DeviceSpec, HomeFile, Room, Storey

RENAMED = {
    "target_temperature": "temperature",
    "native_temperature": "temperature",
    "native_unit_of_measurement": "unit_of_measurement",
    "native_temperature_unit": "temperature_unit",
    "current_valve_position": "current_position",
    "todo_items": "items",
}
"""Names that an inventory may use -> the name of the attribute."""
TRUTH = {"cover": ("open", "closed"), "valve": ("open", "closed"), "lock": ("locked", "unlocked")}
"""What true and false mean as a state, where it is not on and off."""
_ENUM = re.compile(r"(?:\w+\.)?\w+\.([A-Z][A-Z0-9_]*)")


class Loose(BaseModel):
    """A part of an inventory; what is not known here is carried along unread."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)


class AreaIn(Loose):
    """A room; without an id it gets one from its name."""

    name: str = Field(min_length=1)
    id: str | None = None
    floor: str | None = None
    aliases: list[str] = []


class FloorIn(Loose):
    """A storey."""

    name: str = Field(min_length=1)
    id: str | None = None
    level: int | None = None
    aliases: list[str] = []


class DeviceIn(Loose):
    """A thing with one or more entities."""

    name: str = ""
    id: str | None = None
    area: str | None = None
    info: dict[str, Any] = {}


class EntityIn(Loose):
    """One entity; without an id it has a domain, and gets the id from its name."""

    name: str = ""
    id: str | None = None
    domain: str | None = None
    area: str | None = None
    device: str | None = None
    state: Any = None
    attributes: dict[str, Any] | None = None
    aliases: list[str] = []

    @property
    def entity(self) -> str:
        """Its id: the one that it has, or one made of domain and name."""
        return self.id or f"{self.domain}.{slug(self.name)}"


class Inventory(Loose):
    """A whole inventory; an empty one is a home without anything in it."""

    name: str | None = None
    unit: str | None = None
    areas: list[AreaIn] = []
    floors: list[FloorIn] = []
    devices: list[DeviceIn] = []
    entities: list[EntityIn] = []
    people: list[str] = []
    timers: list[dict[str, Any]] = []
    media: list[dict[str, Any]] = []


def read_inventory(document: Document, home_id: str) -> HomeFile:
    """A home from an inventory file. Raises `UserError` with file and line."""
    inventory = document.validated(Inventory)
    for index, entity in enumerate(inventory.entities):
        if not (entity.id or (entity.domain and entity.name)):
            raise document.error(("entities", index), "an entity has an id, or a domain and a name")
        if entity.id and not re.fullmatch(r"[a-z0-9_]+\.[A-Za-z0-9_\-]+", entity.id):
            raise document.error(("entities", index, "id"), f"an id is written domain.object_id, not {entity.id!r}")
    home = _home(inventory, home_id)
    for spec in home.devices:
        try:
            make(spec.kind, spec.entity, spec.features, spec.start)
        except DeviceError as error:
            index = next(i for i, each in enumerate(inventory.entities) if each.entity == spec.entity)
            raise document.error(("entities", index), str(error)) from None
    return home


def home_from_inventory(data: Mapping[str, Any], name: str) -> HomeFile:
    """A home from an inventory in memory. Raises pydantic's `ValidationError`."""
    return _home(Inventory.model_validate(data), slug(name) or "home")


def slug(text: str) -> str:
    """A name as an id.

    >>> slug("Kids' Room 1")
    'kids_room_1'
    """
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _home(inventory: Inventory, home_id: str) -> HomeFile:
    storeys = _storeys(inventory)
    by_name = {key.lower(): storey.id for storey in storeys for key in (storey.id, storey.name)}
    rooms = []
    for area in inventory.areas:
        floor = by_name.get(area.floor.lower()) if area.floor else None
        rooms.append(Room(area.id or slug(area.name), area.name, floor, tuple(area.aliases)))
    places = {key.lower(): room.id for room in rooms for key in (room.name, room.id)}
    for named in _unlisted(inventory, places):
        rooms.append(Room(slug(named), named))
        places[named.lower()] = slug(named)
    unit = inventory.unit or _unit(inventory.entities)
    devices = {each.entity: each for each in _devices(inventory, places, unit)}
    return HomeFile(
        home_id,
        inventory.name or home_id,
        unit,
        tuple(rooms),
        storeys,
        tuple(inventory.people),
        tuple(devices.values()),
        lively=False,
        timers=tuple(inventory.timers),
        media=tuple(inventory.media),
    )


def _storeys(inventory: Inventory) -> tuple[Storey, ...]:
    """The storeys that are listed, and those that areas only name."""
    found: dict[str, Storey] = {}
    named = [FloorIn(name=area.floor) for area in inventory.areas if area.floor]
    for floor in (*inventory.floors, *named):
        key = floor.id or slug(floor.name)
        listed = {known for each in found.values() for known in (each.id, each.name.lower())}
        if key not in listed and floor.name.lower() not in listed:
            level = _level(floor.name) if floor.level is None else floor.level
            found[key] = Storey(key, floor.name, level, tuple(floor.aliases))
    return tuple(found.values())


_LEVELS = {"basement": -1, "cellar": -1, "ground": 0, "first": 1, "second": 2, "third": 3, "attic": 9, "upstairs": 1}


def _level(name: str) -> int:
    return next((level for word, level in _LEVELS.items() if word in name.lower()), 0)


def _unlisted(inventory: Inventory, places: Mapping[str, str]) -> list[str]:
    """Rooms that entities and devices are in although no area lists them."""
    named = [each.area for each in inventory.entities if each.area]
    named += [each.area for each in inventory.devices if each.area]
    return list(dict.fromkeys(name for name in named if name.lower() not in places))


def _unit(entities: Iterable[EntityIn]) -> str:
    """Fahrenheit where any thermometer or thermostat says so, else Celsius."""
    for entity in entities:
        domain = entity.domain or (entity.id or "").partition(".")[0]
        told = entity.attributes or {}
        keys = ("unit_of_measurement", "native_unit_of_measurement", "temperature_unit", "native_temperature_unit")
        if domain in {"climate", "sensor"} and any(str(told.get(key)) in {"°F", "F"} for key in keys):
            return "F"
    return "C"


def _devices(inventory: Inventory, places: Mapping[str, str], unit: str) -> Iterable[DeviceSpec]:
    owners = {each.id or slug(each.name): each for each in inventory.devices}
    for entity in inventory.entities:
        domain = entity.id.partition(".")[0] if entity.id else str(entity.domain)
        owner = owners.get(entity.device or "")
        area = entity.area or (owner.area if owner else None)
        name = entity.name or (entity.id or "").partition(".")[2].replace("_", " ").title()
        model = " ".join(str(each) for each in (owner.name, *owner.info.values())) if owner else ""
        given = {**(entity.attributes or {}), **({} if entity.state is None else {"state": entity.state})}
        values = normalised(domain, given)
        said = f"{entity.id or ''} {name} {model if domain == 'climate' else ''}"
        told = values.get("device_class")
        kind = guess_kind(domain, told if isinstance(told, str) else None, said)
        if domain in {"climate", "sensor", "water_heater"}:
            values.setdefault("temperature_unit", unit)
        place = places[area.lower()] if area else None
        yield DeviceSpec(entity.entity, kind, name, place, tuple(entity.aliases), values)


def normalised(domain: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """State and attributes in the names and words that devices use.

    >>> normalised("climate", {"target_temperature": 21, "hvac_mode": "heat"})
    {'temperature': 21, 'state': 'heat'}
    >>> normalised("cover", {"device_class": "cover.CoverDeviceClass.GARAGE", "state": False})
    {'device_class': 'garage', 'state': 'closed'}
    """
    values: dict[str, Any] = {}
    for key, value in given.items():
        values[RENAMED.get(key, key)] = _word(value)
    taken = {"sensor": "native_value", "climate": "hvac_mode", "weather": "condition"}.get(domain, "")
    if taken in values:
        reading = values.pop(taken)
        values.setdefault("state", reading)
    if isinstance(values.get("color_mode"), list):
        values["color_mode"] = next(iter(values["color_mode"]), None)
    if "temperature_unit" in values:
        values["temperature_unit"] = str(values["temperature_unit"]).strip("°")
    if "state" in values:
        values["state"] = _state(domain, values["state"])
    return {key: value for key, value in values.items() if value is not None}


def _state(domain: str, value: Any) -> str | None:
    """A state as text. `{in: ..., out: ...}` says a state in two ways; `out` is the real one."""
    if isinstance(value, Mapping):
        value = value.get("out", value.get("in"))
    if isinstance(value, bool):
        on, off = TRUTH.get(domain, ("on", "off"))
        return on if value else off
    if isinstance(value, float):
        return f"{value:g}"
    return None if value is None else str(value)


def _word(value: Any) -> Any:
    """`cover.CoverDeviceClass.GARAGE` is `garage`; everything else stays."""
    if isinstance(value, str):
        found = _ENUM.fullmatch(value)
        return found[1].lower() if found else value
    if isinstance(value, list):
        return [_word(each) for each in value]
    return value
