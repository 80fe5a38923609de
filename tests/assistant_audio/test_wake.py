import numpy as np
import pytest

from assistant.audio.endpoint import Endpointer, SileroDetector
from assistant.audio.false_alarms import false_alarms, most_alike, what_people_said
from assistant.audio.listener import Listener, ListenerEvent, Speech, Woke
from assistant.audio.sound import RATE, to_int16
from assistant.audio.spotter import PhraseWakeWord
from assistant.audio.wake import NeuralWakeWord, WakeWords, wake_word, wake_words
from assistant.config import Settings
from assistant.config import Speech as SpeechSettings
from assistant.errors import UserError
from assistant.hearing import Hearing
from assistant.tts import VoiceSettings, WorkerSynthesizer

from .conftest import noise

VOICES = ("en-us+m3", "en-us+f4", "en-us+m1", "en-us+m5")
"""The last one is in no training of the acoustic model."""


@pytest.fixture(scope="module")
def computer(synthesizer: WorkerSynthesizer) -> PhraseWakeWord:
    return PhraseWakeWord("hey computer", SileroDetector(), synthesizer.pronounce)


def room(*parts: np.ndarray) -> np.ndarray:
    """The parts one right after the other, in a quiet room."""
    sound = np.concatenate([np.zeros(RATE), *parts, np.zeros(RATE * 3 // 2)])
    return to_int16(sound + noise(len(sound) / RATE + 1)[: len(sound)])


def said(synthesizer: WorkerSynthesizer, text: str, voice: str = "en-us+m3") -> np.ndarray:
    """A text in somebody's voice, without the silence at both ends."""
    raw = synthesizer.render(text, VoiceSettings(voice, 150)).to_rate().samples * 0.5
    loud = np.flatnonzero(np.abs(raw) > 100)
    return raw[loud[0] : loud[-1] + 1]


def heard(word: PhraseWakeWord | WakeWords, sound: np.ndarray) -> list[float]:
    """When the word was heard, in seconds."""
    word.reset()
    hops = range(0, len(sound), 256)
    return [(start + 256) / RATE for start in hops if word.process(sound[start : start + 256]) is not None]


def listened(word: WakeWords, sound: np.ndarray) -> list[ListenerEvent]:
    listener = Listener(word, Endpointer(SileroDetector()))
    return [event for start in range(0, len(sound), 1024) for event in listener.process(sound[start : start + 1024])]


@pytest.mark.parametrize("voice", VOICES)
def test_a_phrase_of_ones_own_is_heard_as_it_ends(
    synthesizer: WorkerSynthesizer, computer: PhraseWakeWord, voice: str
) -> None:
    spoken = said(synthesizer, "hey computer", voice)
    (when,) = heard(computer, room(spoken, np.zeros(RATE), said(synthesizer, "turn on the lights", voice)))
    end = 1 + len(spoken) / RATE
    assert end < when < end + 0.6
    assert when - computer.ended == pytest.approx(end, abs=0.2)


@pytest.mark.parametrize("text", ["I commuted here by train today", "hey, come over here", "turn on the kitchen light"])
def test_other_talk_is_not_the_phrase(synthesizer: WorkerSynthesizer, computer: PhraseWakeWord, text: str) -> None:
    assert heard(computer, room(said(synthesizer, text))) == []


def test_a_phrase_must_be_said_whole(synthesizer: WorkerSynthesizer, computer: PhraseWakeWord) -> None:
    assert heard(computer, room(said(synthesizer, "hey"), np.zeros(RATE), said(synthesizer, "the lights"))) == []
    assert heard(computer, room(said(synthesizer, "the hay"), np.zeros(RATE))) == []


def test_a_phrase_that_is_too_short_or_unspeakable_is_refused(synthesizer: WorkerSynthesizer) -> None:
    with pytest.raises(UserError, match="'hey' is too short: it has 2 sounds"):
        wake_word("hey", 0.8, synthesizer.pronounce)
    with pytest.raises(UserError):
        wake_word("!!!", 0.8, synthesizer.pronounce)


def test_any_of_several_words_wakes_it_and_all_rest_after_one() -> None:
    people = WorkerSynthesizer()
    words = wake_words(["alexa", "Hey Computer", "Alexa"], 0.8, people.pronounce)
    assert words.phrase == "Alexa or Hey Computer"
    alexa, computer = said(people, "Alexa"), said(people, "hey computer")
    assert len(heard(words, room(alexa, np.zeros(2 * RATE), computer))) == 2
    assert len(heard(words, room(alexa, np.zeros(RATE // 10), computer))) == 1


def test_a_stricter_cutoff_holds_at_once_for_all_words() -> None:
    words = WakeWords([NeuralWakeWord("alexa", 0.5), NeuralWakeWord("okay nabu", 0.5)])
    sound = room(said(WorkerSynthesizer(), "Alexa"))
    assert len(heard(words, sound)) == 1
    words.cutoff = 0.9999
    assert words.cutoff == 0.9999
    assert heard(words, sound) == []


@pytest.mark.parametrize(
    ("wake", "voice", "pause"),
    [
        ("Alexa", "en-us+m2", 0.0),
        ("Alexa", "en-us+m7", 0.03),
        ("Alexa", "en-us+m4", 0.06),
        ("hey computer", "en-us+m3", 0.0),
        ("hey computer", "en-us+m5", 0.0),
    ],
)
def test_the_first_word_is_kept_in_one_breath(wake: str, voice: str, pause: float) -> None:
    people = WorkerSynthesizer()
    call, request = said(people, wake, voice), said(people, "lights off", voice)
    sound = room(call, np.zeros(round(pause * RATE)), request)
    woke, speech = listened(wake_words([wake], 0.5, people.pronounce), sound)
    assert isinstance(woke, Woke)
    assert isinstance(speech, Speech)
    cut = speech.audio.samples
    begins = next(place for place in range(len(sound)) if np.array_equal(sound[place : place + 800], cut[:800]))
    first = RATE + len(call) + round(pause * RATE)
    assert first - 0.25 * RATE < begins < first + 0.03 * RATE
    assert begins + len(cut) >= first + len(request)


def test_the_settings_take_one_wake_word_or_several() -> None:
    assert Settings.model_validate({"speech": {"wake_word": "okay_nabu"}}).speech.wake_words == ("okay_nabu",)
    several = Settings.model_validate({"speech": {"wake_word": ["alexa", "hey computer"]}}).speech
    hearing = Hearing.open(several)
    try:
        assert hearing.wake_phrase == "Alexa or hey computer"
        assert hearing.synthesizer.render("Hey computer is my name.").marks[0].text_position == 0
        plain = WorkerSynthesizer().render("Hey computer is my name.")
        assert hearing.synthesizer.render("Hey computer is my name.").seconds > plain.seconds + 0.1
    finally:
        hearing.close()
    with pytest.raises(UserError, match="did you mean 'okay_nabu'"):
        Hearing.open(SpeechSettings(wake_word=("okay nab",)))


def test_what_sounds_like_the_phrase_is_found_by_its_sounds(synthesizer: WorkerSynthesizer) -> None:
    talk = [("open", "the", "door"), ("the", "new", "commuter", "train"), ("good", "evening")]
    assert most_alike("computer", talk, synthesizer)[0] == ("the", "new", "commuter", "train")


def test_a_common_word_is_told_to_wake_it_often_and_a_rare_phrase_not(synthesizer: WorkerSynthesizer) -> None:
    talk = what_people_said()
    assert len(talk) > 10_000
    some = talk[::400]
    often = false_alarms(wake_word("please", 0.8, synthesizer.pronounce), some, synthesizer)
    seldom = false_alarms(wake_word("mister zanzibar", 0.8, synthesizer.pronounce), some, synthesizer)
    assert often.alarms > 20 * max(seldom.alarms, 1)
    assert "false alarms in 10 hours of talk" in often.told
    assert seldom.told == "hardly any false alarm in 10 hours of talk"


def test_the_cutoff_can_change_while_listening_and_calls_that_were_missed_are_told() -> None:
    people = WorkerSynthesizer()
    listener = Listener(wake_words(["alexa"], 0.9999), Endpointer(SileroDetector()))
    call = room(said(people, "Alexa"))
    assert [
        event for start in range(0, len(call), 1024) for event in listener.process(call[start : start + 1024])
    ] == []
    listener.wake_cutoff = 0.8
    sound = room(said(people, "Alexa"), np.zeros(RATE // 2), said(people, "turn on the lights"))
    found = [event for start in range(0, len(sound), 1024) for event in listener.process(sound[start : start + 1024])]
    woke, speech = found
    assert isinstance(woke, Woke)
    assert isinstance(speech, Speech)
    missed, heard_now = speech.tries
    assert missed > 0.8
    assert heard_now >= woke.score > 0.8
