"""Fans: on and off, a speed in percent, presets, direction, oscillation."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field, model_validator

from assistant.discovery.payloads import CommandTopic, Options, Text, Topic, ValueTemplate, Words
from assistant.discovery.wiring import (
    NONE,
    Publication,
    Values,
    Wiring,
    from_percent,
    message,
    reading,
    text,
    to_percent,
    topics,
    words,
)
from assistant.turn import State
from devices.traits import as_number

Speed = Annotated[int, Field(ge=1, le=65_535)]


class FanIn(Options):
    """A fan."""

    command_topic: CommandTopic
    command_template: ValueTemplate | None = None
    state_topic: Topic | None = None
    state_value_template: ValueTemplate | None = None
    payload_on: Text = "ON"
    payload_off: Text = "OFF"
    percentage_command_topic: CommandTopic | None = None
    percentage_command_template: ValueTemplate | None = None
    percentage_state_topic: Topic | None = None
    percentage_value_template: ValueTemplate | None = None
    speed_range_min: Speed = 1
    speed_range_max: Speed = 100
    payload_reset_percentage: Text = NONE
    preset_modes: Words = ()
    preset_mode_command_topic: CommandTopic | None = None
    preset_mode_command_template: ValueTemplate | None = None
    preset_mode_state_topic: Topic | None = None
    preset_mode_value_template: ValueTemplate | None = None
    direction_command_topic: CommandTopic | None = None
    direction_command_template: ValueTemplate | None = None
    direction_state_topic: Topic | None = None
    direction_value_template: ValueTemplate | None = None
    oscillation_command_topic: CommandTopic | None = None
    oscillation_command_template: ValueTemplate | None = None
    oscillation_state_topic: Topic | None = None
    oscillation_value_template: ValueTemplate | None = None
    payload_oscillation_on: Text = "oscillate_on"
    payload_oscillation_off: Text = "oscillate_off"

    @model_validator(mode="after")
    def _runs(self) -> FanIn:
        if self.speed_range_min >= self.speed_range_max:
            raise ValueError("speed_range_max must be above speed_range_min")
        return self


def fan(told: FanIn) -> Wiring:
    """A fan."""
    span = (told.speed_range_min, told.speed_range_max)

    def speed(incoming: str) -> Values:
        if not incoming:
            return {}
        if incoming == told.payload_reset_percentage:
            return {"percentage": None}
        value = as_number(incoming)
        if value is None or not 0 <= (percent := to_percent(*span, value)) <= 100:
            raise ValueError("not a speed of this fan")
        return {"percentage": percent}

    swings = {told.payload_oscillation_on: "yes", told.payload_oscillation_off: "no"}

    def swing(incoming: str) -> Values:
        return {"oscillating": swings[incoming] == "yes"} if incoming in swings else {}

    on_off = words("state", {told.payload_on: "on", told.payload_off: "off"})
    turns = text("direction", ("forward", "reverse"))
    readings = [
        *reading(told.state_topic, told.state_value_template, on_off, "state"),
        *reading(told.percentage_state_topic, told.percentage_value_template, speed, "percentage"),
        *reading(
            told.preset_mode_state_topic,
            told.preset_mode_value_template,
            text("preset_mode", told.preset_modes),
            "preset_mode",
        ),
        *reading(told.direction_state_topic, told.direction_value_template, turns, "direction"),
        *reading(told.oscillation_state_topic, told.oscillation_value_template, swing, "oscillating"),
    ]
    step = round(100 / (span[1] - span[0] + 1), 2)
    features: dict[str, Any] = {"preset_modes": list(told.preset_modes)} if told.preset_mode_command_topic else {}
    return Wiring(
        tuple(readings),
        lambda wanted, _present: _command(told, wanted),
        topics(
            told.command_topic,
            told.percentage_command_topic,
            told.preset_mode_command_topic,
            told.direction_command_topic,
            told.oscillation_command_topic,
        ),
        features,
        lambda values: _show(values, step),
        optimistic=told.optimistic,
    )


def _show(values: Values, step: float) -> State:
    """Home Assistant tells the step too, where a fan has only some speeds: 60 percent may come out as 66."""
    attributes = {key: value for key, value in values.items() if key != "state" and value is not None}
    if step > 1 and "percentage" in attributes:
        attributes["percentage_step"] = step
    return State(str(values.get("state") or "unknown"), attributes)


def _command(told: FanIn, wanted: Values) -> Iterable[Publication]:
    percent = wanted.get("percentage")
    if wanted.get("state") == "off" or percent == 0:
        yield from message(told.command_topic, told.payload_off, told.command_template)
        return
    if wanted.get("state") == "on":
        yield from message(told.command_topic, told.payload_on, told.command_template)
    if percent is not None:
        value = math.ceil(from_percent(told.speed_range_min, told.speed_range_max, percent))
        yield from message(told.percentage_command_topic, value, told.percentage_command_template)
    if "preset_mode" in wanted:
        template = told.preset_mode_command_template
        yield from message(told.preset_mode_command_topic, wanted["preset_mode"], template)
    if "direction" in wanted:
        yield from message(told.direction_command_topic, wanted["direction"], told.direction_command_template)
    if "oscillating" in wanted:
        payload = told.payload_oscillation_on if wanted["oscillating"] else told.payload_oscillation_off
        yield from message(told.oscillation_command_topic, payload, told.oscillation_command_template)
