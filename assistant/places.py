"""What time it is elsewhere: the cities of the time zone database, and the countries and states that have one zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_OTHERS: Mapping[str, str] = {
    "America/New_York": "boston washington miami atlanta philadelphia orlando florida georgia ohio virginia|"
    "new york city|washington dc|north carolina|east coast|eastern time|eastern time zone|eastern standard time",
    "America/Chicago": "dallas houston austin texas illinois minneapolis memphis nashville|san antonio|new orleans|"
    "central time|central time zone|central standard time",
    "America/Denver": "colorado utah montana|salt lake city|mountain time|mountain time zone|mountain standard time",
    "America/Phoenix": "arizona",
    "America/Los_Angeles": "california seattle oregon nevada|san francisco|san diego|las vegas|west coast|"
    "pacific time|pacific time zone|pacific standard time",
    "Pacific/Honolulu": "hawaii",
    "America/Anchorage": "alaska",
    "America/Toronto": "ottawa montreal",
    "America/Sao_Paulo": "rio|rio de janeiro",
    "America/Lima": "peru",
    "Europe/London": "england scotland wales britain uk manchester liverpool edinburgh|united kingdom|great britain",
    "Europe/Paris": "france lyon marseille",
    "Europe/Berlin": "germany munich hamburg frankfurt cologne",
    "Europe/Madrid": "spain barcelona",
    "Europe/Rome": "italy milan venice naples",
    "Europe/Zurich": "switzerland geneva bern",
    "Europe/Amsterdam": "netherlands holland",
    "Europe/Brussels": "belgium",
    "Europe/Vienna": "austria",
    "Europe/Stockholm": "sweden",
    "Europe/Oslo": "norway",
    "Europe/Copenhagen": "denmark",
    "Europe/Helsinki": "finland",
    "Europe/Athens": "greece",
    "Europe/Kyiv": "ukraine",
    "Asia/Tokyo": "osaka kyoto",
    "Asia/Kolkata": "india mumbai delhi bangalore chennai hyderabad|new delhi",
    "Asia/Karachi": "pakistan lahore islamabad",
    "Asia/Shanghai": "china beijing shenzhen",
    "Asia/Dubai": "emirates|abu dhabi",
    "Asia/Seoul": "korea|south korea",
    "Asia/Bangkok": "thailand",
    "Asia/Manila": "philippines",
    "Asia/Ho_Chi_Minh": "vietnam",
    "Australia/Sydney": "canberra",
    "Pacific/Auckland": "wellington|new zealand",
    "Africa/Johannesburg": "|cape town|south africa",
    "Africa/Nairobi": "kenya",
    "Africa/Lagos": "nigeria",
}
"""Zone -> words, then phrases after `|`. Countries with several zones have none."""


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, str]:
    cities = {
        zone.rsplit("/", 1)[1].replace("_", " ").lower(): zone for zone in sorted(available_timezones()) if "/" in zone
    }
    countries = {zone.lower(): zone for zone in available_timezones() if "/" not in zone}
    others = {
        name: zone
        for zone, words in _OTHERS.items()
        for name in (*words.partition("|")[0].split(), *filter(None, words.split("|")[1:]))
    }
    return {**countries, **cities, **others}


def zone_of(place: str) -> ZoneInfo | None:
    """The time zone of a place; of "dallas texas", the more exact word decides.

    >>> zone_of("Dallas Texas"), zone_of("new york"), zone_of("nowhere")
    (zoneinfo.ZoneInfo(key='America/Chicago'), zoneinfo.ZoneInfo(key='America/New_York'), None)
    """
    words = [word for word in place.lower().replace("'s", "").split() if word != "the"]
    for size in range(len(words), 0, -1):
        for parts in (words[:size], words[-size:]):
            if zone := _zones().get(" ".join(parts)):
                return ZoneInfo(zone)
    return None


def time_in(place: str, now: datetime) -> datetime | None:
    """What time it is in a place when it is `now` here (local time, without a zone); `None` where it is not known."""
    zone = zone_of(place)
    return now.astimezone(zone) if zone else None
