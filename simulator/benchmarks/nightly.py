"""The pass over a whole log, in a process of its own: `python -m simulator.benchmarks.nightly --turns 1000000`.

The log is made up: people of many households who say what people say to a home, some of it in vain and then otherwise.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Iterator

from assistant.config import Learning
from assistant.learning.learn import study
from assistant.learning.logged import Logged

ROOMS = ("kitchen", "bedroom", "garage", "hall", "office", "bathroom", "attic", "garden", "study", "nursery")
THINGS = ("light", "lamp", "fan", "blinds", "heater", "radio")
MISHEARD = {"garage": "garbage", "kitchen": "kitten", "hall": "haul", "attic": "addict", "study": "steady"}
HOUSEHOLD = 500
"""Turns of one household in the log."""


def main() -> None:
    """Learn from so many turns; prints seconds, peak memory in MB and what was learned, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    began = time.perf_counter()
    log = list(made_up(options.turns, options.seed))
    made = time.perf_counter() - began
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.perf_counter()
    studied = study(log, Learning())
    seconds = time.perf_counter() - began
    json.dump(
        {
            "turns": len(log),
            "seconds": round(seconds, 2),
            "making_it_up": round(made, 2),
            "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "of_which_the_log_mb": round(before),
            "items": len(studied.proposals),
            "live": sum(item.live for item in studied.proposals),
            "parts": studied.seconds,
        },
        sys.stdout,
    )
    print()


def made_up(turns: int, seed: int) -> Iterator[Logged]:
    """So many turns, a tenth of them in vain and said again."""
    chance = random.Random(seed)
    number = 0
    while number < turns:
        household = f"h{number // HOUSEHOLD}"
        speaker = chance.choice(("ann", "ben"))
        when = (number % HOUSEHOLD) * 3000.0 + chance.uniform(0, 2000)
        room, thing, way = chance.choice(ROOMS), chance.choice(THINGS), chance.choice(("on", "off"))
        right = f"turn {way} the {room} {thing}"
        if room in MISHEARD and chance.random() < 0.2:
            yield _turn(number, household, speaker, when, right.replace(room, MISHEARD[room]), None, thing, "rejected")
            number += 1
            when += 7.0
        yield _turn(number, household, speaker, when, right, f"light.turn_{way}", f"{room}_{thing}", "done")
        number += 1


def _turn(
    number: int, household: str, speaker: str, when: float, said: str, intent: str | None, name: str, outcome: str
) -> Logged:
    state = f"{intent}|name={name}" if intent else said
    entities = (f"light.{name}",) if intent else ()
    decision = "execute" if intent else "refuse"
    return Logged(
        f"t{number}", household, speaker, when, said, said, said, state, intent, {"name": name} if intent else {},
        entities, decision, outcome, None, (), None, 0.9, None, False, False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
