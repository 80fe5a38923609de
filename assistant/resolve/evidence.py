"""Context as evidence: what the circumstances say about which device is meant.

Each feature looks at one entity and returns a change of cost (negative = more likely) with its reason, or `None`. New
signals plug in by joining `EVIDENCE`. (Article, lines 20 to 30: device state, type, activity, place and time.)
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.home import Entity
from assistant.turn import Context, Intent

Evidence = Callable[[Entity, Intent, Context], tuple[float, str] | None]

ACTIVE = frozenset(
    {"on", "heat", "cool", "playing", "paused", "open", "opening", "closing", "cleaning", "unlocked", "heat_cool"}
)


def same_room(entity: Entity, _intent: Intent, context: Context) -> tuple[float, str] | None:
    """The room of the microphone comes first, then the house."""
    if context.room is None or entity.area is None:
        return None
    return (-0.10, "in this room") if entity.area == context.room else (0.05, "in another room")


def active_device(entity: Entity, intent: Intent, context: Context) -> tuple[float, str] | None:
    """A device that is running is more likely to be asked about, or changed, than one that is off."""
    state = context.states.get(entity.id)
    if state is None or state.state not in ACTIVE:
        return None
    if entity.kind == "oven" and intent.verb == "query":
        return -0.40, "the oven is on"
    if entity.domain == "media_player" and intent.verb in {"pause", "stop", "increase", "decrease", "mute", "set"}:
        return -0.30, "it is playing"
    if intent.verb in {"turn_off", "close", "lock", "stop", "pause", "return"}:
        return -0.05, f"it is {state.state}"
    return None


def idle_oven(entity: Entity, intent: Intent, context: Context) -> tuple[float, str] | None:
    """Nobody asks for the temperature of an oven that is off, unless they say so."""
    state = context.states.get(entity.id)
    if entity.kind != "oven" or (state is not None and state.state in ACTIVE):
        return None
    named = intent.slots.get("name") or intent.slots.get("device_class")
    return None if named else (0.40, "the oven is off")


def nothing_to_change(entity: Entity, intent: Intent, context: Context) -> tuple[float, str] | None:
    """A device that is already as asked for is a little less likely to be meant."""
    state = context.states.get(entity.id)
    done = {"turn_on": "on", "turn_off": "off", "open": "open", "close": "closed", "lock": "locked"}
    if state is None or done.get(intent.verb) != state.state:
        return None
    return 0.04, f"it is {state.state} already"


def unreachable(entity: Entity, _intent: Intent, context: Context) -> tuple[float, str] | None:
    """A device that is offline can't be meant as easily."""
    state = context.states.get(entity.id)
    return (0.05, "it is offline") if state is not None and state.state == "unavailable" else None


def measures(entity: Entity, intent: Intent, _context: Context) -> tuple[float, str] | None:
    """Tell that "what is ..." asks for a value, which a sensor that only knows yes and no does not have."""
    if intent.verb != "query" or intent.slots.get("question") != "what" or entity.domain != "binary_sensor":
        return None
    return 0.10, "it only knows yes and no"


EVIDENCE: tuple[Evidence, ...] = (same_room, active_device, idle_oven, nothing_to_change, unreachable, measures)


def weigh(entity: Entity, intent: Intent, context: Context) -> tuple[float, tuple[str, ...]]:
    """The sum of all evidence for one entity, and the reasons."""
    found = [result for feature in EVIDENCE if (result := feature(entity, intent, context))]
    return sum(cost for cost, _ in found), tuple(reason for _, reason in found)
