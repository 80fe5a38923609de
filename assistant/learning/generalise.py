"""From episodes to substitutions: what parts of requests may be replaced, for whom, and how surely.

Served only where a request would fail as it is (`online.py`), so that one clear episode may help its speaker on the
next occasion. The bounds are those of whole rewrites (`miner.py`): opinions must agree, everybody's rules need several
people, and a rule that loses is retired by the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.learning.episodes import Episode, Person, Uses, opinions
from assistant.learning.ledger import SUBSTITUTION
from assistant.learning.miner import Scope, distinct
from assistant.learning.online import ANSWERED
from assistant.learning.posterior import beta_of
from assistant.learning.substitutions import Substitution, plain, substitutions
from assistant.learning.text import content, normal
from assistant.store.items import Beta, Item, ItemState, Layer

UNDONE = frozenset({"rejected", "failed", "unsupported", "asked"})
"""Outcomes of a first try after which one episode is enough."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A substitution in the episode that shows it."""

    what: Substitution
    episode: Episode


@dataclass(frozen=True)
class SubstitutionMiner:
    """Proposes substitutions. `customers` distinct people make one everybody's; `agreement` is a share, 0 to 1.

    `households` is how many there are in the log.
    """

    customers: int = 5
    households: int = 1
    agreement: float = 2 / 3

    def proposals(self, episodes: Sequence[Episode], uses: Uses) -> list[Item]:
        """One item for each part of a request and each person who replaced it, and those of everybody."""
        seen = [Seen(what, each) for each in episodes for what in _shown(each)]
        personal: dict[tuple[Person, str], list[Seen]] = defaultdict(list)
        pooled: dict[str, list[Seen]] = defaultdict(list)
        for each in seen:
            personal[each.episode.who, each.what.before].append(each)
            pooled[each.what.before].append(each)
        mine = (self._item(Scope(Layer.PERSONAL, *who), group, uses) for (who, _), group in personal.items())
        return [*mine, *self._everybodys(pooled, uses)]

    def _everybodys(self, pooled: dict[str, list[Seen]], uses: Uses) -> Iterator[Item]:
        for group in pooled.values():
            if distinct({each.episode.who for each in group}, self.households >= self.customers) >= self.customers:
                yield self._item(Scope(Layer.GLOBAL), _one_each(group), uses)

    def _item(self, scope: Scope, group: list[Seen], uses: Uses) -> Item:
        """The item for the target that most of the evidence has, the latest among equals."""
        votes = opinions((each.what.after, each.episode) for each in group)
        most = max(votes.values())
        what = next(each.what for each in reversed(group) if votes.get(each.what.after) == most)
        agreeing = [each for each in group if each.what == what]
        item = scope.item(what.before, what.after, [each.episode for each in agreeing], Beta(0.0, float(len(group))))
        item = replace(item, id=item.id.replace("r-", "s-", 1))
        applied = beta_of(uses.applied[item.id])
        item = replace(item, kind=SUBSTITUTION, applied=applied, reason=_reason(agreeing), confirm=False)
        if any(each.episode.first.decision == "confirm" for each in agreeing):
            item = replace(item, details={**item.details, ANSWERED: True})
        item = replace(item, score=round((len(agreeing) + applied.wins + 1) / (len(group) + applied.total + 2), 4))
        why = self._kept_back(agreeing, votes[what.after] / sum(votes.values()))
        if why is not None:
            return replace(item, reason=f"{item.reason}; kept back: {why}", details={**item.details, "kept_back": why})
        return replace(item, state=ItemState.ACTIVE if applied.wins >= 3 else ItemState.TRIAL)

    def _kept_back(self, agreeing: list[Seen], agreement: float) -> str | None:
        if agreement < self.agreement:
            return "opinions differ"
        if len(agreeing) == 1 and agreeing[0].episode.first.outcome not in UNDONE:
            return "seen only once"
        return None


def _shown(episode: Episode) -> Iterator[Substitution]:
    """The parts of requests that an episode shows; where none makes one of the other, the whole if they share a word.

    It is also learned as a rewrite of its own, which is used however the request would do without it, and so needs more
    evidence than a substitution, which helps only a request that fails.
    """
    before, after = episode.before, normal(episode.after)
    parts = substitutions(before, after)
    yield from (part for part in parts if part.before != before)
    made = any(part.apply(before) == plain(after) for part in parts if part.before != before)
    if not made and not set(content(before)).isdisjoint(content(after)):
        yield Substitution(before, after)


def _one_each(group: list[Seen]) -> list[Seen]:
    """The latest of each person for each target, so that nobody counts twice."""
    return list({(each.episode.who, each.what.after): each for each in group}.values())


def _reason(agreeing: list[Seen]) -> str:
    times = "once" if len(agreeing) == 1 else f"{len(agreeing)} times"
    last = agreeing[-1].episode
    return f'"{last.before}" was said again as "{last.after}" ({times} like this), and that worked'
