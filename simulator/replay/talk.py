"""How a script's sentences reach the assistant: typed, as if a recogniser had delivered them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from assistant.turn import Hypothesis, Source, Turn, Utterance
from assistant.voice import Voice
from simulator.replay.script import Heard
from simulator.replay.stage import WORDS_PER_MINUTE, Stage

SPEAKING_RATE = WORDS_PER_MINUTE / 60
"""Words that a person says in a second."""
LONGEST_REPLY = 60.0


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence, who says it and where. `heard` replaces what the recogniser delivers (text only)."""

    text: str
    speaker: str | None = None
    room: str | None = None
    heard: str | list[Heard] | None = None
    to_assistant: bool = True


class Talk(Protocol):
    """A person who speaks to the assistant, and listens to it."""

    @property
    def voice(self) -> Voice | None:
        """The mouth that the assistant speaks with; `None` for silent text."""

    def say(self, saying: Saying, stage: Stage) -> Turn | None:
        """Say something; the turn that came of it, `None` when the assistant took none."""

    def listen(self, stage: Stage, seconds: float = LONGEST_REPLY) -> None:
        """Let the reply be said, for at most so many seconds."""


class TextTalk:
    """Typed talk: it lasts as long as it would be spoken."""

    voice: Voice | None = None

    def say(self, saying: Saying, stage: Stage) -> Turn | None:
        """Deliver the sentence; whatever is being said stops when it begins, as it does at the wake word."""
        engine = stage.assistant.engine
        engine.settle(interrupted=True)
        stage.clock.advance(len(saying.text.split()) / SPEAKING_RATE)
        engine.advance()
        heard = hypotheses_of(saying)
        overheard = Utterance(heard, Source.VOICE, wake=None)
        return engine.hear(Utterance(heard) if saying.to_assistant else overheard, saying.room, saying.speaker)

    def listen(self, stage: Stage, seconds: float = LONGEST_REPLY) -> None:
        """Let the reply be said, for at most so many seconds."""
        left = seconds
        while left > 1e-9 and stage.assistant.engine.speaking:
            step = min(left, 0.1)
            stage.run(step)
            left -= step


def hypotheses_of(saying: Saying) -> tuple[Hypothesis, ...]:
    """What the recogniser is said to have delivered."""
    if isinstance(saying.heard, list):
        return tuple(Hypothesis(each.text, each.confidence) for each in saying.heard)
    text = saying.text if saying.heard is None else saying.heard
    return (Hypothesis(text),) if text.strip() else ()
