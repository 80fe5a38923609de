"""Somebody speaks while the assistant does: it falls silent, and goes on when that was nothing."""

from collections.abc import Iterator

import numpy as np
import pytest

from assistant.asr.own import HomeVoskRecognizer
from assistant.audio.echo import KalmanEchoCanceller
from assistant.audio.endpoint import Endpointer, SileroDetector
from assistant.audio.listener import Listener
from assistant.audio.overlap import OverlapDetector
from assistant.audio.scribe import Scribe
from assistant.audio.sound import RATE, Audio
from assistant.audio.wake import NeuralWakeWord
from assistant.events import Event, Heard, NotMeant, Partial, SpokenOver
from assistant.tts import WorkerSynthesizer
from simulator.acoustics import Acoustics, PersonVoice, VirtualRoom, Voices

from .conftest import SENTENCES

REPLY = (
    "You have three timers. The first one rings in ten minutes. The oven is at two hundred degrees, the garage door is "
    "open, the washing machine will be done in twenty minutes, and it is raining outside. "
)
SPEAKS_AT = 5.0


@pytest.fixture(scope="module")
def own(synthesizer: WorkerSynthesizer) -> HomeVoskRecognizer:
    made = HomeVoskRecognizer(synthesizer.pronounce)
    made.prepare(SENTENCES)
    return made


@pytest.fixture(scope="module")
def people() -> Iterator[Voices]:
    mouths = WorkerSynthesizer()
    yield Voices(mouths)
    mouths.close()


@pytest.fixture(scope="module")
def reply(synthesizer: WorkerSynthesizer) -> Audio:
    return synthesizer.render(REPLY * 2)


def happens(own: HomeVoskRecognizer, reply: Audio, echo: float, spoken: Audio | None, seconds: float = 12.0):
    """What is noticed and when, while somebody speaks five seconds into a reply; and whether the reply was heard on."""
    scribe = Scribe(
        Listener(
            NeuralWakeWord(), Endpointer(SileroDetector()), KalmanEchoCanceller(), OverlapDetector(SileroDetector())
        ),
        own,
    )
    room = VirtualRoom(Acoustics("pink", snr=25.0, rt60=0.3, drr=8.0, echo=echo), seed=4)
    playback = room.player.play(reply)
    if spoken is not None:
        room.speak(spoken, SPEAKS_AT)
    found: list[tuple[float, Event]] = []
    while room.time < seconds and not playback.done:
        scribe.listener.playing = True
        for event in scribe.process(*room.hear(320)):
            if isinstance(event, SpokenOver):
                playback.pause()
            elif isinstance(event, NotMeant):
                playback.resume()
            elif isinstance(event, Heard):
                playback.stop()
            if not isinstance(event, Partial):
                found.append((room.time - SPEAKS_AT, event))
    return found, playback


@pytest.mark.parametrize("echo", [-6.0, 6.0])
@pytest.mark.parametrize("text", ["stop", "close the garage door"])
def test_a_person_interrupts_without_the_wake_word(
    own: HomeVoskRecognizer, people: Voices, reply: Audio, echo: float, text: str
) -> None:
    found, _ = happens(own, reply, echo, people.render(PersonVoice.of("Ben"), text))
    (noticed, began), (_, heard) = found
    assert isinstance(began, SpokenOver)
    assert noticed < 0.35
    assert isinstance(heard, Heard)
    assert heard.utterance.text == text
    assert heard.utterance.over


@pytest.mark.parametrize("echo", [0.0, 6.0])
def test_its_own_voice_does_not_interrupt_it(own: HomeVoskRecognizer, reply: Audio, echo: float) -> None:
    found, playback = happens(own, reply, echo, None)
    assert found == []
    assert playback.position > 11.0


def test_it_goes_on_after_talk_that_is_not_meant_for_it(own: HomeVoskRecognizer, people: Voices, reply: Audio) -> None:
    talk = people.render(PersonVoice.of("Ann"), "Yesterday my sister went to the theatre with her children.")
    found, playback = happens(own, reply, 0.0, talk, 14.0)
    assert [type(event) for _, event in found] == [SpokenOver, NotMeant]
    silent = found[1][0] - found[0][0]
    assert playback.position == pytest.approx(14.0 - silent, abs=0.1)


def cough(loudness: float, seed: int) -> Audio:
    """Two bursts of noise, as of a cough: an eighth of a second each, shaped by a throat."""
    source = np.random.default_rng(seed)
    burst = source.standard_normal(RATE // 4) * np.exp(-np.arange(RATE // 4) / (RATE / 16))
    shaped = np.convolve(np.concatenate([burst, burst]), np.hanning(12), "same")
    return Audio((loudness * shaped / np.abs(shaped).max()).astype(np.int16))


@pytest.mark.parametrize("loudness", [3_000, 10_000, 30_000])
def test_a_cough_does_not_end_a_reply(own: HomeVoskRecognizer, reply: Audio, loudness: float) -> None:
    found, playback = happens(own, reply, 6.0, cough(loudness, 1))
    assert [type(event) for _, event in found] in ([], [SpokenOver, NotMeant])
    assert not found or found[1][0] - found[0][0] == pytest.approx(0.5, abs=0.05)
    assert playback.position > 11.0


def test_a_recognition_in_pieces_says_what_one_of_the_whole_says(own: HomeVoskRecognizer, people: Voices) -> None:
    audio = people.render(PersonVoice.of("Ben"), "set the oven to two hundred degrees").to_rate()
    sound = np.concatenate([np.zeros(RATE // 3, np.int16), audio.samples, np.zeros(RATE // 3, np.int16)])
    stream, partials = own.stream(), []
    for start in range(0, len(sound), 441):
        stream.accept(sound[start : start + 441])
        partials.append(stream.partial)
    assert "set the oven to two hundred" in partials
    assert stream.finish() == own.recognize(Audio(sound))
