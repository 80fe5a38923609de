"""Which entities can answer a question, and with which value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.home import Entity
from assistant.services import is_oven
from assistant.turn import State

READABLE: Mapping[str, tuple[str, ...]] = {
    "temperature": ("current_temperature", "temperature"),
    "target_temperature": ("temperature",),
    "brightness": ("brightness",),
    "volume": ("volume_level",),
    "position": ("current_position",),
    "speed": ("percentage",),
    "humidity": ("current_humidity", "humidity"),
    "battery": ("battery_level", "battery"),
    "color": ("rgb_color",),
    "color_temp": ("color_temp_kelvin",),
    "title": ("media_title",),
    "source": ("source",),
    "mode": ("preset_mode",),
}
"""Spoken attribute -> the state attributes that hold it, first the one that is meant."""

STATE_DOMAINS: Mapping[str, frozenset[str]] = {
    "open": frozenset({"cover", "valve", "binary_sensor", "lock"}),
    "closed": frozenset({"cover", "valve", "binary_sensor", "lock"}),
    "locked": frozenset({"lock"}),
    "unlocked": frozenset({"lock"}),
    "home": frozenset({"person", "device_tracker"}),
    "away": frozenset({"person", "device_tracker"}),
    "work": frozenset({"person", "device_tracker"}),
    "school": frozenset({"person", "device_tracker"}),
    "playing": frozenset({"media_player"}),
    "paused": frozenset({"media_player"}),
    "cleaning": frozenset({"vacuum"}),
    "docked": frozenset({"vacuum"}),
}
"""The state asked about -> the domains that can be in it. Other states are asked of anything that has them."""

_NOT_SWITCHED = frozenset({"cover", "lock", "sensor", "todo", "scene", "calendar", "weather", "timer"})
_LEFT_ON = frozenset({"light", "switch", "fan", "media_player", "humidifier", "siren", "input_boolean"})
"""Domains of what people ask about who ask what is on, and name no kind; ovens are such things too."""


def answers(entity: Entity, slots: Mapping[str, Any], state: State | None) -> bool:
    """Whether the entity can say something about what is asked."""
    attribute = slots.get("attribute")
    if attribute and attribute != "state":
        return reading(entity, str(attribute), state) is not None
    asked = slots.get("state")
    if not asked:
        return entity.domain not in {"scene"}
    if domains := STATE_DOMAINS.get(str(asked)):
        return entity.domain in domains
    if asked in {"on", "off"} and _names_no_kind(slots):
        return entity.domain in _LEFT_ON or is_oven(entity)
    if asked in {"on", "off"} and not slots.get("name"):
        return entity.domain not in _NOT_SWITCHED
    return True


def _names_no_kind(slots: Mapping[str, Any]) -> bool:
    return not slots.get("name") and not slots.get("device_class") and slots.get("domain") in {None, "all"}


def reading(entity: Entity, attribute: str, state: State | None) -> Any:
    """The value of a spoken attribute; `None` where the entity has none."""
    if entity.domain == "sensor" and entity.features.get("device_class") == attribute:
        return state.state if state else ""
    if entity.domain == "weather" and attribute == "temperature" and state:
        return state.attributes.get("temperature")
    for key in READABLE.get(attribute, (attribute,)):
        if state is not None and state.attributes.get(key) is not None:
            return state.attributes[key]
    return None
