"""`mynah rewrite -`: what the online rewriter would do; nothing is executed or logged."""

from __future__ import annotations

import argparse
import sys

from assistant.cli.common import add_data, open_memory, print_json
from assistant.errors import UserError
from assistant.learning.files import rewrite_lines
from assistant.store.interchange import stream_lines


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the turns come from."""
    parser.add_argument("source", help="- reads turns (interchange format) from stdin")
    add_data(parser)


def run(arguments: argparse.Namespace) -> int:
    """One line out for each turn in; 2 when a line was broken."""
    if arguments.source != "-":
        raise UserError("mynah rewrite reads stdin: mynah rewrite - < turns.jsonl")
    store, _ = open_memory(arguments.data)
    code = 0
    for answer in rewrite_lines(stream_lines(sys.stdin.buffer), store):
        if "error" in answer:
            print(f"mynah rewrite: {answer['error']}", file=sys.stderr)
            code = 2
            continue
        print_json(answer)
        sys.stdout.flush()
    store.close()
    return code
