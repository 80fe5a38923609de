"""A lesson under way: what was not known, and what was answered so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from assistant.store.items import Item

QUESTIONS = 2
"""How often a lesson asks for the meaning before it gives up."""


class Offer(Protocol):
    """Something that the assistant offered to do of its own accord."""

    def answered(self, yes: bool | None) -> None:
        """Take note of the answer; `None` when something else was said instead."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question that waits for its answer. `requests` are what the answer amounts to, once there is one.

    Without a `target` a whole sentence is learned; without a `term` a yes carries out `drop`.
    """

    term: str
    target: str = ""
    device: str = ""
    entities: tuple[str, ...] = ()
    asked: int = 1
    requests: tuple[str, ...] = ()
    keep: tuple[Item, ...] = ()
    drop: tuple[str, ...] = ()
    topic: str = ""
    """What a question of the interview is about."""
    skipped: tuple[str, ...] = ()
    offer: Offer | None = None
    """What a yes accepts: `requests` are carried out then."""


@dataclass
class Plan:
    """What a turn will change once it is real; a turn that is only tried changes nothing."""

    turn: str = ""
    keep: tuple[Item, ...] = ()
    drop: tuple[str, ...] = ()
    lesson: Lesson | None = None
    offered: str = ""
    taught: str = ""
    """What the words that were said were taught to mean; never permission for what is risky."""
    offer: Offer | None = None
    """The offer that was open, and the answer to it."""
    accepted: bool | None = None
    guest: bool | None = None
    """What guest mode is switched to."""
