"""`mynah report`: what fails, where, what was repaired, how good the labels are, and what is worth asking."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from assistant.cli.common import add_data, add_json, note, open_memory, print_json
from assistant.config import Learning
from assistant.learning.labelling.dialogues import Dialogues
from assistant.learning.labelling.labelled import Labelled
from assistant.learning.learn import study
from assistant.learning.ledger import Ledger
from assistant.learning.logged import logged
from assistant.report import page, terminal
from assistant.report.findings import findings
from assistant.store.interchange import read
from assistant.turn import Turn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to report on, and where to."""
    parser.add_argument("--turns", metavar="FILE.jsonl", help="an exported log, instead of the one in the data folder")
    parser.add_argument("--out", metavar="FILE.html", help="write it as a page with plots, too")
    add_data(parser)
    add_json(parser)


def _labelled(turns: list[Turn], settings: Learning) -> Labelled:
    """A log with its labels."""
    log = [logged(turn) for turn in turns]
    return Labelled.of(Dialogues.of(turns, log, study(log, settings)))


def run(arguments: argparse.Namespace) -> int:
    """Print the report; broken lines of a log are told of and skipped."""
    store, settings = open_memory(arguments.data)
    if arguments.turns:
        imported = read(Path(arguments.turns))
        turns = imported.turns
        for problem in imported.problems:
            note(f"{arguments.turns}: {problem}")
    else:
        turns = list(store)
    labelled = _labelled(turns, settings.learning)
    asked = any(turn.feedback is not None for turn in turns)
    unasked = _labelled([replace(turn, feedback=None) for turn in turns], settings.learning) if asked else labelled
    found = findings(labelled, Ledger(store).items(), settings.learning.customers, unasked.labels)
    store.close()
    if arguments.out:
        page.write(found, Path(arguments.out))
        note(f"written to {arguments.out}")
    print_json(found.as_json()) if arguments.json else Console().print(terminal.shown(found))
    return 0
