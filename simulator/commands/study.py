"""`mynah study`: simulated households with and without learning, side by side."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import queue
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.cli.common import add_json, print_json
from assistant.errors import UserError
from simulator.people.population import load_population
from simulator.study.arms import ARMS, Arm
from simulator.study.measure import findings
from simulator.study.report import as_json, table, write
from simulator.study.run import ArmResult, Plan, run_arm


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who takes part, for how long, and which arms."""
    parser.add_argument("population", help="a bundled population (tune, test, drift), a YAML file, or teaching")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--homes", type=int, default=12, help="households in each arm (default 12)")
    parser.add_argument("--days", type=int, default=14, help="simulated days (default 14)")
    parser.add_argument("--arms", nargs="+", choices=[arm.name for arm in ARMS], metavar="ARM", help="default: all")
    parser.add_argument("--out", type=Path, help="folder for study.json, truth.jsonl and study.png")
    parser.add_argument("--split", choices=["tune", "test"], default="test", help="teaching: whose figures")
    parser.add_argument("--scale", type=float, default=1.0, help="teaching: how much of everything (default 1)")
    parser.add_argument("--data", type=Path, help="teaching: a folder with picovoice-barista.jsonl and audio/")
    parser.add_argument("--only", nargs="+", metavar="SECTION", help="teaching: some sections alone")
    add_json(parser)


def _teaching(arguments: argparse.Namespace) -> int:
    """The figures of teaching; 1 where one misses its bar."""
    from simulator.study.teaching.study import Size, run, sections

    if not 0 < arguments.scale <= 100:
        raise UserError(f"--scale is between 0 and 100, not {arguments.scale:g}")
    known = sections(arguments.split, arguments.seed, Size().times(arguments.scale), arguments.data)
    if unknown := set(arguments.only or ()) - known.keys():
        raise UserError(f"no section {sorted(unknown)[0]!r}; there are: {', '.join(known)}")
    chosen = {name: section for name, section in known.items() if not arguments.only or name in arguments.only}
    found = dict(run(chosen, os.cpu_count() or 1))
    figures = [figure for section in found.values() for figure in section]
    if arguments.json:
        print_json({"split": arguments.split, "seed": arguments.seed, "figures": [asdict(each) for each in figures]})
    else:
        for each in figures:
            print(f"{'ok  ' if each.holds else 'MISS'} {each.name} [{each.bar or '-'}]: {each.says}", flush=True)
    return 0 if all(each.holds for each in figures) else 1


def run(arguments: argparse.Namespace) -> int:
    """Run all arms, on as many cores as there are, and report."""
    if arguments.population == "teaching":
        return _teaching(arguments)
    if arguments.homes < 1 or arguments.days < 1:
        raise UserError("a study needs at least one home and one day")
    plan = Plan(load_population(arguments.population), arguments.homes, arguments.days, arguments.seed)
    arms = [arm for arm in ARMS if not arguments.arms or arm.name in arguments.arms]
    results = run_arms(plan, arms)
    found = findings(results)
    if arguments.out:
        write(arguments.out, plan, results, found)
    if arguments.json:
        print_json(as_json(plan, found))
    else:
        console = Console()
        console.print(table(found))
        console.print(f"{plan.population.name}: {plan.households} households, {plan.days} days, seed {plan.seed}; ")
        console.print("intervals: 95 %, bootstrap over households", style="dim")
    return 0


def run_arms(plan: Plan, arms: list[Arm]) -> list[ArmResult]:
    """All arms side by side, with progress on stderr."""
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(os.cpu_count(), context) as pool:
        ticks: queue.Queue[tuple[str, int]] = manager.Queue()
        futures = [pool.submit(_arm, plan, arm, ticks.put) for arm in arms]
        try:
            _watch(plan, arms, futures, ticks)
            return [future.result() for future in futures]
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _arm(plan: Plan, arm: Arm, put: Callable[[tuple[str, int]], None]) -> ArmResult:
    return run_arm(plan, arm, lambda days: put((arm.name, days)))


def _watch(plan: Plan, arms: list[Arm], futures: list[Future[ArmResult]], ticks: queue.Queue[tuple[str, int]]) -> None:
    columns = (TextColumn("{task.description:9}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks = {arm.name: progress.add_task(arm.name, total=plan.households * plan.days) for arm in arms}
        while not all(future.done() for future in futures) or not ticks.empty():
            try:
                name, days = ticks.get(timeout=0.2)
            except queue.Empty:
                continue
            progress.advance(tasks[name], days)
