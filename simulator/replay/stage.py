"""The stage of a replay: a world, an in-process broker and an assistant that share one simulated clock."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from assistant.assemble import Assistant, Outside, assemble
from assistant.config import Settings
from assistant.nlu import Understander
from assistant.observer import Observer
from assistant.store import Store
from assistant.voice import TextVoice, Voice
from simulator.homes import HomeFile
from simulator.loopback import LoopbackBroker
from simulator.presence import Presence
from simulator.replay.clock import ReplayInbox, SimClock
from simulator.world import World

WORDS_PER_MINUTE = 170
REPLAY_SETTINGS = Settings.model_validate(
    {
        "learning": {"customers": 3, "explore": 0.0, "questions": 0, "promptly": False},
        "speech": {"recognizer": "vosk"},
    }
)


@dataclass
class Stage:
    """A home with an assistant in it, in simulated time."""

    home: HomeFile
    start: datetime
    data: Path | None = None
    seed: int = 0
    settings: Settings = REPLAY_SETTINGS
    understander: Understander | None = None
    observers: list[Observer] = field(default_factory=list)
    voice: Voice | None = None

    def __post_init__(self) -> None:
        self.clock = SimClock(self.start)
        self.broker = LoopbackBroker()
        self.world = World(self.home, self.seed, self.clock)
        self.presence = Presence(self.world, self.broker)
        self.clock.on_tick = self.world.step
        self.store = self._open()
        self.mouth: Voice = self.voice or TextVoice(self.clock, WORDS_PER_MINUTE)
        self.assistant = self._assemble()

    def _open(self) -> Store:
        return Store.open(self.data if self.data is not None else ":memory:")

    def _assemble(self) -> Assistant:
        self.inbox = ReplayInbox(self.clock)
        outside = Outside(
            self.clock, self.inbox, self.broker.connect(), self.mouth, self.home.id, random.Random(self.seed)
        )
        assistant = assemble(outside, self.store, self.settings, self.understander, self.observers)
        self.understander = assistant.understander
        assistant.engine.advance()
        return assistant

    def restart(self) -> None:
        """End the assistant and start it anew on the same store."""
        self.assistant.engine.settle(interrupted=True)
        if self.data is not None:
            self.store.close()
            self.store = self._open()
        self.assistant = self._assemble()

    def run(self, seconds: float) -> None:
        """Let world and assistant run."""
        left = seconds
        while left > 1e-9:
            step = min(left, 1.0)
            self.clock.advance(step)
            self.assistant.engine.advance()
            left -= step

    def close(self) -> None:
        """End the assistant; the last reply counts as heard to where it got."""
        self.assistant.engine.settle(interrupted=False)
        self.store.close()
