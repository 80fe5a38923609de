"""Which open sentences train, and what is measured on those that never do."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.nlu import Understander, unseen
from assistant.nlu.confidence import expected_calibration_error, reliability
from assistant.nlu.corpus import open_sentences
from assistant.nlu.evaluate import main
from assistant.nlu.lexicon import DATA
from assistant.nlu.open_data import SENTENCES, TEST_FOLD, fold_of, training_lines
from assistant.nlu.reliability import error_by_chance
from simulator.benchmarks.language import language

SAID = ["switch the plug off", "wake me at six", "what is a dollar in yen", "make the hall lights red", "dim the den"]


def _write(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four small sets: forty sentences, each also misheard in its last word."""
    said = [
        f"{text} {number}" for text in SAID for number in ("one", "two", "three", "four", "five", "six", "nine", "ten")
    ]
    intents = ["iot_wemo_off", "alarm_set", "qa_currency", "iot_hue_lightchange", "iot_hue_lightdim"]
    red = [{"type": "color_type", "value": "red"}]
    rows = [
        {"utterance": text, "intent": intents[i // 8], "slots": red if "red" in text else []}
        for i, text in enumerate(said)
    ]
    _write(tmp_path, "hwu64", rows)
    _write(tmp_path, "slurp-text", rows[:3])
    misheard = [{**row, "utterance": f"{row['utterance']} hey", "gold_text": row["utterance"]} for row in rows]
    _write(tmp_path, "slurp-asr", misheard)
    _write(
        tmp_path, "clinc150", [{"utterance": f"freeze my account {i}", "intent": "freeze_account"} for i in range(40)]
    )
    return tmp_path


def test_recordings_go_where_their_sentence_goes(folder: Path) -> None:
    lines = [line.split("\t") for line in training_lines(folder)]
    assert {fold for fold, *_ in lines} <= {"1", "2", "3", "4"}
    for fold, source, _, _, text in lines:
        plain = text.lstrip("?").replace("[", "").replace("|COLOR]", "")
        assert int(fold) == fold_of(plain.removesuffix(" hey") if source == "slurp-asr" else plain)
    assert any(source == "slurp-asr" for _, source, *_ in lines)
    assert any("[red|COLOR]" in text for *_, text in lines)


def test_what_is_tested_never_trains(folder: Path) -> None:
    trained = {
        text.lstrip("?").replace("[", "").replace("|COLOR]", "")
        for *_, text in (line.split("\t") for line in training_lines(folder))
    }
    tested = {each.text for each in unseen.test_part(folder)}
    assert tested
    assert trained
    assert not tested & trained
    assert all(fold_of(each.said) == TEST_FOLD for each in unseen.test_part(folder))


def test_the_file_that_ships_has_no_sentence_of_the_test_part() -> None:
    lines = (DATA / SENTENCES).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert len(rows) > 10_000
    for fold, source, _, _, text in rows:
        assert int(fold) != TEST_FOLD
        # What a recogniser heard goes where the sentence goes that was said.
        assert source == "slurp-asr" or "[" in text or fold_of(text.lstrip("?")) == int(fold)
    assert next(iter(open_sentences())).fold > 0


def test_figures_come_with_their_numbers(folder: Path, understander: Understander) -> None:
    judged = unseen.judge(understander.model, unseen.test_part(folder))
    told = unseen.report(judged)
    assert "hwu64: right intent" in told
    assert "clinc150: foreign and acted on" in told
    figures = {figure.what: figure for figure in language(folder, 0)}
    asked = figures["clinc150: foreign, acted on in the house"].raw
    assert asked is not None
    assert asked["of"] == sum(each.asked.source == "clinc150" for each in judged)
    assert figures["calibration error, all"].raw["n"] == len(judged)  # type: ignore[index]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_reliability_counts_every_reading_once(pairs: list[tuple[float, bool]]) -> None:
    sure, right = [each for each, _ in pairs], [each for _, each in pairs]
    table = reliability(sure, right)
    assert sum(each.count for each in table) == len(pairs)
    assert 0 <= expected_calibration_error(sure, right) <= 1


@given(st.integers(50, 400), st.floats(0.05, 0.95), st.integers(0, 99))
def test_what_is_sure_and_wrong_is_no_chance(count: int, sure: float, seed: int) -> None:
    rng = random.Random(seed)
    fair = [rng.random() for _ in range(count)]
    assert 0 < error_by_chance(fair) < 0.3
    assert expected_calibration_error([sure] * count, [False] * count) == pytest.approx(sure)
    assert error_by_chance([sure] * count) < 2.6 * (sure * (1 - sure) / count) ** 0.5


def test_several_recordings_of_a_sentence_are_read_together(understander: Understander) -> None:
    off = frozenset({"home.turn_off"})
    texts = ("turn off the light", "turn of the light", "turn off the light")
    heard = [unseen.Asked("slurp-asr", "iot_hue_lightoff", text, off, "turn off the light") for text in texts]
    once = unseen.Asked("slurp-asr", "iot_hue_lightoff", "lights off", off, "lights off")
    [judged] = unseen.judge_together(understander.model, [*heard, once])
    assert judged.right
    assert judged.alone in {0.5, 1.0}
    assert judged.readings[0][1]
    assert all(0 <= sure <= 1 for sure, _ in judged.readings)


def test_a_picture_shows_what_confidences_are_worth(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = folder / "reliability.png"
    assert main(["--sentences", "40", "--open", str(folder), "--plot", str(picture)]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    told = capsys.readouterr().out
    assert "calibration error, taken for a home" in told
    assert "by chance alone up to" in told
