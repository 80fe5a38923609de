"""A home as data: rooms, storeys, people, and the devices with the states in which they begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from devices.features import FEATURES


@dataclass(frozen=True, slots=True)
class Room:
    """A room, or a place outside. `window` is the share of daylight that comes in, 0 to 1."""

    id: str
    name: str
    floor: str | None = None
    aliases: tuple[str, ...] = ()
    outdoors: bool = False
    window: float = 0.01


@dataclass(frozen=True, slots=True)
class Storey:
    """A floor of the home; `level` 0 is the ground floor."""

    id: str
    name: str
    level: int = 0
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceSpec:
    """A device as it is found when the home begins. `values` holds features, `state` and attributes together."""

    entity: str
    kind: str
    name: str
    area: str | None = None
    aliases: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def features(self) -> dict[str, Any]:
        """The fixed facts among the values."""
        return {key: value for key, value in self.values.items() if key in FEATURES}

    @property
    def start(self) -> dict[str, Any]:
        """The state and the attributes among the values."""
        return {key: value for key, value in self.values.items() if key not in FEATURES}


@dataclass(frozen=True, eq=False)
class HomeFile:
    """A home as read from a file. `id` is its name on the wire.

    In a `lively` home rooms warm up and sensors follow their rooms; in an inventory that somebody else wrote, sensors
    keep the values that it gives. `timers` and `media` are carried along as the inventory has them.
    """

    id: str
    name: str
    unit: str = "C"
    rooms: tuple[Room, ...] = ()
    storeys: tuple[Storey, ...] = ()
    people: tuple[str, ...] = ()
    devices: tuple[DeviceSpec, ...] = ()
    lively: bool = True
    timers: tuple[Mapping[str, Any], ...] = ()
    media: tuple[Mapping[str, Any], ...] = ()

    def device(self, entity: str) -> DeviceSpec | None:
        """The device of that id."""
        return next((each for each in self.devices if each.entity == entity), None)
