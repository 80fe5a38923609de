"""`mynah bench commands FILE`: a command benchmark against a simulated home."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path

from assistant.cli.common import add_json, print_json
from assistant.errors import UserError
from simulator.bench.items import load_items
from simulator.bench.run import Bench, summary


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The benchmark and its homes."""
    parser.add_argument("what", choices=["commands"], help="which benchmark")
    parser.add_argument("file", metavar="FILE.jsonl", help="the items")
    parser.add_argument("--fixtures", metavar="DIR", help="where the homes are (default: fixtures beside the file)")
    parser.add_argument("--min", type=float, metavar="SHARE", help="exit with 1 below this share (0 to 1)")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the items; 1 when the share is below `--min`."""
    path = Path(arguments.file)
    items = load_items(path)
    fixtures = Path(arguments.fixtures) if arguments.fixtures else path.parent / "fixtures"
    if arguments.min is not None and not 0 <= arguments.min <= 1:
        raise UserError(f"--min is a share between 0 and 1, not {arguments.min:g}")
    results = Bench(items, fixtures).run(_progress if sys.stderr.isatty() else lambda _done: None)
    figures = summary(items, results)
    if arguments.json:
        print_json(figures | {"results": [dataclasses.asdict(result) for result in results]})
    else:
        for result in results:
            if not result.passed:
                print(f"FAIL {result.id}: {result.why}")
        for name, part in figures["by_category"].items():
            print(f"  {name:<32} {part['passed']:>5} of {part['items']:>5}  {part['share']:7.1%}")
        print(
            f"{path.name}: {figures['passed']} of {figures['items']} ({figures['share']:.1%}), "
            f"median {figures['median_ms']:.1f} ms, p99 {figures['p99_ms']:.1f} ms"
        )
    return 1 if arguments.min is not None and figures["share"] < arguments.min else 0


def _progress(done: int) -> None:
    print(f"\r{done}", end="", file=sys.stderr, flush=True)
