"""When the sun rises and sets, from the clock and the latitude alone.

Source: the NOAA solar calculator's equations (Meeus, Astronomical Algorithms, chapter 25), by the day's angle alone;
good to a few minutes. Without a longitude, noon by the sun is taken to be noon by the clock, give or take the equation
of time.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta

ALTITUDES = {"sunrise": -0.833, "sunset": -0.833, "dawn": -6.0, "dusk": -6.0}
"""Degrees of the sun above the horizon at each event; dawn and dusk are civil twilight."""
MORNING = frozenset({"sunrise", "dawn"})


def sun_time(event: str, day: date, latitude: float) -> datetime | None:
    """The local time of `sunrise`, `sunset`, `dawn` or `dusk`; `None` where the sun does not do so that day.

    `latitude` is in degrees, north positive.

    >>> f"{sun_time('sunset', date(2026, 6, 21), 50.0):%H} {sun_time('sunrise', date(2026, 12, 21), 50.0):%H}"
    '20 07'
    >>> sun_time("sunset", date(2026, 6, 21), 80.0) is None
    True
    """
    turn = 2 * math.pi * (day.timetuple().tm_yday - 1 + 0.5) / 365
    equation = 229.18 * (
        0.000075 + 0.001868 * math.cos(turn) - 0.032077 * math.sin(turn)
        - 0.014615 * math.cos(2 * turn) - 0.040849 * math.sin(2 * turn)
    )  # fmt: skip
    declination = (
        0.006918 - 0.399912 * math.cos(turn) + 0.070257 * math.sin(turn) - 0.006758 * math.cos(2 * turn)
        + 0.000907 * math.sin(2 * turn) - 0.002697 * math.cos(3 * turn) + 0.00148 * math.sin(3 * turn)
    )  # fmt: skip
    north = math.radians(latitude)
    height = math.sin(math.radians(ALTITUDES[event])) - math.sin(north) * math.sin(declination)
    cosine = height / (math.cos(north) * math.cos(declination))
    if not -1 <= cosine <= 1:
        return None
    minutes = 4 * math.degrees(math.acos(cosine))
    noon = datetime.combine(day, time(12)) - timedelta(minutes=equation)
    moment = noon + timedelta(minutes=-minutes if event in MORNING else minutes)
    return moment.replace(microsecond=0)


def next_sun_time(event: str, offset: float, now: datetime, latitude: float) -> datetime | None:
    """The next moment `offset` seconds from the event; `None` when there is none within a year.

    >>> next_sun_time("sunset", -3600, datetime(2026, 3, 2, 23, 0), 50.0).date().isoformat()
    '2026-03-03'
    """
    for ahead in range(-1, 367):
        moment = sun_time(event, now.date() + timedelta(days=ahead), latitude)
        if moment is not None and (due := moment + timedelta(seconds=offset)) > now:
            return due
    return None


def is_down(event: str, now: datetime, latitude: float) -> bool:
    """Whether the sun is below the altitude of an event now: after sunset or dusk, before sunrise or dawn."""
    rising, setting = ("dawn", "dusk") if event in {"dawn", "dusk"} else ("sunrise", "sunset")
    morning, evening = sun_time(rising, now.date(), latitude), sun_time(setting, now.date(), latitude)
    return morning is None or evening is None or not morning <= now < evening
