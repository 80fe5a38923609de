"""Lights that say by templates how they tell and take things (`schema: template`)."""

from __future__ import annotations

from typing import Any

from assistant.discovery.payloads import ValueTemplate
from assistant.discovery.platforms.colour import to_hs
from assistant.discovery.platforms.light import FULL, LightIn, bright, grain, parts, show
from assistant.discovery.wiring import NONE, Publication, Reading, Values, Wiring, reading, text, topics, words
from devices.traits import as_number


class TemplateIn(LightIn):
    """`schema: template`."""

    command_on_template: ValueTemplate
    command_off_template: ValueTemplate
    state_template: ValueTemplate | None = None
    brightness_template: ValueTemplate | None = None
    color_temp_template: ValueTemplate | None = None
    effect_template: ValueTemplate | None = None
    red_template: ValueTemplate | None = None
    green_template: ValueTemplate | None = None
    blue_template: ValueTemplate | None = None


def light(told: TemplateIn) -> Wiring:
    """A light that says by templates how it tells and takes things."""
    coloured = bool(told.red_template and told.green_template and told.blue_template)
    modes = {"color_temp"} if told.color_temp_template else set()
    modes |= {"rgb"} if coloured else set()
    modes = modes or {"brightness" if told.brightness_template else "onoff"}

    def warm(value: str) -> Values:
        kelvin = as_number(value)
        if kelvin is None:
            return {"color_temp_kelvin": None}
        return {"color_temp_kelvin": told.kelvin(kelvin), "color_mode": "color_temp"}

    readings: list[Reading] = []
    if told.state_template:
        readings += reading(told.state_topic, told.state_template, words("state", {"on": "on", "off": "off"}), "state")
    if told.brightness_template:
        readings += reading(told.state_topic, told.brightness_template, bright(FULL), "brightness")
    if told.color_temp_template:
        readings += reading(told.state_topic, told.color_temp_template, warm, "color_temp_kelvin")
    if coloured and told.red_template and told.green_template and told.blue_template:
        rgb = f"{told.red_template.source},{told.green_template.source},{told.blue_template.source}"
        readings += reading(told.state_topic, type(told.red_template).of(rgb), _template_colour, "rgb_color")
    if told.effect_template:
        readings += reading(told.state_topic, told.effect_template, text("effect", told.effect_list), "effect")
    return Wiring(
        tuple(readings),
        lambda wanted, _present: _template_command(told, wanted),
        topics(told.command_topic),
        told.features(modes),
        show,
        grain(FULL),
        told.optimistic,
    )


def _template_colour(told: str) -> Values:
    if any(part.strip() in {"", NONE} for part in told.split(",")):
        return {"rgb_color": None}
    return parts(3, lambda *rgb: rgb)(told)


def _template_command(told: TemplateIn, wanted: Values) -> list[Publication]:
    if wanted.get("state") == "off" or wanted.get("brightness") == 0:
        return [Publication(told.command_topic, told.command_off_template.write({"value": None, "state": False}))]
    values: dict[str, Any] = {"value": None, "state": True}
    if "brightness" in wanted:
        values["brightness"] = int(wanted["brightness"])
    if "color_temp_kelvin" in wanted:
        values["color_temp"] = told.kelvin(wanted["color_temp_kelvin"])
    if "rgb_color" in wanted:
        values |= dict(zip(("red", "green", "blue"), wanted["rgb_color"], strict=True))
        values["hue"], values["sat"] = to_hs(wanted["rgb_color"])
    if "effect" in wanted:
        values["effect"] = wanted["effect"]
    return [Publication(told.command_topic, told.command_on_template.write(values))]
