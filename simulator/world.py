"""The world: owns the devices and their time; knows who changed what.

Deterministic: the same home, seed, start and deeds give the same history, however finely the time is cut. For that,
time is counted in whole milliseconds, rooms change at full minutes, and a device that is on its way is looked at on a
grid of its own (`Device.pace`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from assistant.errors import UserError
from devices.device import Device, Surroundings
from devices.kinds import make
from devices.kinds.sensor import BinarySensor, ReadOnly, Sensor
from devices.kinds.thermostat import Thermostat
from devices.traits import DeviceError
from simulator.agenda import NEVER, Agenda
from simulator.climate import Rooms
from simulator.contacts import Contacts
from simulator.faults import FLAP, LATE, ONCE, SKEW, Fault, Faults, distorted
from simulator.homes.inventory import normalised
from simulator.homes.lines import did_you_mean
from simulator.homes.model import HomeFile

MINUTE = 60_000
"""Milliseconds between two looks at rooms and sensors."""
NOTICED = 1000
"""Milliseconds after which the sensors of a room notice that something there has changed."""
HOLD = 60_000
"""Milliseconds for which a motion sensor stays on after the last person has left."""
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


@dataclass(slots=True)
class Busy:
    """A device on its way: since when it was not looked at, and who sent it."""

    device: Device
    since: int
    cause: Cause


class World:
    """A home in motion. It begins when `clock` says; from then on its time is what it is stepped. One thread only."""

    def __init__(self, home: HomeFile, seed: int, clock: Clock) -> None:
        self.home = home
        self.seed = seed
        self.refused = 0
        self.agenda = Agenda()
        self.faults = Faults()
        start = clock.now()
        # Counted from the full minute, so that the grid is that of the clock on the wall.
        self._origin = start.replace(second=0, microsecond=0)
        self._time = round((start - self._origin).total_seconds() * 1000)
        self._asked = float(self._time)
        self._looked = self._time
        self.devices: dict[str, Device] = {
            spec.entity: make(spec.kind, spec.entity, spec.features, spec.start) for spec in home.devices
        }
        self._areas = {spec.entity: spec.area for spec in home.devices}
        self.rooms = Rooms(home, self.devices, seed)
        self._contacts = Contacts(home, self.devices)
        self._watchers: list[Callable[[Change], None]] = []
        self._pinned: set[str] = set()
        self._noticing: set[str | None] = set()
        self._followers = self._following()
        for area, entities in self._followers.items():
            for entity in entities:
                self.devices[entity].step(0.0, self.rooms.around(area, start))
        self._contacts.begin()
        self._told = {entity: device.report() for entity, device in self.devices.items()}
        self._busy: dict[int, dict[str, Busy]] = {}
        self._paces: dict[str, int] = {}
        for entity, device in self.devices.items():
            self._see_whether_busy(entity, device, "command")

    def _following(self) -> dict[str | None, list[str]]:
        """Those that follow their room, room by room. In an inventory nothing drifts by itself."""
        found: dict[str | None, list[str]] = {}
        for entity, device in self.devices.items():
            if self.home.lively and device.follows:
                found.setdefault(self._areas[entity], []).append(entity)
        return found

    # -- who looks on ----------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """Local time in the world."""
        return self._origin + timedelta(milliseconds=self._time)

    def watch(self, callback: Callable[[Change], None]) -> None:
        """Be told of every change."""
        self._watchers.append(callback)

    def report(self, entity: str) -> dict[str, Any]:
        """`{state, attributes}` as last told."""
        return self._told[entity]

    @property
    def busy(self) -> bool:
        """Whether a device is on its way; one that only keeps something (a temperature, an alarm) is not."""
        return any(group for pace, group in self._busy.items() if pace < MINUTE)

    def online(self, entity: str) -> bool:
        """Whether the device can be reached."""
        return self.faults.reachable(entity)

    def area(self, entity: str) -> str | None:
        """The room that a device is in."""
        return self._areas[entity]

    def _tell(self, entity: str, what: What, cause: Cause) -> None:
        change = Change(entity, what, cause, self.now)
        for callback in self._watchers:
            callback(change)

    def _look(self, entity: str, cause: Cause) -> None:
        """Tell of a new report, and see whether the device needs time."""
        device = self.devices[entity]
        self._see_whether_busy(entity, device, cause)
        report = device.report()
        if self.faults.kind(entity) == "wrong_report":
            report = distorted(report)
        if report == self._told[entity] or self.faults.happens(entity, "lost_report"):
            return
        self._told[entity] = report
        self._tell(entity, "state", cause)
        self._notice(entity)

    def _see_whether_busy(self, entity: str, device: Device, cause: Cause) -> None:
        pace = MINUTE if device.unhurried else round(device.pace * 1000)
        known = self._busy_one(entity)
        if known is not None and (not device.busy or pace != self._paces[entity]):
            del self._busy[self._paces.pop(entity)][entity]
        if device.busy and entity not in self._paces:
            self._busy.setdefault(pace, {})[entity] = known or Busy(device, self._time, cause)
            self._paces[entity] = pace

    def _busy_one(self, entity: str) -> Busy | None:
        """The device, if it is on its way."""
        return self._busy[self._paces[entity]][entity] if entity in self._paces else None

    def _notice(self, entity: str) -> None:
        """What follows from a change: the contact on a door, and soon what the sensors of the room measure."""
        for contact in self._contacts.moved(entity):
            if contact not in self._pinned:
                self._look(contact, "world")
        if isinstance(self.devices[entity], Sensor):
            return
        for area in (self._areas[entity], None):
            if area in self._followers and area not in self._noticing:
                self._noticing.add(area)
                self.agenda.at(self._time + NOTICED, lambda area=area: self._notice_in(area))  # type: ignore[misc]

    def _notice_in(self, area: str | None) -> None:
        self._noticing.discard(area)
        self._look_around(area)

    # -- what is done to devices -----------------------------------------------------------------------------------

    def command(self, entity: str, wanted: Mapping[str, Any]) -> None:
        """A command over the wire; faults apply. Raises `DeviceError` for what the device can't do."""
        device = self.devices.get(entity)
        if device is None:
            raise DeviceError(f"there is no {entity[:100]!r}")
        device.check(wanted)
        if not self.online(entity) or self.faults.happens(entity, "lost"):
            return
        if self.faults.kind(entity) == "late":
            self.after(LATE, lambda: self._enact_late(entity, wanted))
            return
        self._enact(entity, wanted, "command")

    def _enact_late(self, entity: str, wanted: Mapping[str, Any]) -> None:
        try:
            self._enact(entity, wanted, "command")
        except DeviceError as error:
            log.warning("too late: %s", error)

    def by_hand(self, entity: str, wanted: Mapping[str, Any]) -> None:
        """A person operates the device itself, or opens the window that a contact is on. Raises `UserError`."""
        device = self._device(entity)
        if isinstance(device, BinarySensor) and self._contacts.movable(entity):
            self._open_by_hand(entity, device, wanted)
            return
        if isinstance(device, ReadOnly | Sensor):
            raise UserError(f"nobody can switch {entity} by hand; use set")
        try:
            self._enact(entity, wanted, "hand")
        except DeviceError as error:
            raise UserError(str(error)) from None

    def _open_by_hand(self, entity: str, device: Device, wanted: Mapping[str, Any]) -> None:
        state = {"open": "on", "closed": "off"}.get(str(wanted.get("state")), wanted.get("state"))
        if state not in {"on", "off"} or len(wanted) > 1:
            raise UserError(f"{entity}: state must be on (open) or off (closed)")
        device.force({"state": state})
        self._pinned.discard(entity)
        self._look(entity, "hand")

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
        before = self.rooms.people.get(person)
        self.rooms.people[person] = room
        if room is not None:
            self.rooms.seen.add(room)
            self._look_around(room)
        if before is not None and before != room:
            left = before
            self.agenda.at(self._time + HOLD, lambda: self._nobody_seen(left))

    def _nobody_seen(self, room: str) -> None:
        """The motion sensor gives up, where nobody has come back."""
        if not self.rooms.inside(room):
            self.rooms.seen.discard(room)
            self._look_around(room)

    def fault(self, entity: str, kind: str, seconds: float | None = None) -> None:
        """Give a device a fault, for a time or for good; `none` mends it. Raises `UserError`."""
        device = self._device(entity)
        was = self.online(entity)
        fault = self.faults.begin(entity, kind)
        self._after_fault(entity, device, was)
        if fault is None:
            return
        if seconds is not None:
            self.after(seconds, lambda: self._mend(entity, fault))
        if kind == "flapping":
            self._flap(entity, fault)

    def _mend(self, entity: str, fault: Fault) -> None:
        was = self.online(entity)
        if self.faults.end(entity, fault):
            self._after_fault(entity, self.devices[entity], was)

    def _flap(self, entity: str, fault: Fault) -> None:
        """Go away and come back until the fault is over."""
        if self.faults.has(entity, fault):
            fault.away = not fault.away
            self._tell(entity, "availability", "fault")
            self.after(FLAP, lambda: self._flap(entity, fault))

    def _after_fault(self, entity: str, device: Device, was_online: bool) -> None:
        device.jammed = self.faults.kind(entity) == "jammed"
        if self.online(entity) != was_online:
            self._tell(entity, "availability", "fault")
        if self.faults.kind(entity) not in ONCE:
            self._look(entity, "fault")

    def _device(self, entity: str) -> Device:
        device = self.devices.get(entity)
        if device is None:
            raise UserError(f"{self.home.id}: unknown entity {entity!r}{did_you_mean(entity, self.devices)}")
        return device

    def _enact(self, entity: str, wanted: Mapping[str, Any], cause: Cause, depth: int = 0) -> None:
        device = self.devices[entity]
        self._catch_up(entity, device)
        device.apply(wanted, by_hand=cause == "hand")
        if device.busy:
            device.step(0.0, self._around(entity))
        if (busy := self._busy_one(entity)) is not None:
            busy.cause = cause
        self._look(entity, cause)
        for other, wish in device.requests():
            self._ask(other, wish, cause, depth + 1)

    def _catch_up(self, entity: str, device: Device) -> None:
        """Let a device that is on its way come to where it is right now."""
        busy = self._busy_one(entity)
        if busy is not None and busy.since < self._time:
            passed, busy.since = self._time - busy.since, self._time
            device.step(passed / 1000, self._around(entity))

    def _ask(self, entity: str, wish: Mapping[str, Any], cause: Cause, depth: int) -> None:
        """What a scene asks of a device: only what it can do."""
        device = self.devices.get(entity)
        if device is None or depth > DEEPEST or not self.online(entity):
            self.refused += 1
            return
        normal = normalised(entity.partition(".")[0], wish)
        try:
            self._enact(entity, {key: value for key, value in normal.items() if key in device.traits}, cause, depth)
        except DeviceError as error:
            self.refused += 1
            log.warning("scene: %s", error)

    def _around(self, entity: str) -> Surroundings:
        around = self.rooms.around(self._areas[entity], self.now)
        if self.faults.kind(entity) == "skew":
            return replace(around, now=around.now + timedelta(seconds=SKEW))
        return around

    # -- time ------------------------------------------------------------------------------------------------------

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something in so many seconds of the world."""
        self.agenda.at(self._time + max(0, round(seconds * 1000)), action)

    @property
    def quiet(self) -> float:
        """Seconds for which nothing will happen by itself."""
        return (self._next() - self._time) / 1000

    def step(self, seconds: float) -> None:
        """Let time pass."""
        self._asked += seconds * 1000
        end = int(self._asked + 1e-6)
        while (due := self._next()) <= end:
            self._time = due
            self._happen()
        self._time = max(self._time, end)

    def _next(self) -> int:
        """When something happens next."""
        grids = [pace for pace, group in self._busy.items() if group]
        nearest = min(((self._time // pace + 1) * pace for pace in (MINUTE, *grids)), default=NEVER)
        return min(nearest, max(self.agenda.next, self._time))

    def _happen(self) -> None:
        """What is due at this moment: first what was arranged, then devices on their way, then the rooms."""
        now = self._time
        for action in self.agenda.due(now):
            action()
        if now == self._looked:
            return
        self._looked = now
        for pace, group in list(self._busy.items()):
            if group and now % pace == 0:
                for entity, busy in list(group.items()):
                    self._catch_up(entity, busy.device)
                    self._look(entity, "world" if busy.device.own_doing else busy.cause)
        if now % MINUTE == 0:
            self.rooms.step(MINUTE / 1000, self.now)
            for area in self._followers:
                self._look_around(area)

    def _look_around(self, area: str | None) -> None:
        """Let those that follow their room read it."""
        entities = [entity for entity in self._followers.get(area, ()) if entity not in self._pinned]
        if not entities:
            return
        around = self.rooms.around(area, self.now)
        for entity in entities:
            self.devices[entity].step(0.0, around)
            self._look(entity, "world")
