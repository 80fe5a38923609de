"""Checking expectations: each returns the sentences that say what does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assistant.turn import State, States, Turn
from simulator.replay.script import Expect, ReplyParts


def matches(wished: Any, found: Any, key: str = "") -> bool:
    """Whether a value is as expected; `wished` may be `{below|above|not|any_of: ...}`.

    >>> matches({"above": 20}, "21.5"), matches("on", "off"), matches(128, 127, "brightness")
    (True, False, True)
    """
    if isinstance(wished, Mapping) and wished and set(wished) <= {"below", "above", "not", "any_of"}:
        number = _number(found)
        return all(_holds(name, value, found, key, number) for name, value in wished.items())
    if isinstance(wished, bool) or isinstance(found, bool):
        return wished == found or str(wished).lower() == str(found).lower()
    left, right = _number(wished), _number(found)
    if left is not None and right is not None:
        return abs(left - right) <= (1 if key == "brightness" else 1e-6)
    if isinstance(wished, list | tuple):
        return isinstance(found, list | tuple) and list(wished) == list(found)
    return str(wished) == str(found)


def _holds(check: str, value: Any, found: Any, key: str, number: float | None) -> bool:
    """One of `below`, `above`, `not` and `any_of`."""
    if check == "not":
        return not matches(value, found, key)
    if check == "any_of":
        return any(matches(each, found, key) for each in value)
    if number is None:
        return False
    return number < float(value) if check == "below" else number > float(value)


def _number(value: Any) -> float | None:
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


def state_problems(wished: Mapping[str, Mapping[str, Any]], states: States) -> Iterable[str]:
    """What is not as wished among the states; only the keys given are compared."""
    for entity, wish in wished.items():
        found = states.get(entity)
        if found is None:
            yield f"{entity} does not exist"
            continue
        if "state" in wish and not matches(wish["state"], found.state):
            yield f"{entity} is {found.state!r}, expected {wish['state']!r}"
        for key, value in (wish.get("attributes") or {}).items():
            if not matches(value, found.attributes.get(key), key):
                yield f"{entity} {key} is {found.attributes.get(key)!r}, expected {value!r}"


DRIFTING = frozenset(
    {
        "current_temperature",
        "current_humidity",
        "hvac_action",
        "battery_level",
        "power",
        "energy",
        "program_phase",
        "media_position",
        "media_position_updated_at",
    }
)
"""Attributes that time changes, and nobody."""


def changed(before: States, after: States, ignore: Iterable[str] = ("sensor", "binary_sensor", "timer")) -> list[str]:
    """The entities that changed, but for those that change by themselves or were on their way already."""
    moving = {entity for entity, state in before.items() if state.state in {"opening", "closing"}}
    kept = (entity for entity in after if entity.partition(".")[0] not in ignore and entity not in moving)
    return [entity for entity in kept if _differs(before.get(entity), after[entity])]


def _differs(before: State | None, after: State) -> bool:
    if before is None or before.state != after.state:
        return True
    keys = (set(before.attributes) | set(after.attributes)) - DRIFTING
    return any(before.attributes.get(key) != after.attributes.get(key) for key in keys)


def turn_problems(expect: Expect, turn: Turn | None) -> Iterable[str]:
    """What does not hold of a turn: decision, outcome, intent, texts and rewrite."""
    if turn is None:
        if expect.decision not in (None, "ignore") and "ignore" not in (expect.decision or []):
            yield f"no turn, expected {expect.decision}"
        return
    decision = turn.decision.kind if turn.decision else None
    if expect.decision is not None and decision not in _listed(expect.decision):
        yield f"decision is {decision}, expected {' or '.join(_listed(expect.decision))}"
    outcome = turn.outcome.kind.value if turn.outcome else None
    if expect.outcome is not None and outcome not in _listed(expect.outcome):
        yield f"outcome is {outcome}, expected {' or '.join(_listed(expect.outcome))}"
    if expect.intent is not None and (turn.intent is None or turn.intent.name != expect.intent):
        yield f"intent is {turn.intent.name if turn.intent else None}, expected {expect.intent}"
    if expect.heard is not None and _plain(turn.said) != _plain(expect.heard):
        yield f"heard {turn.said!r}, expected {expect.heard!r}"
    if expect.executed is not None and _plain(turn.executed) != _plain(expect.executed):
        yield f"executed {turn.executed!r}, expected {expect.executed!r}"
    if "rewrite" in expect.model_fields_set:
        yield from _rewrite_problems(expect.rewrite, turn)


def _rewrite_problems(wished: Mapping[str, Any] | None, turn: Turn) -> Iterable[str]:
    if wished is None:
        if turn.rewrite is not None:
            yield f"rewritten to {turn.rewrite.after!r}, expected no rewrite"
        return
    if turn.rewrite is None:
        yield "not rewritten, expected a rewrite"
        return
    for key, value in wished.items():
        found = getattr(turn.rewrite, key, None)
        if found != value:
            yield f"rewrite.{key} is {found!r}, expected {value!r}"


def reply_problems(wished: list[str] | ReplyParts, text: str) -> Iterable[str]:
    """What is missing in, or does not belong into, a reply."""
    parts = wished if isinstance(wished, ReplyParts) else ReplyParts(all_of=wished)
    said = text.lower()
    for word in parts.all_of:
        if word.lower() not in said:
            yield f"reply {text!r} lacks {word!r}"
    if parts.any_of and not any(word.lower() in said for word in parts.any_of):
        yield f"reply {text!r} has none of {parts.any_of}"
    for word in parts.none_of:
        if word.lower() in said:
            yield f"reply {text!r} must not have {word!r}"


def _listed(value: str | list[Any]) -> list[str]:
    return [value] if isinstance(value, str) else [str(each) for each in value]


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() or c == "'" else " " for c in text.lower()).split())
