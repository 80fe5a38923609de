"""The air, the light and the people of rooms: just enough physics for devices to behave as they do at home.

A room's air gains heat and water from what is in it, comes to rest with the walls, and is exchanged through open
windows (with the air outside) and by fans (with that of the other rooms). Each is a first-order process.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from devices.device import Device, Surroundings
from devices.kinds.climate import fahrenheit
from devices.kinds.cover import Cover
from devices.kinds.fan import Fan
from devices.kinds.oven import Oven
from devices.kinds.sensor import BinarySensor
from devices.kinds.thermostat import Thermostat
from devices.kinds.timed import Brewer
from devices.kinds.water import Humidifier
from simulator.homes.model import HomeFile, Room
from simulator.weather import Weather, saturation

CAPACITY = 400_000.0
"""Joules that warm a room (air, furniture, the face of the walls) by one kelvin."""
VOLUME = 40.0
"""Cubic metres of air in a room."""
RELAXATION = 7200.0
"""Seconds after which a room has come 63 percent of the way to its rest."""
AIRING = 600.0
"""Seconds in which one open window changes the air of a room once."""
MIXING = 900.0
"""The same for a fan at full speed, which draws in the air of the rest of the home."""
WALLS = 5.0
"""How many times as much warmth is in the furniture and the face of the walls as in the air."""
REST = 19.5
"""Degrees Celsius at which an unheated room of an inhabited home rests."""
REST_HEATED = 14.0
"""The same for a room that has its own thermostat, so that the thermostat has something to do."""
WARM_OUTSIDE = 17.0
"""Degrees Celsius outside above which the walls are warmer, too."""
REST_HUMIDITY = 45.0
"""Percent of relative humidity at which an inhabited room rests."""
HIGHEST_HUMIDITY = 99.0
"""Percent; more water settles on the window."""
BREATH = 50.0
"""Grams of water an hour from a person."""
BODY = 80.0
"""Watts from a person."""
SHOWER = 2500.0
"""Grams of water an hour from a shower."""
WATER = {Oven: 400.0, Brewer: 600.0, Humidifier: 300.0}
"""Grams of water an hour from a device that is on."""
DRYING = -300.0
"""The same for a dehumidifier."""
SHADES = frozenset({"blind", "shade", "shutter", "curtain"})
OPENINGS = frozenset({"window", "door", "garage", "gate", "garage_door", "opening"})
"""Device classes of what lets the air in, while it is open."""


@dataclass(slots=True)
class Air:
    """Of one room: degrees Celsius, and water in grams a cubic metre."""

    celsius: float
    vapour: float

    @property
    def humidity(self) -> float:
        """Relative, in percent."""
        return min(100 * self.vapour / saturation(self.celsius), HIGHEST_HUMIDITY)


class Equipment:
    """The devices of one room (or of the whole home), by what they do to it; all that can't do it are left out."""

    def __init__(self, devices: Iterable[Device]) -> None:
        found = list(devices)
        self._heating = [each for each in found if type(each).heat is not Device.heat]
        self._shining = [each for each in found if type(each).light is not Device.light]
        self._drawing = [each for each in found if type(each).power is not Device.power]
        self._wet = [each for each in found if isinstance(each, tuple(WATER))]
        self._openings = [each for each in found if isinstance(each, BinarySensor | Cover)]
        self._fans = [each for each in found if isinstance(each, Fan)]
        self._covers = [each for each in found if isinstance(each, Cover)]

    @property
    def heat(self) -> float:
        """Watts to the air."""
        return sum([each.heat for each in self._heating])

    @property
    def light(self) -> float:
        """Lux from lamps."""
        return sum([each.light for each in self._shining])

    @property
    def power(self) -> float:
        """Watts from the mains."""
        return sum([each.power for each in self._drawing])

    @property
    def water(self) -> float:
        """Grams an hour to the air."""
        return sum(map(_water, self._wet))

    @property
    def opened(self) -> float:
        """How many windows and doors are open."""
        return sum(map(_opened, self._openings))

    @property
    def blown(self) -> float:
        """How much air fans move; 1 is one at full speed."""
        return sum(map(_blown, self._fans))

    @property
    def shade(self) -> float:
        """The share of daylight that blinds and curtains let in."""
        return _shade(self._covers)


