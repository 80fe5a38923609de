"""From episodes and the chain to proposals: which rewrites may be made, for whom, and how surely.

Acceptance (self-learning.md 3.1 (7), 13), over all evidence for and against:

* Personal: two agreeing episodes of one speaker, or one strong one (`episodes.is_strong`), and the same words are not
  usually healthy for that speaker: P(theta_after > theta_before + margin) >= `personal_sure`.
* Global: the target of the Markov chain, support from `customers` distinct people, one person's part capped; on trial
  from P >= `global_sure` on; active when also LCB95(after) - UCB95(before) > margin with twice as many sessions.
* Never an opposite, a changed number or condition; to what opens, unlocks or heats only with a question first.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.learning.chain import MarkovChain, Target
from assistant.learning.episodes import Episode, Person, Uses, episodes, grouped, opinions
from assistant.learning.guard import forbidden, risky, slot_conflict
from assistant.learning.ledger import REWRITE
from assistant.learning.posterior import beats, beta_of, bounds, plus
from assistant.learning.sessions import Goal
from assistant.learning.text import normal
from assistant.store.items import Beta, Item, ItemState, Layer

EVIDENCE = 50
"""Turns that an item names as its evidence, at most."""
CAP = 5
"""What one person's uses of a text count for, at most, where all people's are pooled."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a proposal is good enough. Shares are probabilities (0 to 1); `customers` counts distinct people."""

    customers: int = 5
    margin: float = 0.05
    personal_sure: float = 0.8
    global_sure: float = 0.8
    active_sure: float = 0.9
    agreement: float = 2 / 3
    entropy: float = 0.7


@dataclass
class RewriteMiner:
    """Proposes rewrites. After `fit_goals`: `chain_`, `uses_`, `episodes_`, `households_` (how many)."""

    limits: Limits = field(default_factory=Limits)
    chain: MarkovChain = field(default_factory=MarkovChain)

    def fit_goals(self, goals: Sequence[Goal]) -> RewriteMiner:
        """Read the evidence."""
        self.chain_ = self.chain.fit_goals(goals)
        self.uses_ = Uses()
        for goal in goals:
            self.uses_.add(goal)
        self.episodes_ = list(episodes(goals))
        self.households_ = len({goal.attempts[0].household for goal in goals})
        return self

    def proposals(self) -> list[Item]:
        """All rewrites that have any evidence; those below the limits are in shadow."""
        found: dict[str, Item] = {}
        for item in (*self._personal(), *self._global()):
            found[item.id] = item
        return _without_chains(list(found.values()))

    # -- one speaker -----------------------------------------------------------------------------------------------

    def _personal(self) -> Iterator[Item]:
        for (who, before), group in grouped(self.episodes_).items():
            yield self._for_one(who, before, group)

    def _for_one(self, who: Person, before: str, group: list[Episode]) -> Item:
        """A rewrite for one speaker, or for the people of a household who are not told apart."""
        votes = opinions((episode.state, episode) for episode in group)
        most = max(votes.values())
        state = next(episode.state for episode in reversed(group) if votes.get(episode.state) == most)
        agreeing = [episode for episode in group if episode.state == state]
        count, agreement = len(agreeing), most / sum(votes.values())
        after = agreeing[-1].after
        plain = beta_of(self.uses_.plain[before].get(who, ()))
        target = beta_of((episode.last.time, 0.0) for episode in agreeing)
        target = plus(target, self._target_uses(state, who, agreeing))
        item = Scope(Layer.PERSONAL, *who).item(before, after, agreeing, plain)
        applied = beta_of(self.uses_.applied[item.id])
        sure = beats(plus(target, applied), plain, self.limits.margin)
        item = replace(item, applied=applied, score=round(sure, 4))
        conflict = _conflict(agreeing[-1], after)
        strong = count == 1 and agreeing[0].strong and plain.wins < 0.5 and len(group) == 1
        enough = strong or (count >= 2 and sure >= self.limits.personal_sure)
        if conflict or agreement < self.limits.agreement or not enough:
            why = conflict or ("opinions differ" if agreement < self.limits.agreement else _waiting(count, plain))
            return replace(item, reason=f"{item.reason}; kept back: {why}", details={**item.details, "kept_back": why})
        state_now = ItemState.ACTIVE if applied.wins >= 3 and sure >= self.limits.active_sure else ItemState.TRIAL
        reason = f"{item.reason}, clearly misheard" if strong else item.reason
        return replace(item, state=state_now, reason=reason)

    def _target_uses(self, state: str, who: Person, agreeing: list[Episode]) -> Beta:
        """How the target does when this person asks for it outright; the episodes themselves are counted elsewhere."""
        times = {episode.last.time for episode in agreeing}
        uses = self.uses_.states[state].get(who, ())
        return _capped(beta_of(use for use in uses if use[0] not in times), CAP)

    # -- everybody -------------------------------------------------------------------------------------------------

    def _global(self) -> Iterator[Item]:
        tried: dict[str, list[Episode]] = defaultdict(list)
        for episode in self.episodes_:
            tried[episode.before].append(episode)
        for before, group in tried.items():
            if self._customers(group) < self.limits.customers:
                continue
            target = self.chain_.predict_one(before)
            if target is not None and target.text != before:
                yield self._for_all(before, target, group)

    def _for_all(self, before: str, target: Target, group: list[Episode]) -> Item:
        agreeing = [episode for episode in group if episode.state == target.state] or group
        after = next((episode.after for episode in agreeing if normal(episode.after) == target.text), target.text)
        plain = self._pooled(self.uses_.plain[before])
        reached = self._pooled(self.uses_.states[target.state])
        item = Scope(Layer.GLOBAL).item(before, after, agreeing, plain)
        applied = beta_of(self.uses_.applied[item.id])
        sure = beats(plus(reached, applied), plain, self.limits.margin)
        item = replace(item, applied=applied, score=round(sure, 4), customers=self._customers(agreeing))
        conflict = _conflict(agreeing[-1], after)
        if target.entropy > self.limits.entropy and len(agreeing) < self.limits.agreement * len(group):
            conflict = conflict or "people mean different things by it"
        if conflict or item.customers < self.limits.customers or sure < self.limits.global_sure:
            why = conflict or f"not sure enough yet ({item.customers} people, {sure:.2f})"
            return replace(item, reason=f"{item.reason}; kept back: {why}", details={**item.details, "kept_back": why})
        clear = bounds(reached)[0] - bounds(plain)[1] > self.limits.margin
        certain = clear and item.support >= 2 * self.limits.customers
        return replace(item, state=ItemState.ACTIVE if certain else ItemState.TRIAL)

    def _customers(self, group: Sequence[Episode]) -> int:
        return distinct({episode.who for episode in group}, self.households_ >= self.limits.customers)

    def _pooled(self, by_person: dict[Person, list[tuple[float, float]]]) -> Beta:
        total = Beta()
        for uses in by_person.values():
            total = plus(total, _capped(beta_of(uses), CAP))
        return total


