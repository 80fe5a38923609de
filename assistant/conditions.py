"""Conditions: what must be so before waiting work is done, and whether it is so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from assistant.home import Entity, Home
from assistant.reply import in_state
from assistant.resolve.questions import reading
from assistant.sun import is_down
from assistant.turn import State, States

UNTOLD = frozenset({"unknown", "unavailable", "none", ""})
RESTING = frozenset({
    "off", "idle", "done", "complete", "completed", "finished", "ready", "standby", "docked", "stopped", "closed",
    "clear", "end", "ended", "not_running",
})  # fmt: skip
"""States of a thing that is not at work."""
SLACK = 0.3
"""How far (in the sensor's unit) a value must go back before passing the limit counts once more."""
BY_ITSELF = frozenset({"above", "below", "presence", "sun", "clock", "done"})
"""What changes without anybody of the household meaning to."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be so.

    `op` is `is` (one of `entities` is in `state`; every one of them where `every`), `done` (it has come to rest after
    running), `rings` (any alarm does), `above` or `below` (`attribute` of one of them is beyond `value`), `presence`
    (persons are in `state`), `sun` (it is past `event`, with `offset` in seconds), `clock` (it is past `value`, in
    minutes of the day), `all` or `any` (of `parts`). `lasting` is for how many seconds it must have been so; `becomes`
    tells that a change is waited for, `negated` that it must not be so.
    """

    op: str
    entities: tuple[str, ...] = ()
    state: str = ""
    attribute: str = ""
    value: float = 0.0
    every: bool = False
    becomes: bool = False
    lasting: float = 0.0
    event: str = ""
    offset: float = 0.0
    parts: tuple[Condition, ...] = ()
    negated: bool = False

    @property
    def waits(self) -> bool:
        """Whether it may come to hold without anybody of the household meaning to: sensors, people, the sun, time."""
        moving = any(entity.partition(".")[0] in {"binary_sensor", "sensor", "timer"} for entity in self.entities)
        part = any(part.waits for part in self.parts)
        return self.becomes or self.lasting > 0 or self.op in BY_ITSELF or moving or part

    def as_json(self) -> dict[str, Any]:
        """A plain mapping, for the store."""
        return asdict(self)

    @classmethod
    def of(cls, known: Mapping[str, Any]) -> Condition:
        """From a slot or a document; keys of other things are left out."""
        names = {each.name for each in fields(cls)}
        kept = {key: value for key, value in known.items() if key in names and value is not None}
        parts = tuple(cls.of(part) for part in known.get("parts") or ())
        return cls(**{**kept, "entities": tuple(known.get("entities") or ()), "parts": parts})


@dataclass(frozen=True, slots=True)
class View:
    """The home at one moment."""

    home: Home
    states: States
    now: datetime
    latitude: float = 50.0


def holds(condition: Condition, view: View, slack: float = 0.0) -> bool | None:
    """Whether it is so; `None` when no device tells. `slack` makes a limit easier to pass.

    >>> lamp = Entity("light.a", "light", "A")
    >>> view = View(Home(entities={"light.a": lamp}), {"light.a": State("on")}, datetime(2026, 3, 2, 12, 0))
    >>> holds(Condition("is", ("light.a",), "on"), view), holds(Condition("is", ("light.b",), "on"), view)
    (True, None)
    """
    so = _is_so(condition, view, slack)
    return so if so is None else so != condition.negated


def _is_so(condition: Condition, view: View, slack: float) -> bool | None:
    """Whether it is so, before it is negated."""
    if condition.parts:
        parts = [holds(part, view, slack) for part in condition.parts]
        decided = condition.op == "any"
        return decided if decided in parts else None if None in parts else not decided
    if condition.op == "clock":
        return view.now.hour * 60 + view.now.minute >= condition.value
    if condition.op == "sun":
        return is_down(condition.event, view.now, view.latitude) == (condition.event in {"sunset", "dusk"})
    if condition.op == "rings":
        return any(_is_alarm(id, state) and state.state == "ringing" for id, state in view.states.items())
    test = _test(condition, view, slack)
    told = [
        answer
        for entity in condition.entities
        if (state := view.states.get(entity)) is not None
        and state.state not in UNTOLD
        and (answer := test(entity, state)) is not None
    ]
    if not told:
        return None
    return all(told) if condition.every else any(told)


def _is_alarm(id: str, state: State) -> bool:
    named = str(state.attributes.get("friendly_name", ""))
    return id.startswith("timer.") and "alarm" in f"{id} {named}"


def _test(condition: Condition, view: View, slack: float) -> Callable[[str, State], bool | None]:
    """The test of one entity's state."""

    def is_so(entity: str, state: State) -> bool | None:
        known = view.home.entities.get(entity)
        if known is None or condition.op == "presence":
            return state.state == condition.state
        return in_state(known, state, condition.state)

    def is_done(_entity: str, state: State) -> bool | None:
        return state.state.lower() in RESTING

    def is_beyond(entity: str, state: State) -> bool | None:
        level = level_of(view.home.entities.get(entity), condition.attribute, state)
        if level is None:
            return None
        return level > condition.value - slack if condition.op == "above" else level < condition.value + slack

    return {"done": is_done, "above": is_beyond, "below": is_beyond}.get(condition.op, is_so)


def level_of(entity: Entity | None, attribute: str, state: State) -> float | None:
    """The number that an entity tells: of a sensor its state, of others the attribute, or else the temperature."""
    if entity is None:
        return None
    found = reading(entity, attribute or "temperature", state)
    if found in (None, "") and entity.domain in {"sensor", "number", "input_number"}:
        found = state.state
    try:
        return float(found)
    except (TypeError, ValueError):
        return None
