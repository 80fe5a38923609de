"""`mynah bench commands FILE`: a command benchmark against a simulated home; `bench speech`: recognisers compared.

`bench interruptions`: people who speak over the assistant, and its own talk; `bench delays`: how long a person waits.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import numpy as np

from assistant.cli.common import add_json, print_json
from assistant.errors import UserError
from simulator.bench.items import load_items
from simulator.bench.run import Bench, summary

SEED = 11
DELAYS = ("end of speech to the command on the wire", "end of speech to the reply's sound", "of it, computing")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The benchmark and its homes."""
    parser.add_argument("what", choices=list(BENCHMARKS), help="which benchmark")
    parser.add_argument("file", metavar="FILE.jsonl", nargs="?", help="the items of `commands`")
    parser.add_argument("--fixtures", metavar="DIR", help="where the homes are (default: fixtures beside the file)")
    parser.add_argument("--min", type=float, metavar="SHARE", help="exit with 1 below this share (0 to 1)")
    parser.add_argument("--data", metavar="DIR", help="`speech`: a folder with picovoice-barista.jsonl and audio/")
    parser.add_argument(
        "--recognizer", choices=["both", "vosk", "pocketsphinx"], default="both", help="`speech`: which one listens"
    )
    parser.add_argument("--items", type=int, default=200, help="spoken commands of each kind (default: 200)")
    parser.add_argument(
        "--minutes", type=float, default=60, help="talk for nobody; of its own talk in `interruptions` (default: 60)"
    )
    parser.add_argument(
        "--hours", type=float, default=10, help="`speech`: other speech for the wake word (default: 10)"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the chosen benchmark; 1 when the share is below `--min`."""
    return BENCHMARKS[arguments.what](arguments)


def _speech(arguments: argparse.Namespace) -> int:
    """Every recogniser on the same recordings. Without `--data` only voices that are synthesised here."""
    from simulator.bench.speech import Plan, compare  # needs the synthesisers of the distribution
    from simulator.bench.waking import waking

    data = Path(arguments.data) if arguments.data else None
    names = ("pocketsphinx", "vosk") if arguments.recognizer == "both" else (arguments.recognizer,)
    plan = Plan(names, arguments.items, arguments.minutes)
    scores = []
    people = waking(data, arguments.hours, plan.seed) if data is not None else ()
    for score in chain(compare(data, plan), people):
        scores.append(dataclasses.asdict(score) | {"interval": score.interval})
        if not arguments.json:
            low, high = score.interval
            print(
                f"{score.test:<66} {score.recognizer:<16} {score.right:>4} of {score.items:>4}  {score.share:6.1%}"
                f" ({low:.1%} to {high:.1%})  real-time factor {score.real_time:.3f}",
                flush=True,
            )
    if arguments.json:
        print_json({"scores": scores})
    return 0


def _interruptions(arguments: argparse.Namespace) -> int:
    """Every echo and loudspeaker."""
    from simulator.bench.interruptions import Interruptions, interruptions  # needs the synthesisers

    found = []
    for each in interruptions(arguments.items, arguments.minutes, SEED):
        found.append(dataclasses.asdict(each))
        if arguments.json:
            continue
        if isinstance(each, Interruptions):
            median, late = each.silent_after
            told = f"{each.noticed} of {each.tried} noticed in time, silent after {median:.2f} s (95 %: {late:.2f} s), "
            told += f"{each.understood} understood word for word"
        else:
            told = f"{each.minutes:.1f} minutes of its own talk: {each.paused} pauses, {each.stopped} replies given up"
        print(f"{each.test:<38} {told}", flush=True)
    if arguments.json:
        print_json({"interruptions": found})
    return 0


def _delays(arguments: argparse.Namespace) -> int:
    """Medians and what 95 % stay below."""
    from simulator.bench.delays import Delay, delays  # needs the synthesisers

    found = [dataclasses.asdict(each) for each in delays(arguments.items, SEED)]
    if arguments.json:
        print_json({"delays": found})
        return 0
    print(f"{len(found)} of {arguments.items} spoken requests sent a command")
    for name, told in zip((field.name for field in dataclasses.fields(Delay)), DELAYS, strict=True):
        median, late = np.quantile([each[name] for each in found], (0.5, 0.95))
        print(f"{told:<52} median {median * 1000:4.0f} ms, 95 % below {late * 1000:4.0f} ms")
    return 0


def _commands(arguments: argparse.Namespace) -> int:
    """The items of a file."""
    if arguments.file is None:
        raise UserError("bench commands: the file with the items is missing")
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


BENCHMARKS: dict[str, Callable[[argparse.Namespace], int]] = {
    "commands": _commands,
    "speech": _speech,
    "interruptions": _interruptions,
    "delays": _delays,
}
