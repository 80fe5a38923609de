import json

import numpy as np
import pytest

from assistant.audio.sound import RATE, Audio, to_int16, write_wav
from assistant.audio.speakers import Speakers, frames_of
from assistant.cli import main
from assistant.store import Store


def spoken(pitch, formants, seconds, seed):
    """A voice of a glottal pulse train through resonances, with words and pauses."""
    chance = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    wobble = pitch * (1 + 0.1 * np.sin(2 * np.pi * 1.3 * time + chance.uniform(0, 6)))
    source = np.sign(np.sin(2 * np.pi * np.cumsum(wobble) / RATE)) + 0.3 * chance.standard_normal(len(time))
    spectrum, hertz = np.fft.rfft(source), np.fft.rfftfreq(len(time), 1 / RATE)
    shape = sum(1 / (1 + ((hertz - formant) / 120) ** 2) for formant in formants)
    sound = np.fft.irfft(spectrum * shape, len(time))
    words = (np.sin(2 * np.pi * 2.5 * time + seed) > -0.6).astype(float)
    return Audio(to_int16(6000 * sound / np.abs(sound).max() * words))


ANN = (210, (750, 1700, 2900, 4100))
BEN = (110, (500, 1100, 2300, 3300))
EVE = (160, (900, 2400, 3600, 5200))


@pytest.fixture
def store():
    store = Store.open(":memory:")
    yield store
    store.close()


def test_the_right_one_or_nobody(store):
    speakers = Speakers(store)
    assert speakers.enroll("ann", [spoken(*ANN, 4.0, 1), spoken(*ANN, 4.0, 2)]) > 5
    assert speakers.identify(spoken(*ANN, 3.0, 3)) is None, "one voice is not told apart from any other"
    speakers.enroll("ben", [spoken(*BEN, 8.0, 4)])
    again = Speakers(store)
    assert again.names == ["ann", "ben"]
    for seed in range(10, 14):
        assert again.identify(spoken(*ANN, 3.0, seed)) in {"ann", None}
        assert again.identify(spoken(*BEN, 3.0, seed)) in {"ben", None}
    assert "ann" in {again.identify(spoken(*ANN, 3.0, seed)) for seed in range(10, 14)}
    assert "ben" in {again.identify(spoken(*BEN, 3.0, seed)) for seed in range(10, 14)}
    assert again.identify(spoken(*EVE, 3.0, 5)) is None, "a stranger is nobody"
    assert again.identify(spoken(*ANN, 0.3, 6)) is None, "too short"
    again.forget("ann")
    assert Speakers(store).names == ["ben"]


@pytest.mark.parametrize("samples", [np.zeros(0, np.int16), np.zeros(RATE, np.int16), np.ones(500, np.int16)])
def test_silence_is_nobody(store, samples):
    speakers = Speakers(store)
    speakers.enroll("ann", [spoken(*ANN, 4.0, 1)])
    speakers.enroll("ben", [spoken(*BEN, 4.0, 2)])
    assert speakers.identify(Audio(samples)) is None
    assert np.isfinite(frames_of(samples)).all()


def test_by_command(tmp_path, capsys):
    for name, voice in (("ann", ANN), ("ben", BEN)):
        write_wav(tmp_path / f"{name}.wav", spoken(*voice, 7.0, 1))
        data = ["--data", str(tmp_path / "data")]
        assert main(["enroll", name, "--wav", str(tmp_path / f"{name}.wav"), *data]) == 0
    capsys.readouterr()
    assert main(["enroll", "--list", "--json", *data]) == 0
    assert json.loads(capsys.readouterr().out)["enrolled"] == ["ann", "ben"]
    assert main(["enroll", "ann", "--forget", *data]) == 0
    assert main(["enroll", "ann", "--forget", *data]) == 2
    assert main(["enroll", "eve", "--wav", str(tmp_path / "none.wav"), *data]) == 2
    assert main(["enroll", *data]) == 2
    assert main(["forget", "--speaker", "ben", *data]) == 0
    capsys.readouterr()
    main(["enroll", "--list", "--json", *data])
    assert json.loads(capsys.readouterr().out)["enrolled"] == []
