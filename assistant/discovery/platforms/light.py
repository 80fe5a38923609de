"""What all lights have in common, and lights with a topic for each thing (`schema: basic`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field

from assistant.discovery.payloads import CommandTopic, Flag, Options, Text, Topic, ValueTemplate, Words
from assistant.discovery.platforms.colour import from_hs, from_xy, mired, to_hs, to_xy
from assistant.discovery.wiring import (
    NONE,
    Publication,
    Take,
    Values,
    Wiring,
    message,
    number,
    reading,
    text,
    topics,
    words,
)
from assistant.turn import State
from devices.traits import as_number

FULL = 255
COLOUR_GRAIN = 24
"""How far a colour may come back from what was asked for, in each part: lights round, and have a gamut."""
KELVIN_GRAIN = 50
"""Lights count colour temperatures in mired, of which one is 42 K where they are coldest."""
Scale = Annotated[int, Field(ge=1, le=65_535)]
Kelvin = Annotated[int, Field(ge=1, le=100_000)]
_COLOUR_KEYS = {"rgb_color": "rgb", "color_temp_kelvin": "color_temp"}


class LightIn(Options):
    """What all lights tell."""

    command_topic: CommandTopic
    state_topic: Topic | None = None
    effect_list: Words = ()
    color_temp_kelvin: Flag = False
    min_mireds: Kelvin | None = None
    max_mireds: Kelvin | None = None
    min_kelvin: Kelvin | None = None
    max_kelvin: Kelvin | None = None

    def features(self, modes: Iterable[str]) -> dict[str, Any]:
        """The facts about the light, in Home Assistant's names."""
        told: dict[str, Any] = {"supported_color_modes": sorted(modes)}
        if "color_temp" in told["supported_color_modes"]:
            told["min_color_temp_kelvin"] = mired(self.max_mireds) if self.max_mireds else self.min_kelvin or 2000
            told["max_color_temp_kelvin"] = mired(self.min_mireds) if self.min_mireds else self.max_kelvin or 6535
        if self.effect_list:
            told["effect_list"] = list(self.effect_list)
        return told

    def kelvin(self, value: float) -> int:
        """Kelvin of the device's own unit, and the other way round."""
        return round(value) if self.color_temp_kelvin else mired(value)


def show(values: Values) -> State:
    """On, with brightness and the colour of the mode that it is in; off, with nothing."""
    state = str(values.get("state", "unknown"))
    if state != "on":
        return State(state)
    kept = {key: values[key] for key in ("color_mode", "brightness", "effect") if values.get(key) is not None}
    for key, mode in _COLOUR_KEYS.items():
        if values.get(key) is not None and kept.get("color_mode", mode) == mode:
            kept[key] = values[key]
    return State("on", kept)


def bright(scale: int) -> Take:
    """Takes a brightness of a scale; a light that is dark keeps its last one."""

    def take(told: str) -> Values:
        value = as_number(told)
        if not value:
            return {}
        return {"brightness": min(round(max(value, 0) / scale * FULL), FULL)}

    return take


def scaled(brightness: Any, scale: int) -> int:
    """A brightness of 0 to 255 as the device counts it; what shines at all is at least 1.

    >>> scaled(128, 100), scaled(1, 100), scaled(128, 254)
    (50, 1, 127)
    """
    return min(max(round(float(brightness) / FULL * scale), 1), scale)


def grain(scale: int) -> dict[str, float]:
    """How far what a light reports may be from what it was asked for."""
    return {"brightness": FULL / scale / 2 + 1, "color_temp_kelvin": KELVIN_GRAIN, "rgb_color": COLOUR_GRAIN}


class BasicIn(LightIn):
    """`schema: basic`, the default."""

    payload_on: Text = "ON"
    payload_off: Text = "OFF"
    on_command_type: str = Field("last", pattern="^(last|first|brightness)$")
    state_value_template: ValueTemplate | None = None
    value_template: ValueTemplate | None = None
    brightness_command_topic: CommandTopic | None = None
    brightness_command_template: ValueTemplate | None = None
    brightness_state_topic: Topic | None = None
    brightness_value_template: ValueTemplate | None = None
    brightness_scale: Scale = FULL
    color_mode_state_topic: Topic | None = None
    color_mode_value_template: ValueTemplate | None = None
    color_temp_command_topic: CommandTopic | None = None
    color_temp_command_template: ValueTemplate | None = None
    color_temp_state_topic: Topic | None = None
    color_temp_value_template: ValueTemplate | None = None
    effect_command_topic: CommandTopic | None = None
    effect_command_template: ValueTemplate | None = None
    effect_state_topic: Topic | None = None
    effect_value_template: ValueTemplate | None = None
    rgb_command_topic: CommandTopic | None = None
    rgb_command_template: ValueTemplate | None = None
    rgb_state_topic: Topic | None = None
    rgb_value_template: ValueTemplate | None = None
    hs_command_topic: CommandTopic | None = None
    hs_command_template: ValueTemplate | None = None
    hs_state_topic: Topic | None = None
    hs_value_template: ValueTemplate | None = None
    xy_command_topic: CommandTopic | None = None
    xy_command_template: ValueTemplate | None = None
    xy_state_topic: Topic | None = None
    xy_value_template: ValueTemplate | None = None