def distinct(people: set[Person], many: bool) -> int:
    """How many customers people count for; in a log of `many` households, one of them is two at most (poisoning)."""
    if not many:
        return len(people)
    return sum(min(2, count) for count in Counter(household for household, _ in people).values())


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a rewrite holds."""

    layer: Layer
    household: str | None = None
    speaker: str | None = None

    def item(self, before: str, after: str, agreeing: Sequence[Episode], plain: Beta) -> Item:
        """The proposal, in shadow, with its evidence."""
        turns = [turn for episode in agreeing[-EVIDENCE // 2 :] for turn in (episode.first.id, episode.last.id)]
        times = "once" if len(agreeing) == 1 else f"{len(agreeing)} times"
        people = "by several people " if self.layer is Layer.GLOBAL else ""
        return Item(
            self.key(before, after),
            REWRITE,
            self.layer,
            before,
            after,
            household=self.household,
            speaker=self.speaker,
            confirm=risky(normal(after), agreeing[-1].last.intent),
            support=len({episode.goal for episode in agreeing}),
            customers=len({episode.who for episode in agreeing}),
            reason=f'{people}"{before}" was said again as "{after}" {times}, and that worked',
            evidence=tuple(turns),
            plain=plain,
            details={"households": len({episode.who[0] for episode in agreeing})},
        )

    def key(self, before: str, after: str) -> str:
        """The item's id: the same rewrite for the same people always has the same."""
        parts = (self.layer.value, self.household or "", self.speaker or "", before, normal(after))
        return f"r-{hashlib.sha1(chr(0).join(parts).encode('utf-8', 'replace')).hexdigest()[:10]}"


def _capped(beta: Beta, most: float) -> Beta:
    """The same rate from at most `most` uses."""
    if beta.total <= most:
        return beta
    return Beta(beta.wins * most / beta.total, beta.losses * most / beta.total)


def _waiting(count: int, plain: Beta) -> str:
    if plain.wins >= 0.5:
        return f"the same words also go well as they are ({plain.wins:.1f} times)"
    return "seen only once" if count == 1 else "not sure enough yet"


def _conflict(episode: Episode, after: str) -> str | None:
    """Why the rewrite must not be, or `None`."""
    if slot_conflict(episode.first.slots, episode.last.slots) and episode.first.intent == episode.last.intent:
        return "it would change a value"
    return forbidden(episode.before, normal(after))


def _without_chains(items: list[Item]) -> list[Item]:
    """At most one rewrite per turn: what leads to the beginning of another live rule is kept back (no cycles)."""
    live = [item for item in items if item.live]
    begins = {(item.layer, item.household, item.speaker, item.before) for item in live}
    kept = []
    for item in items:
        scopes = _wider(item)
        if item.live and any((*scope, normal(item.after)) in begins for scope in scopes):
            why = "what it leads to is rewritten itself"
            item = replace(item, state=ItemState.SHADOW, reason=f"{item.reason}; kept back: {why}")
        kept.append(item)
    return kept


def _wider(item: Item) -> tuple[tuple[Layer, str | None, str | None], ...]:
    return (
        (Layer.PERSONAL, item.household, item.speaker),
        (Layer.GLOBAL, None, None),
    )
