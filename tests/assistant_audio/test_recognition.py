import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.asr.choose import choose_recognizer
from assistant.asr.language import arpa, automaton, word_errors, words_of
from assistant.asr.pronounce import arpabet, complete
from assistant.asr.sphinx import PocketSphinxRecognizer
from assistant.asr.vosk import VoskRecognizer, hypotheses
from assistant.audio.sound import RATE, Audio, to_int16
from assistant.errors import UserError
from assistant.tts import VoiceSettings, WorkerSynthesizer

from .conftest import SENTENCES, noise

SENTENCE_LISTS = st.lists(
    st.lists(st.sampled_from(["open", "close", "the", "a", "door"]), min_size=1, max_size=5).map(tuple), min_size=1
)


def said(synthesizer: WorkerSynthesizer, text: str, voice: str = "en-us+m3") -> Audio:
    raw = synthesizer.render(text, VoiceSettings(voice, 150)).to_rate().samples
    sound = np.concatenate([np.zeros(RATE // 4), raw * 0.5])
    return Audio(to_int16(sound + noise(len(sound) / RATE, 5)[: len(sound)]))


@pytest.mark.parametrize(
    "text", ["turn on the kitchen light", "close the garage door", "is the garden gate open", "stop"]
)
def test_commands_of_the_home_are_heard_surely(
    synthesizer: WorkerSynthesizer, recognizer: PocketSphinxRecognizer, text: str
) -> None:
    heard = recognizer.recognize(said(synthesizer, text))
    assert heard[0].text == text
    assert heard[0].confidence > 0.6
    assert 1 <= len(heard) <= 10
    assert len({each.text for each in heard}) == len(heard)
    assert [each.confidence for each in heard] == sorted((each.confidence for each in heard), reverse=True)
    assert sum(each.confidence for each in heard) <= 1.0 + 1e-9


@pytest.mark.parametrize("text", ["please tell my doctor about the weather in Paris", "how tall is that mountain"])
def test_what_is_not_for_the_home_is_not_heard_surely(
    synthesizer: WorkerSynthesizer, recognizer: PocketSphinxRecognizer, text: str
) -> None:
    heard = recognizer.recognize(said(synthesizer, text))
    assert not heard or heard[0].confidence < 0.35


def test_no_sound_is_no_text(recognizer: PocketSphinxRecognizer) -> None:
    assert recognizer.recognize(Audio(np.zeros(0, np.int16))) == ()
    quiet = recognizer.recognize(Audio(noise(1.0, 5)))
    assert not quiet or quiet[0].confidence < 0.35


def test_the_same_sound_is_heard_the_same(synthesizer: WorkerSynthesizer, recognizer: PocketSphinxRecognizer) -> None:
    audio = said(synthesizer, "open the garden gate")
    first = recognizer.recognize(audio)
    recognizer.recognize(said(synthesizer, "yes"))
    assert recognizer.recognize(audio) == first


def test_names_that_no_dictionary_has_are_heard(synthesizer: WorkerSynthesizer) -> None:
    recognizer = PocketSphinxRecognizer(synthesizer.pronounce)
    recognizer.prepare([*SENTENCES, "turn on the ecobee", "preheat the oven"])
    assert recognizer.warnings == ()
    assert recognizer.recognize(said(synthesizer, "turn on the ecobee"))[0].text == "turn on the ecobee"


def test_names_that_nobody_can_say_are_warned_of() -> None:
    recognizer = PocketSphinxRecognizer()
    recognizer.prepare([*SENTENCES, "turn on the zzyzx"])
    assert recognizer.warnings == ("'zzyzx' can't be recognised: nobody knows how it is spoken",)


def test_a_home_without_words_is_refused() -> None:
    with pytest.raises(UserError, match="no sentence"):
        PocketSphinxRecognizer().prepare(["!!!"])


@given(SENTENCE_LISTS)
def test_the_trigram_model_adds_up_to_one(sentences: list[tuple[str, ...]]) -> None:
    sections = arpa(sentences).split("\\1-grams:")[1].split("\\2-grams:")
    unigrams = [line.split() for line in sections[0].split("\n") if line.strip()]
    total = sum(10 ** float(line[0]) for line in unigrams if line[1] != "<s>")
    assert total == pytest.approx(1.0, abs=0.01)
    backoff = {line[1]: float(line[2]) for line in unigrams}
    single = {line[1]: 10 ** float(line[0]) for line in unigrams if line[1] != "<s>"}
    bigrams = [line.split() for line in sections[1].split("\\3-grams:")[0].split("\n") if line.strip()]
    for history, weight in backoff.items():
        seen = {line[2]: 10 ** float(line[0]) for line in bigrams if line[1] == history}
        if seen:
            rest = sum(value for word, value in single.items() if word not in seen) * 10**weight
            assert sum(seen.values()) + rest == pytest.approx(1.0, abs=0.01)


@given(SENTENCE_LISTS)
def test_the_automaton_accepts_exactly_the_sentences(sentences: list[tuple[str, ...]]) -> None:
    start, final, arcs = automaton(sentences)
    accepted, open_paths = set(), [(start, ())]
    while open_paths:
        state, words = open_paths.pop()
        for arc in arcs:
            if arc[0] == state and len(arc) == 4:
                open_paths.append((arc[1], (*words, arc[3])))
            elif arc[0] == state:
                assert arc[1] == final
                accepted.add(words)
    assert accepted == set(sentences)


@given(st.text(max_size=60))
def test_any_text_becomes_clean_words(text: str) -> None:
    for word in words_of(text):
        assert word.strip() == word
        assert word
        assert not set(word) & set("()<>[]| \t\n")
        assert words_of(word) == (word,)


def test_word_errors_are_counted() -> None:
    assert word_errors((), ("a", "b")) == 2
    assert word_errors(("a", "b", "c"), ("a", "x", "c")) == 1


def test_phonemes_without_a_counterpart_give_no_pronunciation() -> None:
    assert arpabet("ʘ_a") is None
    known, warnings = complete({"on": ["AA N"]}, {"on", "qq"}, lambda words: ["ʘ" for _ in words])
    assert known == {"on": ["AA N"]}
    assert len(warnings) == 1


def test_without_a_fetched_model_our_own_listens_and_says_why(tmp_path: Path) -> None:
    choice = choose_recognizer("auto", tmp_path)
    assert choice.recognizer.name == "Vosk (own model)"
    assert "comes with it" in choice.because
    assert choose_recognizer("vosk", tmp_path).recognizer.name == "Vosk (own model)"
    assert choose_recognizer("pocketsphinx", tmp_path).recognizer.name == "PocketSphinx"


def broken_model(folder: Path) -> Path:
    for part in ("am", "conf", "graph"):
        (folder / part).mkdir(parents=True)
    (folder / "am" / "final.mdl").write_bytes(b"\0B nothing that Kaldi knows")
    (folder / "conf" / "model.conf").write_text("")
    return folder


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("small-en", "mynah models fetch small-en"),
        ("/nowhere/at/all", "neither auto"),
        ("{tmp}/empty", r"not a Vosk model: am/final\.mdl is missing"),
        ("{tmp}/broken", "can't be loaded"),
    ],
)
def test_a_setting_that_can_not_be_had_is_one_clear_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], setting: str, message: str
) -> None:
    (tmp_path / "empty").mkdir()
    broken_model(tmp_path / "broken")
    with pytest.raises(UserError, match=message):
        choose_recognizer(setting.format(tmp=tmp_path), tmp_path)
    assert capfd.readouterr() == ("", "")


def test_vosk_hypotheses_are_normalised() -> None:
    found = hypotheses(
        json.loads(
            '{"alternatives": [{"text": "open it", "confidence": 300.0, "result": [{"word": "open", "start": 0.1,'
            ' "end": 0.4}, {"word": "it", "start": 0.4, "end": 0.5}]}, {"text": "[unk]", "confidence": 295.0}]}'
        )
    )
    (only,) = found
    assert only.text == "open it"
    assert only.confidence == pytest.approx(1 / (1 + math.exp(-0.5)))
    assert [word.text for word in only.words] == ["open", "it"]
    assert hypotheses({"alternatives": [{"text": "", "confidence": 0.0}]}) == ()


def test_a_vosk_model_needs_its_files(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a Vosk model"):
        VoskRecognizer(tmp_path)
