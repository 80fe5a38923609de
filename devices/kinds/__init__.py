"""All kinds of devices. A new kind is one small file in this folder and one line in `KINDS`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from devices.device import Device
from devices.kinds.alarm_clock import AlarmClock
from devices.kinds.appliance import Appliance
from devices.kinds.cover import Cover
from devices.kinds.fan import Fan
from devices.kinds.generic import AlarmPanel, NumberInput, Select, TextInput
from devices.kinds.light import Light
from devices.kinds.lists import TodoList
from devices.kinds.lock import Lock
from devices.kinds.media import MediaPlayer
from devices.kinds.oven import Oven
from devices.kinds.robot import LawnMower, Robot
from devices.kinds.scene import Button, Scene, Script
from devices.kinds.sensor import BinarySensor, ReadOnly, Sensor
from devices.kinds.switch import Switch
from devices.kinds.thermostat import Thermostat
from devices.kinds.timed import Brewer, Siren
from devices.kinds.water import Humidifier, WaterHeater


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind: its Home Assistant domain, the class that behaves, and the features that all of the kind have."""

    name: str
    domain: str
    device: type[Device]
    features: Mapping[str, Any] = field(default_factory=dict)


def _cover(name: str, device_class: str, travel: float) -> Kind:
    return Kind(name, "cover", Cover, {"device_class": device_class, "travel_seconds": travel})


def _programs(programs: str, phases: str) -> Mapping[str, Any]:
    return {"programs": programs.split(), "phases": phases.split()}


_ALL = (
    Kind("light", "light", Light),
    Kind("switch", "switch", Switch),
    Kind("plug", "switch", Switch, {"device_class": "outlet"}),
    Kind("coffee_maker", "switch", Brewer, {"brew_seconds": 240, "watts": 900}),
    Kind("kettle", "switch", Brewer, {"brew_seconds": 180, "watts": 1800}),
    Kind("dishwasher", "switch", Appliance, _programs("auto eco intensive quick rinse", "prewash wash rinse dry")),
    Kind("washing_machine", "switch", Appliance, _programs("cotton eco synthetics quick wool", "wash rinse spin")),
    Kind("dryer", "switch", Appliance, _programs("cupboard_dry iron_dry delicates quick", "heat tumble cool")),
    Kind("alarm_clock", "switch", AlarmClock),
    Kind("oven", "climate", Oven),
    Kind("thermostat", "climate", Thermostat),
    _cover("garage_door", "garage", 12),
    _cover("blind", "blind", 20),
    _cover("shade", "shade", 20),
    _cover("shutter", "shutter", 20),
    _cover("curtain", "curtain", 10),
    _cover("awning", "awning", 20),
    _cover("gate", "gate", 15),
    _cover("door", "door", 8),
    _cover("window", "window", 15),
    Kind("cover", "cover", Cover),
    Kind("valve", "valve", Cover, {"travel_seconds": 3}),
    Kind("lock", "lock", Lock),
    Kind("tv", "media_player", MediaPlayer, {"device_class": "tv", "screen": True}),
    Kind("speaker", "media_player", MediaPlayer, {"device_class": "speaker", "screen": False}),
    Kind("media_player", "media_player", MediaPlayer),
    Kind("fan", "fan", Fan),
    Kind("vacuum", "vacuum", Robot),
    Kind("lawn_mower", "lawn_mower", LawnMower),
    Kind("sensor", "sensor", Sensor),
    Kind("binary_sensor", "binary_sensor", BinarySensor),
    Kind("scene", "scene", Scene),
    Kind("script", "script", Script),
    Kind("button", "button", Button),
    Kind("input_button", "input_button", Button),
    Kind("todo", "todo", TodoList),
    Kind("humidifier", "humidifier", Humidifier),
    Kind("water_heater", "water_heater", WaterHeater),
    Kind("siren", "siren", Siren),
    Kind("input_boolean", "input_boolean", Switch),
    Kind("automation", "automation", Switch),
    Kind("number", "number", NumberInput),
    Kind("input_number", "input_number", NumberInput),
    Kind("counter", "counter", NumberInput, {"max": 1_000_000}),
    Kind("select", "select", Select),
    Kind("input_select", "input_select", Select),
    Kind("text", "text", TextInput),
    Kind("input_text", "input_text", TextInput),
    Kind("alarm_control_panel", "alarm_control_panel", AlarmPanel),
    Kind("weather", "weather", ReadOnly),
    Kind("person", "person", ReadOnly),
    Kind("calendar", "calendar", ReadOnly),
    Kind("timer", "timer", ReadOnly),
    Kind("sun", "sun", ReadOnly),
    Kind("device_tracker", "device_tracker", ReadOnly),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}
"""Every kind by its name."""

_BY_CLASS = {
    (kind.domain, str(kind.features["device_class"])): kind.name for kind in _ALL if "device_class" in kind.features
}
_PLAIN = {kind.domain: kind.name for kind in _ALL if kind.name == kind.domain}


def guess_kind(domain: str, device_class: str | None, words: str) -> str:
    """The kind of an entity that does not tell it, from its class and the words of its name and model.

    >>> guess_kind("climate", None, "Bosch Oven"), guess_kind("cover", "garage", "Door"), guess_kind("moon", None, "")
    ('oven', 'garage_door', 'moon')
    """
    said = words.lower()
    if domain == "climate":
        return "oven" if "oven" in said else "thermostat"
    if found := _BY_CLASS.get((domain, device_class or "")):
        return _switched(domain, said) or found
    if domain == "cover" and not device_class and "garage" in said:
        return "garage_door"
    return _switched(domain, said) or _PLAIN.get(domain, domain)


def _switched(domain: str, said: str) -> str | None:
    """What is plugged into a switch, by its name."""
    if domain != "switch":
        return None
    if "coffee" in said or "tea maker" in said or "espresso" in said:
        return "coffee_maker"
    return "kettle" if "kettle" in said else None


def make(kind: str, entity: str, features: Mapping[str, Any], values: Mapping[str, Any]) -> Device:
    """A device of a kind; an unknown kind only reports. Raises `DeviceError` for features of a wrong type.

    >>> lamp = make("light", "light.hall", {}, {"state": "off"})
    >>> lamp.apply({"brightness": 128})
    >>> lamp.report()["state"], lamp.inverse({"state": "off"})["brightness"]
    ('on', 128)
    """
    known = KINDS.get(kind)
    if known is None:
        return ReadOnly(entity, features, values)
    return known.device(entity, {**known.features, **features}, values)
