"""What verbs mean for each kind of entity: the wished absolute state, and the scales of values.

One table for acting, explaining and speaking. Names and scales are Home Assistant's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.colors import COLOR_MODES
from assistant.home import Entity
from assistant.media import playable
from assistant.turn import State


@dataclass(frozen=True, slots=True)
class Scale:
    """How a spoken value of one attribute becomes a state attribute.

    `key` is the attribute of the state; `full` is the value that "100 percent" means (`None`: spoken as it is stored);
    `step` is one "a bit", in spoken units. `low` and `high` are spoken limits, overridden by the entity's features.
    """

    key: str
    full: float | None
    step: float
    low: float
    high: float
    unit: str
    on_state: str | None = None


SCALES: Mapping[tuple[str, str], Scale] = {
    ("light", "brightness"): Scale("brightness", 255, 20, 0, 100, "%", "on"),
    ("fan", "speed"): Scale("percentage", 100, 20, 0, 100, "%", "on"),
    ("cover", "position"): Scale("current_position", 100, 20, 0, 100, "%"),
    ("valve", "position"): Scale("current_position", 100, 20, 0, 100, "%"),
    ("media_player", "volume"): Scale("volume_level", 1.0, 10, 0, 100, "%"),
    ("climate", "temperature"): Scale("temperature", None, 1, 5, 300, "degrees"),
    ("water_heater", "temperature"): Scale("temperature", None, 1, 30, 90, "degrees"),
    ("humidifier", "humidity"): Scale("humidity", None, 5, 0, 100, "%", "on"),
    ("light", "color_temp"): Scale("color_temp_kelvin", None, 500, 2000, 6500, "kelvin", "on"),
    ("number", "value"): Scale("state", None, 1, 0, 100, ""),
    ("input_number", "value"): Scale("state", None, 1, 0, 100, ""),
}
"""(domain, spoken attribute) -> scale."""

DEFAULT_ATTRIBUTE: Mapping[str, str] = {
    "light": "brightness",
    "fan": "speed",
    "cover": "position",
    "valve": "position",
    "media_player": "volume",
    "climate": "temperature",
    "water_heater": "temperature",
    "humidifier": "humidity",
    "number": "value",
    "input_number": "value",
}
"""What "set it to 40" and "a bit more" change, by domain."""

WORD_ATTRIBUTES: Mapping[str, str] = {"color": "color", "color_temp": "color_temp", "mode": "mode", "source": "source"}

_ON = {"state": "on"}
_OFF = {"state": "off"}
_OPEN = {"state": "open"}
_CLOSED = {"state": "closed"}
_PLAIN_SWITCHES = ("light", "switch", "fan", "input_boolean", "siren", "humidifier", "media_player", "automation")

VERBS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "turn_on": {
        **dict.fromkeys(_PLAIN_SWITCHES, _ON),
        "climate": {"state": "heat"},
        "water_heater": {"state": "on"},
        "vacuum": {"state": "cleaning"},
        "scene": _ON,
        "script": _ON,
        "valve": _OPEN,
        "lawn_mower": {"state": "mowing"},
    },
    "turn_off": {
        **dict.fromkeys(_PLAIN_SWITCHES, _OFF),
        "climate": _OFF,
        "water_heater": _OFF,
        "vacuum": {"state": "returning"},
        "valve": _CLOSED,
        "script": _OFF,
        "lawn_mower": {"state": "returning"},
    },
    "turn": {domain: {} for domain in (*_PLAIN_SWITCHES, "climate", "water_heater", "vacuum", "valve")},
    "open": {"cover": _OPEN, "valve": _OPEN, "lock": {"state": "unlocked"}},
    "close": {"cover": _CLOSED, "valve": _CLOSED, "lock": {"state": "locked"}},
    "stop": {
        "cover": {"state": "stop"},
        "vacuum": {"state": "returning"},
        "media_player": {"state": "idle"},
        "valve": {"state": "stop"},
        "lawn_mower": {"state": "paused"},
        **dict.fromkeys(("switch", "siren", "script", "climate", "water_heater", "fan", "humidifier"), _OFF),
    },
    "lock": {"lock": {"state": "locked"}},
    "unlock": {"lock": {"state": "unlocked"}},
    "play": {"media_player": {"state": "playing"}},
    "next": {"media_player": {"queue_position": 1}},
    "previous": {"media_player": {"queue_position": -1}},
    "pause": {
        "media_player": {"state": "paused"},
        "vacuum": {"state": "paused"},
        "lawn_mower": {"state": "paused"},
        "switch": {"operation_state": "pause"},
    },
    "shuffle": {"media_player": {"shuffle": True}},
    "repeat": {"media_player": {"repeat": "all"}},
    "oscillate": {"fan": {"oscillating": True}},
    "reverse": {"fan": {"direction": "reverse"}},
    "mute": {"media_player": {"is_volume_muted": True}},
    "unmute": {"media_player": {"is_volume_muted": False}},
    "start": {
        "vacuum": {"state": "cleaning"},
        "switch": _ON,
        "script": _ON,
        "scene": _ON,
        "climate": {"state": "heat"},
        "media_player": {"state": "playing"},
        "lawn_mower": {"state": "mowing"},
    },
    "clean": {"vacuum": {"state": "cleaning"}},
    "return": {"vacuum": {"state": "returning"}, "lawn_mower": {"state": "returning"}},
    "activate": {"scene": _ON, "script": _ON},
}
"""verb -> domain -> wished state. `set`, `increase` and `decrease` go through `SCALES`; `query` touches nothing; what
is played, and what next and previous are, depends on the player's queue."""