def parts(count: int, rgb: Any) -> Take:
    """Takes a colour as numbers with commas; `rgb` makes red, green and blue of them."""

    def take(told: str) -> Values:
        if not told or told == NONE:
            return {}
        found = [number for part in told.split(",") if (number := as_number(part.strip())) is not None]
        if len(found) < count:
            raise ValueError("not a colour")
        return {"rgb_color": clipped(rgb(*found[:count])), "color_mode": "rgb"}

    return take


def clipped(rgb: Iterable[float]) -> list[int]:
    """A colour with whole parts from 0 to 255."""
    return [min(max(round(part), 0), FULL) for part in rgb]


def _normalised(*rgb: float) -> list[float]:
    """A colour at full brightness: where there is no topic for brightness, the colour carries it."""
    top = max(rgb)
    return [part / top * FULL for part in rgb] if top > 0 else list(rgb)


def basic(told: BasicIn) -> Wiring:
    """A light with a topic for each thing."""
    modes = {
        "color_temp": told.color_temp_command_topic,
        "rgb": told.rgb_command_topic,
        "hs": told.hs_command_topic,
        "xy": told.xy_command_topic,
    }
    found = {mode for mode, topic in modes.items() if topic}
    found = found or {"brightness" if told.brightness_command_topic else "onoff"}
    on_off = words("state", {told.payload_on: "on", told.payload_off: "off"})
    kelvin = number("color_temp_kelvin", told.kelvin)

    def warm(value: str) -> Values:
        values = kelvin(value)
        return {**values, "color_mode": "color_temp"} if values.get("color_temp_kelvin") else values

    colours = (told.rgb_state_topic, told.rgb_value_template, parts(3, lambda *rgb: rgb))
    if not told.brightness_command_topic:
        colours = (told.rgb_state_topic, told.rgb_value_template, parts(3, _normalised))
    readings = [
        *reading(told.state_topic, told.state_value_template or told.value_template, on_off, "state"),
        *reading(
            told.brightness_state_topic, told.brightness_value_template, bright(told.brightness_scale), "brightness"
        ),
        *reading(told.color_temp_state_topic, told.color_temp_value_template, warm, "color_temp_kelvin"),
        *reading(*colours, "rgb_color"),
        *reading(told.hs_state_topic, told.hs_value_template, parts(2, from_hs), "rgb_color"),
        *reading(told.xy_state_topic, told.xy_value_template, parts(2, from_xy), "rgb_color"),
        *reading(told.effect_state_topic, told.effect_value_template, text("effect"), "effect"),
    ]
    return Wiring(
        tuple(readings),
        lambda wanted, _present: _basic_command(told, wanted),
        topics(told.command_topic, told.brightness_command_topic, told.effect_command_topic, *modes.values()),
        told.features(found),
        show,
        grain(told.brightness_scale),
        told.optimistic,
    )


def _basic_command(told: BasicIn, wanted: Values) -> Iterable[Publication]:
    if wanted.get("state") == "off" or wanted.get("brightness") == 0:
        yield from message(told.command_topic, told.payload_off)
        return
    on = message(told.command_topic, told.payload_on)
    styles = list(_styles(told, wanted))
    if told.on_command_type == "first":
        yield from [*on, *styles]
    elif told.on_command_type == "last":
        yield from [*styles, *on]
    else:
        dimmed = any(each.topic == told.brightness_command_topic for each in styles)
        yield from styles if dimmed else [*styles, *on]


def _styles(told: BasicIn, wanted: Values) -> Iterable[Publication]:
    if "color_temp_kelvin" in wanted:
        value = told.kelvin(wanted["color_temp_kelvin"])
        yield from message(told.color_temp_command_topic, value, told.color_temp_command_template)
    if "rgb_color" in wanted:
        yield from _colour(told, wanted)
    if "brightness" in wanted:
        value = scaled(wanted["brightness"], told.brightness_scale)
        yield from message(told.brightness_command_topic, value, told.brightness_command_template)
    if "effect" in wanted:
        yield from message(told.effect_command_topic, wanted["effect"], told.effect_command_template)


def _colour(told: BasicIn, wanted: Values) -> list[Publication]:
    rgb = list(wanted["rgb_color"])
    if told.rgb_command_topic:
        parts = dict(zip(("red", "green", "blue"), rgb, strict=True))
        return message(told.rgb_command_topic, ",".join(map(str, rgb)), told.rgb_command_template, **parts)
    if told.hs_command_topic:
        hue, saturation = to_hs(rgb)
        return message(told.hs_command_topic, f"{hue},{saturation}", told.hs_command_template, hue=hue, sat=saturation)
    x, y = to_xy(rgb)
    return message(told.xy_command_topic, f"{x},{y}", told.xy_command_template, x=x, y=y)
