"""What keeps a temperature or a humidity: thermostats, water heaters, humidifiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from assistant.discovery.payloads import (
    CommandTopic,
    Degrees,
    Flag,
    Options,
    Text,
    Topic,
    ValueTemplate,
    Words,
)
from assistant.discovery.templates import Template
from assistant.discovery.wiring import (
    Publication,
    Reading,
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

CELSIUS = {"climate": (7.0, 35.0), "water_heater": (43.3, 60.0)}
"""Home Assistant's limits where a device tells none, in degrees Celsius."""


@dataclass(frozen=True, slots=True)
class Dial:
    """One thing that can be set: where it is told, where it is asked for, and in which form."""

    key: str
    state_topic: str | None
    state_template: Template | None
    command_topic: str | None
    command_template: Template | None
    numeric: bool = False
    allowed: tuple[str, ...] | None = None

    def readings(self) -> list[Reading]:
        """What is told of it."""
        take = number(self.key) if self.numeric else text(self.key, self.allowed)
        return reading(self.state_topic, self.state_template, take, self.key)

    def command(self, wanted: Values) -> list[Publication]:
        """What asks for it."""
        if wanted.get(self.key) is None:
            return []
        return message(self.command_topic, wanted[self.key], self.command_template)


class PoweredIn(Options):
    """What has a mode, and perhaps a switch of its own."""

    value_template: ValueTemplate | None = None
    mode_state_topic: Topic | None = None
    mode_state_template: ValueTemplate | None = None
    mode_command_topic: CommandTopic | None = None
    mode_command_template: ValueTemplate | None = None
    power_command_topic: CommandTopic | None = None
    power_command_template: ValueTemplate | None = None
    payload_on: Text = "ON"
    payload_off: Text = "OFF"
    current_temperature_topic: Topic | None = None
    current_temperature_template: ValueTemplate | None = None
    temperature_state_topic: Topic | None = None
    temperature_state_template: ValueTemplate | None = None
    temperature_command_topic: CommandTopic | None = None
    temperature_command_template: ValueTemplate | None = None
    temperature_unit: str | None = Field(None, pattern="^[CF]$")
    min_temp: Degrees | None = None
    max_temp: Degrees | None = None
    temp_step: Degrees | None = None

    def dial(self, key: str, option: str, numeric: bool = False, allowed: tuple[str, ...] | None = None) -> Dial:
        """The dial whose options begin with a word. Presets call their state template by another name."""
        told = getattr(self, f"{option}_state_template", None) or getattr(self, f"{option}_value_template", None)
        return Dial(
            key,
            getattr(self, f"{option}_state_topic", None),
            told or self.value_template,
            getattr(self, f"{option}_command_topic", None),
            getattr(self, f"{option}_command_template", None),
            numeric,
            allowed,
        )

    def limits(self, unit: str, domain: str) -> dict[str, Any]:
        """The range of the target, in the device's unit."""
        own = self.temperature_unit or unit
        low, high = (round(value * 9 / 5 + 32, 1) if own == "F" else value for value in CELSIUS[domain])
        told = {
            "temperature_unit": own,
            "min_temp": low if self.min_temp is None else self.min_temp,
            "max_temp": high if self.max_temp is None else self.max_temp,
        }
        return told | ({"target_temp_step": self.temp_step} if self.temp_step else {})


class ClimateIn(PoweredIn):
    """A thermostat, an air conditioner, a radiator valve."""

    modes: Words = ("auto", "off", "cool", "heat", "dry", "fan_only")
    action_topic: Topic | None = None
    action_template: ValueTemplate | None = None
    current_humidity_topic: Topic | None = None
    current_humidity_template: ValueTemplate | None = None
    fan_modes: Words = ("auto", "low", "medium", "high")
    fan_mode_state_topic: Topic | None = None
    fan_mode_state_template: ValueTemplate | None = None
    fan_mode_command_topic: CommandTopic | None = None
    fan_mode_command_template: ValueTemplate | None = None
    preset_modes: Words = ()
    preset_mode_state_topic: Topic | None = None
    preset_mode_value_template: ValueTemplate | None = None
    preset_mode_command_topic: CommandTopic | None = None
    preset_mode_command_template: ValueTemplate | None = None
    swing_modes: Words = ("on", "off")
    swing_mode_state_topic: Topic | None = None
    swing_mode_state_template: ValueTemplate | None = None
    swing_mode_command_topic: CommandTopic | None = None
    swing_mode_command_template: ValueTemplate | None = None
    temperature_low_state_topic: Topic | None = None
    temperature_low_state_template: ValueTemplate | None = None
    temperature_low_command_topic: CommandTopic | None = None
    temperature_low_command_template: ValueTemplate | None = None
    temperature_high_state_topic: Topic | None = None
    temperature_high_state_template: ValueTemplate | None = None
    temperature_high_command_topic: CommandTopic | None = None
    temperature_high_command_template: ValueTemplate | None = None


class WaterHeaterIn(PoweredIn):
    """A water heater."""

    modes: Words = ("eco", "electric", "gas", "heat_pump", "high_demand", "performance", "off")


