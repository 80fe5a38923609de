"""Covers and valves: what opens and closes, by words or by a position."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import model_validator

from assistant.discovery.payloads import CommandTopic, Flag, Options, Text, Topic, ValueTemplate
from assistant.discovery.templates import parsed
from assistant.discovery.wiring import (
    NONE,
    Publication,
    Reading,
    Values,
    Wiring,
    from_percent,
    message,
    reading,
    to_percent,
    topics,
)
from assistant.turn import State
from devices.traits import as_number

MOVING = frozenset({"opening", "closing"})


class PositionedIn(Options):
    """What covers and valves have in common."""

    command_topic: CommandTopic | None = None
    state_topic: Topic | None = None
    value_template: ValueTemplate | None = None
    position_open: int = 100
    position_closed: int = 0
    state_open: Text = "open"
    state_opening: Text = "opening"
    state_closed: Text = "closed"
    state_closing: Text = "closing"

    @model_validator(mode="after")
    def _moves(self) -> PositionedIn:
        if self.position_open == self.position_closed:
            raise ValueError("position_open and position_closed are the same")
        return self

    @property
    def range(self) -> tuple[int, int]:
        """The lowest and the highest value that is not closed."""
        return self.position_closed + 1, self.position_open

    def percent(self, value: float) -> int:
        """A position of the device in percent open."""
        return min(max(to_percent(*self.range, value), 0), 100)

    def grain(self) -> dict[str, float]:
        """How far a position may be off: one of the device's own steps."""
        return {"current_position": 100 / abs(self.position_open - self.position_closed) + 0.5}


class CoverIn(PositionedIn):
    """A cover."""

    payload_open: Text | None = "OPEN"
    payload_close: Text | None = "CLOSE"
    payload_stop: Text | None = "STOP"
    state_stopped: Text = "stopped"
    position_topic: Topic | None = None
    position_template: ValueTemplate | None = None
    set_position_topic: CommandTopic | None = None
    set_position_template: ValueTemplate | None = None


class ValveIn(PositionedIn):
    """A valve."""

    command_template: ValueTemplate | None = None
    payload_open: Text | None = "OPEN"
    payload_close: Text | None = "CLOSE"
    payload_stop: Text | None = None
    reports_position: Flag = False


def show(values: Values) -> State:
    """On its way, or open or closed by its position where it tells one."""
    position, state = values.get("current_position"), values.get("state")
    if state not in MOVING and position is not None:
        state = "closed" if position == 0 else "open"
    attributes = {key: value for key, value in values.items() if key != "state" and value is not None}
    return State(str(state or "unknown"), attributes)


def _at(percent: int, told: bool) -> Values:
    """A position; it says that the way is over only where nothing else does."""
    return {"current_position": percent} if told else {"current_position": percent, "state": None}


def cover(told: CoverIn) -> Wiring:
    """A cover."""
    meanings = {
        NONE: None,
        told.state_open: "open",
        told.state_opening: "opening",
        told.state_closed: "closed",
        told.state_closing: "closing",
        told.state_stopped: "stopped",
    }
    fixed = {"position_open": told.position_open, "position_closed": told.position_closed}

    def state(incoming: str) -> Values:
        return {"state": meanings[incoming]} if incoming in meanings else {}

    def position(incoming: str) -> Values:
        if not incoming:
            return {}
        known = parsed(incoming)
        value = as_number(known.get("position") if isinstance(known, dict) else incoming)
        if value is None:
            raise ValueError("not a position")
        return _at(told.percent(value), told.state_topic is not None)

    readings = [
        *reading(told.state_topic, told.value_template, state, "state"),
        *reading(told.position_topic, told.position_template, position, "current_position", "state", **fixed),
    ]
    return _wiring(told, readings, lambda wanted: _cover_command(told, wanted, fixed), told.set_position_topic)


def _wiring(
    told: PositionedIn,
    readings: list[Reading],
    command: Callable[[Values], Iterable[Publication]],
    positions: str | None,
) -> Wiring:
    features: dict[str, Any] = {"device_class": told.device_class} if told.device_class else {}
    positioned = any("current_position" in each.keys for each in readings)
    features["reports_position"] = positioned
    if positions is None:
        features["supported_features"] = ["open", "close", "stop"]
    return Wiring(
        tuple(readings),
        lambda wanted, _present: command(wanted),
        topics(told.command_topic, positions),
        features,
        show,
        told.grain(),
        told.optimistic,
    )


def _cover_command(told: CoverIn, wanted: Values, fixed: Values) -> Iterable[Publication]:
    if "current_position" in wanted:
        yield from _to_position(told, wanted["current_position"], fixed)
        return
    payloads = {"open": told.payload_open, "closed": told.payload_close, "stop": told.payload_stop}
    payload = payloads.get(wanted["state"])
    if told.command_topic and payload is not None:
        yield from message(told.command_topic, payload)
    elif wanted["state"] != "stop":
        yield from _to_position(told, 100 if wanted["state"] == "open" else 0, fixed)


def _to_position(told: CoverIn, percent: float, fixed: Values) -> Iterable[Publication]:
    value = round(from_percent(*told.range, percent))
    if told.set_position_topic:
        more = {**fixed, "position": round(percent)}
        yield from message(told.set_position_topic, value, told.set_position_template, **more)
    elif percent in {0, 100}:
        yield from message(told.command_topic, told.payload_open if percent else told.payload_close)


def valve(told: ValveIn) -> Wiring:
    """A valve. One that reports its position is moved by positions only."""
    moving = {told.state_opening: "opening", told.state_closing: "closing"}
    meanings = {NONE: None, told.state_open: "open", told.state_closed: "closed", **moving}

    def take(incoming: str) -> Values:
        known = parsed(incoming)
        both = known if isinstance(known, dict) else {"state": incoming, "position": incoming}
        state = str(both.get("state"))
        if not told.reports_position:
            return {"state": meanings[state]} if state in meanings else {}
        value = as_number(both.get("position"))
        if value is None:
            if state not in moving:
                raise ValueError("neither a state nor a position")
            return {"state": moving[state]}
        return {"current_position": told.percent(value), "state": moving.get(state)}

    keys = ("state", "current_position") if told.reports_position else ("state",)
    fixed = {"position_open": told.position_open, "position_closed": told.position_closed}
    readings = reading(told.state_topic, told.value_template, take, *keys, **fixed)
    positions = told.command_topic if told.reports_position else None
    return _wiring(told, readings, lambda wanted: _valve_command(told, wanted, fixed), positions)


def _valve_command(told: ValveIn, wanted: Values, fixed: Values) -> Iterable[Publication]:
    state = wanted.get("state")
    if state == "stop":
        if told.payload_stop is not None:
            yield from message(told.command_topic, told.payload_stop, told.command_template)
        return
    percent = wanted.get("current_position", 0 if state == "closed" else 100)
    if told.reports_position:
        value = round(from_percent(*told.range, percent))
        yield from message(told.command_topic, value, told.command_template, **{**fixed, "position": round(percent)})
        return
    payload = told.payload_open if percent else told.payload_close
    if payload is not None:
        yield from message(told.command_topic, payload, told.command_template)
