"""What drives about: vacuum cleaners and lawn mowers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assistant.discovery.payloads import CommandTopic, Options, Text, Topic, ValueTemplate, Words
from assistant.discovery.wiring import Publication, Values, Wiring, mapping, message, reading, text, topics

VACUUM_STATES = frozenset({"idle", "docked", "error", "paused", "returning", "cleaning"})
MOWER_STATES = ("error", "paused", "mowing", "docked", "returning")


class VacuumIn(Options):
    """A vacuum cleaner. It tells one JSON object, without a template."""

    command_topic: CommandTopic | None = None
    state_topic: Topic | None = None
    set_fan_speed_topic: CommandTopic | None = None
    fan_speed_list: Words = ()
    payload_start: Text = "start"
    payload_pause: Text = "pause"
    payload_stop: Text = "stop"
    payload_return_to_base: Text = "return_to_base"


class LawnMowerIn(Options):
    """A lawn mower."""

    activity_state_topic: Topic | None = None
    activity_value_template: ValueTemplate | None = None
    start_mowing_command_topic: CommandTopic | None = None
    start_mowing_command_template: ValueTemplate | None = None
    pause_command_topic: CommandTopic | None = None
    pause_command_template: ValueTemplate | None = None
    dock_command_topic: CommandTopic | None = None
    dock_command_template: ValueTemplate | None = None


def vacuum(told: VacuumIn) -> Wiring:
    """A vacuum cleaner."""

    def take(incoming: str) -> Values:
        content = mapping(incoming)
        known: dict[str, Any] = {}
        if content.get("state") in VACUUM_STATES:
            known["state"] = content["state"]
        if isinstance(content.get("fan_speed"), str):
            known["fan_speed"] = content["fan_speed"][:100]
        return known

    payloads = {
        "cleaning": told.payload_start,
        "on": told.payload_start,
        "paused": told.payload_pause,
        "returning": told.payload_return_to_base,
        "docked": told.payload_return_to_base,
        "off": told.payload_return_to_base,
        "idle": told.payload_stop,
        "stop": told.payload_stop,
    }

    def command(wanted: Values, _present: Values) -> Iterable[Publication]:
        if "state" in wanted and wanted["state"] in payloads:
            yield from message(told.command_topic, payloads[wanted["state"]])
        if "fan_speed" in wanted:
            yield from message(told.set_fan_speed_topic, wanted["fan_speed"])

    return Wiring(
        tuple(reading(told.state_topic, None, take, "state", "fan_speed")),
        command,
        topics(told.command_topic, told.set_fan_speed_topic),
        {"fan_speed_list": list(told.fan_speed_list)} if told.fan_speed_list else {},
    )


def lawn_mower(told: LawnMowerIn) -> Wiring:
    """A lawn mower."""
    start = ("start_mowing", told.start_mowing_command_topic, told.start_mowing_command_template)
    dock = ("dock", told.dock_command_topic, told.dock_command_template)
    pause = ("pause", told.pause_command_topic, told.pause_command_template)
    actions = {"mowing": start, "on": start, "paused": pause, "stop": pause, "returning": dock, "docked": dock}

    def command(wanted: Values, _present: Values) -> Iterable[Publication]:
        if wanted.get("state") in actions:
            value, topic, template = actions[wanted["state"]]
            yield from message(topic, value, template)

    return Wiring(
        tuple(reading(told.activity_state_topic, told.activity_value_template, text("state", MOWER_STATES), "state")),
        command,
        topics(told.start_mowing_command_topic, told.pause_command_topic, told.dock_command_topic),
        optimistic=told.optimistic,
    )
