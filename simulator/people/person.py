"""One simulated person: how wishes are put into words, and how they are put again when it went wrong.

Rephrases follow Jiang, Jeng and He (SIGIR 2013): words are added, dropped, replaced or reordered, or the same words are
spoken with more care (phonetic).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from simulator.people.channel import Channel
from simulator.people.goals import Goal
from simulator.people.population import Population

Way = Literal["repeat", "reword", "rename", "explain"]
WAYS: tuple[Way, ...] = ("repeat", "reword", "rename", "explain")
FAVOURITE = 0.85
"""How often a person words the same wish in the usual way."""


@dataclass(frozen=True)
class Person:
    """A member of a household. `names` are what this person calls the devices, `full` their unmistakable names."""

    name: str
    household: str
    population: Population
    channel: Channel
    names: Mapping[str, str]
    full: Mapping[str, str]
    repertoire: tuple[Goal, ...]
    patience: int

    def goal(self, chance: random.Random, draw: Goal) -> Goal:
        """What this person wants now: something from the repertoire (the first ones most often), or `draw`."""
        if chance.random() < self.population.habitual:
            ranks = [1 / (1 + rank) for rank in range(len(self.repertoire))]
            return chance.choices(self.repertoire, ranks)[0]
        return draw

    def words(self, goal: Goal, chance: random.Random) -> str:
        """The wish in this person's words."""
        wording = self.usual(goal.verb)
        if chance.random() >= FAVOURITE:
            known = self.population.wordings[goal.verb]
            wording = chance.choice(known.plain)
        return filled(wording, self.names[goal.entity], goal.value)

    def usual(self, verb: str) -> str:
        """The favourite wording of a wish; decided once and for all by who it is."""
        chance = random.Random(f"{self.household}|{self.name}|{verb}")
        known = self.population.wordings[verb]
        odd = bool(known.odd) and chance.random() < self.population.odd
        return _zipf(known.odd if odd else known.plain, chance)

    def again(self, goal: Goal, before: str, attempt: int, chance: random.Random) -> tuple[str, bool]:
        """The wish in other words after `attempt` tries, and whether they are spoken with care.

        People first repeat themselves, later say plainly what they mean.
        """
        weights = (3, 3, 2, 1) if attempt == 1 else (1, 2, 3, 4)
        way = chance.choices(WAYS, weights)[0]
        if way == "repeat":
            return before, True
        plain = chance.choice(self.population.wordings[goal.verb].plain)
        if way == "reword":
            return filled(plain, self.names[goal.entity], goal.value), True
        if way == "rename":
            return filled(self.usual(goal.verb), self.full[goal.entity], goal.value), True
        return self.plainly(goal), True

    def plainly(self, goal: Goal) -> str:
        """The wish as the manual has it."""
        return filled(self.population.wordings[goal.verb].plain[0], self.full[goal.entity], goal.value)


def filled(wording: str, name: str, value: int | None) -> str:
    """A wording with the name of a thing and, where it has one, a value."""
    return wording.replace("<name>", name).replace("<value>", str(value))


def _zipf(options: tuple[str, ...], chance: random.Random) -> str:
    """One of the options, the first ones most often, as words are in a language."""
    return chance.choices(options, [1 / (1 + rank) for rank in range(len(options))])[0]
