"""Spoken from end to end: the demo's story, and dialogue scripts through the audio path."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console

from assistant.config import Speech
from assistant.hearing import Hearing
from assistant.nlu import Understander
from simulator.acoustics import PersonVoice
from simulator.commands.demo import Teller
from simulator.homes import load_home
from simulator.replay.runner import Runner
from simulator.replay.script import load_script
from simulator.replay.stage import REPLAY_SETTINGS, Stage
from simulator.replay.story import MISHEARD
from simulator.replay.talk import Saying
from simulator.replay.voice import VoiceTalk

DIALOGUES = Path(__file__).parent / "dialogues"


def test_the_demo_ends_with_something_learned(tmp_path):
    screen = io.StringIO()
    teller = Teller(Console(file=screen, width=160), tmp_path, spoken=True, pause=0.0)
    told = teller.tell()
    teller.talk.record_to(tmp_path / "demo.wav")
    teller.close()
    text = screen.getvalue()
    assert told, text
    assert "interrupted after" in text
    assert f'I change "{MISHEARD}" to "turn on the garage light" for ida.' in text
    assert (tmp_path / "demo.wav").stat().st_size > 1_000_000


@pytest.fixture(scope="module")
def hearing():
    ears = Hearing.open(REPLAY_SETTINGS.speech)
    yield ears
    ears.close()


@pytest.mark.parametrize("name", ["spoken", "sandwich"])
def test_a_script_holds_when_it_is_spoken(name, hearing, tmp_path):
    path = DIALOGUES / f"{name}.yaml"
    talk = VoiceTalk(hearing)
    results = Runner(load_script(path), path.parent, tmp_path, Understander.load(), talk).play()
    talk.close()
    problems = [f"step {result.step} {result.said!r}: {problem}" for result in results for problem in result.problems]
    assert not problems, "\n".join(problems)


def test_a_reply_is_interrupted_without_the_wake_word_and_goes_on_after_talk_of_others():
    ears = Hearing.open(Speech(recognizer="vosk"))
    talk = VoiceTalk(ears, seed=2)
    stage = Stage(load_home("cottage"), datetime(2026, 3, 2, 20, 0), voice=talk.voice)
    asked = talk.say(Saying("what can I say", "Ann"), stage)
    talk.room.speak(talk.people.render(PersonVoice.of("Ben"), "My sister went to the theatre yesterday."), 2.0)
    talk.room.speak(talk.people.render(PersonVoice.of("Ann"), "Close the garage door."), 7.0)
    talk.listen(stage, 12.0)
    talk.close()
    first, second = stage.store.last(2)
    stage.close()
    ears.close()
    assert first.id == asked.id
    assert first.spoken.interrupted
    assert 4.0 < first.spoken.position < 6.5
    assert (second.said, second.utterance.over, second.outcome.kind) == ("close the garage door", True, "done")
