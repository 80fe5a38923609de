import threading
import time
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pytest

from assistant.audio.player import ClockPlayer, StreamPlayer
from assistant.audio.sound import RATE, Audio
from assistant.audio.soundcard import CardMicrophone, CardPlayer, Fill, NoAudioError, Take, find_backend, probe_audio


def sound(seconds: float, rate: int = RATE) -> Audio:
    return Audio(np.full(round(seconds * rate), 8_000, np.int16), rate)


class HandClock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 3, 2)

    def monotonic(self) -> float:
        return self.seconds


class FakeStream:
    rate, latency = 48_000, 0.04

    def __init__(self) -> None:
        self.closed = threading.Event()

    def close(self) -> None:
        self.closed.set()


class FakeCard:
    """A sound card in a thread: takes and gives 10 ms at a time, at its own rate, in real time."""

    name = "fake"

    def __init__(self) -> None:
        self.out: list[tuple[float, int]] = []

    def inputs(self) -> list[str]:
        return ["microphone"]

    def outputs(self) -> list[str]:
        return ["loudspeaker"]

    def open_input(self, device: str | None, take: Take) -> FakeStream:
        return self._open(lambda: take(np.full(480, 100, np.int16)))

    def open_output(self, device: str | None, fill: Callable[[int, float], Fill]) -> FakeStream:
        make = fill(FakeStream.rate, FakeStream.latency)
        return self._open(lambda: self.out.append((time.monotonic(), int(np.abs(make(480)).max()))))

    def _open(self, turn: Callable[[], None]) -> FakeStream:
        stream = FakeStream()

        def run() -> None:
            while not stream.closed.wait(0.01):
                turn()

        threading.Thread(target=run, daemon=True).start()
        return stream


def test_a_card_plays_all_of_it_at_its_own_rate() -> None:
    player = StreamPlayer(48_000, latency=0.05)
    playback = player.play(sound(0.1))
    taken = np.concatenate([player.fill(480) for _ in range(10)])
    assert np.abs(taken[1_000:4_000]).min() > 7_500
    assert playback.position == pytest.approx(0.05, abs=0.001)
    assert not playback.done
    for _ in range(5):
        assert not player.fill(480).any()
    assert playback.done
    assert playback.position == pytest.approx(0.1)


def test_a_stop_fades_within_5_ms_of_the_next_callback_and_keeps_the_position() -> None:
    player = StreamPlayer(16_000)
    playback = player.play(sound(1.0))
    player.fill(1_600)
    playback.stop()
    rest = player.fill(1_600)
    assert rest[:40].any()
    assert not rest[80:].any()
    assert playback.done
    assert playback.position == pytest.approx(0.1)
    assert not player.fill(160).any()


def test_a_pause_fades_as_fast_and_what_was_to_come_is_played_after_it() -> None:
    player = StreamPlayer(16_000)
    ramp = Audio(np.arange(16_000, dtype=np.int16))
    playback = player.play(ramp)
    before = player.fill(1_600)
    playback.pause()
    fading, silent = player.fill(1_600), player.fill(1_600)
    assert fading[1:70].any()
    assert not fading[80:].any()
    assert not silent.any()
    assert not playback.done
    assert playback.position == pytest.approx(0.105)
    playback.resume()
    after = player.fill(1_600)
    assert before[-1] == 1_599
    assert after[0] == 1_600 + 80
    while not playback.done:
        player.fill(1_600)
    assert playback.position == pytest.approx(1.0)


def test_the_reference_is_what_was_played() -> None:
    player = StreamPlayer(48_000)
    player.play(sound(0.2))
    for _ in range(30):
        player.fill(480)
    reference = player.reference(4_000)
    assert np.abs(reference[200:3_000]).min() > 7_500
    assert not reference[3_300:].any()


def test_a_card_is_silent_within_150_ms_of_stop() -> None:
    card = FakeCard()
    player = CardPlayer(card)
    playback = player.play(sound(5.0))
    time.sleep(0.2)
    playback.stop()
    stopped = time.monotonic()
    time.sleep(0.15)
    player.close()
    loud = [moment for moment, level in card.out if level > 0]
    assert loud
    assert max(loud) + FakeStream.latency - stopped < 0.15
    assert 0.02 < playback.position < 0.25


def test_a_microphone_is_heard_at_16_khz_whatever_its_own_rate() -> None:
    microphone = CardMicrophone(FakeCard())
    heard = [microphone.read(1.0) for _ in range(10)]
    microphone.close()
    total = np.concatenate([piece for piece in heard if piece is not None])
    assert len(total) == pytest.approx(1_600, abs=40)
    assert np.abs(total[100:] - 100).max() <= 1


def test_a_player_on_a_clock_takes_as_long() -> None:
    clock = HandClock()
    first = ClockPlayer(clock).play(sound(2.0))
    clock.seconds = 0.5
    assert (first.position, first.done) == (0.5, False)
    first.pause()
    clock.seconds = 1.5
    assert (first.position, first.done) == (0.5, False)
    first.resume()
    clock.seconds = 4.0
    assert (first.position, first.done) == (2.0, True)
    player = ClockPlayer(clock)
    second = player.play(sound(2.0))
    clock.seconds = 4.5
    player.play(sound(1.0))
    assert (second.position, second.done) == (0.5, True)


def test_a_machine_without_sound_says_so_in_one_line() -> None:
    report = probe_audio()
    if report.backend is not None:
        assert report.inputs or report.outputs
        return
    assert "\n" not in report.problem
    assert "install" in report.problem
    with pytest.raises(NoAudioError, match="install"):
        find_backend()
