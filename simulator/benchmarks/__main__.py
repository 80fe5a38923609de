"""Runs the benchmarks and prints a table, or JSON. Nothing is tuned on what they show."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assistant.cli.common import note, print_json
from assistant.errors import UserError
from simulator.benchmarks.commands import commands
from simulator.benchmarks.figures import Circumstances, Figure, as_json
from simulator.benchmarks.heard import heard
from simulator.benchmarks.home_world import home_world
from simulator.benchmarks.language import language
from simulator.benchmarks.learner import learner
from simulator.benchmarks.peers import peers
from simulator.benchmarks.scale import scale
from simulator.benchmarks.similar import similar
from simulator.benchmarks.start import start
from simulator.benchmarks.turns import broker, parts, turns
from simulator.benchmarks.wire import wire

Section = Callable[[Path | None, int], Iterator[Figure]]
SECTIONS: dict[str, Section] = {
    "commands": commands,
    "language": language,
    "turns": turns,
    "scale": scale,
    "parts": parts,
    "broker": broker,
    "wire": wire,
    "home": home_world,
    "start": start,
    "learner": learner,
    "peers": peers,
    "similar": similar,
    "heard": heard,
}
WIDTH = 160
"""Columns where there is no terminal."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chosen sections; 2 when the data can't be read."""
    options = _parser().parse_args(arguments)
    data = Path(options.data) if options.data else None
    if data is None or not data.is_dir():
        note(f"no benchmarks at {data}: only what needs no data is run" if data else "without --data, no shares")
        data = None
    figures: list[Figure] = []
    try:
        for name in options.only or SECTIONS:
            note(f"{name} ...")
            figures += SECTIONS[name](data, options.seed)
    except UserError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    circumstances = Circumstances.now(options.seed)
    if options.json:
        print_json(as_json(circumstances, figures))
    else:
        show(Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH), circumstances, figures)
    if options.out:
        with Path(options.out).open("w", encoding="utf-8") as file:
            show(Console(file=file, width=WIDTH, highlight=False), circumstances, figures)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m simulator.benchmarks", description="All figures, from one command.")
    parser.add_argument("--data", metavar="DIR", help="a folder with command benchmarks (*.jsonl) and fixtures/")
    parser.add_argument("--only", nargs="+", choices=list(SECTIONS), help="only these sections")
    parser.add_argument("--seed", type=int, default=7, help="chooses sentences and samples")
    parser.add_argument("--json", action="store_true", help="print only JSON on stdout")
    parser.add_argument("--out", metavar="FILE", help="also write the table to a file")
    return parser


def show(console: Console, circumstances: Circumstances, figures: Sequence[Figure]) -> None:
    """The table, with what it was made on below it."""
    table = Table("section", "what", "figure", "spread", box=None, pad_edge=False)
    for figure in figures:
        table.add_row(figure.section, figure.what, figure.value, figure.spread)
    console.print(table)
    console.print(str(circumstances))


if __name__ == "__main__":
    sys.exit(main())
