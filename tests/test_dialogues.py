"""Every script in tests/dialogues is a test."""

from pathlib import Path

import pytest

from assistant.nlu import Understander
from simulator.replay.runner import Runner
from simulator.replay.script import load_script

SCRIPTS = sorted((Path(__file__).parent / "dialogues").glob("*.yaml"))


@pytest.fixture(scope="module")
def understander():
    return Understander.load()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_dialogue(path, understander, tmp_path):
    results = Runner(load_script(path), path.parent, tmp_path, understander).play()
    problems = [f"step {result.step} {result.said!r}: {problem}" for result in results for problem in result.problems]
    assert not problems, "\n".join(problems)


def test_an_answer_to_the_feedback_question_is_kept_with_its_turn(understander, tmp_path):
    path = SCRIPTS[0].parent / "feedback.yaml"
    runner = Runner(load_script(path), path.parent, tmp_path, understander)
    runner.play()
    assert [turn.feedback for turn in runner.stage_turns()] == [False, None, True, None]
