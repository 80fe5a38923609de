"""A person's earlier answers decide between things that fit equally well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from assistant.resolve.names import normalise
from assistant.resolve.resolver import NAME_WINDOW, spoken_target
from assistant.turn import Candidate, Context, Resolution

PREFERENCE = "preference"
"""The kind of a learned item that tells which thing a person means."""
ANSWERED = "the person's answer"
"""The reason of a candidate that was chosen by answering a question."""
CHOSEN_BEFORE = "chosen before"
"""How the reason of a candidate begins that an earlier answer decided for."""


@dataclass(frozen=True, slots=True)
class Preference:
    """A learned choice: the item's `id`, the `entity` chosen, and how often."""

    id: str
    entity: str
    times: int


class Preferences(Protocol):
    """Where learned choices are looked up."""

    def find(self, household: str, speaker: str | None, mention: str) -> Preference | None:
        """What this person means by these words, if he was ever asked."""


def mention_of(slots: Mapping[str, Any]) -> str:
    """The words of a target in the form in which they are compared; empty when nothing was named.

    >>> mention_of({"name": "the Lamp", "domain": "light"})
    'lamp'
    """
    spoken = spoken_target(slots)
    return "" if spoken == "that" else normalise(spoken)


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
    why = f"{CHOSEN_BEFORE}, {known.times} of the last {known.times} times ({known.id})"
    first = Candidate(
        chosen.entities, round(candidates[0].cost - NAME_WINDOW, 4), (why, *chosen.because), chosen.likeness
    )
    rest = tuple(each for each in candidates if each is not chosen)
    domain = known.entity.partition(".")[0]
    intent = resolution.intent
    if intent.domain != "list":
        intent = replace(intent, name=f"{domain}.{intent.verb}")
    return Resolution(intent, (first, *rest), round(chosen.likeness**3, 4), None, first.because)


def is_preferred(resolution: Resolution) -> bool:
    """Whether an earlier answer decided."""
    return any(each.startswith(CHOSEN_BEFORE) for each in resolution.because)
