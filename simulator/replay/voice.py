"""Spoken talk: a person's voice in a virtual room, through the same ears as a microphone.

The room's samples are the time: for every 20 ms of sound the simulated clock, the world and the assistant move on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from assistant.audio.scribe import Scribe
from assistant.audio.sound import RATE
from assistant.events import Event, Heard
from assistant.hearing import Hearing
from assistant.home import Home
from assistant.observer import Phase
from assistant.readiness import Pauses
from assistant.tts import SpokenVoice, WorkerSynthesizer
from assistant.turn import Turn
from simulator.acoustics import QUIET, Acoustics, PersonVoice, VirtualRoom, Voices
from simulator.replay.stage import Stage
from simulator.replay.talk import LONGEST_REPLY, Saying

FRAME = 320
"""Samples that pass at a time: 20 ms."""
BREATH = 0.3
"""Seconds before a person begins to speak."""
PATIENCE = 12.0
"""Seconds after the end of a sentence within which the assistant must have reacted."""
SILENT = 2.0
"""Seconds after which a person notices that the assistant does not even listen."""
LOUDER = (0.0, 3.0, 6.0)
"""Decibels by which a person who was not heard speaks up."""


@dataclass
class VoiceTalk:
    """People speak, the assistant listens and answers aloud. `closer` is how many dB nearer a person comes."""

    hearing: Hearing
    seed: int = 0
    acoustics: Acoustics = QUIET
    closer: float = 0.0
    missed: int = 0
    voices: dict[str, PersonVoice] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.room = VirtualRoom(self.acoustics, self.seed)
        # A mouth of their own: the assistant's takes care never to begin with the wake word, people must.
        self._mouths = WorkerSynthesizer()
        self.people = Voices(self._mouths)
        self.voice = SpokenVoice(self.hearing.synthesizer, self.room.player)
        self._known: tuple[Home, tuple[str, ...]] | None = None
        self._scribe = Scribe(self.hearing.listener, self.hearing.recognizer)
        self._pauses = Pauses()
        self._attended: Stage | None = None

    def say(self, saying: Saying, stage: Stage) -> Turn | None:
        """Speak; the turn that came of it, `None` when the assistant did not take it as meant for it.

        A person whom the assistant did not hear says it again, a little louder: `missed` counts that.
        """
        self._learn_home(stage)
        for louder in LOUDER if saying.to_assistant else LOUDER[:1]:
            turn = self._once(saying, stage, self.closer + louder)
            if turn is not None or not saying.to_assistant:
                return turn
            self.missed += 1
        return None

    def _once(self, saying: Saying, stage: Stage, closer: float) -> Turn | None:
        answering = stage.assistant.engine.phase is Phase.FOLLOW_UP
        wake = saying.to_assistant and not answering
        audio = self.people.request(self._voice_of(saying.speaker), saying.text, wake)
        _, end = self.room.speak(audio, BREATH, closer)
        while self.room.time < end + PATIENCE:
            turn = self._frame(stage, saying)
            if turn is not None:
                return turn
            if self.room.time > end + SILENT and not self.hearing.listener.collecting:
                return None
        return None

    def listen(self, stage: Stage, seconds: float = LONGEST_REPLY) -> None:
        """Let the reply be heard, for at most so many seconds."""
        until = self.room.time + seconds
        while self.room.time < until and stage.assistant.engine.speaking:
            self._frame(stage, None)
        if stage.assistant.engine.phase is Phase.FOLLOW_UP:
            self.hearing.listener.listen_now()

    def record_to(self, path: Path) -> None:
        """Write all that was to be heard as a WAV file."""
        self.room.record_to(path)

    def close(self) -> None:
        """End the people's speech process."""
        self._mouths.close()

    def _learn_home(self, stage: Stage) -> None:
        if self._attended is not stage:
            self._attended = stage
            follower = self.hearing.attend(stage.assistant.preview, self._pauses)
            stage.assistant.engine.followers.append(follower.follow)
        known = stage.assistant.sync_home(), stage.assistant.sayings()
        if self._known is None or known[0] is not self._known[0] or known[1] != self._known[1]:
            self.hearing.learn_home(*known)
            self._known = known

    def _voice_of(self, speaker: str | None) -> PersonVoice:
        name = speaker or "somebody"
        return self.voices.get(name) or PersonVoice.of(name)

    def _frame(self, stage: Stage, saying: Saying | None) -> Turn | None:
        """Let 20 ms pass everywhere; the turn that began, if one did."""
        playing = self.room.player.current
        self.hearing.listener.playing = playing is not None and not playing.done
        frame = self.room.hear(FRAME)
        stage.clock.advance(FRAME / RATE)
        stage.assistant.engine.advance()
        turn = None
        for event in self._scribe.process(frame.microphone, frame.reference):
            turn = self._on(event, stage, saying) or turn
        return turn

    def _on(self, event: Event, stage: Stage, saying: Saying | None) -> Turn | None:
        engine = stage.assistant.engine
        if isinstance(event, Heard):
            turn = engine.hear(event.utterance, saying.room if saying else None, saying.speaker if saying else None)
            self._pauses.note(turn)
            return turn
        stage.inbox.put(event)
        engine.advance()
        return None
