"""Sound for `mynah run`: opens the sound card where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.assemble import Assistant
from assistant.cli.common import note
from assistant.config import Speech
from assistant.events import Event, Heard, QueueInbox
from assistant.voice import Voice


@dataclass
class Sound:
    """An open sound card with the engines of hearing and speaking."""

    hearing: Any
    microphone: Any
    player: Any
    voice: Voice
    because: str
    ears: Any = None

    @property
    def phrase(self) -> str:
        """What wakes the assistant."""
        return str(self.hearing.wake_phrase)

    def listen(self, assistant: Assistant, inbox: QueueInbox, room: str | None, speaker: str | None) -> None:
        """Begin to listen; what is heard goes into the inbox with the room and the person."""
        from dataclasses import replace

        from assistant.audio.ears import Ears

        def tell(event: Event) -> None:
            inbox.put(replace(event, room=room, speaker=speaker) if isinstance(event, Heard) else event)

        self.hearing.learn_home(assistant.sync_home())
        for warning in self.hearing.recognizer.warnings:
            note(warning)
        reference = self.player.reference
        self.ears = Ears(self.microphone, self.hearing.listener, self.hearing.recognizer, tell, reference)
        self.ears.start()

    def close(self) -> None:
        """Give the devices back."""
        if self.ears is not None:
            self.ears.close()
        self.player.close()
        self.hearing.close()


def open_sound(settings: Speech, folder: Path | None) -> Sound | None:
    """Microphone and loudspeaker, or `None` (and one line that says why) where there is no sound."""
    from assistant.asr import choose_recognizer
    from assistant.audio.quiet import quiet_stderr
    from assistant.audio.soundcard import CardMicrophone, CardPlayer, NoAudioError, find_backend
    from assistant.hearing import Hearing
    from assistant.tts import SpokenVoice

    try:
        with quiet_stderr():
            backend = find_backend()
            microphone = CardMicrophone(backend)
            player = CardPlayer(backend)
    except NoAudioError as error:
        note(f"typing, because there is no sound: {error}")
        return None
    choice = choose_recognizer(settings.recognizer, folder)
    hearing = Hearing.open(settings, choice.recognizer)
    return Sound(hearing, microphone, player, SpokenVoice(hearing.synthesizer, player), choice.because)
