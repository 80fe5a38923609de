"""`mynah learned`: what was learned, why, and taking it back."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from rich.console import Console

from assistant.cli.common import add_data, add_json, open_memory, print_json
from assistant.errors import UserError
from assistant.learning.ledger import Ledger
from assistant.learning.views import learned_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with what was learned."""
    parser.add_argument("what", choices=["list", "why", "approve", "block", "forget"])
    parser.add_argument("id", nargs="?", help="the item's id, from `mynah learned list`")
    add_data(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """List, explain or change."""
    store, _ = open_memory(arguments.data)
    ledger = Ledger(store)
    if arguments.what == "list":
        items = ledger.items()
        if arguments.json:
            print_json([asdict(item) for item in items])
        else:
            Console(highlight=False).print(learned_table(items) if items else "Nothing was learned yet.")
    else:
        if arguments.id is None:
            raise UserError(f"name the item: mynah learned {arguments.what} ID (`mynah learned list` shows them)")
        _one(arguments, ledger)
    store.close()
    return 0


def _one(arguments: argparse.Namespace, ledger: Ledger) -> None:
    if arguments.what == "why":
        why = ledger.why(arguments.id)
        print_json({"id": arguments.id, "why": why.splitlines()}) if arguments.json else print(why)
        return
    item = getattr(ledger, arguments.what)(arguments.id)
    if arguments.json:
        print_json(asdict(item))
    else:
        word = "forgotten" if arguments.what == "forget" else f"now {item.state.value}"
        print(f'"{item.before}" -> "{item.after}" is {word}.')
