"""What a request reaches that names a kind, a room, or everything: never all that could possibly obey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.doing import OF_WHAT_RUNS, runs
from assistant.home import Entity
from assistant.resolve.kinds import switched_together
from assistant.services import is_oven
from assistant.turn import States

RISKY_IN_BULK = frozenset({"open", "unlock", "turn_on", "start"})
WARMTH = (15, 26)
"""Degrees Celsius between which people set a thermostat."""
OF_LIGHTS = frozenset({"brightness", "color", "color_temp"})


def reached(some: Sequence[Entity], verb: str, slots: Mapping[str, Any], states: States) -> list[Entity]:
    """Of the things of a kind, in a place, those that the request is about."""
    kept = list(some)
    domain, device_class = slots.get("domain"), slots.get("device_class")
    everything = domain == "all" or not (domain or device_class)
    if everything and verb in {"turn_on", "turn_off", "turn"}:
        kept = switched_together(kept, verb)
        if verb == "turn_on" and not slots.get("quantity"):
            # "Turn on the kitchen" is about its light.
            kept = [each for each in kept if each.domain == "light"] or kept
    elif everything and verb in {"open", "close"}:
        # "Close the garage" is about its doors, not about the lock to the house; "open all" is not about water.
        kept = [each for each in kept if each.domain != "lock"] or kept
        kept = [each for each in kept if each.domain != "valve"] or kept
    elif everything and verb in {"set", "increase", "decrease"} and not slots.get("attribute"):
        # "The kitchen to 20 percent": its lights, or what it has of one kind, never all at once. "To 21": its heating.
        if (heating := [each for each in kept if each.domain == "climate"]) and _is_warmth(slots):
            return [each for each in heating if not is_oven(each)]
        lights = [each for each in kept if each.domain == "light"]
        one_kind = len({each.domain for each in kept}) == 1 and not slots.get("color")
        kept = lights or (kept if one_kind else [])
    if verb in OF_WHAT_RUNS and domain in {None, "media_player"} and not device_class:
        kept = [each for each in kept if runs(states.get(each.id))] or kept
    if device_class != "oven" and verb in {"set", "increase", "decrease"}:
        # Who is cold, and does not name it, does not mean the oven.
        kept = [each for each in kept if not (is_oven(each) and _is_off(each, states))]
    return kept


def _is_warmth(slots: Mapping[str, Any]) -> bool:
    """Whether a bare number is one that people heat a room to, in degrees Celsius."""
    value = slots.get("value")
    return slots.get("unit") is None and isinstance(value, int | float) and WARMTH[0] <= value <= WARMTH[1]


def lit(lights: Sequence[Entity], verb: str, states: States) -> list[Entity]:
    """Of the lights of a place, those that a change of its light is about: "brighter" leaves dark lamps dark."""
    on = [each for each in lights if not _is_off(each, states)]
    return on if on and verb in {"increase", "decrease"} else list(lights)


def is_risky(entity: Entity) -> bool:
    """Whether it is never opened, unlocked or switched on together with others."""
    garage = entity.kind == "garage_door" or entity.features.get("device_class") == "garage"
    return entity.domain == "lock" or garage or is_oven(entity)


def _is_off(entity: Entity, states: States) -> bool:
    return entity.id not in states or states[entity.id].state == "off"
