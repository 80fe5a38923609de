"""A person's earlier answers decide between things that fit equally well."""

from __future__ import annotations

from dataclasses import replace

from assistant.resolve.evidence import Preferences
from assistant.resolve.names import mention_of
from assistant.resolve.resolver import NAME_WINDOW
from assistant.turn import Context, Resolution

PREFERENCE = "preference"
"""The kind of a learned item that tells which thing a person means."""
ANSWERED = "the person's answer"
"""The reason of a candidate that was chosen by answering a question."""
CHOSEN_BEFORE = "chosen before"
"""How the reason of a candidate begins that an earlier answer decided for."""


def preferred(resolution: Resolution, context: Context, preferences: Preferences) -> Resolution:
    """The resolution with the person's earlier choice first, where several things fit about equally well."""
    candidates = resolution.candidates
    if len(candidates) < 2 or candidates[1].cost - candidates[0].cost >= NAME_WINDOW:
        return resolution
    known = preferences.find(context.household, context.speaker, mention_of(resolution.intent.slots))
    tied = [each for each in candidates if each.cost - candidates[0].cost < NAME_WINDOW]
    chosen = next((each for each in tied if known is not None and each.entities == (known.entity,)), None)
    if known is None or chosen is None:
        return resolution
    times = "once" if known.times == 1 else f"{known.times} times"
    why = f"{CHOSEN_BEFORE}, {times} when asked ({known.id})"
    # Clearly ahead: at exactly the window, rounding would decide whether it is asked again.
    cost = round(candidates[0].cost - 2 * NAME_WINDOW, 4)
    first = replace(chosen, cost=cost, because=(why, *chosen.because))
    rest = tuple(each for each in candidates if each is not chosen)
    domain = known.entity.partition(".")[0]
    intent = resolution.intent
    if intent.domain != "list":
        intent = replace(intent, name=f"{domain}.{intent.verb}")
    return Resolution(intent, (first, *rest), round(chosen.likeness**3, 4), None, first.because)


def is_preferred(resolution: Resolution) -> bool:
    """Whether an earlier answer decided."""
    return any(each.startswith(CHOSEN_BEFORE) for each in resolution.because)
