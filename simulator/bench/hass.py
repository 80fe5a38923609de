"""Home Assistant's intent and slot names, spoken only at this border, so that results compare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.colors import COLOR_TEMPERATURES
from assistant.home import Home
from assistant.nlu.normalise import tokenise, words_of
from assistant.nlu.times import fold
from assistant.resolve.names import whole_home
from assistant.services import DEFAULT_ATTRIBUTE, WORD_ATTRIBUTES
from assistant.turn import Intent, Resolution, Turn

_PLAIN = {
    "turn_on": "HassTurnOn",
    "turn_off": "HassTurnOff",
    "open": "HassTurnOn",
    "close": "HassTurnOff",
    "lock": "HassTurnOn",
    "unlock": "HassTurnOff",
    "activate": "HassTurnOn",
    "query": "HassGetState",
    "pause": "HassMediaPause",
    "play": "HassMediaUnpause",
    "next": "HassMediaNext",
    "previous": "HassMediaPrevious",
    "mute": "HassMediaPlayerMute",
    "unmute": "HassMediaPlayerUnmute",
    "stop": "HassStopMoving",
    "return": "HassVacuumReturnToBase",
}
_START = {"vacuum": "HassVacuumStart", "lawn_mower": "HassLawnMowerStartMowing", "media_player": "HassMediaUnpause"}
_SET = {
    ("light", "brightness"): ("HassLightSet", "brightness"),
    ("light", "color"): ("HassLightSet", "color"),
    ("light", "color_temp"): ("HassLightSet", "temperature"),
    ("fan", "speed"): ("HassFanSetSpeed", "percentage"),
    ("cover", "position"): ("HassSetPosition", "position"),
    ("valve", "position"): ("HassSetPosition", "position"),
    ("media_player", "volume"): ("HassSetVolume", "volume_level"),
    ("climate", "temperature"): ("HassClimateSetTemperature", "temperature"),
}
_TIMER = {
    "start": "HassStartTimer",
    "cancel": "HassCancelTimer",
    "query": "HassTimerStatus",
    "pause": "HassPauseTimer",
    "resume": "HassUnpauseTimer",
}
_LIST = {"add": "HassListAddItem", "complete": "HassListCompleteItem", "remove": "HassListRemoveItem"}
DEVICE_ACTIONS = {
    "Turn on": "HassTurnOn",
    "Turn off": "HassTurnOff",
    "Set brightness": "HassLightSet",
    "Set volume": "HassSetVolume",
    "Set temperature": "HassClimateSetTemperature",
    "Unpause": "HassMediaUnpause",
    "Pause": "HassMediaPause",
    "Next track": "HassMediaNext",
    "Previous track": "HassMediaPrevious",
    "Open": "HassTurnOn",
    "Close": "HassTurnOff",
    "Lock": "HassTurnOn",
    "Unlock": "HassTurnOff",
    "Set position": "HassSetPosition",
    "Start": "HassVacuumStart",
    "Return to base": "HassVacuumReturnToBase",
}
"""Names of the device-action sets -> Home Assistant's."""


def as_hass(turn: Turn, home: Home) -> tuple[str | None, dict[str, Any]]:
    """Intent and slots of a turn in Home Assistant's vocabulary; names as the home writes them."""
    if turn.parse is None or not turn.parse.intents:
        return None, {}
    resolution = turn.resolutions[0] if turn.resolutions else Resolution(turn.parse.intents[0])
    intent = resolution.intent
    slots = _target(intent, resolution, home)
    if intent.domain == "timer":
        return _timer(intent, slots)
    if intent.slots.get("after") and intent.verb != "query":
        later = {"conversation_command": _without_duration(turn.executed)}
        return "HassStartTimer", _parts(float(intent.slots["after"]), "") | later
    if intent.domain == "weather":
        return "HassGetWeather", {"name": intent.slots["place"]} if intent.slots.get("place") else {}
    if intent.domain == "list" or intent.verb in _LIST:
        return _list(intent)
    if intent.domain == "dialogue":
        return ("HassNevermind" if intent.verb == "cancel" else None), {}
    if intent.verb in {"increase", "decrease"} and _placed(intent).slots.get("attribute") == "volume":
        return "HassSetVolumeRelative", slots | {"volume_step": _step(intent)}
    if intent.verb in {"set", "increase", "decrease"}:
        return _set(_placed(intent), slots)
    if intent.verb == "query" and intent.slots.get("attribute") in {"temperature", "target_temperature"}:
        return "HassClimateGetTemperature", slots
    if intent.verb == "clean":
        return ("HassVacuumCleanArea" if "area" in slots else "HassVacuumStart"), slots
    if intent.verb == "play" and intent.slots.get("title"):
        told = {"media_class": intent.slots["media_class"]} if intent.slots.get("media_class") else {}
        return "HassMediaSearchAndPlay", slots | {"search_query": intent.slots["title"], **told}
    if intent.verb == "start":
        return _START.get(intent.domain, "HassTurnOn"), slots
    if intent.verb == "query":
        slots |= {"state": _state(str(intent.slots["state"]), resolution)} if intent.slots.get("state") else {}
    return _PLAIN.get(intent.verb), slots