class Rooms:
    """Air, light and people of every room."""

    def __init__(self, home: HomeFile, devices: Mapping[str, Device], seed: int) -> None:
        self._home = home
        self.weather = Weather(seed)
        self._rooms = {room.id: room for room in home.rooms}
        inside: dict[str, list[Device]] = {room.id: [] for room in home.rooms}
        for spec in home.devices:
            if spec.area in inside:
                inside[spec.area].append(devices[spec.entity])
        self._inside = {room: Equipment(found) for room, found in inside.items()}
        self._whole = Equipment(devices.values())
        self._rest = {room: self._rest_of(found) for room, found in inside.items()}
        self._air = {room: _still(self._first(found)) for room, found in inside.items()}
        self._indoors = [room.id for room in home.rooms if not room.outdoors]
        self.people: dict[str, str | None] = {}
        self.showers: set[str] = set()
        self.seen: set[str] = set()

    @staticmethod
    def _rest_of(devices: Iterable[Device]) -> float:
        return REST_HEATED if any(isinstance(each, Thermostat) for each in devices) else REST

    def _first(self, devices: Iterable[Device]) -> float:
        """A room with a heating thermostat begins where its heating keeps it, so that nothing drifts at the start."""
        for each in devices:
            if isinstance(each, Thermostat) and each.state != "off":
                told = float(each.attributes["temperature"])
                target = (told - 32) * 5 / 9 if self._home.unit == "F" else told
                return target - max(target - REST_HEATED, 0.0) * CAPACITY / RELAXATION / Thermostat.POWER
        return REST

    # -- what devices feel -----------------------------------------------------------------------------------------

    def around(self, area: str | None, now: datetime) -> Surroundings:
        """What a device in that room feels; outside of any room, the average of the home."""
        room = self._rooms.get(area or "")
        celsius, humidity = self._felt(room, now)
        degrees = fahrenheit(celsius) if self._home.unit == "F" else celsius
        power = (self._inside[room.id] if room else self._whole).power
        occupied = area in self.seen
        return Surroundings(now, degrees, humidity, self._light(room, now), occupied, self._home.unit, power)

    def inside(self, area: str) -> list[str]:
        """The people in a room."""
        return [person for person, room in self.people.items() if room == area]

    def _felt(self, room: Room | None, now: datetime) -> tuple[float, float]:
        """Degrees Celsius and percent of humidity."""
        if room is not None and room.outdoors:
            outside = Air(self.weather.temperature(now), self.weather.vapour(now))
            return outside.celsius, outside.humidity
        air = self._average() if room is None else self._air[room.id]
        return air.celsius, air.humidity

    def _average(self) -> Air:
        found = [self._air[room] for room in self._indoors]
        if not found:
            return _still(REST)
        return Air(sum(each.celsius for each in found) / len(found), sum(each.vapour for each in found) / len(found))

    def _light(self, room: Room | None, now: datetime) -> float:
        if room is None:
            return 0.0
        found = self._inside[room.id]
        if room.outdoors:
            return found.light + self.weather.lux(now)
        return found.light + self.weather.lux(now) * room.window * found.shade

    # -- time ------------------------------------------------------------------------------------------------------

    def step(self, seconds: float, now: datetime) -> None:
        """Let the air of all rooms change."""
        outside = Air(self.weather.temperature(now), self.weather.vapour(now))
        average = self._average()
        warm = max(0.0, outside.celsius - WARM_OUTSIDE)
        for room in self._indoors:
            self._exchange(room, seconds, warm, outside, average)

    def _exchange(self, room: str, seconds: float, warm: float, outside: Air, average: Air) -> None:
        """Let the air of one room change, for as long as its sources and its neighbours stay as they are."""
        air, found, people = self._air[room], self._inside[room], len(self.inside(room))
        rest = self._rest[room] + warm
        airs = [(found.opened / AIRING, outside), (found.blown / MIXING, average)]
        watts = found.heat + BODY * people
        grams = found.water + BREATH * people + (SHOWER if room in self.showers else 0.0)
        warmths = [(1 / RELAXATION, rest), *((rate / WALLS, other.celsius) for rate, other in airs)]
        waters = [(1 / RELAXATION, REST_HUMIDITY / 100 * saturation(rest))]
        waters += [(rate, other.vapour) for rate, other in airs]
        air.celsius = _later(air.celsius, seconds, watts / CAPACITY, warmths)
        vapour = max(_later(air.vapour, seconds, grams / 3600 / VOLUME, waters), 0.0)
        air.vapour = min(vapour, HIGHEST_HUMIDITY / 100 * saturation(air.celsius))


def _later(value: float, seconds: float, gain: float, pulls: Iterable[tuple[float, float]]) -> float:
    """What becomes of a value with a gain a second and with pulls (rate a second, towards what), solved exactly.

    >>> _later(20.0, 1e9, 0.01, [(0.001, 0.0), (0.001, 10.0)])
    10.0
    """
    pulls = list(pulls)
    total = sum(rate for rate, _ in pulls)
    end = (sum(rate * towards for rate, towards in pulls) + gain) / total
    return end + (value - end) * math.exp(-total * seconds)


def _still(celsius: float) -> Air:
    """The air of a room in which nothing has happened for a while."""
    return Air(celsius, REST_HUMIDITY / 100 * saturation(celsius))


def _opened(device: Device) -> float:
    """How far it is open to the outside, 0 to 1, where it is a window or a door at all."""
    if device.features.get("device_class") not in OPENINGS:
        return 0.0
    if isinstance(device, BinarySensor):
        return 1.0 if device.state == "on" else 0.0
    return position(device) / 100 if isinstance(device, Cover) else 0.0


def position(cover: Cover) -> float:
    """How far a cover is open, in percent; one that does not tell is open or closed."""
    report = cover.report()
    told = report["attributes"].get("current_position")
    return float(told) if told is not None else 0.0 if report["state"] == "closed" else 100.0


def _blown(device: Device) -> float:
    """How much air a fan moves, 0 to 1."""
    return float(device.attributes.get("percentage") or 0) / 100 if isinstance(device, Fan) else 0.0


def _water(device: Device) -> float:
    """What it gives to the air, in grams an hour; it takes something where that is negative."""
    if device.state not in {"on", "heat"} or device.jammed:
        return 0.0
    if isinstance(device, Humidifier):
        if device.features.get("device_class") == "dehumidifier":
            return DRYING if device.attributes.get("current_humidity", 100) > device.attributes["humidity"] else 0.0
        return WATER[Humidifier] if device.power else 0.0
    return next((grams for kind, grams in WATER.items() if isinstance(device, kind)), 0.0)


def _shade(devices: Iterable[Device]) -> float:
    """The share of daylight that blinds and curtains let in."""
    covers = [each for each in devices if isinstance(each, Cover) and each.features.get("device_class") in SHADES]
    if not covers:
        return 1.0
    return 0.05 + 0.95 * sum(map(position, covers)) / len(covers) / 100
