"""Sound for `mynah run`: opens the sound card where there is one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.assemble import Assistant
from assistant.audio.ears import Ears
from assistant.audio.quiet import quiet_stderr
from assistant.audio.scribe import Scribe
from assistant.audio.soundcard import Backend, CardMicrophone, CardPlayer, NoAudioError, find_backend
from assistant.audio.speakers import Speakers
from assistant.cli.common import note
from assistant.config import Speech
from assistant.events import Event, Heard, Inbox
from assistant.hearing import Hearing
from assistant.learning.waking import WakeTuner
from assistant.observer import Phase
from assistant.readiness import REMEMBERED, Pauses
from assistant.tts import SpokenVoice
from assistant.turn import Turn
from assistant.voice import Voice


@dataclass
class Sound:
    """An open sound card with the engines of hearing and speaking. An observer: it knows when it hears itself."""

    hearing: Hearing
    microphone: CardMicrophone
    player: CardPlayer
    voice: Voice
    assistant: Assistant | None = None
    ears: Ears | None = None
    tuner: WakeTuner | None = None
    pauses: Pauses = field(default_factory=Pauses)
    _woke: bool = False

    @classmethod
    def open(cls, settings: Speech, folder: Path | None, backend: Backend) -> Sound:
        """Open microphone and loudspeaker. Raises `NoAudioError` when one can't be opened."""
        with quiet_stderr():
            microphone = CardMicrophone(backend)
            player = CardPlayer(backend)
        hearing = Hearing.open(settings, folder)
        return cls(hearing, microphone, player, SpokenVoice(hearing.synthesizer, player))

    def listen(
        self, assistant: Assistant, inbox: Inbox, room: str | None, speaker: str | None, else_: str | None = None
    ) -> None:
        """Begin to listen; what is heard goes into the inbox with the room and the person.

        That is `speaker`, or else who is known by the voice, or `else_`.
        """

        def tell(event: Event) -> None:
            if isinstance(event, Heard):
                event = replace(event, room=room, speaker=speaker or event.speaker or else_)
            inbox.put(event)

        self.hearing.learn_home(assistant.sync_home(), assistant.sayings())
        for warning in self.hearing.recognizer.warnings:
            note(warning)
        self.assistant = assistant
        listener = self.hearing.listener
        self.tuner = WakeTuner(assistant.ledger, assistant.store, listener.wake_cutoff)
        listener.wake_cutoff = self.tuner.cutoff
        assistant.engine.observers.append(self)
        who = Speakers(assistant.store).identify
        self.ears = Ears(self.microphone, Scribe(listener, self.hearing.recognizer, who), tell, self.player.reference)
        self.pauses = Pauses(assistant.store.last(REMEMBERED))
        assistant.engine.followers.append(self.hearing.attend(assistant.preview, self.pauses).follow)
        self.ears.start()

    def close(self) -> None:
        """Give the devices back."""
        if self.ears is not None:
            self.ears.close()
        self.player.close()
        self.hearing.close()

    # -- observing: while it speaks only the wake word counts; after a question no wake word is needed --------------

    def phase_changed(self, phase: Phase) -> None:
        """Tell the listener."""
        self.hearing.listener.playing = phase is Phase.SPEAKING
        if phase is Phase.FOLLOW_UP:
            self.hearing.listener.listen_now()
        if phase is Phase.IDLE and self.assistant is not None:
            self.hearing.keep_up(self.assistant.sync_home(), self.assistant.sayings())
        if phase is Phase.IDLE and self.tuner is not None and self._woke and self.assistant is not None:
            self._woke = False
            now = self.assistant.engine.parts.clock.now()
            self.hearing.listener.wake_cutoff = self.tuner.learn(now)

    def turn_changed(self, turn: Turn) -> None:
        """Take note of how the person paused; after a wake, think about how sure the wake word must be."""
        self.pauses.note(turn)
        self._woke |= turn.utterance.wake is not None

    def said(self, text: str) -> None:
        """Nothing to do."""

    def home_changed(self, entity: str) -> None:
        """Nothing to do."""


def open_sound(settings: Speech, folder: Path | None) -> Sound | None:
    """Microphone and loudspeaker, or `None` (and one line that says why) where there is no sound."""
    try:
        with quiet_stderr():
            backend = find_backend()
        return Sound.open(settings, folder, backend)
    except NoAudioError as error:
        note(f"typing, because there is no sound: {error}")
        return None
