"""What may come into the loop. Threads at the edges only put these into the inbox."""

from __future__ import annotations

import queue
from dataclasses import dataclass
from typing import Protocol

from assistant.turn import Utterance
from devices.wire import Message


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody said (or typed) something. `room` and `speaker` are `None` when unknown."""

    utterance: Utterance
    room: str | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Woke:
    """The wake word was heard: whatever is being said stops at once. `score` is 0 to 1."""

    score: float


@dataclass(frozen=True, slots=True)
class Partial:
    """What was heard so far of what is being said; `pausing` when the person pauses and that may be all."""

    utterance: Utterance
    pausing: bool = False
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class SpokenOver:
    """Somebody began to speak while the assistant does: it falls silent at once, and listens."""


@dataclass(frozen=True, slots=True)
class NotMeant:
    """What was spoken over the assistant was a cough, talk of others or its own echo: it goes on where it was."""


@dataclass(frozen=True, slots=True)
class Wire:
    """A message from the broker."""

    message: Message


@dataclass(frozen=True, slots=True)
class Connection:
    """The broker came or went; `text` says it to the person."""

    text: str


@dataclass(frozen=True, slots=True)
class Stop:
    """The loop should end."""


Event = Heard | Woke | Partial | SpokenOver | NotMeant | Wire | Connection | Stop


class Inbox(Protocol):
    """The one queue into the loop."""

    def put(self, event: Event) -> None:
        """Add an event; may be called from any thread."""

    def get(self, timeout: float) -> Event | None:
        """The next event, or `None` after `timeout` seconds."""


class QueueInbox:
    """An inbox for real time."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def put(self, event: Event) -> None:
        """Add an event; may be called from any thread."""
        self._queue.put(event)

    def get(self, timeout: float) -> Event | None:
        """The next event, or `None` after `timeout` seconds."""
        try:
            return self._queue.get(timeout=max(timeout, 0.0))
        except queue.Empty:
            return None
