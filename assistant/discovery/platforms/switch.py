"""What is on or off, and locks: one word to tell, one word to ask for."""

from __future__ import annotations

import json
from collections.abc import Iterable

from assistant.discovery.payloads import CommandTopic, Options, Text, Topic, ValueTemplate, Words
from assistant.discovery.templates import parsed
from assistant.discovery.wiring import NONE, Publication, Values, Wiring, message, reading, text, topics, words
from assistant.turn import State

ARMED = ("home", "away", "night", "vacation")


class SwitchedIn(Options):
    """What switches and sirens have in common."""

    command_topic: CommandTopic
    command_template: ValueTemplate | None = None
    state_topic: Topic | None = None
    payload_on: Text = "ON"
    payload_off: Text = "OFF"
    state_on: Text | None = None
    state_off: Text | None = None

    @property
    def meanings(self) -> dict[str, str | None]:
        """What it tells."""
        return {self.state_on or self.payload_on: "on", self.state_off or self.payload_off: "off"}


class SwitchIn(SwitchedIn):
    """A switch or a plug."""

    value_template: ValueTemplate | None = None


class SirenIn(SwitchedIn):
    """A siren."""

    state_value_template: ValueTemplate | None = None
    command_off_template: ValueTemplate | None = None
    available_tones: Words = ()


class AlarmIn(Options):
    """An alarm system. One that wants a code can't be commanded: nobody should say it aloud."""

    command_topic: CommandTopic
    command_template: ValueTemplate | None = None
    state_topic: Topic
    value_template: ValueTemplate | None = None
    code: Text | None = None
    payload_disarm: Text = "DISARM"
    payload_arm_home: Text = "ARM_HOME"
    payload_arm_away: Text = "ARM_AWAY"
    payload_arm_night: Text = "ARM_NIGHT"
    payload_arm_vacation: Text = "ARM_VACATION"


class LockIn(Options):
    """A lock."""

    command_topic: CommandTopic
    command_template: ValueTemplate | None = None
    state_topic: Topic | None = None
    value_template: ValueTemplate | None = None
    payload_lock: Text = "LOCK"
    payload_unlock: Text = "UNLOCK"
    payload_reset: Text = NONE
    state_locked: Text = "LOCKED"
    state_locking: Text = "LOCKING"
    state_unlocked: Text = "UNLOCKED"
    state_unlocking: Text = "UNLOCKING"
    state_jammed: Text = "JAMMED"
    state_open: Text = "OPEN"
    state_opening: Text = "OPENING"


def switch(told: SwitchIn) -> Wiring:
    """A switch or a plug."""

    def command(wanted: Values, _present: Values) -> Iterable[Publication]:
        payload = told.payload_off if wanted.get("state") == "off" else told.payload_on
        return message(told.command_topic, payload, told.command_template)

    return Wiring(
        tuple(reading(told.state_topic, told.value_template, words("state", told.meanings), "state")),
        command,
        topics(told.command_topic),
        {"device_class": told.device_class} if told.device_class else {},
        optimistic=told.optimistic,
    )


def siren(told: SirenIn) -> Wiring:
    """A siren; without a template it takes JSON."""
    known = words("state", told.meanings)

    def take(incoming: str) -> Values:
        content = parsed(incoming)
        return known(str(content.get("state"))) if isinstance(content, dict) else known(incoming)

    def command(wanted: Values, _present: Values) -> Iterable[Publication]:
        off = wanted.get("state") == "off"
        payload = told.payload_off if off else told.payload_on
        template = (told.command_off_template or told.command_template) if off else told.command_template
        if template is None:
            return [Publication(told.command_topic, json.dumps({"state": payload}))]
        return message(told.command_topic, payload, template, state=payload)

    return Wiring(
        tuple(reading(told.state_topic, told.state_value_template, take, "state")),
        command,
        topics(told.command_topic),
        {"available_tones": list(told.available_tones)} if told.available_tones else {},
        optimistic=told.optimistic,
    )


def alarm_control_panel(told: AlarmIn) -> Wiring:
    """An alarm system."""
    payloads = {f"armed_{mode}": getattr(told, f"payload_arm_{mode}") for mode in ARMED}
    payloads["disarmed"] = told.payload_disarm

    def command(wanted: Values, _present: Values) -> Iterable[Publication]:
        payload = payloads.get(str(wanted.get("state")))
        if payload is None or told.code is not None:
            return []
        return message(told.command_topic, payload, told.command_template, action=payload, code=None)

    states = (*payloads, "arming", "pending", "triggered", "disarming")
    return Wiring(
        tuple(reading(told.state_topic, told.value_template, text("state", states), "state")),
        command,
        topics(told.command_topic),
    )


def lock(told: LockIn) -> Wiring:
    """A lock."""
    meanings = {
        told.payload_reset: None,
        told.state_open: "open",
        told.state_opening: "opening",
        told.state_jammed: "jammed",
        told.state_unlocking: "unlocking",
        told.state_locking: "locking",
        told.state_unlocked: "unlocked",
        told.state_locked: "locked",
    }

    def command(wanted: Values, _present: Values) -> Iterable[Publication]:
        payload = {"locked": told.payload_lock, "unlocked": told.payload_unlock}.get(str(wanted.get("state")))
        if payload is None:
            return []
        return message(told.command_topic, payload, told.command_template, code=None)

    return Wiring(
        tuple(reading(told.state_topic, told.value_template, words("state", meanings), "state")),
        command,
        topics(told.command_topic),
        show=lambda values: State(str(values.get("state") or "unknown")),
        optimistic=told.optimistic,
    )
