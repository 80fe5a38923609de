"""Which devices a condition is about: "when the garage opens", "if it is above 23", "when everyone is out"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.home import Entity
from assistant.resolve.names import likeness, normalise
from assistant.resolve.resolver import NAME_WINDOW, Memory, Resolver
from assistant.turn import Context, Intent

PRESENCE = frozenset({"person", "device_tracker"})
"""Domains that tell who is at home."""
ALIKE = 0.72


def resolved_condition(test: Mapping[str, Any], context: Context, resolver: Resolver, memory: Memory) -> dict[str, Any]:
    """The condition with its `entities`, or with what is `missing`, in words."""
    if test["op"] in {"sun", "clock"}:
        return dict(test)
    if test["op"] in {"all", "any"}:
        parts = [resolved_condition(part, context, resolver, memory) for part in test["parts"]]
        missing = next((part["missing"] for part in parts if part.get("missing")), None)
        return {**test, "parts": parts, **({"missing": missing} if missing else {})}
    if test["op"] == "presence":
        return _people(test, context, resolver)
    target = dict(test.get("target") or {})
    if target.get("domain") == "timer":
        return _timers(test, target, context)
    slots = {**target, **_asked(test)}
    found = resolver.resolve(Intent("home.query", slots), context, memory)
    if found.missing or not found.candidates:
        return {**test, "missing": found.missing or "that"}
    best = found.candidates[0].cost
    tied = [each for each in found.candidates if each.cost - best < NAME_WINDOW]
    entities = tuple(dict.fromkeys(entity for each in tied for entity in each.entities))
    together = target.get("quantity") in {"all", "both"} or (
        target.get("quantity") == "plural" and not test.get("becomes")
    )
    return {**test, "entities": entities, "every": together, "attribute": slots.get("attribute") or ""}


def _asked(test: Mapping[str, Any]) -> dict[str, Any]:
    """What the condition asks of its devices."""
    if test["op"] in {"above", "below"}:
        attribute = test.get("attribute") or (test.get("target") or {}).get("attribute")
        if not attribute and test.get("unit") in {"degrees", "C", "F"}:
            attribute = "temperature"
        return {"question": "what", **({"attribute": attribute} if attribute else {})}
    return {"question": "is", "state": test.get("state") or "on"}


def _people(test: Mapping[str, Any], context: Context, resolver: Resolver) -> dict[str, Any]:
    """The persons whose coming and going is told."""
    people = [entity for entity in resolver.home.entities.values() if entity.domain in PRESENCE]
    who = str(test.get("who"))
    if who not in {"all", "any"}:
        name = (context.speaker or "") if who == "speaker" else who
        named = [entity for entity in people if _is_called(entity, name)]
        people = named if named or who != "speaker" or len(people) > 1 else people
    if not people:
        return {**test, "missing": "person or sensor of who is at home"}
    entities = tuple(entity.id for entity in people)
    return {**test, "entities": entities, "every": test["who"] == "all" and test["state"] == "not_home"}


def _is_called(entity: Entity, name: str) -> bool:
    return bool(name) and any(likeness(name, each).score >= ALIKE for each in entity.names)


def _timers(test: Mapping[str, Any], target: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """The timers that are running, by their names."""
    wanted = normalise(str(target["name"]))
    running = {
        entity: str(state.attributes.get("friendly_name", entity))
        for entity, state in context.states.items()
        if entity.startswith("timer.")
    }
    if wanted == "alarm":
        # Also alarms that are set later.
        return {**test, "op": "rings"}
    named = tuple(entity for entity, name in running.items() if wanted in normalise(name))
    found = named or (tuple(running) if wanted == "timer" else ())
    return (
        {**test, "entities": found}
        if found
        else {**test, "missing": f"{target['name']} timer".replace("timer timer", "timer")}
    )
