"""`mynah forget`: delete turns, audio and everything learned from them."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import datetime

from assistant.cli.common import add_data, add_json, open_memory, print_json
from assistant.errors import UserError
from assistant.learning.views import forget


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to forget."""
    parser.add_argument("--speaker", help="everything of this person")
    parser.add_argument("--since", metavar="TIME", help="everything from this moment on (ISO 8601)")
    parser.add_argument("--all", action="store_true", help="everything")
    add_data(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Delete, and say how much."""
    if not (arguments.all or arguments.speaker or arguments.since):
        raise UserError("say what to forget: --speaker NAME, --since TIME or --all")
    try:
        since = datetime.fromisoformat(arguments.since) if arguments.since else None
    except ValueError:
        raise UserError(f"--since {arguments.since!r} is no time; write 2026-03-02 or 2026-03-02T07:00") from None
    store, settings = open_memory(arguments.data)
    forgotten = forget(store, arguments.speaker, since, arguments.all, settings.learning)
    store.close()
    if arguments.json:
        print_json(asdict(forgotten))
    else:
        print(f"Forgotten: {', '.join(f'{count} {what}' for what, count in asdict(forgotten).items())}.")
    return 0
