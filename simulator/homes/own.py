"""The project's own home files: YAML with rooms, floors, people and devices (`docs/reference/home.md`)."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from devices.device import Device
from devices.features import FEATURES
from devices.kinds import KINDS, make
from devices.kinds.sensor import ReadOnly, Sensor
from devices.traits import DeviceError
from simulator.homes.lines import Document, did_you_mean
from simulator.homes.model import DeviceSpec, HomeFile, Room, Storey

ID = r"^[a-z0-9_]+$"
MORE = frozenset({"friendly_name", "icon", "entity_picture", "finishes_at", "energy", "current_humidity"})
"""Attributes that a device may have at the start though it does not report them then, or that are only for show."""
ENTITY = re.compile(r"[a-z_]+\.[a-z0-9_]+")


class Part(BaseModel):
    """A part of a home file; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FloorPart(Part):
    """A storey."""

    id: str = Field(pattern=ID)
    name: str = Field(min_length=1)
    level: int = 0
    aliases: tuple[str, ...] = ()


class AreaPart(Part):
    """A room, or a place outside."""

    id: str = Field(pattern=ID)
    name: str = Field(min_length=1)
    floor: str | None = None
    aliases: tuple[str, ...] = ()
    outdoors: bool = False
    window: float = Field(0.01, ge=0, le=1)


class DevicePart(Part):
    """A device: its id, kind, name, room, and anything that it has or reports at the start."""

    entity: str
    kind: str
    name: str = Field(min_length=1)
    area: str | None = None
    aliases: tuple[str, ...] = ()
    state: str | float | bool | None = None
    attributes: dict[str, Any] = {}


class HomePart(Part):
    """A whole home file."""

    name: str = Field(min_length=1)
    unit: Literal["C", "F"] = "C"
    people: tuple[str, ...] = ()
    floors: tuple[FloorPart, ...] = ()
    areas: tuple[AreaPart, ...]
    devices: tuple[DevicePart, ...]


def read_own(document: Document, home_id: str) -> HomeFile:
    """A home from its own format. Raises `UserError` with file, line and what was expected."""
    document.check_doubles()
    part = document.validated(HomePart)
    floors = {each.id for each in part.floors}
    for index, area in enumerate(part.areas):
        if area.floor is not None and area.floor not in floors:
            where = ("areas", index, "floor")
            raise document.error(where, f"unknown floor {area.floor!r}{did_you_mean(area.floor, floors)}")
    for name in ("floors", "areas"):
        _no_repeats(document, name, [each.id for each in getattr(part, name)], "id")
    _no_repeats(document, "devices", [each.entity for each in part.devices], "entity")
    devices = tuple(_device(document, part, index) for index in range(len(part.devices)))
    _check_asked(document, devices)
    rooms = tuple(Room(a.id, a.name, a.floor, a.aliases, a.outdoors, a.window) for a in part.areas)
    storeys = tuple(Storey(f.id, f.name, f.level, f.aliases) for f in part.floors)
    return HomeFile(home_id, part.name, part.unit, rooms, storeys, part.people, devices)


def _no_repeats(document: Document, name: str, ids: list[str], key: str) -> None:
    found: dict[str, int] = {}
    for index, each in enumerate(ids):
        if each in found:
            first = document.line((name, found[each]))
            raise document.error((name, index, key), f"{each!r} is there already, on line {first}")
        found[each] = index


def _check_asked(document: Document, devices: tuple[DeviceSpec, ...]) -> None:
    """Scenes and scripts must ask only devices that are there."""
    known = {spec.entity for spec in devices}
    for index, spec in enumerate(devices):
        for number, asked in enumerate(spec.features.get("entities") or ()):
            other = asked.get("entity_id")
            where = ("devices", index, "attributes", "entities", number, "entity_id")
            if not isinstance(other, str):
                raise document.error(where, "an entry of 'entities' has an entity_id")
            if other not in known:
                raise document.error(where, f"unknown entity {other!r}{did_you_mean(other, known)}")


def _device(document: Document, part: HomePart, index: int) -> DeviceSpec:
    each = part.devices[index]
    where = ("devices", index)
    kind = KINDS.get(each.kind)
    if kind is None:
        raise document.error((*where, "kind"), f"unknown kind {each.kind!r}{did_you_mean(each.kind, KINDS)}")
    if not ENTITY.fullmatch(each.entity):
        raise document.error((*where, "entity"), f"an entity is written domain.object_id, not {each.entity!r}")
    domain = each.entity.partition(".")[0]
    if domain != kind.domain:
        meant = f"{kind.domain}.{each.entity.partition('.')[2]}"
        raise document.error((*where, "entity"), f"a {each.kind} has the domain {kind.domain}, did you mean {meant!r}?")
    areas = {area.id for area in part.areas}
    if each.area is not None and each.area not in areas:
        raise document.error((*where, "area"), f"unknown area {each.area!r}{did_you_mean(each.area, areas)}")
    values = dict(each.attributes)
    if each.state is not None:
        values["state"] = _word(each.state)
    if part.unit == "F":
        values.setdefault("temperature_unit", "F")
    spec = DeviceSpec(each.entity, each.kind, each.name, each.area, each.aliases, values)
    _check_start(document, where, spec)
    return spec


def _word(state: str | float | bool) -> str:
    """A state as text; YAML reads a bare `on` or `off` as a truth value."""
    if isinstance(state, bool):
        return "on" if state else "off"
    return state if isinstance(state, str) else f"{state:g}"


def _check_start(document: Document, where: tuple[str, int], spec: DeviceSpec) -> None:
    """The values at the start must be ones that the device could take by a command, where it takes commands."""
    try:
        device = make(spec.kind, spec.entity, spec.features, spec.start)
    except DeviceError as error:
        raise document.error(where, str(error)) from None
    _check_keys(document, where, spec, device)
    for key, value in spec.start.items():
        if key == "state" and value == device.state and key in device.traits and spec.kind in {"scene", "script"}:
            continue
        if key not in device.traits or spec.kind in {"vacuum", "lawn_mower"}:
            continue
        try:
            device.check({key: value})
        except DeviceError as error:
            inside = (*where, "state") if key == "state" else (*where, "attributes", key)
            raise document.error(inside, str(error)) from None


def _check_keys(document: Document, where: tuple[str, int], spec: DeviceSpec, device: Device) -> None:
    """An attribute that a device neither takes nor reports is a mistake; what only reports may tell anything."""
    if isinstance(device, ReadOnly | Sensor):
        return
    bare = make(spec.kind, spec.entity, spec.features, {})
    known = {*bare.traits, *bare.manual, *bare.initial, *bare.unset, *bare.report()["attributes"], *MORE} - {"state"}
    for key in spec.start:
        if key != "state" and key not in known:
            told = f"{spec.entity} has no attribute {key!r}{did_you_mean(key, known | FEATURES)}"
            raise document.error((*where, "attributes", key), told)
