"""When a question is due before acting: by the risk of what would be done, how sure it is, and how much it reaches.

Similarity is evidence, not permission: what opens, unlocks, heats or disarms is done at once only when it was asked for
now, by its own name, with the deed said, and alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.config import Risk
from assistant.home import Home
from assistant.promises import to_you
from assistant.resolve.names import normalise
from assistant.resolve.preferred import is_preferred
from assistant.resolve.resolver import NAME_WINDOW
from assistant.risk import read_back, risk_of
from assistant.spoken import spoken_name
from assistant.timers import is_repeat, moment, moment_in_words, spoken_duration
from assistant.turn import Command, Resolution, Turn

NAMED = 0.95
"""From this likeness on a thing counts as named."""
AS_A_TIME = ("at ", "by ", "until ", "unless ", "every ", "half ", "around ")
"""How a condition begins that needs no "when" before it."""
_NAMING = ("name", "area", "floor", "domain", "device_class")


def confirmation(turn: Turn, commands: Sequence[Command], home: Home, limits: Risk, sure: float) -> str | None:
    """The yes/no question that is due before acting, or `None`; `sure` is the whole chain's confidence (0 to 1)."""
    risks = {each.entity: risk_of(home.entities[each.entity], each.value, home) for each in commands}
    unsure = [entity for entity, risk in risks.items() if risk == "confirm"]
    doubtful = sure < limits.confirm_below or len(unsure) > 1 or _indirect(turn, home)
    if "always" in risks.values() or (unsure and doubtful):
        return _confirm_question(turn, commands, home)
    if turn.rewrite is not None and turn.rewrite.confirm and commands:
        return _confirm_question(turn, commands, home)
    emptied = next((each.entity for each in commands if each.value.get("items") == []), None)
    if emptied is not None and not any(each.intent.slots.get("item") for each in turn.resolutions):
        return f"Should I clear {spoken_name(home.entities[emptied], home)}?"
    on = [command for command in commands if command.value.get("state") == "on"]
    rooms = {home.entities[command.entity].area for command in on}
    if len(rooms) > limits.bulk_rooms and _night(turn.context.now.hour, limits):
        return f"Turn on {len(on)} devices in {len(rooms)} rooms, at this hour?"
    return None


def _night(hour: int, limits: Risk) -> bool:
    start, end = limits.night_from, limits.night_to
    return start <= hour or hour < end if start > end else start <= hour < end


def _only_similar(resolutions: Iterable[Resolution]) -> bool:
    """Whether a thing was not named as it is: evidence for what is meant, but no permission for what is risky."""
    return any(
        each.candidates and (each.candidates[0].likeness < NAMED or is_preferred(each) or _by_circumstance(each))
        for each in resolutions
    )


def _by_circumstance(resolution: Resolution) -> bool:
    """Whether another thing is called the same, and only the circumstances or habits decided."""
    first, *rest = resolution.candidates
    return any(abs(first.likeness - each.likeness) < NAME_WINDOW for each in rest)


def _indirect(turn: Turn, home: Home) -> bool:
    """Whether it was not asked for by saying now, in so many words, what is to be done to what."""
    similar = turn.rewrite is not None or _scheduled(turn.resolutions) or _only_similar(turn.resolutions)
    similar = similar or (turn.parse is not None and turn.parse.best.learned)
    return similar or _deed_unsaid(turn) or any(_by_taught_name(each, home) for each in turn.resolutions)


def _deed_unsaid(turn: Turn) -> bool:
    """Whether only a thing was named ("the oven"), so that what to do with it is a guess."""
    if turn.parse is None or len(turn.parse.intents) != 1:
        return False
    slots = turn.parse.intents[0].slots
    named = normalise(" ".join(str(slots[key]).replace("_", " ") for key in _NAMING if slots.get(key)))
    return set(normalise(turn.parse.best.text).split()) <= {*named.split(), "please"}


def _by_taught_name(resolution: Resolution, home: Home) -> bool:
    """Whether a thing was named by a word that somebody taught: what was learned never opens or heats unasked."""
    said = normalise(str(resolution.intent.slots.get("name") or ""))
    return bool(said) and any(
        said in map(normalise, home.entities[entity].features.get("taught_names", ())) for entity in resolution.entities
    )


def _scheduled(resolutions: Iterable[Resolution]) -> bool:
    later = ("at", "after", "when", "repeat")
    return any(each.intent.slots.get(slot) for each in resolutions for slot in later)


def _confirm_question(turn: Turn, commands: Iterable[Command], home: Home) -> str:
    """What a yes would do, and when."""
    if turn.rewrite is not None:
        return f'I heard "{turn.said}"; did you mean "{turn.rewrite.after}"?'
    return f"Should I {read_back(commands, home)}{_when(turn)}?"


def _when(turn: Turn) -> str:
    """When it would be done, as said or by the clock; empty for now."""
    slots = turn.intent.slots if turn.intent else {}
    lasts = slots.get("for")
    end = f" for {spoken_duration(float(lasts))}" if isinstance(lasts, int | float) else ""
    if "condition" in slots and slots.get("when"):
        when = to_you(str(slots["when"]))
        link = "" if when.startswith(AS_A_TIME) else f"{slots.get('trigger', 'when')} "
        return f"{end} {link}{when}"
    repeat = next((str(slots[key]) for key in ("repeat", "when") if is_repeat(slots.get(key))), "")
    clock = ("at", "after", "day") if repeat else ("at", "after", "day", "at_ambiguous")
    due = moment({key: slots.get(key) for key in clock}, turn.context.now)
    if due is None:
        return end
    words = f"at {due:%H:%M}, {repeat}" if repeat else moment_in_words(due, turn.context.now)
    return f"{end} {words}"
