"""The assistant's voice in the loop: renders a reply, plays it, and knows how much of it was heard."""

from __future__ import annotations

from assistant.audio.ports import Playback, Player
from assistant.tts.synthesizer import SilentSynthesizer, SpeechError, Synthesizer


class SpokenReply:
    """A reply that is being played (see `assistant.voice.Speech`)."""

    def __init__(self, text: str, playback: Playback) -> None:
        self.text = text
        self._playback = playback

    @property
    def seconds(self) -> float:
        """The length of the whole reply in seconds."""
        return self._playback.audio.seconds

    @property
    def position(self) -> float:
        """How many seconds have really been heard."""
        return self._playback.position

    @property
    def done(self) -> bool:
        """Whether it was said to its end, or stopped."""
        return self._playback.done

    def pause(self) -> None:
        """Be silent for now."""
        self._playback.pause()

    def resume(self) -> None:
        """Go on where it was paused."""
        self._playback.resume()

    def stop(self) -> None:
        """Be silent at once and for good."""
        self._playback.stop()

    def heard(self, position: float) -> str:
        """The text up to a position, in whole words."""
        return self._playback.audio.heard_of(self.text, position)


class SpokenVoice:
    """Says replies aloud. When no sound can be made, the reply is silent but lasts as long; `trouble` tells why."""

    def __init__(self, synthesizer: Synthesizer, player: Player) -> None:
        self._synthesizer = synthesizer
        self._player = player
        self.trouble: str | None = None

    def say(self, text: str) -> SpokenReply:
        """Begin to say a text and return at once (2 ms a sentence)."""
        try:
            audio = self._synthesizer.render(text)
        except SpeechError as error:
            self.trouble = str(error)
            audio = SilentSynthesizer().render(text)
        return SpokenReply(text, self._player.play(audio))