MODES: Mapping[str, str] = {
    "hvac_modes": "state",
    "operation_list": "state",
    "options": "state",
    "preset_modes": "preset_mode",
    "programs": "program",
    "effect_list": "effect",
    "available_modes": "mode",
    "fan_modes": "fan_mode",
    "fan_speed_list": "fan_speed",
}
"""The feature that lists what "mode" may be -> what is asked for."""

FAN_ABILITIES = {"oscillate": "oscillate", "reverse": "direction"}
"""What a fan must be able to do, where it tells what it can."""
OPPOSITES = {
    "turn_on": "turn_off",
    "turn_off": "turn_on",
    "open": "close",
    "close": "open",
    "lock": "unlock",
    "unlock": "lock",
    "increase": "decrease",
    "decrease": "increase",
    "mute": "unmute",
    "unmute": "mute",
}


def is_oven(entity: Entity) -> bool:
    """Whether the entity heats food: never "the thermostat"."""
    return entity.kind == "oven"


def attribute_of(entity: Entity, slots: Mapping[str, Any]) -> str:
    """The spoken attribute that a `set`, `increase` or `decrease` means for this entity.

    >>> attribute_of(Entity("light.a", "light", "A"), {"value": 40, "unit": "%"})
    'brightness'
    """
    for slot in ("color", "color_temp", "mode", "source"):
        if slots.get(slot) is not None and slots.get("value") is None:
            return slot
    if slots.get("attribute"):
        spoken = str(slots["attribute"])
        return "temperature" if spoken == "target_temperature" else spoken
    return DEFAULT_ATTRIBUTE.get(entity.domain, "state")


def supports(entity: Entity, verb: str, slots: Mapping[str, Any]) -> bool:
    """Whether the verb means anything for this entity."""
    if verb in {"set", "increase", "decrease"}:
        attribute = attribute_of(entity, slots)
        if entity.domain == "light" and not (_shines(entity, attribute) and _shows(entity, slots)):
            return False
        if attribute == "color":
            return entity.domain == "light" and slots.get("color") is not None
        if attribute in {"mode", "source"}:
            return bool(options(entity, attribute)) or (attribute == "mode" and entity.domain == "fan")
        if attribute == "state":
            return False
        return (entity.domain, attribute) in SCALES
    if verb == "play" and slots.get("title") and entity.domain == "media_player":
        return playable(str(slots["title"]), slots.get("media_class"), bool(entity.features.get("screen")))
    if verb == "pause" and entity.domain == "switch":
        return has_program(entity)
    able = entity.features.get("supported_features")
    if entity.domain == "fan" and verb in FAN_ABILITIES and isinstance(able, list):
        return FAN_ABILITIES[verb] in able
    return entity.domain in VERBS.get(verb, {})


def has_program(entity: Entity) -> bool:
    """Whether it is a machine that runs programmes: a dishwasher, a washing machine, a dryer."""
    return bool(entity.features.get("programs"))


def _shines(light: Entity, attribute: str) -> bool:
    """Whether a light can be dimmed or coloured, as far as it tells."""
    modes = light.features.get("supported_color_modes")
    if not modes:
        return True
    needed = {"color": COLOR_MODES, "color_temp": {"color_temp", "rgbww"}}.get(attribute)
    return bool(needed & set(modes)) if needed else set(modes) != {"onoff"}


def _shows(light: Entity, slots: Mapping[str, Any]) -> bool:
    """Whether a light can show the colour that was said beside a brightness: "blue, 20 percent"."""
    return all(_shines(light, slot) for slot in ("color", "color_temp") if slots.get(slot) is not None)


def options(entity: Entity, attribute: str) -> list[str]:
    """The words that a device takes for its `mode` or `source`."""
    keys = tuple(MODES) if attribute == "mode" else ("source_list",)
    return [str(option) for key in keys for option in entity.features.get(key) or ()]


def spoken_value(scale: Scale, state: State) -> float | None:
    """The present value in spoken units; `None` when the device does not tell.

    >>> spoken_value(SCALES["light", "brightness"], State("on", {"brightness": 128}))
    50.0
    """
    raw = state.state if scale.key == "state" else state.attributes.get(scale.key)
    try:
        number = float(raw)  # type: ignore[arg-type]  # a wrong type is answered by the except
    except (TypeError, ValueError):
        return None
    return float(round(number / scale.full * 100)) if scale.full else number


def stored_value(scale: Scale, spoken: float) -> float | int:
    """The value as the device stores it.

    >>> stored_value(SCALES["light", "brightness"], 50)
    128
    """
    if scale.full is None:
        return int(spoken) if float(spoken).is_integer() else spoken
    stored = spoken / 100 * scale.full
    return round(stored, 2) if scale.full <= 1 else round(stored + 1e-9)


def limits(entity: Entity, scale: Scale) -> tuple[float, float]:
    """The lowest and highest spoken value that the device takes."""
    if scale.key == "temperature":
        low = entity.features.get("min_temp", scale.low)
        high = entity.features.get("max_temp", scale.high)
        return float(low), float(high)
    if scale.key == "color_temp_kelvin":
        features = entity.features
        return (
            float(features.get("min_color_temp_kelvin", scale.low)),
            float(features.get("max_color_temp_kelvin", scale.high)),
        )
    return scale.low, scale.high
