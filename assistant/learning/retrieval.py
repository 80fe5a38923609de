"""Requests that went well, to find the one that a failing request stands for (self-learning.md 6.1).

One index for everybody and one for each person. Retrieval is by the encoder's vectors over an approximate index (HNSW,
through usearch); ranking weighs likeness by letters and by sound with how often the candidate went well, the person's
own successes first, shrunk towards everybody's by how few they are.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from typing import Any

import numpy as np

from assistant.learning.encoder import DIMENSIONS, shipped
from assistant.learning.episodes import Person, Uses
from assistant.learning.guard import forbidden
from assistant.learning.posterior import beta_of
from assistant.learning.text import content, lexical, phonetic
from assistant.store.items import Beta

NEAREST = 20
"""Candidates from each index."""
LEAST = 0.7
"""How well a request must have gone, as a share of its uses, to be offered."""
SEEN = 0.8
"""How often, in (discounted) successes, a person's own request must have gone well."""
OWN = 1.0
"""k in w = n / (n + k): how many own successes weigh as much as what everybody does."""
RIVAL = 0.5
"""From this likeness on a person's own request has a say about the others."""
PEOPLE = 2
"""People (households, where there are several) who must have succeeded with a request before others are offered it."""


@dataclass(frozen=True, slots=True)
class Known:
    """A request (normal text) that went well: how often, for how many people, and what share of its uses."""

    text: str
    wins: float
    share: float
    people: int


@dataclass(frozen=True, slots=True)
class Match:
    """A known request that a text may stand for. `score` is 0 to 1; `own` tells that the person has used it."""

    known: Known
    score: float
    own: bool


@dataclass(frozen=True)
class Proven:
    """The requests that went well, for everybody and for each person."""

    everybody: tuple[Known, ...] = ()
    own: Mapping[Person, tuple[Known, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, uses: Uses) -> Proven:
        """From what came of every text said as it was; see `episodes.Uses`."""
        own: dict[Person, list[Known]] = defaultdict(list)
        everybody = []
        many = len({household for by_person in uses.plain.values() for household, _ in by_person}) > 1
        for text, by_person in uses.plain.items():
            betas = {who: beta_of(results) for who, results in by_person.items()}
            total = Beta(sum(each.wins for each in betas.values()), sum(each.losses for each in betas.values()))
            for who, beta in betas.items():
                if beta.wins >= SEEN and _share(beta) >= LEAST:
                    own[who].append(Known(text, beta.wins, _share(beta), 1))
            # where there are several households, one of them does not speak for the others (poisoning)
            enough = len({household for household, _ in betas} if many else betas) >= PEOPLE
            if enough and _share(total) >= LEAST:
                everybody.append(Known(text, total.wins, _share(total), len(betas)))
        return cls(tuple(everybody), {who: tuple(known) for who, known in own.items()})

    def of_household(self, household: str) -> Proven:
        """What one household may know: everybody's, and its own people's."""
        return Proven(self.everybody, {who: known for who, known in self.own.items() if who[0] == household})

    def as_json(self) -> dict[str, Any]:
        """A plain document, to be kept."""
        return {
            "everybody": [list(astuple(each)) for each in self.everybody],
            "own": [[*who, [list(astuple(each)) for each in known]] for who, known in self.own.items()],
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Proven:
        """The reverse of `as_json`."""
        own = {(home, who): tuple(Known(*each) for each in known) for home, who, known in told.get("own", ())}
        return cls(tuple(Known(*each) for each in told.get("everybody", ())), own)


def _share(beta: Beta) -> float:
    return round(beta.wins / beta.total, 4) if beta.total else 0.0


class Nearest:
    """The known requests of one scope, by likeness. The index is made when it is first needed, or by `prepare`."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.known = tuple(known)
        self._index: Any = None

    def prepare(self) -> None:
        """Make the index."""
        from usearch.index import Index

        self._index = Index(ndim=DIMENSIONS, metric="cos", dtype="f16")
        self._index.add(np.arange(len(self.known)), shipped().encode([each.text for each in self.known]))

    def find(self, vector: Any) -> list[Known]:
        """The nearest ones, nearest first."""
        if not self.known:
            return []
        if self._index is None:
            self.prepare()
        keys = self._index.search(vector, NEAREST).keys
        return [self.known[int(key)] for key in np.atleast_1d(np.asarray(keys))]


class Requests:
    """Finds what a text may stand for among the requests that are known to work."""

    def __init__(self, proven: Proven) -> None:
        self._everybody = Nearest(proven.everybody)
        self._own = {who: Nearest(known) for who, known in proven.own.items()}

    def __len__(self) -> int:
        return len(self._everybody.known) + sum(len(each.known) for each in self._own.values())

    def find(self, said: str, who: Person) -> list[Match]:
        """What a normal text may stand for, best first: likeness, raised by evidence.

        The evidence is w * own + (1 - w) * everybody's, with w = n / (n + k) and n the person's own successes with
        requests that are like it: who often asks for one is not given the other.
        """
        mine = self._own.get(who)
        if not len(self._everybody.known) and mine is None:
            return []
        vector = shipped().encode([said])[0]
        own = {each.text: each for each in mine.find(vector)} if mine else {}
        others = {each.text: each for each in self._everybody.find(vector)}
        texts = [text for text in own.keys() | others.keys() if text != said and forbidden(said, text) is None]
        alike = {text: likeness(said, text) for text in texts}
        used = sum(own[text].wins for text in texts if text in own and alike[text] >= RIVAL)
        weight = used / (used + OWN)
        matches = []
        for text in texts:
            evidence = weight * _evidence(own.get(text)) + (1 - weight) * _evidence(others.get(text))
            score = min(1.0, alike[text] * (0.85 + 0.15 * evidence))
            matches.append(Match(own.get(text) or others[text], score, text in own))
        return sorted(matches, key=lambda match: (-match.score, match.known.text))


def likeness(said: str, text: str) -> float:
    """How much a text explains what was said (0 to 1), by letters and by sound; each word said must find one like it.

    >>> likeness("open the garbage door", "open the garage door") > 0.9
    True
    >>> likeness("play we dont talk about bruno", "play we dont talk anymore") < 0.6
    True
    """
    alike = 0.5 * lexical(said, text) + 0.5 * phonetic(said, text)
    words = content(text)
    worst = min((max((phonetic(word, other) for other in words), default=0.0) for word in content(said)), default=0.0)
    return alike * (0.6 + 0.4 * worst)


def _evidence(known: Known | None) -> float:
    """0 for what nobody has done, near 1 for what goes well often."""
    return known.share * (1 - math.exp(-known.wins / 3)) if known else 0.0
