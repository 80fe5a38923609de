"""How long a person waits: from the end of what they said to the command on the wire and to the reply's first sound.

Time is counted in samples of a simulated room while the person speaks, and by the clock for what the machine computes
after that. What a sound card adds to the first sound (40 to 70 ms) is not in it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from assistant.audio.scribe import Scribe
from assistant.audio.sound import RATE, Audio, silence
from assistant.config import Speech
from assistant.events import Heard
from assistant.hearing import Hearing
from assistant.readiness import Pauses
from assistant.tts import SpokenVoice, WorkerSynthesizer
from simulator.acoustics.room import ROOM, VirtualRoom
from simulator.acoustics.voices import PersonVoice, Voices, at_level, trimmed
from simulator.bench.speech import Command, listed, said_by_voices
from simulator.homes import load_home
from simulator.replay.stage import Stage

HOME = "cottage"
NOW = datetime(2026, 3, 2, 20, 0)
FRAME = 320
BREATH = 1.5
"""Seconds between two requests."""
COMMANDS = "mynah/+/+/+/set"


@dataclass(frozen=True, slots=True)
class Delay:
    """Seconds after the last sound of a command: until the first message to a device, and until the reply's sound.

    `computed` of them the machine spent after the pause, on what was left of recognition and on understanding.
    """

    published: float
    sounding: float
    computed: float


class Home:
    """A home with an assistant in a room, and somebody who speaks there."""

    def __init__(self, seed: int) -> None:
        self.source = random.Random(seed)
        self._hearing = Hearing.open(Speech(recognizer="vosk"))
        self._mouth = WorkerSynthesizer()
        self._wake = Voices(self._mouth).request(PersonVoice.of("Ann"), "")
        self._room = VirtualRoom(ROOM, seed)
        self._stage = Stage(load_home(HOME), NOW, voice=SpokenVoice(self._hearing.synthesizer, self._room.player))
        self._hearing.learn_home(self._stage.assistant.sync_home())
        patience = self._hearing.attend(self._stage.assistant.preview, Pauses())
        self._stage.assistant.engine.followers.append(patience.follow)
        self._scribe = Scribe(self._hearing.listener, self._hearing.recognizer)
        self._sent: list[float] = []
        self._stage.broker.connect().subscribe(COMMANDS, lambda _message: self._sent.append(time.perf_counter()))

    def say(self, command: Command) -> Delay | None:
        """Say a command after the wake word; `None` where nothing was done about it."""
        self._sent.clear()
        voice = at_level(trimmed(command.samples))
        said = np.concatenate([self._wake.samples, silence(0.3), voice])
        _, end = self._room.speak(Audio(said), BREATH)
        while self._room.time < end + 3.0:
            if (delay := self._frame(end)) is not None:
                return delay if self._sent else None
        return None

    def _frame(self, end: float) -> Delay | None:
        """Let 20 ms pass; the delay when the command was taken in them."""
        engine = self._stage.assistant.engine
        frame = self._room.hear(FRAME)
        self._stage.clock.advance(FRAME / RATE)
        began = time.perf_counter()
        for event in self._scribe.process(*frame):
            if isinstance(event, Heard):
                engine.hear(event.utterance, "kitchen")
                answered = time.perf_counter()
                passed, sent = self._room.time - end, self._sent[0] if self._sent else answered
                engine.settle(interrupted=True)
                return Delay(passed + sent - began, passed + answered - began, sent - began)
            self._stage.inbox.put(event)
            engine.advance()
        return None

    def close(self) -> None:
        """End it."""
        self._stage.close()
        self._mouth.close()
        self._hearing.close()


def delays(items: int, seed: int) -> Iterator[Delay]:
    """Commands of a home by voices that are in no training; those that something was done about."""
    home = Home(seed)
    for command in said_by_voices(listed(HOME, items, home.source), home.source):
        if (delay := home.say(command)) is not None:
            yield delay
    home.close()
