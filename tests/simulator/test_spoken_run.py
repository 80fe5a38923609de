"""Speaking to it: a microphone that plays a person's voice, the real ears, the real engine, a real reply."""

import threading
import time
from collections.abc import Callable
from datetime import datetime

import numpy as np

from assistant.assemble import Outside, assemble
from assistant.audio.soundcard import Fill, Take
from assistant.clock import SystemClock
from assistant.config import Settings
from assistant.events import QueueInbox, Stop
from assistant.store import Store
from assistant.tts import WorkerSynthesizer
from assistant.turn import Source
from simulator.acoustics import PersonVoice, Voices
from simulator.commands.sound import Sound
from simulator.homes import load_home
from simulator.loopback import LoopbackBroker
from simulator.presence import Presence
from simulator.replay.clock import SimClock
from simulator.world import World


class Card:
    """The hardware, faked: a microphone that hears `samples` once and then a quiet room, and a loudspeaker."""

    name = "fake"
    rate, latency = 16_000, 0.02

    def __init__(self, samples: np.ndarray) -> None:
        noise = np.random.default_rng(0).normal(0, 3, 16_000).astype(np.int16)
        self._samples = np.concatenate([noise, samples, np.tile(noise, 20)])
        self._ended = threading.Event()
        self.loudest = 0

    def inputs(self) -> list[str]:
        return ["microphone"]

    def outputs(self) -> list[str]:
        return ["loudspeaker"]

    def open_input(self, _device: str | None, take: Take) -> "Card":
        def run() -> None:
            for start in range(0, len(self._samples), 320):
                if self._ended.wait(0.02):
                    return
                take(self._samples[start : start + 320])

        threading.Thread(target=run, daemon=True).start()
        return self

    def open_output(self, _device: str | None, fill: Callable[[int, float], Fill]) -> "Card":
        make = fill(self.rate, self.latency)

        def run() -> None:
            while not self._ended.wait(0.02):
                self.loudest = max(self.loudest, int(np.abs(make(320)).max()))

        threading.Thread(target=run, daemon=True).start()
        return self

    def close(self) -> None:
        self._ended.set()


def test_a_spoken_request_is_done_and_answered_aloud():
    mouths = WorkerSynthesizer()
    card = Card(Voices(mouths).request(PersonVoice.of("ida"), "turn on the kitchen light").samples)
    settings, store, inbox = Settings(), Store.open(":memory:"), QueueInbox()
    broker, home = LoopbackBroker(), load_home("cottage")
    Presence(World(home, 0, SimClock(datetime(2026, 3, 2, 9))), broker)
    sound = Sound.open(settings.speech, None, card)
    outside = Outside(SystemClock(), inbox, broker.connect(), sound.voice, home.id)
    assistant = assemble(outside, store, settings)
    assistant.engine.advance()
    sound.listen(assistant, inbox, "kitchen", "ida")

    def stop_when_said() -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not any(turn.spoken for turn in store.last(5)):
            time.sleep(0.1)
        inbox.put(Stop())

    threading.Thread(target=stop_when_said, daemon=True).start()
    assistant.engine.run()
    sound.close()
    mouths.close()
    (turn,) = store.last(1)
    assert turn.utterance.source is Source.VOICE
    assert turn.utterance.wake > 0.8
    assert turn.said.startswith("turn on the kitchen light")
    assert turn.context.speaker == "ida"
    assert turn.outcome.after["light.kitchen"].state == "on"
    assert not turn.spoken.interrupted
    assert card.loudest > 1000
