import threading

import numpy as np

from assistant.asr.sphinx import PocketSphinxRecognizer
from assistant.audio.ears import Ears
from assistant.audio.listener import Listener
from assistant.audio.scribe import Scribe
from assistant.audio.sound import RATE, Samples, to_int16
from assistant.events import Event, Heard, Partial, Woke
from assistant.tts import VoiceSettings, WorkerSynthesizer
from assistant.turn import Source

from .conftest import noise


class SpokenMicrophone:
    """A microphone that hears a recording, then a quiet room."""

    def __init__(self, sound: Samples) -> None:
        self._pieces = [sound[start : start + 1024] for start in range(0, len(sound), 1024)]
        self.closed = False

    def read(self, timeout: float) -> Samples | None:
        return self._pieces.pop(0) if self._pieces else None

    def close(self) -> None:
        self.closed = True


def test_what_is_said_into_the_microphone_comes_out_as_events(
    listener: Listener, recognizer: PocketSphinxRecognizer
) -> None:
    synthesizer = WorkerSynthesizer()
    said = synthesizer.render("Alexa, open the garden gate.", VoiceSettings("en-us+m3", 150)).to_rate().samples
    synthesizer.close()
    sound = np.concatenate([np.zeros(RATE // 2), said * 0.5, np.zeros(RATE), said[: len(said) // 4] * 0.5])
    microphone = SpokenMicrophone(to_int16(sound + noise(len(sound) / RATE)[: len(sound)]))
    events: list[Event] = []
    enough = threading.Event()

    def tell(event: Event) -> None:
        events.append(event)
        if isinstance(event, Heard):
            enough.set()

    ears = Ears(microphone, Scribe(listener, recognizer), tell)
    ears.start()
    assert enough.wait(10)
    ears.close()
    assert microphone.closed
    woke, pausing, heard = events[:3]
    assert isinstance(woke, Woke)
    assert isinstance(pausing, Partial)
    assert isinstance(heard, Heard)
    assert pausing.utterance.hypotheses == heard.utterance.hypotheses
    utterance = heard.utterance
    assert (utterance.text, utterance.source, utterance.ended_by) == ("open the garden gate", Source.VOICE, "silence")
    assert utterance.wake == woke.score
