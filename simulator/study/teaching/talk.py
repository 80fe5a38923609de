"""Talking to an assistant on a stage, in simulated time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from assistant.config import Learning, Settings
from assistant.nlu import Understander
from assistant.turn import Hypothesis, State, Turn, Utterance
from simulator.homes import HomeFile
from simulator.replay.stage import Stage

MONDAY = datetime(2026, 3, 2)
STRIDE = 300.0
"""Seconds of a step while nobody speaks."""


@cache
def words(split: str) -> Mapping[str, Any]:
    """What the simulated people of a part (`tune` or `test`) say."""
    text = files("simulator.study.teaching").joinpath("words.yaml").read_text(encoding="utf-8")
    known: Mapping[str, Any] = yaml.safe_load(text)[split]
    return known


@cache
def understander() -> Understander:
    """The language model, loaded once."""
    return Understander.load()


@dataclass
class Talk:
    """One home with its assistant and somebody who talks to it."""

    stage: Stage
    speaker: str
    room: str | None = None
    log: list[Turn] = field(default_factory=list)

    def say(self, text: str, speaker: str | None = None, heard: str | None = None) -> Turn:
        """Say something and wait three seconds."""
        self.stage.run(1.0)
        engine = self.stage.assistant.engine
        turn = engine.hear(Utterance((Hypothesis(heard or text),)), self.room, speaker or self.speaker)
        self.log.append(turn)
        self.stage.run(3.0)
        return turn

    def until(self, moment: datetime, then: Callable[[Talk], None] = lambda _talk: None) -> None:
        """Let time pass in large steps; `then` comes after each of them."""
        self.stage.assistant.engine.settle(interrupted=False)
        while (left := (moment - self.stage.clock.now()).total_seconds()) > 0:
            self.stage.clock.skip(min(left, STRIDE))
            self.stage.assistant.engine.advance()
            then(self)

    def asked(self) -> Turn | None:
        """What the assistant asked of its own accord and nobody has answered."""
        last = self.stage.assistant.engine.parts.dialogue.last
        return last if last is not None and not last.said and last.decision is not None else None

    def state(self, entity: str) -> State:
        """What a device reports."""
        return self.stage.assistant.engine.states()[entity]

    def put(self, entity: str, state: str) -> None:
        """Put a device into a state, as the world does; nobody's feedback."""
        self.stage.world.set(entity, {"state": state})
        self.stage.assistant.engine.advance()


@contextmanager
def talking(
    home: HomeFile, speaker: str, start: datetime, seed: int = 0, questions: int = 0, kept: bool = True
) -> Iterator[Talk]:
    """A fresh home to talk to; `kept` so that what was told can survive a restart."""
    settings = Settings(learning=Learning(promptly=False, explore=0.0, questions=questions))
    with TemporaryDirectory() as folder:
        data = Path(folder) if kept else None
        stage = Stage(home, start, data, seed, settings, understander())
        try:
            yield Talk(stage, speaker)
        finally:
            stage.close()
