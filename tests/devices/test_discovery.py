"""Discovery payloads: what they read is what the device says, and what they ask for is a command that it takes.

That Home Assistant takes them is checked in tests/discovery.
"""

import json

import pytest

from assistant.discovery.templates import Template
from devices.discovery import Described, discovery
from devices.kinds import KINDS, make
from devices.wire import entity_topic, parse_entity_topic
from tests.devices.suite import AROUND, FEATURES, run


def told(kind: str):
    entity = f"{KINDS[kind].domain}.x"
    device = make(kind, entity, FEATURES, {})
    return discovery(Described("cottage", "Cottage", entity, kind, "X", "Kitchen", device.features)), device


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
