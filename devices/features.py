"""The fixed facts about a device: they travel once, in its description, not with every state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from devices.traits import DeviceError, as_number, shown

NUMBERS = frozenset(
    {
        "min_color_temp_kelvin",
        "max_color_temp_kelvin",
        "min_temp",
        "max_temp",
        "target_temp_step",
        "min_humidity",
        "max_humidity",
        "min",
        "max",
        "step",
        "travel_seconds",
        "brew_seconds",
        "watts",
        "lux",
    }
)
"""Ranges, and what a simulated device needs to behave: seconds that it takes, watts, lux."""
LISTS = frozenset(
    {
        "supported_color_modes",
        "hvac_modes",
        "fan_modes",
        "preset_modes",
        "swing_modes",
        "source_list",
        "sound_mode_list",
        "effect_list",
        "fan_speed_list",
        "available_modes",
        "available_tones",
        "operation_list",
        "options",
        "programs",
        "phases",
        "areas",
    }
)
"""The words that a device knows."""
TEXTS = frozenset({"device_class", "unit_of_measurement", "temperature_unit", "state_class"})
FLAGS = frozenset({"reports_position", "screen", "has_date", "has_time", "metering"})
FEATURES = NUMBERS | LISTS | TEXTS | FLAGS | {"supported_features", "entities"}
"""The names of all fixed facts; every other name is an attribute of the state."""
_PERIODS = frozenset({"travel_seconds", "brew_seconds"})


def check_features(features: Mapping[str, Any]) -> dict[str, Any]:
    """The features in their proper types. Raises `DeviceError` naming the one that is wrong.

    >>> check_features({"supported_color_modes": "rgb", "min_temp": "5"})
    {'supported_color_modes': ['rgb'], 'min_temp': 5.0}
    """
    return {key: _checked(key, value) for key, value in features.items() if value is not None}


def _checked(key: str, value: Any) -> Any:
    if key in NUMBERS:
        number = as_number(value)
        if number is None or (key in _PERIODS and number <= 0):
            raise DeviceError(f"{key} must be a number{' above 0' if key in _PERIODS else ''}, not {shown(value)}")
        return number
    if key in LISTS:
        words = [value] if isinstance(value, str) else value
        if not isinstance(words, list | tuple) or not all(isinstance(word, str | int | float) for word in words):
            raise DeviceError(f"{key} must be a list of words, not {shown(value)}")
        return [str(word) for word in words]
    if key in TEXTS and not isinstance(value, str):
        raise DeviceError(f"{key} must be a word, not {shown(value)}")
    if key in FLAGS and not isinstance(value, bool):
        raise DeviceError(f"{key} must be true or false, not {shown(value)}")
    if key == "entities" and not (isinstance(value, list) and all(isinstance(each, Mapping) for each in value)):
        raise DeviceError(f"{key} must be a list of entity_id with state, not {shown(value)}")
    return value
