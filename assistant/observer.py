"""Watching the loop: its phases, and what it tells those who watch."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from assistant.turn import Turn


class Phase(StrEnum):
    """Where the loop is."""

    IDLE = "idle"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    FOLLOW_UP = "follow-up"


class Observer(Protocol):
    """Watches without touching: the screen, a replay, a log."""

    def turn_changed(self, turn: Turn) -> None:
        """A turn was answered, or completed later."""

    def said(self, text: str) -> None:
        """The assistant says something of its own accord."""

    def phase_changed(self, phase: Phase) -> None:
        """The loop went on to another phase."""

    def home_changed(self, entity: str) -> None:
        """An entity reported a new state."""