def _state(spoken: str, resolution: Resolution) -> str:
    """The state asked about; a sensor that only knows yes and no is `on` when something is open or there."""
    if all(entity.startswith("binary_sensor.") for entity in resolution.entities) and resolution.entities:
        return "off" if spoken in {"off", "closed", "locked", "clear", "away"} else "on"
    return spoken


def _without_duration(text: str) -> str:
    """What is to be done, without "in five minutes".

    >>> _without_duration("turn off the lights in 1 hour 30 seconds")
    'turn off the lights'
    """
    kept: list[str] = []
    for span in fold(tokenise(words_of(text))):
        if span.kind != "dur":
            kept.append(span.spoken)
        elif kept and kept[-1] in {"in", "after"}:
            kept.pop()
    return " ".join(kept)


def _target(intent: Intent, resolution: Resolution, home: Home) -> dict[str, Any]:
    """Name, area and floor: as the home writes them where the resolver found them, else as spoken."""
    slots: dict[str, Any] = {}
    if intent.slots.get("name"):
        found = [home.entities[entity].name for entity in resolution.entities if entity in home.entities]
        slots["name"] = found[0] if len(found) == 1 else intent.slots["name"]
    for key, places in (("area", home.areas), ("floor", home.floors)):
        if (spoken := intent.slots.get(key)) and not whole_home(str(spoken)):
            named = [place.name for place in places.values() if place.name.lower() == str(spoken).lower()]
            slots[key] = named[0] if named else spoken
    return slots


_DOMAIN_OF = {
    "brightness": "light",
    "color": "light",
    "color_temp": "light",
    "speed": "fan",
    "position": "cover",
    "volume": "media_player",
    "temperature": "climate",
}
"""What an attribute belongs to, where this home has no device for it and nothing could be resolved."""


def _placed(intent: Intent) -> Intent:
    """The intent with the domain that its words imply, when resolution found no device."""
    if intent.domain != "home":
        return intent
    slots = dict(intent.slots)
    spoken = next((word for word in ("color", "color_temp") if slots.get(word) is not None), None)
    attribute = slots.get("attribute") or spoken or DEFAULT_ATTRIBUTE.get(str(slots.get("domain") or "light"))
    domain = slots.get("domain") or _DOMAIN_OF.get(str(attribute), "home")
    return Intent(f"{domain}.{intent.verb}", {**slots, "attribute": attribute}, intent.confidence)


def _set(intent: Intent, slots: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    attribute = str(intent.slots.get("attribute"))
    name, key = _SET.get((intent.domain, attribute), (None, attribute))
    value = intent.slots.get("value")
    if value is None:
        word = intent.slots.get(WORD_ATTRIBUTES.get(attribute, attribute))
        value = COLOR_TEMPERATURES.get(str(word).lower(), word) if attribute == "color_temp" else word
    return name, slots | {key: value}


def _step(intent: Intent) -> Any:
    sign = 1 if intent.verb == "increase" else -1
    amount = intent.slots.get("amount")
    return sign * float(amount) if isinstance(amount, int | float) else "up" if sign > 0 else "down"


def _timer(intent: Intent, slots: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """Timers count hours, minutes and seconds apart; `start_` is the length of the timer that is meant."""
    if intent.slots.get("timer_name"):
        slots["name"] = intent.slots["timer_name"]
    if intent.verb == "cancel" and intent.slots.get("quantity") in {"all", "plural"}:
        return "HassCancelAllTimers", slots
    meant = _parts(float(intent.slots.get("length") or 0), "start_")
    if intent.verb == "change":
        amount = float(intent.slots.get("amount") or 0)
        return ("HassIncreaseTimer" if amount >= 0 else "HassDecreaseTimer"), slots | _parts(abs(amount), "") | meant
    own = _parts(float(intent.slots.get("duration") or 0), "") if intent.verb == "start" else meant
    return _TIMER.get(intent.verb), slots | own


def _parts(seconds: float, prefix: str) -> dict[str, float]:
    left = round(seconds)
    found: dict[str, float] = {}
    for unit, size in (("hours", 3600), ("minutes", 60), ("seconds", 1)):
        count, left = divmod(left, size)
        if count:
            found[f"{prefix}{unit}"] = count
    return found


def _list(intent: Intent) -> tuple[str | None, dict[str, Any]]:
    item, name = intent.slots.get("item"), str(intent.slots.get("list") or "")
    verb = intent.verb
    if verb == "add" and name in {"shopping", "shopping list", ""}:
        return "HassShoppingListAddItem", {"item": item}
    return _LIST.get(verb), {"item": item, "name": name.removesuffix(" list")}


def same_slots(wished: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """What differs: names case-insensitive, numbers as numbers; `domain` and `device_class` are not compared."""
    problems = []
    for key in sorted(({*wished} | {*found}) - {"domain", "device_class", "device_type"}):
        left, right = wished.get(key), found.get(key)
        if not _same(left, right):
            problems.append(f"{key} is {right!r}, expected {left!r}")
    return problems


def _same(left: Any, right: Any) -> bool:
    try:
        return abs(float(left) - float(right)) < 1e-6
    except (TypeError, ValueError):
        return str(left).strip().lower() == str(right).strip().lower()
