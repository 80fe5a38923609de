"""The world: owns the devices and lets time pass for them; knows who changed what.

Deterministic: the same home, seed and commands give the same states, however finely the time is cut.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from assistant.errors import UserError
from devices.device import Device
from devices.kinds import make
from devices.kinds.sensor import ReadOnly, Sensor
from devices.kinds.thermostat import Thermostat
from devices.traits import DeviceError
from simulator.climate import Rooms
from simulator.faults import Faults
from simulator.homes.inventory import normalised
from simulator.homes.lines import did_you_mean
from simulator.homes.model import HomeFile

SLOW = 60.0
"""Seconds between two looks at rooms and sensors."""
DEEPEST = 5
"""How many scenes may activate one another in a row."""

Cause = Literal["command", "hand", "world", "fault"]
What = Literal["state", "availability", "config"]

log = logging.getLogger(__name__)


class Clock(Protocol):
    """What the world needs of a clock."""

    def now(self) -> datetime:
        """Local wall-clock time."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something about an entity changed, and why: by a command, a person's hand, the world itself, or a fault."""

    entity: str
    what: What
    cause: Cause
    time: datetime


class World:
    """A home in motion. One thread only."""

    def __init__(self, home: HomeFile, seed: int, clock: Clock) -> None:
        self.home = home
        self.clock = clock
        self.refused = 0
        self.devices: dict[str, Device] = {
            spec.entity: make(spec.kind, spec.entity, spec.features, spec.start) for spec in home.devices
        }
        self._areas = {spec.entity: spec.area for spec in home.devices}
        self.rooms = Rooms(home, self.devices, seed)
        self.faults = Faults()
        self._elapsed = 0.0
        self._watchers: list[Callable[[Change], None]] = []
        self._pinned: set[str] = set()
        self._busy = {entity: device for entity, device in self.devices.items() if device.busy}
        self._slow = self._slow_devices()
        for entity, device in self._slow.items():
            device.step(0.0, self.rooms.around(self._areas[entity], clock.now()))
        self._told = {entity: device.report() for entity, device in self.devices.items()}

    def _slow_devices(self) -> dict[str, Device]:
        """Those that follow their room. In an inventory nothing drifts by itself."""
        if not self.home.lively:
            return {}
        return {entity: device for entity, device in self.devices.items() if device.follows}

    # -- who looks on ----------------------------------------------------------------------------------------------

    def watch(self, callback: Callable[[Change], None]) -> None:
        """Be told of every change."""
        self._watchers.append(callback)

    def report(self, entity: str) -> dict[str, Any]:
        """`{state, attributes}` as last told."""
        return self._told[entity]

    @property
    def busy(self) -> bool:
        """Whether a device is on its way somewhere."""
        return bool(self._busy) or self.faults.pending

    def online(self, entity: str) -> bool:
        """Whether the device can be reached."""
        return self.faults.kind(entity) != "offline"

    def _tell(self, entity: str, what: What, cause: Cause) -> None:
        change = Change(entity, what, cause, self.clock.now())
        for callback in self._watchers:
            callback(change)

    def _look(self, entity: str, cause: Cause) -> None:
        """Tell of a new report, and see whether the device needs time."""
        device = self.devices[entity]
        if device.busy:
            self._busy[entity] = device
        else:
            self._busy.pop(entity, None)
        report = device.report()
        if report != self._told[entity]:
            self._told[entity] = report
            self._tell(entity, "state", cause)

    # -- what is done to devices -----------------------------------------------------------------------------------

    def command(self, entity: str, wanted: Mapping[str, Any]) -> None:
        """A command over the wire; faults apply. Raises `DeviceError` for what the device can't do."""
        device = self.devices.get(entity)
        if device is None:
            raise DeviceError(f"there is no {entity[:100]!r}")
        device.check(wanted)
        kind = self.faults.kind(entity)
        if kind == "offline" or self.faults.loses(entity):
            return
        if kind == "late":
            self.faults.delay(entity, wanted, self._elapsed)
            return
        self._enact(entity, wanted, "command")

    def by_hand(self, entity: str, wanted: Mapping[str, Any]) -> None:
        """A person operates the device itself. Raises `UserError` for what it can't do."""
        device = self._device(entity)
        if isinstance(device, ReadOnly):
            raise UserError(f"nobody can switch {entity} by hand; use set")
        try:
            self._enact(entity, wanted, "hand")
        except DeviceError as error:
            raise UserError(str(error)) from None

    def set(self, entity: str, values: Mapping[str, Any]) -> None:
        """Put an entity into a state; a sensor keeps it until the next set. Raises `UserError`."""
        device = self._device(entity)
        normal = normalised(entity.partition(".")[0], values)
        features = dict(device.features)
        try:
            device.force(normal)
        except DeviceError as error:
            raise UserError(str(error)) from None
        if isinstance(device, Sensor) or (isinstance(device, Thermostat) and "current_temperature" in normal):
            self._pinned.add(entity)
        if device.features != features:
            self._tell(entity, "config", "world")
        self._look(entity, "world")

    def place(self, person: str, room: str | None) -> None:
        """A person goes into a room, or out of the home (`None`). Raises `UserError`."""
        if room is not None and room not in {each.id for each in self.home.rooms}:
            raise UserError(f"unknown room {room!r}{did_you_mean(room, (each.id for each in self.home.rooms))}")
        self.rooms.people[person] = room
        self._look_around()

    def fault(self, entity: str, kind: str, seconds: float | None = None) -> None:
        """Give a device a fault, for a time or for good; `none` mends it. Raises `UserError`."""
        device = self._device(entity)
        was = self.online(entity)
        self.faults.begin(entity, kind, None if seconds is None else self._elapsed + seconds)
        self._after_fault(entity, device, was)

    def _after_fault(self, entity: str, device: Device, was_online: bool) -> None:
        device.jammed = self.faults.kind(entity) == "jammed"
        if self.online(entity) != was_online:
            self._tell(entity, "availability", "fault")

    def _device(self, entity: str) -> Device:
        device = self.devices.get(entity)
        if device is None:
            raise UserError(f"{self.home.id}: unknown entity {entity!r}{did_you_mean(entity, self.devices)}")
        return device

    def _enact(self, entity: str, wanted: Mapping[str, Any], cause: Cause, depth: int = 0) -> None:
        device = self.devices[entity]
        device.apply(wanted, by_hand=cause == "hand")
        if device.busy:
            device.step(0.0, self.rooms.around(self._areas[entity], self.clock.now()))
        self._look(entity, cause)
        for other, wish in device.requests():
            self._ask(other, wish, cause, depth + 1)

    def _ask(self, entity: str, wish: Mapping[str, Any], cause: Cause, depth: int) -> None:
        """What a scene asks of a device: only what it can do."""
        device = self.devices.get(entity)
        if device is None or depth > DEEPEST or self.faults.kind(entity) == "offline":
            self.refused += 1
            return
        normal = normalised(entity.partition(".")[0], wish)
        try:
            self._enact(entity, {key: value for key, value in normal.items() if key in device.traits}, cause, depth)
        except DeviceError as error:
            self.refused += 1
            log.warning("scene: %s", error)

    # -- time ------------------------------------------------------------------------------------------------------

    def step(self, seconds: float) -> None:
        """Let time pass; the clock has been moved (or moves by itself)."""
        left = seconds
        while left > 1e-9:
            until_slow = SLOW - self._elapsed % SLOW
            piece = min(left, until_slow, self.faults.next_due(self._elapsed))
            self._elapsed += piece
            left -= piece
            self._pass(piece)
            if until_slow - piece <= 1e-9:
                # Exact multiples keep long runs from drifting off the grid.
                self._elapsed = float(round(self._elapsed))
                self.rooms.step(SLOW)
                self._look_around()

    def _pass(self, seconds: float) -> None:
        for entity, wanted in self.faults.take_due(self._elapsed):
            self._enact(entity, wanted, "command")
        for entity in self.faults.expire(self._elapsed):
            self._after_fault(entity, self.devices[entity], was_online=False)
        if self._busy:
            now = self.clock.now()
            for entity, device in list(self._busy.items()):
                device.step(seconds, self.rooms.around(self._areas[entity], now))
                self._look(entity, "world" if device.own_doing else "command")

    def _look_around(self) -> None:
        """Let those that follow their room read it."""
        now = self.clock.now()
        for entity, device in self._slow.items():
            if entity not in self._pinned:
                device.step(0.0, self.rooms.around(self._areas[entity], now))
                self._look(entity, "world")
