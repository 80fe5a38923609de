"""The acoustic model from nothing, as small as it goes: needs the extra `train-speech` and the synthesisers."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra train-speech is not installed")
if shutil.which("flite") is None or shutil.which("festival") is None or shutil.which("espeak-ng") is None:
    pytest.skip("the synthesisers of the distribution are not installed", allow_module_level=True)

import soundfile
import torch

from assistant.asr.graph import Words, free
from assistant.asr.own import home_model
from assistant.asr.training.__main__ import main
from assistant.asr.training.features import SIZE
from assistant.asr.training.kaldi import read_weights, write_model
from assistant.asr.training.learn import Schooling, train
from assistant.asr.training.network import CHUNK, OUTPUTS, STRIDE, CrossEntropy, Network
from assistant.asr.training.streams import Heard
from assistant.asr.training.voices import Voice, speak
from assistant.audio.sound import RATE

ORDERS = {
    "small latte": {"size": "small", "coffeeDrink": "latte"},
    "medium roast espresso": {"roast": "medium roast", "coffeeDrink": "espresso"},
    "large mocha": {"size": "large", "coffeeDrink": "mocha"},
    "cappuccino with milk": {"coffeeDrink": "cappuccino", "milkAmount": "milk"},
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the recordings of people come in, with voices in place of people."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "audio" / "noise").mkdir(parents=True)
    hum = np.random.default_rng(1).standard_normal(4 * RATE) * 300
    soundfile.write(folder / "audio" / "noise" / "noise_kitchen.flac", hum.astype(np.int16), RATE)
    rows: dict[str, list[dict[str, object]]] = {"picovoice-barista": [], "picovoice-wakeword": []}
    for number in range(4):
        voice = Voice("espeak-ng", f"en-us+m{1 + number}")
        for name, said in (("picovoice-barista", list(ORDERS)[number]), ("picovoice-wakeword", "computer")):
            row: dict[str, object] = {"id": f"{name}:{number}", "audio": f"audio/{name}-{number}.flac"}
            row |= {"slots": ORDERS[said]} if said in ORDERS else {"wake_word": said}
            soundfile.write(folder / str(row["audio"]), speak(voice, [said])[0], RATE)
            rows[name].append(row)
    for name, lines in rows.items():
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return folder


def test_one_command_makes_a_model_and_goes_on_where_it_was(data: Path, tmp_path: Path) -> None:
    options = ["--data", str(data), "--work", str(tmp_path / "work"), "--utterances", "10", "--out"]
    assert main([*options, str(tmp_path / "first")]) == 0
    made = {path: path.stat().st_mtime_ns for path in (tmp_path / "work").rglob("*.npz")}
    assert {path.parent.name for path in made} == {"spoken", "streams"}
    shutil.rmtree(tmp_path / "work" / "streams")
    (tmp_path / "work" / "sequences.pt").unlink()
    assert main([*options, str(tmp_path / "second")]) == 0
    again = {path: path.stat().st_mtime_ns for path in (tmp_path / "work" / "spoken").rglob("*.npz")}
    assert again.items() <= made.items(), "what was there is not made again"
    one, two = (read_weights(tmp_path / name / "am" / "final.mdl") for name in ("first", "second"))
    assert all(np.array_equal(a, b) for x, y in zip(one, two, strict=True) for a, b in zip(x, y, strict=True))
    words = Words({"open": ["OW P AH N"]})
    model = home_model(tmp_path / "loaded", words, free(words, [("open",)], 9.0), tmp_path / "first")
    assert model.vosk_model_find_word("open") == 1


def test_a_missing_folder_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path / "none"), "--work", str(tmp_path / "work"), "--utterances", "5"]) == 2
    assert "picovoice-barista.jsonl" in capsys.readouterr().err


class StoppedError(Exception):
    """Somebody pressed Ctrl-C."""


def streams() -> list[Heard]:
    source = np.random.default_rng(4)
    size = STRIDE * CHUNK * 40 + 5
    labels = source.integers(0, OUTPUTS, (3, size)).astype(np.uint8)
    return [Heard(source.standard_normal((size, SIZE)).astype(np.float32), each) for each in labels]


def fresh() -> Network:
    torch.manual_seed(3)
    return Network(16, np.ones(SIZE))


def test_an_interrupted_training_ends_like_one_that_was_not(tmp_path: Path) -> None:
    def stop(line: str) -> None:
        raise StoppedError(line)

    heard, at_once, in_pieces = streams(), fresh(), fresh()
    train(at_once, heard, CrossEntropy(), Schooling(3, 1e-3, tmp_path / "one.pt", 7), lambda _line: None)
    schooling = Schooling(3, 1e-3, tmp_path / "two.pt", 7)
    with pytest.raises(StoppedError, match="epoch 1 of 3"):
        train(in_pieces, heard, CrossEntropy(), schooling, stop)
    unfinished = {name: value.clone() for name, value in in_pieces.state_dict().items()}
    resumed = fresh()
    train(resumed, heard, CrossEntropy(), schooling, lambda _line: None)
    for name, value in at_once.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name])
    assert not torch.equal(at_once.output.weight, unfinished["output.weight"])


def test_a_model_that_was_written_can_be_read_and_goes_on(tmp_path: Path) -> None:
    network = fresh()
    write_model(tmp_path / "final.mdl", network.exported())
    again = Network.of(read_weights(tmp_path / "final.mdl"))
    frames = torch.randn(2, 200, SIZE)
    network.eval()
    again.eval()
    assert torch.allclose(network(frames), again(frames), atol=1e-5)
    write_model(tmp_path / "again.mdl", again.exported())
    assert (tmp_path / "again.mdl").read_bytes() == (tmp_path / "final.mdl").read_bytes()
