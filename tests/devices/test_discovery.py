"""Discovery payloads: every option is one that Home Assistant documents, and its templates give our commands."""

import json

import pytest

from assistant.discovery.templates import Template
from devices.discovery import Described, discovery
from devices.kinds import KINDS, make
from devices.wire import entity_topic, parse_entity_topic
from tests.devices.suite import AROUND, FEATURES, run

COMMON = {
    "name", "unique_id", "default_entity_id", "qos", "availability_mode", "availability", "device", "origin",
    "command_topic", "state_topic", "device_class", "value_template", "json_attributes_topic",
    "json_attributes_template",
}  # fmt: skip
PRESETS = {
    "preset_modes", "preset_mode_state_topic", "preset_mode_value_template", "preset_mode_command_topic",
    "preset_mode_command_template",
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
        "command_off_template", "available_tones", "support_volume_set",
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
        "max_temp", "temperature_unit", "action_topic", "action_template", *PRESETS,
    },
    "fan": {
        "payload_on", "payload_off", "state_value_template", "percentage_state_topic", "percentage_value_template",
        "percentage_command_topic", "percentage_command_template", "oscillation_state_topic",
        "oscillation_value_template", "oscillation_command_topic", "oscillation_command_template",
        "direction_state_topic", "direction_value_template", "direction_command_topic", "direction_command_template",
        *PRESETS,
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
        "current_humidity_topic", "current_humidity_template", "min_humidity", "max_humidity", "modes",
        "mode_state_topic", "mode_state_template", "mode_command_topic", "mode_command_template",
    },
    "water_heater": {
        "modes", "mode_state_topic", "mode_state_template", "mode_command_topic", "mode_command_template",
        "temperature_state_topic", "temperature_state_template", "temperature_command_topic",
        "temperature_command_template", "current_temperature_topic", "current_temperature_template", "min_temp",
        "max_temp", "temperature_unit",
    },
    "alarm_control_panel": {
        "payload_disarm", "payload_arm_home", "payload_arm_away", "payload_arm_night", "payload_arm_vacation",
        "command_template", "supported_features", "code_arm_required", "code_disarm_required",
    },
    "number": {"command_template", "min", "max"},
    "select": {"command_template", "options"},
    "text": {"command_template"},
}  # fmt: skip
"""From the documentation of Home Assistant's MQTT integrations."""


def told(kind: str):
    entity = f"{KINDS[kind].domain}.x"
    device = make(kind, entity, FEATURES, {})
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


SAID = {
    "percentage_command_template": 40,
    "oscillation_command_template": "oscillate_on",
    "direction_command_template": "reverse",
    "temperature_command_template": 60,
    "target_humidity_command_template": 45,
    "set_position_template": 30,
}
"""The template of a command -> a value for it."""
CHOSEN = {"preset_mode_command_template": "preset_modes", "mode_command_template": "modes"}
"""The template of a command -> the option that lists its values."""
EMPTY_AT_FIRST = {"light", "text"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_can_be_read_and_every_value_can_be_written(kind):
    """The templates, rendered as a controller would: what is told is told rightly, what is asked is taken."""
    found, device = told(kind)
    if found is None:
        return
    payload = found[1]
    device.step(0, AROUND)
    report = json.dumps(device.report())
    for key, template in payload.items():
        if key.endswith("_template") and "command" not in key and key not in SAID:
            assert Template.of(template).read(report) or kind in EMPTY_AT_FIRST, key
    chosen = {key: payload[listed][0] for key, listed in CHOSEN.items() if listed in payload}
    for key, value in {**SAID, **chosen}.items():
        if key in payload:
            value = 20 if kind == "thermostat" and key.startswith("temperature") else value
            device.apply(json.loads(Template.of(payload[key]).write({"value": value, "position": value})))
            run(device, 30, 1)
            assert str("true" if value == "oscillate_on" else value) in json.dumps(device.report())


def test_what_a_controller_writes_is_what_the_device_then_reads():
    found, fan = told("fan")
    told_of = found[1]
    fan.apply(json.loads(Template.of(told_of["oscillation_command_template"]).write({"value": "oscillate_on"})))
    fan.apply(json.loads(Template.of(told_of["preset_mode_command_template"]).write({"value": "eco"})))
    report = json.dumps(fan.report())
    assert Template.of(told_of["oscillation_value_template"]).read(report) == "oscillate_on"
    assert Template.of(told_of["preset_mode_value_template"]).read(report) == "eco"
    found, siren = told("siren")
    wailing = Template.of(found[1]["command_template"]).write({"value": "on", "tone": "fire", "duration": 20})
    siren.apply(json.loads(wailing))
    assert siren.report()["attributes"]["tone"] == "fire"
    found, dishwasher = told("dishwasher")
    dishwasher.apply({"state": "on"})
    more = json.loads(Template.of(found[1]["json_attributes_template"]).read(json.dumps(dishwasher.report())))
    assert more["operation_state"] == "run"
