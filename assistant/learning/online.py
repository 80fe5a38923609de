"""Rewriting a request that was never heard before (self-learning.md 6): what its parts stand for, what it sounds like.

Candidates are made by substitutions, the person's own before everybody's; failing those, by retrieving requests that
went well and ranking them by likeness and success. What is only alike is asked about, unless it is very much so. The
trigger gate leaves alone every request that would go well as it is, and only what can be carried out comes out of it:
both are found by running the rest of the loop as far as its decision, without doing anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.learning.episodes import JOINT, ONLINE
from assistant.learning.guard import forbidden, risky
from assistant.learning.retrieval import Match, Requests
from assistant.learning.substitutions import Substitution, SubstitutionIndex
from assistant.learning.text import normal
from assistant.store.items import Item, ItemState, Layer
from assistant.turn import Ask, Confirm, Execute, Rewrite, Turn

MOST = 8
"""Candidates that are tried."""
DEEPEST = 2
"""Substitutions that may be made in one request."""
GOOD = 0.5
"""A candidate with a lower score is not used."""
FEW = 3
"""Retrieved requests that are tried."""
ALIKE = 0.62
"""A retrieved request with a lower score is not offered."""
SURE = 0.85
"""From this score on a retrieved request is carried out without a question."""
SPOKEN_TO = frozenset({"dialogue", "timer", "clock"})
"""Domains that need no device; a request of them is understood."""
Probe = Callable[[Turn], Turn]
Scope = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that the request may stand for, with the rules that lead to it. `score` is 0 to 1."""

    text: str
    rules: tuple[Item, ...]
    score: float

    @property
    def trial(self) -> bool:
        """Whether any of its rules is still on trial."""
        return any(rule.state is ItemState.TRIAL for rule in self.rules)

    def rewrite(self, said: str) -> Rewrite:
        """The candidate as the rewrite of a turn."""
        layer = max((rule.layer for rule in self.rules), key=lambda layer: layer is Layer.PERSONAL)
        because = "; ".join(rule.reason for rule in self.rules)
        id = JOINT.join(rule.id for rule in self.rules)
        confirm = risky(self.text) or any(rule.confirm for rule in self.rules)
        return Rewrite(id, said, self.text, layer.value, self.score, because, 1.0, confirm)


@dataclass(frozen=True, slots=True)
class Found:
    """A rewrite, and whether it is still on trial."""

    rewrite: Rewrite
    trial: bool


class OnlineRewriter:
    """Finds what a failing request stands for. `probe` runs a turn from understanding to decision, and does nothing."""

    def __init__(self, rules: Iterable[Item], requests: Requests, probe: Probe) -> None:
        self._probe = probe
        self._requests = requests
        scopes: dict[Scope, list[tuple[Substitution, Item]]] = {}
        for rule in rules:
            scope = (None, None) if rule.layer is Layer.GLOBAL else (rule.household, rule.speaker)
            scopes.setdefault(scope, []).append((Substitution(rule.before, rule.after), rule))
        self._indexes = {scope: SubstitutionIndex(pairs) for scope, pairs in scopes.items()}

    def find(self, turn: Turn) -> Found | None:
        """The rewrite that what was said needs; `None` where there is none, or none is needed."""
        said, who = normal(turn.said), (turn.context.household, turn.context.speaker)
        candidates = self.candidates(said, *who)
        if not (candidates or self._requests) or self._goes_well(turn):
            return None
        for candidate in candidates:
            rewrite = candidate.rewrite(turn.said)
            if candidate.score >= GOOD and self._goes_well(replace(turn, rewrite=rewrite)):
                return Found(rewrite, candidate.trial)
        for match in self._requests.find(said, who)[:FEW]:
            rewrite = _alike(match, turn.said)
            if match.score >= ALIKE and self._goes_well(replace(turn, rewrite=rewrite)):
                return Found(rewrite, trial=True)
        return None

    def candidates(self, said: str, household: str, speaker: str | None) -> list[Candidate]:
        """What a normal text may stand for, best first: the person's own rules win over everybody's."""
        scopes: tuple[Scope, ...] = ((household, speaker), (None, None))
        found: dict[str, Candidate] = {}
        layer = [Candidate(said, (), 1.0)]
        for _ in range(DEEPEST):
            layer = [each for one in layer for each in self._step(one, scopes) if each.text not in found][: 2 * MOST]
            found.update((each.text, each) for each in layer if forbidden(said, each.text) is None)
        return sorted(found.values(), key=_rank)[:MOST]

    def _step(self, one: Candidate, scopes: tuple[Scope, ...]) -> Iterator[Candidate]:
        """One more substitution; what a person's own rule replaces, everybody's rules leave alone."""
        own: set[str] = set()
        for scope in scopes:
            index = self._indexes.get(scope)
            for text, rule in index.find(one.text) if index else ():
                if rule.before not in own and rule not in one.rules:
                    yield Candidate(text, (*one.rules, rule), one.score * rule.score)
                if rule.layer is Layer.PERSONAL:
                    own.add(rule.before)

    def _goes_well(self, turn: Turn) -> bool:
        """Whether a turn would be understood in full and lead to something: a command, a question, an answer."""
        tried = self._probe(turn)
        parse = tried.parse
        if parse is None or not parse.intents or parse.unexplained:
            return False
        if parse.intents[0].domain in SPOKEN_TO:
            return turn.rewrite is None
        return isinstance(tried.decision, Execute | Ask | Confirm)


def _alike(match: Match, said: str) -> Rewrite:
    """The request that was found, as a rewrite that asks first unless it is very much like what was said."""
    whose = "you often say that" if match.own else f"{match.known.people} people say that"
    because = f'it sounds like "{match.known.text}", and {whose}'
    layer = Layer.PERSONAL if match.own else Layer.GLOBAL
    confirm = match.score < SURE or risky(match.known.text)
    return Rewrite(ONLINE, said, match.known.text, layer.value, round(match.score, 4), because, 1.0, confirm)


def _rank(candidate: Candidate) -> tuple[bool, float, int]:
    """Personal first, then by score; fewer changes where all is equal."""
    personal = any(rule.layer is Layer.PERSONAL for rule in candidate.rules)
    return not personal, -candidate.score, len(candidate.rules)
