"""Faults that come by themselves: at random, so many a day, or by a plan in a file."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import UserError
from devices.traits import as_number
from simulator.faults import KINDS, Duration, FaultKind
from simulator.homes.lines import Document, did_you_mean
from simulator.homes.model import HomeFile
from simulator.world import World

DAY = 86_400.0
MEDIAN = 180.0
"""Seconds that half of the random faults last at most."""
SPREAD = 1.0
"""Of their logarithm: one in six lasts more than eight minutes."""
MOST = 1000.0
"""The highest rate, in faults per device and day."""


class Planned(BaseModel):
    """One fault of a plan: when after the start, which device, what, and for how long."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Duration = 0.0
    entity: str
    kind: FaultKind
    duration: Duration | None = Field(None, alias="for")


class PlanFile(BaseModel):
    """A whole plan: faults at their times, and others at random."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rate: float = Field(0.0, ge=0, le=MOST)
    kinds: tuple[FaultKind, ...] = Field(tuple(kind for kind in KINDS if kind != "none"), min_length=1)
    faults: tuple[Planned, ...] = ()


def read_plan(given: str, home: HomeFile) -> PlanFile:
    """A plan from a rate (faults per device and day) or a file. Raises `UserError` with file and line.

    >>> from simulator.homes import load_home
    >>> read_plan("0.5", load_home("cottage")).rate
    0.5
    """
    rate = as_number(given)
    if rate is not None:
        if not 0 <= rate <= MOST:
            raise UserError(f"a rate of faults is 0 to {MOST:g} per device and day, not {given}")
        return PlanFile(rate=rate)
    document = Document(Path(given))
    document.data = {} if document.data is None else document.data
    plan = document.validated(PlanFile)
    known = {spec.entity for spec in home.devices}
    for index, fault in enumerate(plan.faults):
        if fault.entity not in known:
            told = f"{home.id} has no {fault.entity!r}{did_you_mean(fault.entity, known)}"
            raise document.error(("faults", index, "entity"), told)
    return plan


@dataclass(frozen=True)
class Troubles:
    """A plan at work in a world. The random ones are drawn from the world's seed."""

    world: World
    plan: PlanFile

    def begin(self) -> None:
        """Arrange what is planned, and the first of what comes at random."""
        for fault in self.plan.faults:
            self.world.after(fault.after, lambda fault=fault: self._strike(fault))  # type: ignore[misc]
        if self.plan.rate > 0 and self.world.devices:
            self._next(random.Random(f"{self.world.seed} faults"))

    def _strike(self, fault: Planned) -> None:
        self.world.fault(fault.entity, fault.kind, fault.duration)

    def _next(self, draw: random.Random) -> None:
        """Faults come independently of each other, so that the time between two is exponential."""
        wait = draw.expovariate(self.plan.rate * len(self.world.devices) / DAY)
        entity, kind = draw.choice(list(self.world.devices)), draw.choice(self.plan.kinds)
        lasts = MEDIAN * draw.lognormvariate(0.0, SPREAD)

        def strike() -> None:
            self.world.fault(entity, kind, lasts)
            self._next(draw)

        self.world.after(wait, strike)
