"""How fast what was learned is found, and how long the pass over the log takes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from assistant.learning.retrieval import Known, Proven, Requests
from assistant.nlu import corpus
from simulator.benchmarks.figures import Figure, quantile, timing

INDEXED = 100_000
LOGS = (100_000, 400_000)


def learner(_data: Path | None, seed: int) -> Iterator[Figure]:
    """Retrieval among many requests, and nightly learning at two sizes."""
    yield from _retrieval(seed)
    for turns in LOGS:
        yield nightly(turns, seed)


def _retrieval(seed: int) -> Iterator[Figure]:
    texts = _texts(INDEXED, seed)
    began = time.perf_counter()
    requests = Requests(Proven(tuple(Known(text, 5.0, 0.95, 5) for text in texts)))
    yield timing("learner", f"index of {INDEXED:,} requests made", [time.perf_counter() - began], "s")
    taken = []
    for text in texts[:: INDEXED // 400]:
        words = text.split()
        began = time.perf_counter()
        requests.find(" ".join(words[:1] + words[2:]), ("home", "ann"))
        taken.append(time.perf_counter() - began)
    yield timing("learner", "retrieved and ranked among them, a word missing", taken)
    yield Figure("learner", "the same, 99th percentile", f"{quantile(taken, 0.99) * 1e3:.3g} ms")


def _texts(count: int, seed: int) -> list[str]:
    """Different generated sentences; numbered where the generator repeats itself."""
    found = list(dict.fromkeys(example.text for example in corpus.generated(count // 2, seed=seed)))
    return [*found, *(f"{text} {number}" for number, text in enumerate(found))][:count]


def nightly(turns: int, seed: int) -> Figure:
    """One pass over a made-up log in a fresh process."""
    asked = [sys.executable, "-m", "simulator.benchmarks.nightly", "--turns", str(turns), "--seed", str(seed)]
    told = json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
    memory = f"{told['memory_mb']} MB, of which the log {told['of_which_the_log_mb']} MB; one run"
    return Figure("learner", f"pass over {turns:,} turns", f"{told['seconds']:.3g} s", memory, told)
