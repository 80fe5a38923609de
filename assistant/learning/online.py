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
ANSWERED = "answered"
"""The detail of a substitution that somebody said yes to when asked."""
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

    def rewrite(self, said: str) -> Rewrite:
        """The candidate as the rewrite of a turn."""
        layer = max((rule.layer for rule in self.rules), key=lambda layer: layer is Layer.PERSONAL)
        because = "; ".join(rule.reason for rule in self.rules)
        id = JOINT.join(rule.id for rule in self.rules)
        confirm = risky(self.text) or any(rule.confirm for rule in self.rules)
        return Rewrite(id, said, self.text, layer.value, self.score, because, 1.0, confirm)


@dataclass(frozen=True, slots=True)
class Found:
    """A rewrite, and the rules that it rests on; none where it was found by likeness."""

    rewrite: Rewrite
    rules: tuple[Item, ...] = ()

    def left_out(self, explore: float) -> float:
        """The share of the requests that are to be left as they were said, to see what happens without the rules.

        Everybody's rules on trial are left out twice as often. What somebody has just corrected is not left to fail
        again at once: a person's own rules are left out only once they have proved themselves.
        """
        trial = {rule.layer for rule in self.rules if rule.state is ItemState.TRIAL}
        if Layer.PERSONAL in trial:
            return 0.0
        return min(0.5, explore * (2 if trial else 1))


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
        candidates = [each for each in self.candidates(said, *who) if each.score >= GOOD]
        if not candidates and not self._requests:
            return None
        alone = self._probe(turn)
        options = alone.decision.options if _goes_well(alone) and isinstance(alone.decision, Ask) else ()
        if _goes_well(alone) and not (options and candidates):
            return None
        for candidate in candidates:
            rewrite = candidate.rewrite(turn.said)
            tried = self._probe(replace(turn, rewrite=rewrite))
            if _goes_well(tried):
                # asked whether or which of them is meant, the person can say so as well; but once is enough
                offered = set(options) & set(tried.entities) or (tried.commands and _deeds(tried) == _deeds(alone))
                answered = any(rule.details.get(ANSWERED) for rule in candidate.rules)
                return None if offered and not answered else Found(rewrite, candidate.rules)
        return None if options or alone.commands else self._alike(turn, said, who)

    def _alike(self, turn: Turn, said: str, who: Scope) -> Found | None:
        """A request that went well and is like what was said."""
        household, speaker = who
        for match in self._requests.find(said, (household or "", speaker))[:FEW]:
            rewrite = _as_rewrite(match, turn.said)
            if match.score >= ALIKE and _goes_well(self._probe(replace(turn, rewrite=rewrite))):
                return Found(rewrite)
        return None

    def helps(self, turn: Turn, rewrite: Rewrite) -> bool:
        """Whether a rewrite of the whole request leads to something, and to something else than the request itself."""
        tried = self._probe(replace(turn, rewrite=rewrite))
        if not _goes_well(tried):
            return False
        alone = self._probe(turn)
        return not tried.commands or not _goes_well(alone) or _deeds(tried) != _deeds(alone)

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


def _goes_well(tried: Turn) -> bool:
    """Whether a turn would be understood in full and lead to something: a command, a question, an answer."""
    parse = tried.parse
    if parse is None or not parse.intents or parse.unexplained:
        return False
    if parse.intents[0].domain in SPOKEN_TO:
        return tried.rewrite is None
    return isinstance(tried.decision, Execute | Ask | Confirm)


def _deeds(tried: Turn) -> list[tuple[str, str]]:
    """What would be done, whatever the order."""
    return sorted((command.entity, repr(sorted(command.value.items()))) for command in tried.commands)


def _as_rewrite(match: Match, said: str) -> Rewrite:
    """The request that was found, as a rewrite that asks first unless it is very much like what was said."""
    whose = "you often say that" if match.own else f"{match.known.people} people say that"
    because = f'it sounds like "{match.known.text}", and {whose}'
    layer = Layer.PERSONAL if match.own else Layer.GLOBAL
    confirm = match.score < SURE or risky(match.known.text)
    return Rewrite(ONLINE, said, match.known.text, layer.value, round(match.score, 4), because, 1.0, confirm)


def _rank(candidate: Candidate) -> tuple[bool, int, float, int]:
    """Personal first; phrases before frames, which fit more; then by score; fewer changes where all is equal."""
    personal = any(rule.layer is Layer.PERSONAL for rule in candidate.rules)
    frames = sum(Substitution(rule.before, rule.after).frame for rule in candidate.rules)
    return not personal, frames, -candidate.score, len(candidate.rules)
