from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.asr.sphinx import PocketSphinxRecognizer
from assistant.audio.echo import KalmanEchoCanceller
from assistant.audio.endpoint import Endpointer, SileroDetector
from assistant.audio.listener import Listener, Speech, Woke
from assistant.audio.sound import RATE, Audio, read_wav
from assistant.audio.wake import NeuralWakeWord
from assistant.tts import SpokenVoice, WorkerSynthesizer
from simulator.acoustics import GARAGE, QUIET, ROOM, Acoustics, PersonVoice, VirtualRoom, Voices
from simulator.acoustics.hearing import HearingChain, Said
from simulator.acoustics.voices import LEVEL

SENTENCES = [
    *(f"{verb} the {name} light" for verb in ("turn on", "turn off", "no") for name in ("garage", "garden", "hall")),
    *(f"{verb} the {name} door" for verb in ("open", "close", "lock", "no") for name in ("garage", "front", "oven")),
]


@pytest.fixture(scope="module")
def synthesizer() -> Iterator[WorkerSynthesizer]:
    made = WorkerSynthesizer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def voices(synthesizer: WorkerSynthesizer) -> Voices:
    return Voices(synthesizer)


@pytest.fixture(scope="module")
def recognizer() -> PocketSphinxRecognizer:
    made = PocketSphinxRecognizer()
    made.prepare(SENTENCES)
    return made


def loudness(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples.astype(float) ** 2)))


def test_people_have_voices_of_their_own_that_stay() -> None:
    people = {name: PersonVoice.of(name) for name in ("Ann", "Ben", "Sue", "Joe", "Kate")}
    assert len(set(people.values())) == len(people)
    assert all(PersonVoice.of(name.upper()) == voice for name, voice in people.items())
    assert all(voice.voice != "en-us" for voice in people.values())


def test_voices_are_equally_loud_and_without_silence_around(voices: Voices) -> None:
    for name in ("Ann", "Ben"):
        samples = voices.render(PersonVoice.of(name), "Open the garage door.").samples
        assert loudness(samples) == pytest.approx(LEVEL, rel=0.2)
        assert np.abs(samples[:80]).max() > 100
    once, again = (voices.render(PersonVoice.of("Ann"), "Stop.") for _ in range(2))
    assert once.samples is again.samples


@pytest.mark.parametrize("size", [1, 333, 16_000, 40_000])
def test_a_room_sounds_the_same_in_frames_of_any_size(voices: Voices, size: int) -> None:
    def heard(size: int) -> np.ndarray:
        room = VirtualRoom(GARAGE, seed=5)
        room.speak(voices.render(PersonVoice.of("Ann"), "Stop."), 0.1)
        return np.concatenate([room.hear(size).microphone for _ in range(40_000 // size)])

    expected = heard(1024)
    assert np.abs(heard(size)[: len(expected)].astype(int) - expected[: 40_000 // size * size]).max() <= 1


@pytest.mark.parametrize("noise", ["white", "pink", "hum"])
def test_the_noise_is_as_loud_as_asked(noise: str) -> None:
    level = loudness(VirtualRoom(Acoustics(noise, snr=20.0)).hear(3 * RATE).microphone)
    assert 20 * np.log10(LEVEL / level) == pytest.approx(20.0, abs=0.5)


def test_another_seed_is_another_noise_and_the_same_seed_the_same() -> None:
    one, same, other = (VirtualRoom(ROOM, seed).hear(RATE).microphone for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_the_player_follows_the_clock_of_the_room_and_stops_at_once() -> None:
    room = VirtualRoom(QUIET)
    playback = room.player.play(Audio(np.full(RATE, 5_000, np.int16)))
    frame = room.hear(RATE // 4)
    assert playback.position == pytest.approx(0.25)
    assert loudness(frame.reference) == pytest.approx(5_000)
    assert loudness(frame.microphone[: RATE // 25]) < 60
    assert loudness(frame.microphone[RATE // 10 :]) > 500
    playback.stop()
    assert not room.hear(RATE).reference.any()
    assert playback.done
    assert playback.position == pytest.approx(0.25)


def test_all_that_was_to_be_heard_is_recorded(tmp_path: Path, voices: Voices) -> None:
    room = VirtualRoom(QUIET)
    room.speak(voices.render(PersonVoice.of("Ann"), "Stop."))
    room.hear(RATE)
    room.player.play(Audio(np.full(RATE, 5_000, np.int16)))
    room.hear(RATE)
    room.record_to(tmp_path / "dialogue.wav")
    recorded = read_wav(tmp_path / "dialogue.wav")
    assert recorded.seconds == 2.0
    assert loudness(recorded.samples[: RATE // 3]) > 500
    assert loudness(recorded.samples[RATE:]) > 3_000


@pytest.mark.parametrize("person", ["Ann", "Ben", "Tom"])
@pytest.mark.parametrize("text", ["turn on the garage light", "close the garage door"])
def test_people_are_understood_in_an_ordinary_room(
    voices: Voices, recognizer: PocketSphinxRecognizer, person: str, text: str
) -> None:
    hearing = HearingChain(voices, recognizer).hear(Said(PersonVoice.of(person), text, ROOM, 3))
    assert hearing.text == text
    assert hearing.hypotheses[0].confidence > 0.35


def test_a_person_interrupts_the_reply_by_voice(
    synthesizer: WorkerSynthesizer, voices: Voices, recognizer: PocketSphinxRecognizer
) -> None:
    room = VirtualRoom(Acoustics("hum", snr=20.0, rt60=0.3, drr=8.0, echo=0.0), seed=2)
    listener = Listener(NeuralWakeWord(), Endpointer(SileroDetector()), KalmanEchoCanceller())
    text = "I turned off the garden light, the hall light, the kitchen light and all the others, as you asked me to do."
    reply = SpokenVoice(synthesizer, room.player).say(text)
    listener.playing = True
    room.speak(voices.request(PersonVoice.of("Ben"), "no the garage light"), 1.5)
    speech = None
    while speech is None and room.time < 10:
        for event in listener.process(*room.hear(512)):
            if isinstance(event, Woke):
                reply.stop()
                listener.playing = False
            elif isinstance(event, Speech):
                speech = event
    assert speech is not None
    assert 1.8 < reply.position < 2.8
    assert text.startswith(reply.heard(reply.position))
    assert recognizer.recognize(speech.audio)[0].text == "no the garage light"


def test_the_assistants_own_reply_wakes_nobody(synthesizer: WorkerSynthesizer) -> None:
    room = VirtualRoom(Acoustics(echo=6.0), seed=2)
    listener = Listener(NeuralWakeWord(), Endpointer(SileroDetector()), KalmanEchoCanceller())
    listener.playing = True
    SpokenVoice(synthesizer, room.player).say("The oven is at two hundred degrees and the garage door is open. " * 5)
    while room.time < 15:
        assert listener.process(*room.hear(1024)) == []
