"""Weather, daylight and the warmth of rooms: just enough physics for devices to behave as they do at home."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from datetime import datetime

from devices.device import Device, Surroundings
from devices.kinds.climate import fahrenheit
from devices.kinds.cover import Cover
from devices.kinds.thermostat import Thermostat
from simulator.homes.model import HomeFile, Room

CAPACITY = 400_000.0
"""Joules that warm a room (air, furniture, the face of the walls) by one kelvin."""
RELAXATION = 7200.0
"""Seconds after which a room has come 63 percent of the way to its rest temperature."""
REST = 19.5
"""Degrees Celsius at which an unheated room of an inhabited home rests."""
REST_HEATED = 14.0
"""The same for a room that has its own thermostat, so that the thermostat has something to do."""
SUN = 60_000.0
"""Lux outside at noon on a clear day."""


class Weather:
    """Temperature and light outside, by date and hour; the seed decides how warm and cloudy each day is."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def _day(self, now: datetime) -> random.Random:
        return random.Random(self._seed * 1_000_003 + now.toordinal())

    def temperature(self, now: datetime) -> float:
        """Degrees Celsius outside."""
        season = -math.cos(2 * math.pi * (now.timetuple().tm_yday - 20) / 365)
        hour = now.hour + now.minute / 60
        daily = -math.cos(2 * math.pi * (hour - 4) / 24)
        return 10.0 + 8.0 * season + 4.0 * daily + self._day(now).gauss(0.0, 2.0)

    def lux(self, now: datetime) -> float:
        """Light outside; the sun is up from six to eighteen."""
        hour = now.hour + now.minute / 60
        sun = math.sin(math.pi * (hour - 6) / 12) if 6 < hour < 18 else 0.0
        return SUN * sun * self._day(now).uniform(0.3, 1.0)


class Rooms:
    """Temperature, light and people of every room."""

    def __init__(self, home: HomeFile, devices: dict[str, Device], seed: int) -> None:
        self._home = home
        self._weather = Weather(seed)
        self._rooms = {room.id: room for room in home.rooms}
        self._inside: dict[str, list[Device]] = {room.id: [] for room in home.rooms}
        for spec in home.devices:
            if spec.area in self._inside:
                self._inside[spec.area].append(devices[spec.entity])
        self._rest = {room: self._rest_of(found) for room, found in self._inside.items()}
        self._celsius = {room: self._first(found) for room, found in self._inside.items()}
        self.people: dict[str, str | None] = {}

    @staticmethod
    def _rest_of(devices: Iterable[Device]) -> float:
        return REST_HEATED if any(isinstance(each, Thermostat) for each in devices) else REST

    def _first(self, devices: Iterable[Device]) -> float:
        """A room with a heating thermostat begins at its target, so that nothing drifts right after the start."""
        for each in devices:
            if isinstance(each, Thermostat) and each.state != "off":
                target = float(each.attributes["temperature"])
                return (target - 32) * 5 / 9 if self._home.unit == "F" else target
        return REST

    def step(self, seconds: float) -> None:
        """Warm and cool the rooms."""
        for room, devices in self._inside.items():
            watts = sum(device.heat for device in devices)
            fall = (self._celsius[room] - self._rest[room]) / RELAXATION
            self._celsius[room] += (watts / CAPACITY - fall) * seconds

    def around(self, area: str | None, now: datetime) -> Surroundings:
        """What a device in that room feels; outside of any room, the average of the home."""
        room = self._rooms.get(area or "")
        celsius = self._temperature(room, now)
        degrees = fahrenheit(celsius) if self._home.unit == "F" else celsius
        occupied = area is not None and area in self.people.values()
        return Surroundings(now, degrees, 45.0, self._light(room, now), occupied, self._home.unit)

    def _temperature(self, room: Room | None, now: datetime) -> float:
        if room is None:
            return sum(self._celsius.values()) / len(self._celsius) if self._celsius else REST
        return self._weather.temperature(now) if room.outdoors else self._celsius[room.id]

    def _light(self, room: Room | None, now: datetime) -> float:
        if room is None:
            return 0.0
        devices = self._inside[room.id]
        lamps = sum(device.light for device in devices)
        if room.outdoors:
            return lamps + self._weather.lux(now)
        return lamps + self._weather.lux(now) * room.window * _shade(devices)


def _shade(devices: Iterable[Device]) -> float:
    """The share of daylight that blinds and curtains let in."""
    shades = {"blind", "shade", "shutter", "curtain"}
    covers = [each for each in devices if isinstance(each, Cover) and each.features.get("device_class") in shades]
    if not covers:
        return 1.0
    opened = [float(each.report()["attributes"].get("current_position", 100)) for each in covers]
    return 0.05 + 0.95 * sum(opened) / len(opened) / 100
