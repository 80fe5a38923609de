"""Habits in words: requests that this home understands for what is done, and sentences for when."""

from __future__ import annotations

from assistant.habits.diary import ALARM, ASKED, CAME, LEFT, SAID
from assistant.habits.mining import Habit
from assistant.home import Entity, Home

DO = {
    "on": "turn on", "off": "turn off", "open": "open", "closed": "close", "locked": "lock",
    "playing": "play music on", "paused": "pause",
}  # fmt: skip
"""State -> the request for it; other states are nothing that is offered."""
BECOMES = {
    "on": "is turned on", "off": "is turned off", "open": "opens", "closed": "closes", "locked": "is locked",
    "unlocked": "is unlocked", "playing": "starts playing",
}  # fmt: skip
_DAYS = {"": "every day", "weekday": "every weekday", "weekend": "every weekend"}
_PARTS = {"morning": "in the morning", "day": "during the day", "evening": "in the evening", "night": "at night",
          "weekday": "on weekdays", "weekend": "at weekends"}  # fmt: skip


def name_of(entity: Entity, home: Home) -> str:
    """A name that no other device has: with its room where the name alone is not enough."""
    name = entity.name.lower()
    area = home.areas.get(entity.area or "")
    same = [each for each in home.entities.values() if each.name.lower() == name]
    return f"{area.name.lower()} {name}" if len(same) > 1 and area and area.name.lower() not in name else name


def request_of(habit: Habit, home: Home) -> str | None:
    """The request that does the deed; `None` where this home has no words for it."""
    if habit.deed.startswith(SAID):
        return habit.text.lower() or None
    id, _, state = habit.deed.partition("=")
    entity = home.entities.get(id)
    if entity is None or state not in DO:
        return None
    verb = DO["on" if state == "idle" else state]
    return f"{verb} the {name_of(entity, home)}"


def trigger_of(habit: Habit, home: Home) -> str | None:
    """When it happens, as a person would say it; `None` for what has no words."""
    condition = f" {_PARTS[habit.when]}" if habit.when in _PARTS and habit.trigger != "clock" else ""
    if "=" in habit.when:
        known = _becomes(habit.when, home)
        if known is None:
            return None
        condition = f" while {known[0]} {'is' if known[2] in {'on', 'off'} else ''} {known[2]}".replace("  ", " ")
    if habit.trigger == "clock":
        at = habit.at or 0
        return f"at about {at // 60}:{at % 60:02}{' ' + _PARTS[habit.when] if habit.when in _PARTS else ''}"
    if habit.trigger in {ALARM, LEFT, CAME}:
        said = {ALARM: "after the alarm", LEFT: "when the last one leaves", CAME: "when somebody comes home"}
        return said[habit.trigger] + condition
    if habit.trigger.startswith((SAID, ASKED)):
        return f"after that{condition}"
    known = _becomes(habit.trigger, home)
    return f"when {known[0]} {known[1]}{condition}" if known else None


def routine_of(habit: Habit, request: str, home: Home) -> str | None:
    """The request for a standing rule that does the same from now on; `None` where rules can't say it."""
    if habit.deed.startswith(SAID):
        return None
    if habit.trigger == "clock":
        at = habit.at or 0
        return f"{_DAYS[habit.when]} at {at // 60:02}:{at % 60:02} {request}" if habit.when in _DAYS else None
    if habit.when or habit.trigger.startswith((SAID, ASKED)):
        return None
    if habit.trigger in {ALARM, LEFT, CAME}:
        said = {ALARM: "the alarm rings", LEFT: "everyone leaves", CAME: "somebody arrives"}
        return f"whenever {said[habit.trigger]} {request}"
    known = _becomes(habit.trigger, home)
    return f"whenever {known[0]} {known[1]} {request}" if known else None


def _becomes(what: str, home: Home) -> tuple[str, str, str] | None:
    id, _, state = what.partition("=")
    entity = home.entities.get(id)
    if entity is None or state not in BECOMES:
        return None
    return f"the {name_of(entity, home)}", BECOMES[state], state
