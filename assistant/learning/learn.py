"""All offline learners over a log, in one pass: signals, goals, chain, proposals, ledger."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from assistant.config import Learning
from assistant.learning.generalise import SubstitutionMiner
from assistant.learning.ledger import Changes, Ledger
from assistant.learning.logged import EPOCH, Logged, logged
from assistant.learning.miner import Limits, RewriteMiner
from assistant.learning.rephrase import Rephrase, RephraseDetector
from assistant.learning.retrieval import Proven
from assistant.learning.sessions import Goal, Segmenter
from assistant.store.items import Item
from assistant.turn import Signal, Turn


@dataclass(frozen=True, slots=True)
class Studied:
    """A log, understood: its goals, the signals and rephrases in it, what it proposes, and what goes well."""

    turns: int
    goals: list[Goal]
    signals: list[Signal]
    rephrases: list[Rephrase]
    proposals: list[Item]
    proven: Proven
    latest: datetime
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Report:
    """What learning did, for a person and for `report.json`. Times are in seconds."""

    turns: int
    goals: int
    reached: float
    defective: float
    signals: dict[str, int]
    changes: Changes
    seconds: dict[str, float]
    problems: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """A plain mapping."""
        changes = {name: getattr(self.changes, name) for name in Changes.__slots__}
        return {
            "turns": self.turns,
            "goals": self.goals,
            "goals_reached": round(self.reached, 2),
            "defective_turns": round(self.defective, 2),
            "signals": self.signals,
            "learned": changes,
            "skipped": len(self.problems),
            "problems": self.problems[:20],
            "seconds": self.seconds,
        }


def learn(turns: Iterable[Turn], ledger: Ledger, settings: Learning | None = None) -> Report:
    """Learn from a whole log (a store is one) and bring the ledger up to date. Learning twice changes nothing."""
    studied = study((logged(turn) for turn in turns), settings or Learning())
    changes = ledger.update(studied.proposals, studied.latest)
    ledger.keep_proven(studied.proven)
    return report(studied, changes)


def study(log: Iterable[Logged], settings: Learning) -> Studied:
    """Read a log; pure, nothing is kept."""
    seconds: dict[str, float] = {}
    began = time.perf_counter()
    kept = _orderly(log)
    seconds["read"] = _since(began)
    began = time.perf_counter()
    segmenter = Segmenter(detector=RephraseDetector().fit_log(kept))
    goals: list[Goal] = []
    signals: list[Signal] = []
    rephrases: list[Rephrase] = []
    for session in segmenter.sessions(kept):
        some, found, pairs = segmenter.goals(session)
        goals += some
        signals += found
        rephrases += pairs
    goals.sort(key=lambda goal: goal.attempts[0].time)
    seconds["signals"] = _since(began)
    began = time.perf_counter()
    miner = RewriteMiner(Limits(customers=settings.customers)).fit_goals(goals)
    proposals = miner.proposals()
    proposals += SubstitutionMiner(settings.customers, miner.households_).proposals(miner.episodes_, miner.uses_)
    seconds["rewrites"] = _since(began)
    newest = max((turn.time for turn in kept), default=0.0)
    latest = EPOCH + timedelta(seconds=newest)
    return Studied(len(kept), goals, signals, rephrases, proposals, Proven.of(miner.uses_), latest, seconds)


def report(studied: Studied, changes: Changes) -> Report:
    """The figures of a pass."""
    return Report(
        studied.turns,
        len(studied.goals),
        sum(goal.success for goal in studied.goals),
        sum(defect for goal in studied.goals for defect in goal.defects),
        dict(Counter(signal.kind for signal in studied.signals).most_common()),
        changes,
        studied.seconds,
    )


def _orderly(log: Iterable[Logged]) -> list[Logged]:
    """Every turn once, whatever the log repeats."""
    kept: dict[str, Logged] = {}
    for turn in log:
        kept.setdefault(turn.id, turn)
    return list(kept.values())


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 3)


def with_problems(found: Report, problems: Iterable[object]) -> Report:
    """The report with the lines that were skipped."""
    return replace(found, problems=[str(problem) for problem in problems])
