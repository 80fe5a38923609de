"""Guest mode: while it is on, nothing that is said is logged, learned or taught. It survives a restart."""

from __future__ import annotations

from assistant.observer import Observer, Phase
from assistant.store import Store
from assistant.turn import Turn

GUEST = "guest"
RECENT = 300
"""Turns that tell what a person uses most."""


class Guest:
    """Whether guest mode is on, kept in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._on = bool(store.kept(GUEST))

    @property
    def on(self) -> bool:
        """Whether guests are there, whose requests leave no trace."""
        return self._on

    def log(self) -> list[Turn]:
        """The newest turns that were logged."""
        return self._store.last(RECENT)

    def switch(self, on: bool) -> None:
        """Turn it on or off."""
        self._on = on
        if on:
            self._store.keep(GUEST, GUEST, {"on": True})
        else:
            self._store.drop(GUEST, GUEST)


class Discreet:
    """An observer that learns, kept from learning anything in guest mode."""

    def __init__(self, learner: Observer, guest: Guest) -> None:
        self._learner = learner
        self._guest = guest

    def turn_changed(self, turn: Turn) -> None:
        """Pass on, unless there are guests."""
        if not self._guest.on:
            self._learner.turn_changed(turn)

    def said(self, text: str) -> None:
        """Pass on."""
        self._learner.said(text)

    def phase_changed(self, phase: Phase) -> None:
        """Pass on."""
        self._learner.phase_changed(phase)

    def home_changed(self, entity: str) -> None:
        """Pass on."""
        self._learner.home_changed(entity)
