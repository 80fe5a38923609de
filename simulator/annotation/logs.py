"""Writes logs whose truth is known: `python -m simulator.annotation.logs tune --homes 8 --days 5 --out DIR`.

`turns.jsonl` is a log as `mynah turns export` writes it, `truth.jsonl` what was the matter with each of its turns. The
learner is given the first only.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from assistant.config import Learning, Settings
from assistant.nlu import Understander
from assistant.store.interchange import read, write
from assistant.turn import Turn
from simulator.annotation.people import JudgedLife, Keeper, Troubles, answered, truths
from simulator.annotation.truth import Truth
from simulator.people.household import Household
from simulator.people.population import load_population
from simulator.replay.stage import Stage
from simulator.study.run import START, Plan


@dataclass(frozen=True)
class Annotated:
    """The log of a population, and the truth by turn."""

    turns: list[Turn]
    truth: dict[str, Truth]


def annotated(plan: Plan, troubles: Troubles | None = None) -> Annotated:
    """Let the households of a plan live; nothing is learned meanwhile."""
    turns: list[Turn] = []
    truth: dict[str, Truth] = {}
    for some, about in households(plan, troubles or Troubles()):
        turns += some
        truth.update((each.turn, each) for each in about)
    return Annotated(turns, truth)


def households(plan: Plan, troubles: Troubles) -> Iterator[tuple[list[Turn], list[Truth]]]:
    """The turns of each household with their truth; ids carry the household's name."""
    understander = Understander.load()
    for number in range(plan.households):
        household = Household.of(plan.population, number, plan.seed)
        keeper = Keeper()
        settings = Settings(learning=Learning(household=household.id, promptly=False, questions=0))
        stage = Stage(household.home, START, None, number, settings, understander, [keeper])
        life = JudgedLife(stage, household, troubles)
        for day in range(plan.days):
            life.pass_day(START + timedelta(days=day))
        stage.close()
        chance = random.Random(f"{household.seed}|asked")
        known = truths(life, keeper.turns)
        turns = []
        for each in known:
            turn = replace(keeper.turns[each.turn], id=f"{household.id}/{each.turn}")
            turns.append(answered(turn, each.right, chance, troubles.asked))
        named = [
            replace(each, turn=f"{household.id}/{each.turn}", goal=f"{household.id}/{each.goal}") for each in known
        ]
        yield turns, named


def write_files(log: Annotated, out: Path) -> None:
    """The log and its truth, each in a file of its own."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / "turns.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in write(log.turns))
    with (out / "truth.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(each.as_json(), default=str) + "\n" for each in log.truth.values())


def read_files(folder: Path) -> Annotated:
    """What `write_files` wrote, so that people need not live again."""
    told = (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    truth = [Truth(**json.loads(line)) for line in told]
    return Annotated(read(folder / "turns.jsonl").turns, {each.turn: each for each in truth})


def lived_or_read(options: argparse.Namespace) -> Annotated:
    """The log that the options of a command name: read from files, or lived now."""
    if options.log:
        return read_files(options.log)
    return annotated(Plan(load_population(options.population), options.homes, options.days, options.seed))


def add_arguments(parser: argparse.ArgumentParser, population: str, homes: int, seed: int) -> None:
    """Which people live for how long, or where their log lies."""
    parser.add_argument("population", nargs="?", default=population)
    parser.add_argument("--homes", type=int, default=homes)
    parser.add_argument("--days", type=int, default=6)
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--log", type=Path, help="a folder that simulator.annotation.logs wrote, instead")


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser, "tune", 8, 7)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    found = lived_or_read(options)
    write_files(found, options.out)
    print(f"{len(found.turns)} turns of {options.homes} households in {options.out}")


if __name__ == "__main__":
    main()
