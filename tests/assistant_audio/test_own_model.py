"""The acoustic model of our own in the real libvosk: graphs, streaming, ends of speech, alternatives, words."""

import json
import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.asr.graph import UNKNOWN, Machine, Words, free, strict
from assistant.asr.language import automaton
from assistant.asr.own import MODEL, HomeVoskRecognizer, home_model
from assistant.asr.slots import SlotGrammar
from assistant.audio.sound import RATE, Audio, to_int16
from assistant.config import Speech
from assistant.errors import UserError
from assistant.hearing import Hearing
from assistant.home import Area, Entity, Home
from assistant.nlu.templates import Patterns, parse
from assistant.tts import VoiceSettings, WorkerSynthesizer

from .conftest import SENTENCES, noise

SPOKEN = {"open": ["OW P AH N"], "close": ["K L OW Z"], "the": ["DH AH", "DH IY"], "door": ["D AO R"]}
SAID = [("open", "the", "door"), ("close", "the", "door")]


@pytest.fixture(scope="module")
def own(synthesizer: WorkerSynthesizer) -> HomeVoskRecognizer:
    made = HomeVoskRecognizer(synthesizer.pronounce)
    made.prepare(SENTENCES)
    return made


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Any:
    words = Words(SPOKEN)
    return home_model(tmp_path_factory.mktemp("small"), words, free(words, SAID, 9.0))


