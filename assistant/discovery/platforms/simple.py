"""What has one value: sensors, numbers, choices, texts; and what has none: scenes and buttons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field

from assistant.discovery.payloads import CommandTopic, Options, Text, Topic, ValueTemplate, Words
from assistant.discovery.wiring import (
    MAX_STATE,
    NONE,
    Publication,
    Take,
    Values,
    Wiring,
    message,
    reading,
    text,
    topics,
    words,
)
from devices.traits import as_number

Seconds = Annotated[float, Field(ge=0, le=10_000_000)]


class SensorIn(Options):
    """A sensor."""

    state_topic: Topic
    value_template: ValueTemplate | None = None
    unit_of_measurement: Text | None = Field(None, max_length=30)
    state_class: Text | None = None
    options: Words = ()
    expire_after: Seconds = 0


class BinarySensorIn(Options):
    """A sensor that is on or off."""

    state_topic: Topic
    value_template: ValueTemplate | None = None
    payload_on: Text = "ON"
    payload_off: Text = "OFF"
    expire_after: Seconds = 0
    off_delay: Seconds | None = None


class TrackerIn(Options):
    """Something that is at home or not: a phone, a car."""

    state_topic: Topic
    value_template: ValueTemplate | None = None
    payload_home: Text = "home"
    payload_not_home: Text = "not_home"
    payload_reset: Text = NONE


class ValueIn(Options):
    """What numbers, choices and texts have in common."""

    command_topic: CommandTopic
    command_template: ValueTemplate | None = None
    state_topic: Topic | None = None
    value_template: ValueTemplate | None = None


class NumberIn(ValueIn):
    """A number that can be set."""

    min: float = Field(1, allow_inf_nan=False)
    max: float = Field(100, allow_inf_nan=False)
    step: float = Field(1, gt=0)
    unit_of_measurement: Text | None = Field(None, max_length=30)
    payload_reset: Text = NONE


class SelectIn(ValueIn):
    """One of some options."""

    options: Words


class TextIn(ValueIn):
    """A text that can be set."""

    min: int = Field(0, ge=0, le=MAX_STATE)
    max: int = Field(MAX_STATE, ge=0, le=MAX_STATE)


class SceneIn(Options):
    """A scene."""

    command_topic: CommandTopic
    payload_on: Text = "ON"


class ButtonIn(Options):
    """A button."""

    command_topic: CommandTopic
    command_template: ValueTemplate | None = None
    payload_press: Text = "PRESS"


def _facts(**told: Any) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in told.items() if value}


def sensor(told: SensorIn) -> Wiring:
    """A sensor."""
    features = _facts(
        device_class=told.device_class,
        unit_of_measurement=told.unit_of_measurement,
        state_class=told.state_class,
        options=told.options,
    )
    take = text("state", told.options or None)
    return Wiring(tuple(reading(told.state_topic, told.value_template, take, "state")), features=features)


def binary_sensor(told: BinarySensorIn) -> Wiring:
    """A sensor that is on or off."""
    take = words("state", {told.payload_on: "on", told.payload_off: "off"})
    return Wiring(
        tuple(reading(told.state_topic, told.value_template, take, "state")),
        features=_facts(device_class=told.device_class),
    )


def device_tracker(told: TrackerIn) -> Wiring:
    """At home, not at home, or at a place with a name."""
    meanings = {told.payload_home: "home", told.payload_not_home: "not_home", told.payload_reset: None}

    def take(incoming: str) -> Values:
        return {"state": meanings.get(incoming, incoming[:MAX_STATE])} if incoming else {}

    return Wiring(tuple(reading(told.state_topic, told.value_template, take, "state")))


def _settable(told: ValueIn, take: Take, features: dict[str, Any]) -> Wiring:
    def command(wanted: Values, _present: Values) -> Iterable[Publication]:
        value = wanted.get("state")
        if told_number := as_number(value) if isinstance(told, NumberIn) else None:
            value = int(told_number) if told_number.is_integer() else told_number
        return message(told.command_topic, value, told.command_template) if value is not None else []

    return Wiring(
        tuple(reading(told.state_topic, told.value_template, take, "state")),
        command,
        topics(told.command_topic),
        features,
        optimistic=told.optimistic,
    )


def number(told: NumberIn) -> Wiring:
    """A number; what is out of its range is not believed."""

    def take(incoming: str) -> Values:
        if incoming == told.payload_reset:
            return {"state": "unknown"}
        value = as_number(incoming)
        if value is None or not told.min <= value <= told.max:
            raise ValueError("not a number of this range")
        return {"state": f"{value:g}"}

    features = {"min": told.min, "max": told.max, "step": told.step}
    return _settable(told, take, features | _facts(unit_of_measurement=told.unit_of_measurement))


def select(told: SelectIn) -> Wiring:
    """One of some options."""
    return _settable(told, text("state", told.options), {"options": list(told.options)})


def text_input(told: TextIn) -> Wiring:
    """A text, perhaps an empty one."""
    return _settable(told, lambda incoming: {"state": incoming[:MAX_STATE]}, {})


def scene(told: SceneIn) -> Wiring:
    """A scene: it is only asked for."""
    return Wiring(
        (), lambda _wanted, _present: message(told.command_topic, told.payload_on), topics(told.command_topic)
    )


def button(told: ButtonIn) -> Wiring:
    """A button: it is only pressed."""
    return Wiring(
        (),
        lambda _wanted, _present: message(told.command_topic, told.payload_press, told.command_template),
        topics(told.command_topic),
        _facts(device_class=told.device_class),
    )
