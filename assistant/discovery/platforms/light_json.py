"""Lights that tell and take one JSON object (`schema: json`), as Zigbee2MQTT's and ESPHome's do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from assistant.discovery.payloads import Flag, Words
from assistant.discovery.platforms.colour import from_hs, from_xy, to_hs, to_xy
from assistant.discovery.platforms.light import FULL, LightIn, Scale, bright, clipped, grain, scaled, show
from assistant.discovery.wiring import Publication, Values, Wiring, mapping, reading, topics, words
from devices.traits import as_number

_FORMS: tuple[tuple[str, Callable[..., Iterable[float]]], ...] = (
    ("rgb", lambda *rgb: rgb),
    ("hs", from_hs),
    ("xy", from_xy),
)
"""The parts of a colour, and how red, green and blue are made of them."""


class JsonIn(LightIn):
    """`schema: json`."""

    brightness: Flag = False
    brightness_scale: Scale = FULL
    supported_color_modes: Words = ()


def light(told: JsonIn) -> Wiring:
    """A light that tells and takes one JSON object."""
    modes = set(told.supported_color_modes) or {"brightness" if told.brightness else "onoff"}

    def take(incoming: str) -> Values:
        return _from_json(told, mapping(incoming))

    keys = ["state", "brightness", "effect"] if modes - {"onoff"} else ["state", "effect"]
    keys += ["color_temp_kelvin"] if "color_temp" in modes else []
    keys += ["rgb_color"] if modes & {"rgb", "rgbw", "rgbww", "hs", "xy"} else []
    return Wiring(
        tuple(reading(told.state_topic, None, take, *keys)),
        lambda wanted, _present: [Publication(told.command_topic, json.dumps(_to_json(told, modes, wanted)))],
        topics(told.command_topic),
        told.features(modes),
        show,
        grain(told.brightness_scale),
        told.optimistic,
    )


def _from_json(told: JsonIn, values: Mapping[str, Any]) -> Values:
    known: dict[str, Any] = {}
    if "state" in values:
        known |= words("state", {"ON": "on", "OFF": "off"})(str(values["state"]))
    known |= bright(told.brightness_scale)(str(values.get("brightness")))
    if isinstance(values.get("effect"), str):
        known["effect"] = values["effect"][:FULL]
    kelvin = as_number(values.get("color_temp"))
    mode = values.get("color_mode")
    colour = values.get("color")
    if kelvin and mode in {None, "color_temp"}:
        known |= {"color_temp_kelvin": told.kelvin(kelvin), "color_mode": "color_temp"}
    elif isinstance(colour, dict) and mode in {None, "rgb", "rgbw", "rgbww", "hs", "xy"}:
        known |= _seen_colour(colour, str(mode))
    elif mode in {"brightness", "onoff", "white"}:
        known["color_mode"] = mode
    return known


def _seen_colour(colour: Mapping[str, Any], mode: str) -> Values:
    """The colour, from the parts that the mode names, or else from those that are there."""
    for keys, to_rgb in sorted(_FORMS, key=lambda form: not mode.startswith(form[0])):
        parts = [part for key in keys if (part := as_number(colour.get(key))) is not None]
        if len(parts) == len(keys):
            return {"rgb_color": clipped(to_rgb(*parts)), "color_mode": "rgb"}
    raise ValueError("not a colour")


def _to_json(told: JsonIn, modes: set[str], wanted: Values) -> dict[str, Any]:
    if wanted.get("state") == "off" or wanted.get("brightness") == 0:
        return {"state": "OFF"}
    asked: dict[str, Any] = {"state": "ON"}
    if "brightness" in wanted:
        asked["brightness"] = scaled(wanted["brightness"], told.brightness_scale)
    if "color_temp_kelvin" in wanted:
        asked["color_temp"] = told.kelvin(wanted["color_temp_kelvin"])
    if "effect" in wanted:
        asked["effect"] = wanted["effect"]
    if "rgb_color" in wanted:
        rgb = list(wanted["rgb_color"])
        if modes & {"rgb", "rgbw", "rgbww"}:
            asked["color"] = dict(zip("rgb", rgb, strict=True))
        elif "hs" in modes:
            asked["color"] = dict(zip("hs", to_hs(rgb), strict=True))
        else:
            asked["color"] = dict(zip("xy", to_xy(rgb), strict=True))
    return asked
