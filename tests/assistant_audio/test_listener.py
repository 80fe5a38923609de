import numpy as np
import pytest

from assistant.asr.sphinx import PocketSphinxRecognizer
from assistant.audio.endpoint import EndedBy, Endpointer, EndpointSettings, SileroDetector
from assistant.audio.listener import Listener, ListenerEvent, NothingSaid, Speech, Woke
from assistant.audio.sound import RATE, to_int16
from assistant.audio.wake import NeuralWakeWord
from assistant.errors import UserError
from assistant.tts import VoiceSettings, WorkerSynthesizer

from .conftest import noise

PERSON = VoiceSettings("en-us+m3", 150, 50)


def scene(synthesizer: WorkerSynthesizer, text: str, after: float = 1.5) -> np.ndarray:
    """A second of a quiet room, the words, and the room again."""
    said = synthesizer.render(text, PERSON).to_rate().samples if text else np.zeros(0, np.int16)
    sound = np.concatenate([np.zeros(RATE), said * 0.5, np.zeros(round(after * RATE))])
    return to_int16(sound + noise(len(sound) / RATE)[: len(sound)])


def run(listener: Listener, sound: np.ndarray, size: int = 1024) -> list[ListenerEvent]:
    return [event for start in range(0, len(sound), size) for event in listener.process(sound[start : start + size])]


@pytest.fixture
def speaker() -> WorkerSynthesizer:
    """A person, who may begin with the wake word."""
    return WorkerSynthesizer()


@pytest.mark.parametrize("text", ["Alexa, close the garage door.", "Alexa close the garage door."])
def test_a_command_after_the_wake_word_comes_without_it(
    speaker: WorkerSynthesizer, listener: Listener, recognizer: PocketSphinxRecognizer, text: str
) -> None:
    woke, speech = run(listener, scene(speaker, text))
    assert isinstance(woke, Woke)
    assert woke.score > 0.8
    assert isinstance(speech, Speech)
    assert speech.ended_by is EndedBy.SILENCE
    assert speech.wake == woke.score
    assert recognizer.recognize(speech.audio)[0].text == "close the garage door"
    assert speech.time - speech.ended == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("size", [1, 160, 441, 5_000])
def test_the_size_of_the_frames_changes_nothing(speaker: WorkerSynthesizer, size: int) -> None:
    sound = scene(speaker, "Alexa, stop.", after=1.0)
    expected, got = (
        run(Listener(NeuralWakeWord(), Endpointer(SileroDetector())), sound, each) for each in (1024, size)
    )
    assert [type(event) for event in got] == [Woke, Speech]
    assert [event.time for event in got] == [event.time for event in expected]
    assert np.array_equal(got[1].audio.samples, expected[1].audio.samples)  # type: ignore[union-attr]


def test_the_wake_word_alone_ends_with_nothing_said(speaker: WorkerSynthesizer, listener: Listener) -> None:
    woke, nothing = run(listener, scene(speaker, "Alexa.", after=4.0))
    assert isinstance(woke, Woke)
    assert isinstance(nothing, NothingSaid)
    assert 2.5 < nothing.time - woke.time < 3.1
    assert not listener.collecting


def test_talk_without_the_wake_word_is_not_listened_to(speaker: WorkerSynthesizer, listener: Listener) -> None:
    assert run(listener, scene(speaker, "I told you to close the garage door yesterday.")) == []


def test_an_answer_needs_no_wake_word(speaker: WorkerSynthesizer, listener: Listener) -> None:
    listener.listen_now()
    (speech,) = run(listener, scene(speaker, "The kitchen light."))
    assert isinstance(speech, Speech)
    assert speech.wake is None


def test_no_answer_ends_after_the_given_patience(listener: Listener) -> None:
    listener.listen_now(patience=1.0)
    (nothing,) = run(listener, noise(2.0))
    assert isinstance(nothing, NothingSaid)
    assert nothing.wake is None
    assert nothing.time == pytest.approx(1.0, abs=0.1)


def test_while_it_speaks_only_the_wake_word_counts(speaker: WorkerSynthesizer, listener: Listener) -> None:
    listener.playing = True
    listener.listen_now()
    assert run(listener, scene(speaker, "The garage door is open.")) == []
    assert isinstance(run(listener, scene(speaker, "Alexa, stop."))[0], Woke)


def test_a_talker_who_never_stops_is_cut_off(speaker: WorkerSynthesizer) -> None:
    endpointer = Endpointer(SileroDetector(), EndpointSettings(limit=2.0))
    text = "Alexa, set the light of the kitchen and the light of the hallway and the light of the garage to red"
    _, speech = run(Listener(NeuralWakeWord(), endpointer), scene(speaker, text))
    assert isinstance(speech, Speech)
    assert speech.ended_by is EndedBy.LIMIT
    assert speech.audio.seconds == pytest.approx(2.0, abs=0.4)


def test_a_click_is_not_speech() -> None:
    sound = noise(4.0)
    sound[RATE : RATE + 200] = 20_000
    listener = Listener(NeuralWakeWord(), Endpointer(SileroDetector()))
    listener.listen_now(patience=2.0)
    (nothing,) = run(listener, sound)
    assert isinstance(nothing, NothingSaid)


def test_an_unknown_wake_word_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UserError, match="did you mean 'hey_jarvis'"):
        NeuralWakeWord("hey jarvi")
