"""What a recogniser makes of what a person says: real confusions, drawn for a simulated person.

The table holds what real recognisers made of real people's words (`harvest.py`). A person has words of their own that
are nearly always misheard in the same way (an accent), and any known word is misheard now and then.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant.errors import UserError
from assistant.turn import Hypothesis

HABITUAL = 0.85
"""How often a word that is steadily misheard is so."""
CAREFUL = 0.35
"""What is left of mishearing when somebody speaks with care (hyper-articulation)."""
SECOND = 0.4
"""How often what was really said is the second of the recogniser's guesses."""


@dataclass(frozen=True)
class Confusions:
    """What is taken for what: each word with its mishearings and how often each was seen."""

    table: Mapping[str, tuple[tuple[str, int], ...]]

    @classmethod
    def load(cls, path: Path) -> Confusions:
        """Read a table of `said<TAB>heard<TAB>count`. Raises `UserError` naming the line."""
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise UserError(f"{path}: can't be read: {error.strerror}") from None
        for number, line in enumerate(lines, 1):
            if not line or line.startswith("#"):
                continue
            try:
                said, heard, count = line.split("\t")
                found[said].append((heard, int(count)))
            except ValueError:
                raise UserError(f"{path}, line {number}: expected said, heard and count, with tabs between") from None
        return cls({said: tuple(each) for said, each in found.items()})

    def draw(self, word: str, chance: random.Random) -> str:
        """What a word is misheard as."""
        heard = self.table[word]
        return chance.choices([text for text, _ in heard], [count for _, count in heard])[0]

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that have been misheard."""
        return frozenset(self.table)


@dataclass(frozen=True)
class Channel:
    """One person's way through the recogniser. `mishearing` and `steady` are probabilities per word."""

    confusions: Confusions
    person: str
    mishearing: float
    steady: float

    def _habit(self, word: str) -> str | None:
        """What this person's word is nearly always taken for, if it is; decided once and for all by who it is."""
        chance = random.Random(f"{self.person}|{word}")
        if word not in self.confusions.words or chance.random() >= self.steady:
            return None
        return self.confusions.draw(word, chance)

    def hear(self, text: str, chance: random.Random, careful: bool = False) -> tuple[Hypothesis, ...]:
        """The recogniser's guesses at `text`, best first."""
        care = CAREFUL if careful else 1.0
        heard = [self._word(word, chance, care) for word in text.lower().split()]
        best = " ".join(word for word in heard if word)
        if best == text.lower():
            return (Hypothesis(best, round(chance.betavariate(9, 1.5), 3)),)
        first = Hypothesis(best, round(chance.betavariate(6, 3), 3))
        if chance.random() < SECOND:
            return first, Hypothesis(text.lower(), round(first.confidence * chance.uniform(0.4, 0.9), 3))
        return (first,)

    def _word(self, word: str, chance: random.Random, care: float) -> str:
        habit = self._habit(word)
        if habit is not None:
            return habit if chance.random() < HABITUAL * care else word
        if word in self.confusions.words and chance.random() < self.mishearing * care:
            return self.confusions.draw(word, chance)
        return word
