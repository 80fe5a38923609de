"""The platforms of Home Assistant's MQTT integration: how each is announced, and how it is wired."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from assistant.discovery.payloads import Options
from assistant.discovery.platforms import climate, cover, fan, light, light_json, light_template, robot, simple, switch
from assistant.discovery.wiring import Wiring

Wire = Callable[[Any, str], Wiring]
"""Wires an entity from its checked options; the second argument is the home's unit, `C` or `F`."""


def _unitless(wire: Callable[[Any], Wiring]) -> Wire:
    return lambda told, _unit: wire(told)


PLATFORMS: Mapping[str, tuple[type[Options], Wire]] = {
    "alarm_control_panel": (switch.AlarmIn, _unitless(switch.alarm_control_panel)),
    "binary_sensor": (simple.BinarySensorIn, _unitless(simple.binary_sensor)),
    "button": (simple.ButtonIn, _unitless(simple.button)),
    "climate": (climate.ClimateIn, climate.climate),
    "cover": (cover.CoverIn, _unitless(cover.cover)),
    "device_tracker": (simple.TrackerIn, _unitless(simple.device_tracker)),
    "fan": (fan.FanIn, _unitless(fan.fan)),
    "humidifier": (climate.HumidifierIn, _unitless(climate.humidifier)),
    "lawn_mower": (robot.LawnMowerIn, _unitless(robot.lawn_mower)),
    "lock": (switch.LockIn, _unitless(switch.lock)),
    "number": (simple.NumberIn, _unitless(simple.number)),
    "scene": (simple.SceneIn, _unitless(simple.scene)),
    "select": (simple.SelectIn, _unitless(simple.select)),
    "sensor": (simple.SensorIn, _unitless(simple.sensor)),
    "siren": (switch.SirenIn, _unitless(switch.siren)),
    "switch": (switch.SwitchIn, _unitless(switch.switch)),
    "text": (simple.TextIn, _unitless(simple.text_input)),
    "vacuum": (robot.VacuumIn, _unitless(robot.vacuum)),
    "valve": (cover.ValveIn, _unitless(cover.valve)),
    "water_heater": (climate.WaterHeaterIn, climate.water_heater),
}
"""The platforms that are understood, but for lights."""
LIGHTS: Mapping[str, tuple[type[Options], Wire]] = {
    "basic": (light.BasicIn, _unitless(light.basic)),
    "json": (light_json.JsonIn, _unitless(light_json.light)),
    "template": (light_template.TemplateIn, _unitless(light_template.light)),
}
"""Lights, by their schema."""


def wired(platform: str, options: Mapping[str, Any], unit: str) -> tuple[Options, Wiring] | None:
    """Checked options and wiring of an announced entity; `None` for a platform that is not understood.

    Raises `ValueError` for options that are not valid.
    """
    found = PLATFORMS.get(platform)
    if platform == "light":
        found = LIGHTS.get(str(options.get("schema", "basic")))
    if found is None:
        return None
    told = found[0].model_validate(options)
    return told, found[1](told, unit)
