"""Runs one arm: every household lives day after day, and at night the logs of all are learned from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from assistant.config import Learning, Settings
from assistant.learning.learn import study
from assistant.learning.logged import EPOCH, Logged, logged
from assistant.nlu import Understander
from assistant.observer import Observer
from assistant.store.items import Item, Layer
from assistant.turn import Turn
from simulator.people.household import Household, drifted
from simulator.people.life import Attempt, Life
from simulator.people.population import Population
from simulator.replay.stage import Stage
from simulator.study.arms import Arm
from simulator.study.judge import healthy

START = datetime(2026, 3, 2)
WINDOW = 28
"""Days of the log that learning looks back on."""
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a study is. The same seed gives the same people, homes and wishes in every arm."""

    population: Population
    households: int = 16
    days: int = 21
    seed: int = 7


@dataclass
class Log(Observer):
    """Collects a household's turns as its learner will see them, in their last version."""

    turns: dict[str, Logged] = field(default_factory=dict)

    def turn_changed(self, turn: Turn) -> None:
        """Keep the newest version."""
        self.turns[turn.id] = replace(logged(turn), id=f"{turn.context.household}/{turn.id}")

    def said(self, text: str) -> None:
        """Nothing to keep."""

    def phase_changed(self, phase: object) -> None:
        """Nothing to keep."""

    def home_changed(self, entity: str) -> None:
        """Nothing to keep."""


@dataclass
class Resident:
    """A household with its assistant."""

    household: Household
    stage: Stage
    life: Life
    log: Log


@dataclass(frozen=True)
class ArmResult:
    """The truth of an arm, and what it had learned in the end."""

    arm: str
    attempts: tuple[Attempt, ...]
    days: int
    live: tuple[Item, ...] = ()


def run_arm(plan: Plan, arm: Arm, progress: Progress = lambda _days: None) -> ArmResult:
    """Let all households live through the days of the plan; `progress` is told of every household's day."""
    understander = Understander.load()
    residents = [move_in(plan, arm, number, understander) for number in range(plan.households)]
    for day in range(plan.days):
        drift = plan.population.drift
        for resident in residents:
            if drift and day == drift.day:
                resident.household = drifted(resident.household, drift.share)
            resident.life.live(resident.household, START + timedelta(days=day))
            progress(1)
        if arm.layers:
            _learn(residents, arm, START + timedelta(days=day + 1))
    attempts = tuple(attempt for resident in residents for attempt in resident.life.attempts)
    live = {item.id: item for resident in residents for item in resident.stage.assistant.ledger.items() if item.live}
    for resident in residents:
        resident.stage.close()
    return ArmResult(arm.name, attempts, plan.days, tuple(live.values()))


def move_in(plan: Plan, arm: Arm, number: int, understander: Understander) -> Resident:
    """A household moves into its home, with an assistant that has learned nothing yet."""
    household = Household.of(plan.population, number, plan.seed)
    settings = Settings(learning=Learning(household=household.id, promptly=arm.promptly))
    log = Log()
    stage = Stage(household.home, START, None, number, settings, understander, [log])
    life = Life(stage, healthy if arm.layers else None, arm.oracle)
    return Resident(household, stage, life, log)


def lives(plan: Plan, arm: Arm, understander: Understander) -> Iterator[tuple[list[Logged], list[Attempt]]]:
    """The log of every household of a population, and the truth about it; at night nothing is learned."""
    for number in range(plan.households):
        resident = move_in(plan, arm, number, understander)
        for day in range(plan.days):
            resident.life.live(resident.household, START + timedelta(days=day))
        resident.stage.close()
        yield list(resident.log.turns.values()), resident.life.attempts


def _learn(residents: list[Resident], arm: Arm, now: datetime) -> None:
    """What happens at night: one pass over the logs of all, and every household gets what concerns it."""
    since = (now - timedelta(days=WINDOW) - EPOCH).total_seconds()
    log = [turn for resident in residents for turn in resident.log.turns.values() if turn.time >= since]
    studied = study(log, Learning())
    for resident in residents:
        home, ledger = resident.household.id, resident.stage.assistant.ledger
        items = [each for each in studied.proposals if each.layer in arm.layers and _concerns(each, home)]
        ledger.update(items, now)
        proven = studied.proven.of_household(home) if Layer.PERSONAL in arm.layers else studied.proven.of_household("")
        ledger.keep_proven(proven)


def _concerns(item: Item, household: str) -> bool:
    return item.layer is Layer.GLOBAL or item.household == household
