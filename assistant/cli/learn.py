"""`mynah learn`: the offline learners, over the turn log or an exported one."""

from __future__ import annotations

import argparse
from pathlib import Path

from assistant.cli.common import add_data, add_json, note, open_memory, print_json
from assistant.learning.files import learn_files, learn_store
from assistant.learning.views import report_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to learn from, and where to write."""
    parser.add_argument("--turns", metavar="FILE.jsonl", help="an exported log, instead of the one in the data folder")
    parser.add_argument("--out", metavar="DIR", help="write what was learned as files")
    add_data(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Learn; broken lines are reported and skipped."""
    out = Path(arguments.out) if arguments.out else None
    store, settings = open_memory(arguments.data)
    if arguments.turns:
        report = learn_files(Path(arguments.turns), out, settings.learning, store)
    else:
        report = learn_store(store, out, settings.learning)
    store.close()
    for problem in report.problems:
        note(f"{arguments.turns}: {problem}")
    print_json(report.as_json()) if arguments.json else print(report_text(report))
    return 0
