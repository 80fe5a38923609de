"""The simulated home by itself: how fast its time can pass, and what a thousand devices take."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from simulator.benchmarks.figures import Figure, timing
from simulator.benchmarks.start import resident
from simulator.clock import SteppedClock
from simulator.homes import load_home
from simulator.loopback import LoopbackBroker
from simulator.presence import Presence
from simulator.residents import Residents
from simulator.world import World

RUNS = 5
DAY = 86_400.0
START = datetime(2026, 3, 2)


def home_world(_data: Path | None, seed: int) -> Iterator[Figure]:
    """A day of each home, with residents; and the estate: time to be built and announced, and memory."""
    for name in ("cottage", "house", "estate"):
        days = [day(name, seed + run) for run in range(RUNS)]
        changes = sorted(count for _seconds, count in days)
        what = f"a simulated day of {name} with residents, processor time ({changes[0]} to {changes[-1]} changes)"
        yield timing("home", what, [seconds for seconds, _count in days], "s")
    built = [_estate() for _ in range(RUNS)]
    yield timing("home", "estate built: 1,000 devices from the seed", [each["built"] for each in built], "s")
    yield timing("home", "estate announced on a broker in the process", [each["announced"] for each in built], "s")
    most = max(each["megabytes"] for each in built)
    yield Figure("home", "memory of a process with the estate and its retained messages", f"{most:.0f} MB")


def day(name: str, seed: int) -> tuple[float, int]:
    """Seconds of the processor that a simulated day takes, and how many changes it has."""
    world = World(load_home(name), seed, SteppedClock(START))
    Residents(world)
    changes = 0

    def count(_change: object) -> None:
        nonlocal changes
        changes += 1

    world.watch(count)
    began = time.process_time()
    world.step(DAY)
    return time.process_time() - began, changes


def _estate() -> dict[str, float]:
    """Figures of a fresh process."""
    told = subprocess.run([sys.executable, "-m", __name__], check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(told.stdout)
    return answer


def measure_estate() -> dict[str, float]:
    """Build and announce the estate in this process: seconds for each, and megabytes resident in the end."""
    began = time.perf_counter()
    world = World(load_home("estate"), 0, SteppedClock(START))
    built = time.perf_counter()
    broker = LoopbackBroker()
    Presence(world, broker)
    announced = time.perf_counter()
    if len(broker.retained) < 3000:
        raise RuntimeError(f"only {len(broker.retained)} messages were retained")
    return {"built": built - began, "announced": announced - built, "megabytes": resident(os.getpid())}


if __name__ == "__main__":
    print(json.dumps(measure_estate()))