def climate(told: ClimateIn, unit: str) -> Wiring:
    """A thermostat."""
    dials = [
        told.dial("state", "mode", allowed=told.modes),
        told.dial("temperature", "temperature", numeric=True),
        told.dial("target_temp_low", "temperature_low", numeric=True),
        told.dial("target_temp_high", "temperature_high", numeric=True),
        told.dial("fan_mode", "fan_mode", allowed=told.fan_modes),
        told.dial("preset_mode", "preset_mode", allowed=(*told.preset_modes, "none")),
        told.dial("swing_mode", "swing_mode", allowed=told.swing_modes),
    ]
    features = {"hvac_modes": list(told.modes), **told.limits(unit, "climate")}
    for name in ("fan_mode", "preset_mode", "swing_mode"):
        if getattr(told, f"{name}_command_topic") and getattr(told, f"{name}s"):
            features[f"{name}s"] = list(getattr(told, f"{name}s"))
    more = [
        *reading(told.action_topic, told.action_template, text("hvac_action"), "hvac_action"),
        *_measured(told, "current_temperature"),
        *_measured(told, "current_humidity"),
    ]
    return _powered(told, dials, more, features)


def water_heater(told: WaterHeaterIn, unit: str) -> Wiring:
    """A water heater."""
    dials = [
        told.dial("state", "mode", allowed=told.modes),
        told.dial("temperature", "temperature", numeric=True),
    ]
    features = {"operation_list": list(told.modes), **told.limits(unit, "water_heater")}
    return _powered(told, dials, _measured(told, "current_temperature"), features)


def _measured(told: PoweredIn, key: str) -> list[Reading]:
    template = getattr(told, f"{key}_template") or told.value_template
    return reading(getattr(told, f"{key}_topic"), template, number(key), key)


def _powered(told: PoweredIn, dials: list[Dial], more: list[Reading], features: Mapping[str, Any]) -> Wiring:
    def command(wanted: Values, present: Values) -> Iterable[Publication]:
        if "state" in wanted and told.power_command_topic:
            off, was_off = wanted["state"] == "off", present.get("state") == "off"
            if off or was_off or told.mode_command_topic is None:
                payload = told.payload_off if off else told.payload_on
                yield from message(told.power_command_topic, payload, told.power_command_template)
        for dial in dials:
            yield from dial.command(wanted)

    settable = [dial.command_topic for dial in dials]
    return Wiring(
        tuple(each for dial in dials for each in dial.readings()) + tuple(more),
        command,
        topics(told.power_command_topic, *settable),
        features,
        show,
        dict.fromkeys(("temperature", "target_temp_low", "target_temp_high"), (told.temp_step or 0.1) / 2 + 0.01),
        told.optimistic,
    )


def show(values: Values) -> State:
    """The mode as state; what is not known is left out."""
    attributes = {key: value for key, value in values.items() if key != "state" and value is not None}
    return State(str(values.get("state") or "unknown"), attributes)


class HumidifierIn(PoweredIn):
    """A humidifier or a dehumidifier."""

    command_topic: CommandTopic
    command_template: ValueTemplate | None = None
    state_topic: Topic | None = None
    state_value_template: ValueTemplate | None = None
    action_topic: Topic | None = None
    action_template: ValueTemplate | None = None
    current_humidity_topic: Topic | None = None
    current_humidity_template: ValueTemplate | None = None
    target_humidity_command_topic: CommandTopic
    target_humidity_command_template: ValueTemplate | None = None
    target_humidity_state_topic: Topic | None = None
    target_humidity_state_template: ValueTemplate | None = None
    min_humidity: float = Field(0, ge=0, le=100)
    max_humidity: float = Field(100, ge=0, le=100)
    modes: Words = ()
    optimistic: Flag = False


def humidifier(told: HumidifierIn) -> Wiring:
    """A humidifier or a dehumidifier."""
    dials = [
        told.dial("humidity", "target_humidity", numeric=True),
        told.dial("mode", "mode", allowed=told.modes),
    ]
    on_off = words("state", {told.payload_on: "on", told.payload_off: "off"})

    def command(wanted: Values, _present: Values) -> Iterable[Publication]:
        if "state" in wanted:
            payload = told.payload_off if wanted["state"] == "off" else told.payload_on
            yield from message(told.command_topic, payload, told.command_template)
        for dial in dials:
            yield from dial.command(wanted)

    features: dict[str, Any] = {"min_humidity": told.min_humidity, "max_humidity": told.max_humidity}
    if told.modes and told.mode_command_topic:
        features["available_modes"] = list(told.modes)
    if told.device_class:
        features["device_class"] = told.device_class
    readings = [
        *reading(told.state_topic, told.state_value_template, on_off, "state"),
        *(each for dial in dials for each in dial.readings()),
        *reading(told.action_topic, told.action_template, text("action"), "action"),
        *_measured(told, "current_humidity"),
    ]
    return Wiring(
        tuple(readings),
        command,
        topics(told.command_topic, *(dial.command_topic for dial in dials)),
        features,
        show,
        {"humidity": 1.0},
        told.optimistic,
    )
