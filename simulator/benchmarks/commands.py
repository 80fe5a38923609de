"""Shares of the command benchmarks that are found in the data folder."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from assistant.nlu import Understander
from simulator.bench.items import load_items
from simulator.bench.run import Bench, summary
from simulator.benchmarks.figures import Figure, share
from simulator.benchmarks.peers import DATA, judged

OWN = ("everyday", "everyday2")
"""Sets that were written for this project, each before any of its sentences was tried."""
SETS = ("ha-assist", "ha-assist-mini", "ha-intents", "ha-questions", "ohf-intents-en")
LARGE = ("ha-device-actions", "ha-device-actions-v2")
"""Sets of which only a sample is run."""
SAMPLE = 300
SPLIT = ("ohf-intents-en", *LARGE)
"""Sets of which half was set aside: nobody looked at the failures there while building."""


def commands(data: Path | None, seed: int) -> Iterator[Figure]:
    """One figure for each set that is there."""
    understander = Understander.load()
    for name in OWN:
        yield from judged("commands", f"{name} (our own sentences)", load_items(DATA / f"{name}.jsonl"), understander)
    if data is None:
        return
    for name in (*SETS, *LARGE):
        path = data / f"{name}.jsonl"
        if not path.exists():
            continue
        items = load_items(path)
        what = name
        if name in LARGE and len(items) > SAMPLE:
            what = f"{name} (sample of {SAMPLE} from {len(items)})"
            items = random.Random(seed).sample(items, SAMPLE)
        results = Bench(items, data / "fixtures", understander).run()
        run = summary(items, results)
        held = [result.passed for item, result in zip(items, results, strict=True) if item.held_out]
        unseen = f"of those set aside {sum(held)} of {len(held)}; "
        times = f"{unseen if name in SPLIT else ''}turn median {run['median_ms']:.1f} ms, p99 {run['p99_ms']:.1f} ms"
        if name in LARGE:
            # These sets name no states: an intent counts as right even where the assistant then asks or declines.
            executed = sum(result.passed and result.decision == "execute" for result in results)
            times = f"only the intent is compared; {executed} of these executed; {times}"
        yield share("commands", what, run["passed"], run["items"], times)