def said(synthesizer: WorkerSynthesizer, text: str, voice: str = "en-us+m3", after: float = 0.25) -> Audio:
    raw = synthesizer.render(text, VoiceSettings(voice, 150)).to_rate().samples
    sound = np.concatenate([np.zeros(RATE // 4), raw * 0.5, np.zeros(round(after * RATE))])
    return Audio(to_int16(sound + noise(len(sound) / RATE + 1, 5)[: len(sound)]))


@pytest.mark.parametrize(
    "text",
    ["turn on the kitchen light", "close the garage door", "is the garden gate open", "set a timer for ten minutes"],
)
def test_commands_of_the_home_are_heard(synthesizer: WorkerSynthesizer, own: HomeVoskRecognizer, text: str) -> None:
    heard = own.recognize(said(synthesizer, text))
    assert heard[0].text == text
    assert heard[0].confidence > 0.35
    assert 1 <= len(heard) <= 10
    assert sum(each.confidence for each in heard) <= 1.0 + 1e-9
    assert not any(UNKNOWN in each.text for each in heard)


@pytest.mark.parametrize("text", ["please tell my doctor about the weather in Paris", "how tall is that mountain"])
def test_what_is_not_for_the_home_is_not_heard_surely(
    synthesizer: WorkerSynthesizer, own: HomeVoskRecognizer, text: str
) -> None:
    heard = own.recognize(said(synthesizer, text))
    assert not heard or heard[0].confidence < 0.35


def test_no_sound_is_no_text(own: HomeVoskRecognizer) -> None:
    assert own.recognize(Audio(np.zeros(0, np.int16))) == ()
    quiet = own.recognize(Audio(noise(1.5, 5)))
    assert not quiet or quiet[0].confidence < 0.35


def test_the_same_sound_is_heard_the_same(synthesizer: WorkerSynthesizer, own: HomeVoskRecognizer) -> None:
    audio = said(synthesizer, "open the garden gate")
    first = own.recognize(audio)
    own.recognize(said(synthesizer, "yes"))
    assert own.recognize(audio) == first


def test_names_that_no_dictionary_has_are_heard(synthesizer: WorkerSynthesizer) -> None:
    made = HomeVoskRecognizer(synthesizer.pronounce)
    made.prepare([*SENTENCES, "turn on the ecobee"])
    assert made.warnings == ()
    assert made.recognize(said(synthesizer, "turn on the ecobee"))[0].text == "turn on the ecobee"


def test_names_that_nobody_can_say_are_warned_of() -> None:
    made = HomeVoskRecognizer()
    made.prepare(["open the door", "open the zzyzx"])
    assert made.warnings == ("'zzyzx' can't be recognised: nobody knows how it is spoken",)
    with pytest.raises(UserError, match="no sentence"):
        HomeVoskRecognizer().prepare(["!!!"])


def test_partial_results_grow_and_the_end_of_speech_is_found(synthesizer: WorkerSynthesizer, small: Any) -> None:
    import vosk

    recognizer = vosk.KaldiRecognizer(small, RATE)
    recognizer.SetWords(True)
    audio = said(synthesizer, "open the door", after=1.5)
    partials, ended = [], None
    for begin in range(0, len(audio.samples), RATE // 10):
        if recognizer.AcceptWaveform(audio.samples[begin : begin + RATE // 10].tobytes()):
            ended = begin / RATE
            break
        partials.append(json.loads(recognizer.PartialResult())["partial"])
    assert "open" in partials
    assert ended is not None
    assert ended < audio.seconds
    result = json.loads(recognizer.Result())
    assert result["text"] == "open the door"
    assert [word["word"] for word in result["result"]] == ["open", "the", "door"]
    assert all(0.0 <= word["conf"] <= 1.0 for word in result["result"])
    starts = [word["start"] for word in result["result"]]
    assert starts == sorted(starts)
    assert 0.2 < starts[0] < 0.6


def test_alternatives_are_in_order(synthesizer: WorkerSynthesizer, small: Any) -> None:
    import vosk

    recognizer = vosk.KaldiRecognizer(small, RATE)
    recognizer.SetMaxAlternatives(5)
    recognizer.AcceptWaveform(said(synthesizer, "close the door").samples.tobytes())
    found = json.loads(recognizer.FinalResult())["alternatives"]
    assert found[0]["text"] == "close the door"
    assert [each["confidence"] for each in found] == sorted((each["confidence"] for each in found), reverse=True)


def test_a_grammar_at_run_time_narrows_what_is_heard(synthesizer: WorkerSynthesizer, small: Any) -> None:
    import vosk

    recognizer = vosk.KaldiRecognizer(small, RATE, json.dumps(["open the door", UNKNOWN]))
    recognizer.AcceptWaveform(said(synthesizer, "open the door").samples.tobytes())
    assert json.loads(recognizer.FinalResult())["text"] == "open the door"
    recognizer.AcceptWaveform(said(synthesizer, "a lemon squeezer is missing").samples.tobytes())
    assert UNKNOWN in json.loads(recognizer.FinalResult())["text"]


def test_every_way_through_the_strict_grammar_is_a_sentence_or_unknown() -> None:
    words = Words(SPOKEN)
    names = {number: word for word, number in words.numbers.items()}
    templates = Patterns(((parse("[open] the (door|gate)", {}), 1.0),), lambda _slot, _argument: {}, 0.25)
    machine = strict(words, [(automaton(SAID), 0.75), (SlotGrammar.of(templates).automaton(), 0.25)], 5.0)
    found: dict[tuple[str, ...], float] = {}
    open_paths: list[tuple[int, tuple[str, ...], float]] = [(0, (), 0.0)]
    while open_paths:
        state, path, cost = open_paths.pop()
        if state in machine.finals:
            found[path] = found.get(path, 0.0) + math.exp(-cost)
        if len(path) < 4:
            for read, write, more, target in machine.arcs[state]:
                assert read == write
                assert more >= 0.0
                open_paths.append((target, (*path, names[read]) if read else path, cost + more))
    unknown = {(UNKNOWN,) * count for count in range(1, 5)}
    assert set(found) == {(), ("the", "door"), *SAID, *unknown}, "nobody can say 'gate' here"
    assert found["close", "the", "door"] == pytest.approx(0.75 / 2)
    assert found["open", "the", "door"] == pytest.approx(0.75 / 2 + 0.25 / 4)


def test_what_only_templates_hold_is_heard(synthesizer: WorkerSynthesizer) -> None:
    lamps: dict[tuple[str, ...], float] = {("desk", "lamp"): 1.0, ("kitchen", "lamp"): 1.0, ("porch", "light"): 1.0}
    tens = ("twenty", "forty", "sixty five", "eighty")
    values: dict[tuple[str, ...], float] = {(*number.split(), "percent"): 1.0 for number in tens}
    templates = Patterns(
        ((parse("set the {lamp} to {value}", {}), 1.0),), lambda slot, _: lamps if slot == "lamp" else values, 0.2
    )
    made = HomeVoskRecognizer(synthesizer.pronounce)
    made.prepare(SENTENCES, templates)
    audio = said(synthesizer, "set the porch light to sixty five percent")
    assert made.recognize(audio)[0].text == "set the porch light to sixty five percent"
    assert made.recognize(said(synthesizer, "close the garage door"))[0].text == "close the garage door"


def test_names_and_sayings_that_come_later_are_heard(synthesizer: WorkerSynthesizer) -> None:
    hearing = Hearing.open(Speech(recognizer="vosk"))
    try:
        lamp = Entity("light.k", "light", "Kitchen Lamp", "k")
        home = Home(areas={"k": Area("k", "Kitchen")}, entities={"light.k": lamp})
        hearing.learn_home(home)
        phrase, named = said(synthesizer, "initiate landing sequence"), said(synthesizer, "turn on the zebra")
        assert all(each.text != "initiate landing sequence" for each in hearing.recognizer.recognize(phrase))
        called = replace(home, entities={"light.k": replace(lamp, aliases=("zebra",))})
        hearing.keep_up(called, ("initiate landing sequence",))
        deadline = time.monotonic() + 30
        while hearing.busy and time.monotonic() < deadline:
            time.sleep(0.05)
        assert hearing.recognizer.recognize(phrase)[0].text == "initiate landing sequence"
        assert hearing.recognizer.recognize(named)[0].text == "turn on the zebra"
    finally:
        hearing.close()


def test_the_free_grammar_leaves_no_word_out(tmp_path: Path) -> None:
    words = Words(SPOKEN)
    machine: Machine = free(words, SAID, 9.0)
    shortest = min(len(arcs) for arcs in machine.arcs)
    assert shortest >= 1
    assert {arc[0] for arcs in machine.arcs for arc in arcs} == {0, *words.numbers.values()}
    machine.write(tmp_path / "Gr.fst")
    assert (tmp_path / "Gr.fst").stat().st_size > 100


def test_the_card_stands_beside_the_model() -> None:
    card = (MODEL / "README.md").read_text(encoding="utf-8")
    for heading in ("## Data", "## Licences", "## Recipe", "## Figures", "## Limits"):
        assert heading in card
