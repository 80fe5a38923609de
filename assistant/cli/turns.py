"""`mynah turns`: the turn log."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from assistant.cli.common import add_data, add_json, note, open_memory, print_json
from assistant.errors import UserError
from assistant.store.interchange import write
from assistant.store.views import export, find_turn, turn_json, turn_view, turns_table

LISTED = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with the log."""
    parser.add_argument("what", choices=["list", "show", "export"])
    parser.add_argument("id", nargs="?", help="for show: a turn's id, the end of it, or `last`")
    parser.add_argument("--out", metavar="FILE.jsonl", help="for export (default: stdout)")
    parser.add_argument("--last", type=int, default=LISTED, metavar="N", help=f"for list: how many (default {LISTED})")
    add_data(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """List, show or export."""
    store, _ = open_memory(arguments.data)
    if arguments.what == "show":
        if arguments.id is None:
            raise UserError("name the turn: mynah turns show ID (or `last`)")
        turn = find_turn(store, arguments.id)
        if arguments.json:
            print_json(turn_json(turn))
        else:
            Console(highlight=False).print(turn_view(turn))
    elif arguments.what == "export":
        if arguments.out:
            note(f"{export(store.turns(), Path(arguments.out))} turns written to {arguments.out}")
        else:
            for line in write(store.turns()):
                sys.stdout.write(line + "\n")
    else:
        turns = store.last(max(arguments.last, 1))
        if arguments.json:
            print_json([turn_json(turn) for turn in turns])
        else:
            Console(highlight=False).print(turns_table(turns))
    store.close()
    return 0
