"""A turn as the learners see it: small, flat, and without anything that a real home would not know."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from assistant.learning.text import normal
from assistant.learning.words import PRONOUNS
from assistant.turn import HandChange, Intent, Turn

EPOCH = datetime(1970, 1, 1)
DAY = 86400.0
INTERNAL_SLOTS = frozenset({"instead_of"})
"""Slots that carry bookkeeping from turn to turn, not meaning."""


@dataclass(frozen=True, slots=True)
class Logged:
    """What the learners know of a turn. `None` is unknown. Texts are in normal form, except `words`.

    `state` is the canonical interpretation, or the text where nothing was understood. `elliptic` marks words that mean
    nothing by themselves: an answer, a correction, a pronoun. `time` is in seconds.
    """

    id: str
    household: str
    speaker: str | None
    time: float
    words: str
    said: str
    executed: str
    state: str
    intent: str | None
    slots: Mapping[str, Any]
    entities: tuple[str, ...]
    decision: str | None
    outcome: str | None
    barge_in: float | None
    hands: tuple[HandChange, ...]
    feedback: bool | None
    heard: float | None
    rewrite: str | None
    holdout: bool
    elliptic: bool

    @property
    def who(self) -> tuple[str, str | None]:
        """The person: a speaker is unique only within the household."""
        return self.household, self.speaker

    @property
    def moment(self) -> datetime:
        """The time as a date."""
        return EPOCH + timedelta(seconds=self.time)


def logged(turn: Turn) -> Logged:
    """The turn as the learners see it."""
    intent = turn.intent
    said, executed = normal(turn.said), normal(turn.executed)
    understood = _understood(turn, intent)
    return Logged(
        turn.id,
        turn.context.household,
        turn.context.speaker,
        (turn.context.now - EPOCH).total_seconds(),
        _words(turn),
        said,
        executed,
        canonical(intent) if intent is not None and understood else executed,
        intent.name if intent else None,
        intent.slots if intent else {},
        turn.entities,
        turn.decision.kind if turn.decision else None,
        turn.outcome.kind.value if turn.outcome else None,
        turn.spoken.position if turn.spoken and turn.spoken.interrupted else None,
        turn.hands,
        turn.feedback,
        turn.utterance.confidence,
        turn.rewrite.id if turn.rewrite and turn.rewrite.id else None,
        turn.holdout,
        _elliptic(turn, intent, executed),
    )


def _words(turn: Turn) -> str:
    """What was carried out, in the words that were understood: any of the recogniser's guesses may have been."""
    if turn.rewrite is None and turn.parse is not None:
        guesses = {each.text for each in turn.utterance.hypotheses}
        if turn.parse.best.text in guesses:
            return turn.parse.best.text
    return turn.executed


def by_person(log: Iterable[Logged]) -> Iterator[list[Logged]]:
    """The turns of each person in order of time, whatever order they were logged in."""
    people: dict[tuple[str, str | None], list[Logged]] = {}
    for turn in log:
        people.setdefault(turn.who, []).append(turn)
    for turns in people.values():
        turns.sort(key=lambda turn: turn.time)
        yield turns


def canonical(intent: Intent) -> str:
    """An interpretation as one string: the intent and its slots in order, so that paraphrases fall together.

    >>> canonical(Intent("cover.open", {"name": "Garage Door", "area": None}))
    'cover.open|name=garage door'
    """
    slots = sorted(
        f"{name}={_value(value)}"
        for name, value in intent.slots.items()
        if value is not None and name not in INTERNAL_SLOTS
    )
    return "|".join([intent.name, *slots])


def _value(value: Any) -> str:
    if isinstance(value, str):
        return normal(value) or value
    if isinstance(value, int | float):
        return f"{value:g}"
    return json.dumps(value, sort_keys=True, default=str)


def _understood(turn: Turn, intent: Intent | None) -> bool:
    if intent is None or intent.domain in {"foreign", "dialogue"}:
        return False
    return not (turn.parse and turn.parse.unexplained)


def _elliptic(turn: Turn, intent: Intent | None, executed: str) -> bool:
    """Whether the words need the turn before: the parse is another sentence's, or something is only pointed at."""
    if turn.parse is not None and normal(turn.parse.best.text) not in {executed, normal(_words(turn))}:
        return True
    if intent is not None and (intent.domain == "dialogue" or "instead_of" in intent.slots):
        return True
    return _points(executed) or bool(intent and intent.slots.get("reference"))


@lru_cache(maxsize=1 << 16)
def _points(text: str) -> bool:
    return not PRONOUNS.isdisjoint(text.split())
