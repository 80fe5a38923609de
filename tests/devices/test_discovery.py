"""Discovery payloads: every option is one that Home Assistant documents, and its templates give our commands."""

import json

import pytest

from devices.discovery import Described, discovery
from devices.kinds import KINDS, make
from devices.wire import entity_topic, parse_entity_topic

COMMON = {
    "name", "unique_id", "default_entity_id", "qos", "availability_mode", "availability", "device", "origin",
    "command_topic", "state_topic", "device_class", "value_template",
}  # fmt: skip
OPTIONS = {
    "light": {
        "schema", "state_template", "command_on_template", "command_off_template", "brightness_template",
        "red_template", "green_template", "blue_template", "color_temp_kelvin", "color_temp_template",
        "min_kelvin", "max_kelvin",
    },
    "switch": {"payload_on", "payload_off", "state_on", "state_off"},
    "siren": {
        "payload_on", "payload_off", "state_on", "state_off", "state_value_template", "command_template",
        "command_off_template",
    },
    "cover": {
        "payload_open", "payload_close", "payload_stop", "position_topic", "position_template", "set_position_topic",
        "set_position_template",
    },
    "valve": {"reports_position", "command_template"},
    "lock": {"payload_lock", "payload_unlock", "state_locked", "state_unlocked", "state_jammed"},
    "climate": {
        "modes", "mode_state_topic", "mode_state_template", "mode_command_topic", "mode_command_template",
        "temperature_state_topic", "temperature_state_template", "temperature_command_topic",
        "temperature_command_template", "current_temperature_topic", "current_temperature_template", "min_temp",
        "max_temp", "temperature_unit",
    },
    "fan": {
        "payload_on", "payload_off", "state_value_template", "percentage_state_topic", "percentage_value_template",
        "percentage_command_topic", "percentage_command_template",
    },
    "vacuum": {"payload_start", "payload_pause", "payload_return_to_base", "payload_stop", "supported_features"},
    "lawn_mower": {
        "activity_state_topic", "activity_value_template", "start_mowing_command_topic",
        "start_mowing_command_template", "pause_command_topic", "pause_command_template", "dock_command_topic",
        "dock_command_template",
    },
    "sensor": {"unit_of_measurement", "state_class", "options"},
    "binary_sensor": {"payload_on", "payload_off"},
    "scene": {"payload_on"},
    "button": {"payload_press"},
    "humidifier": {
        "payload_on", "payload_off", "state_value_template", "target_humidity_state_topic",
        "target_humidity_state_template", "target_humidity_command_topic", "target_humidity_command_template",
    },
    "number": {"command_template", "min", "max"},
    "select": {"command_template", "options"},
    "text": {"command_template"},
}  # fmt: skip
"""From the documentation of Home Assistant's MQTT integrations."""


def told(kind: str):
    entity = f"{KINDS[kind].domain}.x"
    device = make(kind, entity, {"options": ["a"]}, {})
    return discovery(Described("cottage", "Cottage", entity, kind, "X", "Kitchen", device.features)), device


@pytest.mark.parametrize("kind", KINDS)
def test_only_documented_options(kind):
    found, _device = told(kind)
    domain = KINDS[kind].domain
    assert (found is not None) == (domain in OPTIONS)
    if found is None:
        return
    topic, payload = found
    assert topic == f"homeassistant/{domain}/mynah_cottage/x/config"
    assert set(payload) <= COMMON | OPTIONS[domain]
    json.dumps(payload, allow_nan=False)
    for each in payload["availability"]:
        assert each["topic"].endswith("/availability")


@pytest.mark.parametrize("kind", KINDS)
def test_fixed_payloads_are_commands_that_the_device_takes(kind):
    found, device = told(kind)
    if found is None:
        return
    for key, value in found[1].items():
        fixed = key.startswith("payload_") and value.startswith("{")
        named = key in {"command_off_template", "start_mowing_command_template", "dock_command_template"}
        if (fixed or named) and "{{" not in value:
            device.apply(json.loads(value))


def test_topics_of_entities():
    topic = entity_topic("cottage", "light.kitchen", "state")
    assert parse_entity_topic(topic) == ("cottage", "light.kitchen", "state")
    for other in ("mynah/cottage/light//state", "mynah/cottage/state", "other/cottage/light/kitchen/state", ""):
        assert parse_entity_topic(other) is None
