"""`mynah replay`: play dialogue scripts and check what they expect."""

from __future__ import annotations

import argparse
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.cli.common import add_data, add_json, data_folder, note, print_json
from assistant.hearing import Hearing
from assistant.nlu import Understander
from simulator.replay.runner import Runner, StepResult
from simulator.replay.script import Script, load_script
from simulator.replay.stage import REPLAY_SETTINGS
from simulator.replay.talk import Talk, TextTalk


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Scripts, and how to play them."""
    parser.add_argument("scripts", nargs="+", metavar="SCRIPT", help="YAML dialogue scripts")
    parser.add_argument("--voice", action="store_true", help="speak the sentences and recognise the audio")
    add_data(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Play all scripts; 0 when every expectation held, 1 when one did not."""
    scripts = [(Path(name), load_script(Path(name))) for name in arguments.scripts]
    understander = Understander.load()
    reports = []
    for path, script in scripts:
        results = play(path, script, understander, arguments)
        failed = [result for result in results if result.problems]
        reports.append(_report(path, results))
        if not arguments.json:
            print(f"{'FAIL' if failed else 'ok  '} {path}")
            for result in failed:
                for problem in result.problems:
                    print(f"     step {result.step} ({result.said or result.action}): {problem}")
    passed = all(report["passed"] for report in reports)
    if arguments.json:
        print_json({"passed": passed, "scripts": reports})
    return 0 if passed else 1


def play(path: Path, script: Script, understander: Understander, arguments: argparse.Namespace) -> list[StepResult]:
    """Play one script on fresh data (a temporary folder, unless `--data` names one)."""
    talk: Talk = TextTalk()
    if arguments.voice:
        from simulator.replay.voice import VoiceTalk

        talk = VoiceTalk(_hearing(), script.seed)
        note(f"{path}: speaking and listening ...")
    with tempfile.TemporaryDirectory(prefix="mynah-") as scratch:
        data = data_folder(arguments.data) if arguments.data else Path(scratch)
        if data is not None:
            data = data / path.stem
            data.mkdir(parents=True, exist_ok=True)
        return Runner(script, path.parent, data, understander, talk).play()


@lru_cache(maxsize=1)
def _hearing() -> Hearing:
    """The engines of hearing and speaking, loaded once for all scripts."""
    return Hearing.open(REPLAY_SETTINGS.speech)


def _report(path: Path, results: list[StepResult]) -> dict[str, Any]:
    return {
        "script": str(path),
        "passed": not any(result.problems for result in results),
        "steps": [_step(result) for result in results],
    }


def _step(result: StepResult) -> dict[str, Any]:
    turn = result.turn
    return {
        "step": result.step,
        "action": result.action,
        "say": result.said,
        "heard": turn.said if turn else None,
        "executed": turn.executed if turn else None,
        "rewrite": turn.rewrite.id if turn and turn.rewrite else None,
        "intent": turn.intent.name if turn and turn.intent else None,
        "decision": turn.decision.kind if turn and turn.decision else None,
        "outcome": turn.outcome.kind.value if turn and turn.outcome else None,
        "reply": turn.reply.text if turn and turn.reply else None,
        "spoken": list(result.spoken),
        "ms": round(result.ms, 2),
        "problems": list(result.problems),
    }
