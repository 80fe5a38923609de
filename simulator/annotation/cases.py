"""Logs with their truth as a learner's examples: what is seen of every turn, and what was the matter with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan
from random import Random

from assistant.config import Learning
from assistant.learning.labelling.dialogues import Dialogues, from_log
from assistant.learning.labelling.evidence import SORRY, Numbers, Seen, evidence
from assistant.learning.labelling.phrasebook import FEATURES as WORDING
from assistant.learning.labelling.whatif import QUESTIONS
from assistant.learning.learn import study
from assistant.learning.logged import logged
from assistant.nlu import Understander
from assistant.turn import Turn
from simulator.annotation.logs import Annotated
from simulator.annotation.truth import Truth

FOLLOWING = "the turns after"
"""What every log tells."""
FIELDS: Mapping[str, Callable[[str], bool]] = {
    "wake score": lambda name: name == "wake",
    "confidences": lambda name: name in {"heard", "guesses", "margin", "read", "resolved"} or name.endswith("_surer"),
    "replies": lambda name: name in {f"says_{each}" for each in SORRY},
    "states": lambda name: name in {"changed", "own_changed"},
    "interruptions, hands, answers": lambda name: name in {"barge_in", "by_hand", "other_by_hand", "feedback"},
    "outcomes and decisions": lambda name: name.startswith(("outcome_", "decision_")),
    "trying again": lambda name: name in {f"whatif_{each}" for each in QUESTIONS},
    "wake score and confidences": lambda name: name in {"wake", "heard", "margin"} or name.endswith("_surer"),
    "a long log": lambda name: name in WORDING,
    FOLLOWING: lambda name: name.startswith("next"),
}
"""Groups of numbers that a log may lack, by what has to be logged for them."""
LACKING = (0.25, 0.8)
"""How often each group is missing from the other copies of an example: some of them, nearly all of them."""


@dataclass(frozen=True)
class Case:
    """One turn: what is seen of it, the numbers of that, the truth, and whether a new goal begins with it."""

    seen: Seen
    numbers: Numbers
    truth: Truth
    begins: bool = True


def cases(log: Annotated, understander: Understander) -> list[Case]:
    """Every turn of a log, person by person and in order of time."""
    dialogues = look(log.turns)
    found: list[Case] = []
    for seen in dialogues.look(from_log(log.turns, understander)):
        truth = log.truth[seen.turn.id]
        last = found[-1] if found and found[-1].seen.logged.who == seen.logged.who else None
        begins = last is None or last.truth.goal != truth.goal
        found.append(Case(seen, evidence(seen), truth, begins))
    return found


def requests(known: Sequence[Case]) -> list[Case]:
    """The cases without answers to questions: what an answer fails of is what the request before it failed of."""
    return [case for case in known if case.truth.kind != "answer"]


def look(turns: Sequence[Turn]) -> Dialogues:
    """A log with its goals."""
    log = [logged(turn) for turn in turns]
    return Dialogues.of(turns, log, study(log, Learning()))


def without(numbers: Numbers, lacking: Callable[[str], bool]) -> Numbers:
    """The numbers of a turn when the log does not tell some of them."""
    return {name: nan if lacking(name) else value for name, value in numbers.items()}


def poorer(known: Sequence[Case], seed: int = 0) -> list[Case]:
    """The same cases as logs that lack something would show them, so that a model learns to do without."""
    chance = Random(f"poorer|{seed}")
    found = []
    for often in LACKING:
        for case in known:
            numbers = case.numbers
            for name, lacks in FIELDS.items():
                if chance.random() < often and name != FOLLOWING:
                    numbers = without(numbers, lacks)
            found.append(replace(case, numbers=numbers))
    return found
