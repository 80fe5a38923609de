from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.sound import RATE, Audio, Mark, Resampler, read_wav, to_int16, write_wav
from assistant.errors import UserError


def tone(frequency: float, rate: int, seconds: float = 0.5) -> np.ndarray:
    return to_int16(10_000 * np.sin(2 * np.pi * frequency * np.arange(round(rate * seconds)) / rate))


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_a_tone_keeps_pitch_loudness_and_place_at_another_rate(rate: int) -> None:
    got = Audio(tone(1_000, rate), rate).to_rate(RATE).samples
    assert len(got) == RATE // 2
    error = got[100:-100].astype(float) - tone(1_000, RATE)[100:-100]
    assert np.abs(error).max() < 40


def test_what_the_lower_rate_can_not_hold_is_removed() -> None:
    got = Audio(tone(15_000, 48_000), 48_000).to_rate(RATE).samples
    assert np.abs(got[100:-100]).max() < 100


@given(st.sampled_from([8_000, 22_050, 44_100, 48_000]), st.lists(st.integers(0, 700), min_size=1, max_size=20))
def test_a_stream_is_resampled_alike_in_pieces_of_any_size(rate: int, sizes: list[int]) -> None:
    samples = np.random.default_rng(7).integers(-9_000, 9_000, sum(sizes)).astype(np.int16)
    whole = Resampler(rate, RATE).push(samples)
    stream = Resampler(rate, RATE)
    pieces = [stream.push(piece) for piece in np.split(samples, np.cumsum(sizes)[:-1])]
    assert np.array_equal(np.concatenate(pieces), whole)


def test_wav_files_are_read_as_written(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", Audio(tone(440, RATE)))
    again = read_wav(tmp_path / "a.wav")
    assert again.rate == RATE
    assert np.array_equal(again.samples, tone(440, RATE))


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no sound at all" * 20])
def test_a_file_that_is_no_wav_is_named_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(UserError, match=r"a\.wav: not a WAV file"):
        read_wav(tmp_path / "a.wav")


def test_how_much_of_a_text_was_heard() -> None:
    text = "The garage door is open."
    audio = Audio(np.zeros(16_000, np.int16), marks=(Mark(0, 0.0), Mark(4, 0.2), Mark(11, 0.5), Mark(16, 0.8)))
    assert audio.heard_of(text, 0.1) == ""
    assert audio.heard_of(text, 0.6) == "The garage"
    assert audio.heard_of(text, 1.0) == text
