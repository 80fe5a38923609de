"""What may never be learned, and what may only be offered as a question (self-learning.md 3.1 (7) and 13)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from assistant.learning.words import LIMITS, NUMBERS, OPPOSITE_VERBS, OPPOSITES

_RISKY = re.compile(
    r"\bunlock|\bdisarm|\b(?:buy|order|pay|purchase|delete|erase|reset)\b|"
    r"\b(?:open|raise|unlatch)\b.*\b(?:garage|door|gate|lock|window|shutters?|valve)|"
    r"\b(?:oven|stove|hob|cooker|grill|heater|furnace|boiler)\b"
)
_HARMLESS = re.compile(r"\boff\b|^(?:what|whats|is|are|how|which|when|does|did)\b|\bstop\b")
_NUMBER = re.compile(r"\d")


def opposite(one: str, other: str) -> bool:
    """Whether two normal texts ask for opposite things (on and off, open and close).

    >>> opposite("turn on the lamp", "turn off the lamp"), opposite("open the garbage", "open the garage")
    (True, False)
    """
    first, second = set(one.split()), set(other.split())
    return any(
        (first & positive and second & negative and not (first & negative or second & positive))
        or (first & negative and second & positive and not (first & positive or second & negative))
        for positive, negative in OPPOSITES
    )


def opposite_intents(one: str | None, other: str | None) -> bool:
    """Whether two intents undo each other, by the verbs of our own language.

    >>> opposite_intents("cover.open", "cover.close"), opposite_intents("PlayMusic", "StopMusic")
    (True, False)
    """
    if one is None or other is None:
        return False
    return frozenset((one.rpartition(".")[2], other.rpartition(".")[2])) in OPPOSITE_VERBS


@lru_cache(maxsize=1 << 16)
def numbers(text: str) -> frozenset[str]:
    """The numbers and units of time in a normal text."""
    return frozenset(word for word in text.split() if _NUMBER.search(word) or word in NUMBERS)


def _limits(text: str) -> frozenset[str]:
    """The words that bound a request: not, except, until."""
    return LIMITS.intersection(text.split())


def slot_conflict(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two interpretations hold values of different types, or different numbers, in the same slot."""
    for name in one.keys() & other.keys():
        first, second = one[name], other[name]
        if isinstance(first, int | float) or isinstance(second, int | float):
            if first != second:
                return True
        elif first is not None and second is not None and type(first) is not type(second):
            return True
    return False


def forbidden(before: str, after: str) -> str | None:
    """Why `before` must never become `after` (normal texts); `None` when it may.

    >>> forbidden("turn on the lamp", "turn off the lamp")
    'it would turn the request into its opposite'
    >>> forbidden("turn off the oven at nine", "turn off the oven")
    'it would change a number, a time or a condition'
    >>> forbidden("open the garbage door", "open the garage door") is None
    True
    """
    if not before or not after:
        return "there is nothing to rewrite"
    if opposite(before, after):
        return "it would turn the request into its opposite"
    # a number may be added where there was none (a name's number: "channel 53"), never changed or lost
    changed = bool(numbers(before)) and numbers(before) != numbers(after)
    if changed or _limits(before) != _limits(after):
        return "it would change a number, a time or a condition"
    return None


@lru_cache(maxsize=1 << 16)
def risky(text: str, intent: str | None = None) -> bool:
    """Whether a request opens, unlocks or heats, so that a rewrite to it must ask first.

    >>> risky("unlock the front door"), risky("open the garage door"), risky("close the garage door")
    (True, True, False)
    >>> risky("turn off the oven"), risky("set the oven to 200")
    (False, True)
    """
    if intent is not None and intent.rpartition(".")[2] in {"unlock", "disarm"}:
        return True
    return bool(_RISKY.search(text)) and not _HARMLESS.search(text)
