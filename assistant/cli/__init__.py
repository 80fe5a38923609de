"""The command line. A command's module is loaded when it is called, so that each starts fast."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import UserError


@dataclass(frozen=True, slots=True)
class CommandLine:
    """One command: where it lives, what it does, and an example. Its module has `add_arguments` and `run`."""

    module: str
    does: str
    example: str


COMMANDS: dict[str, CommandLine] = {
    "run": CommandLine("simulator.commands.run", "simulated home and assistant: speak or type", "mynah run --text"),
    "demo": CommandLine(
        "simulator.commands.demo", "a short spoken story that ends with something learned", "mynah demo"
    ),
    "home": CommandLine("simulator.commands.home", "only the simulated home", "mynah home --home cottage"),
    "replay": CommandLine(
        "simulator.commands.replay", "play dialogue scripts and check them", "mynah replay tests/dialogues/*.yaml"
    ),
    "understand": CommandLine(
        "simulator.commands.understand", "interpret one request, do nothing", 'mynah understand "turn on the lamp"'
    ),
    "bench": CommandLine(
        "simulator.commands.bench", "run a command benchmark", "mynah bench commands items.jsonl --fixtures fixtures"
    ),
    "study": CommandLine(
        "simulator.commands.study", "simulated households, with and without learning", "mynah study test --homes 12"
    ),
    "learn": CommandLine("assistant.cli.learn", "run the offline learners", "mynah learn --turns log.jsonl --out out"),
    "learned": CommandLine("assistant.cli.learned", "what was learned, and why", "mynah learned list"),
    "report": CommandLine(
        "assistant.cli.report", "what fails, where, and what was repaired", "mynah report --out r.html"
    ),
    "rewrite": CommandLine("assistant.cli.rewrite", "what the rewriter would do", "mynah rewrite - < turns.jsonl"),
    "turns": CommandLine("assistant.cli.turns", "the turn log", "mynah turns list"),
    "forget": CommandLine("assistant.cli.forget", "delete turns and what they taught", "mynah forget --speaker ann"),
    "enroll": CommandLine("assistant.cli.enroll", "learn who speaks by the voice", "mynah enroll ann"),
    "doctor": CommandLine("assistant.cli.doctor", "what works on this machine", "mynah doctor"),
    "models": CommandLine("assistant.cli.models", "speech models", "mynah models fetch small-en"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 fine, 1 a check does not hold, 2 bad usage or input)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in {"-h", "--help"}:
        print(_overview())
        return 0 if words else 2
    if words[0] == "--version":
        from importlib.metadata import version

        print(f"mynah {version('mynah')}")
        return 0
    command = COMMANDS.get(words[0])
    if command is None:
        from rapidfuzz import process

        near = process.extractOne(words[0], COMMANDS.keys(), score_cutoff=60)
        hint = f", did you mean {near[0]!r}?" if near else "; `mynah --help` lists the commands"
        print(f"mynah: unknown command {words[0]!r}{hint}", file=sys.stderr)
        return 2
    return _run(words[0], command, words[1:])


def _run(name: str, command: CommandLine, words: list[str]) -> int:
    module = importlib.import_module(command.module)
    parser = argparse.ArgumentParser(
        f"mynah {name}",
        description=f"{command.does[0].upper()}{command.does[1:]}.",
        epilog=f"example: {command.example}",
    )
    module.add_arguments(parser)
    try:
        code: int = module.run(parser.parse_args(words))
    except UserError as error:
        print(f"mynah {name}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        return 0
    return code


def _overview() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {command.does}" for name, command in COMMANDS.items()]
    return "\n".join(["usage: mynah COMMAND [options]", "", "commands:", *lines, "", "mynah COMMAND --help says more."])
