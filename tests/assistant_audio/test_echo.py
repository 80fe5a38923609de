import numpy as np

from assistant.audio.echo import BLOCK, KalmanEchoCanceller
from assistant.audio.endpoint import Endpointer, SileroDetector
from assistant.audio.listener import Listener, Woke
from assistant.audio.sound import RATE, to_int16
from assistant.audio.wake import NeuralWakeWord
from assistant.tts import VoiceSettings, WorkerSynthesizer

REPLY = "The garage door is open, the oven is at two hundred degrees, and the kitchen light is on. " * 2


def echo_of(played: np.ndarray, gain: float) -> np.ndarray:
    """A direct path after 50 ms and a reverberant tail."""
    path = np.zeros(RATE // 4)
    path[800] = 1.0
    tail = np.random.default_rng(3).standard_normal(3_000) * np.exp(-np.arange(3_000) / 700)
    path[820:3_820] += 0.08 * tail
    return gain * np.convolve(played, path)[: len(played)]


def test_most_of_the_echo_goes_and_the_person_stays() -> None:
    synthesizer = WorkerSynthesizer()
    played = synthesizer.render(REPLY).to_rate().samples
    word = synthesizer.render("Alexa.", VoiceSettings("en-us+m3", 150, 50)).to_rate().samples
    synthesizer.close()
    person = np.zeros(len(played))
    person[5 * RATE : 5 * RATE + len(word)] = word * 0.4
    echo = echo_of(played, 0.7)
    own = np.random.default_rng(1).normal(0, 5, len(played))

    canceller, left = KalmanEchoCanceller(), []
    heard = to_int16(echo + own)
    for start in range(0, len(heard) - BLOCK, BLOCK):
        left.append(canceller.process(heard[start : start + BLOCK], played[start : start + BLOCK]))
    settled = slice(3 * RATE, 8 * RATE)
    loss = 20 * np.log10(np.std(heard[settled].astype(float)) / np.std(np.concatenate(left)[settled].astype(float)))
    assert loss > 12

    def woken(canceller: KalmanEchoCanceller | None) -> list[Woke]:
        listener = Listener(NeuralWakeWord(), Endpointer(SileroDetector()), canceller)
        events = listener.process(to_int16(echo + own + person), played)
        return [event for event in events if isinstance(event, Woke)]

    assert not woken(None)
    (woke,) = woken(KalmanEchoCanceller())
    assert 5.4 < woke.time < 6.1


def test_without_sound_from_the_loudspeaker_nothing_is_changed() -> None:
    canceller = KalmanEchoCanceller()
    heard = np.arange(BLOCK, dtype=np.int16)
    assert np.array_equal(canceller.process(heard, np.zeros(BLOCK, np.int16)), heard)
