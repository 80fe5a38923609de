"""The weather outside: temperature, humidity and daylight by date and hour, decided by a seed."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from datetime import datetime

SUN = 60_000.0
"""Lux outside at noon on a clear day."""
HUMIDITY = 75.0
"""Relative humidity outside, in percent."""


@dataclass(frozen=True, slots=True)
class Day:
    """What is special about one day: how much warmer it is than usual (in kelvin), and how clear (0 to 1)."""

    warmer: float
    clear: float


@dataclass(slots=True)
class Weather:
    """A temperate climate: 1 °C on average in January, 19 °C in July, half a dozen degrees between night and day."""

    seed: int
    _days: dict[int, Day] = field(default_factory=dict)

    def _day(self, ordinal: int) -> Day:
        found = self._days.get(ordinal)
        if found is None:
            draw = random.Random(self.seed * 1_000_003 + ordinal)
            found = self._days[ordinal] = Day(draw.gauss(0.0, 2.0), draw.uniform(0.3, 1.0))
        return found

    def temperature(self, now: datetime) -> float:
        """Degrees Celsius outside."""
        hour = now.hour + now.minute / 60
        daily = -math.cos(2 * math.pi * (hour - 4) / 24)
        # A warm day follows a cold one gradually: from noon to noon.
        ordinal, share = now.toordinal(), (hour - 12) / 24
        other = self._day(ordinal + (1 if share > 0 else -1)).warmer
        warmer = self._day(ordinal).warmer * (1 - abs(share)) + other * abs(share)
        return 10.0 + 9.0 * _season(now) + 4.0 * daily + warmer

    def lux(self, now: datetime) -> float:
        """Light outside; the sun is up for eight hours in December, for sixteen in June."""
        half = 6.0 + 2.0 * _season(now)
        hour = now.hour + now.minute / 60
        sun = math.cos(math.pi / 2 * (hour - 12) / half) if abs(hour - 12) < half else 0.0
        return SUN * sun * self._day(now.toordinal()).clear

    def vapour(self, now: datetime) -> float:
        """Water in the air outside, in grams a cubic metre."""
        return HUMIDITY / 100 * saturation(self.temperature(now))


def _season(now: datetime) -> float:
    """-1 in the middle of January, 1 in the middle of July."""
    return -math.cos(2 * math.pi * (now.timetuple().tm_yday - 20) / 365)


def saturation(celsius: float) -> float:
    """The most water that air can hold, in grams a cubic metre (Magnus formula over water, Sonntag 1990).

    >>> round(saturation(20), 1), round(saturation(0), 1)
    (17.2, 4.8)
    """
    pascal = 611.2 * math.exp(17.62 * celsius / (243.12 + celsius))
    return 2.1667 * pascal / (273.15 + celsius)
