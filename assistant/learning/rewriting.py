"""Rewriting online: what was said is replaced by what is known to work for this person (self-learning.md 6)."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

from assistant.learning.budgets import budget
from assistant.learning.ledger import REWRITE, Ledger
from assistant.learning.online import Found, OnlineRewriter, Probe
from assistant.learning.retrieval import Requests
from assistant.learning.text import normal
from assistant.store.items import Item, Layer
from assistant.turn import Hypothesis, Rewrite, Turn

UNSURE = 0.6
"""Only below this confidence of the best hypothesis are the others looked up as well."""
Scope = tuple[str | None, str | None]
EVERYBODY: Scope = (None, None)


class RewriteIndex:
    """Live rewrites by what was said; personal before global. A lookup takes microseconds."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._rules: dict[tuple[str, Scope], Item] = {}
        for item in sorted(items, key=lambda item: (item.score, item.id)):
            if item.live and item.kind == REWRITE:
                self._rules[item.before, _scope(item)] = item

    def __len__(self) -> int:
        return len(self._rules)

    def find(self, text: str, household: str, speaker: str | None) -> Item | None:
        """The rule for a text said by this person."""
        said = normal(text)
        return self._rules.get((said, (household, speaker))) or self._rules.get((said, EVERYBODY))

    def best(self, heard: tuple[Hypothesis, ...], household: str, speaker: str | None) -> Item | None:
        """The rule for the first hypothesis that has one; only the best is looked up when it was heard surely."""
        for rank, hypothesis in enumerate(heard):
            if rank and heard[0].confidence >= UNSURE:
                return None
            if rule := self.find(hypothesis.text, household, speaker):
                return rule
        return None


class RewriteStage:
    """The stage of the loop: fills `rewrite`, `propensity`, `holdout`.

    A rule for the whole request comes before rules for its parts. `explore` (0 to 0.5) is the share of requests left as
    they were said although there is a rule, to keep measuring what happens without it, within the budget of what is
    meant (`budgets.py`). `chance` decides which. `probe` runs a turn from understanding to decision, and does nothing;
    without it only whole requests are replaced.
    """

    name = "rewrite"
    reads = frozenset({"utterance"})
    writes = frozenset({"rewrite", "propensity", "holdout"})

    def __init__(
        self,
        ledger: Ledger,
        explore: float = 0.0,
        chance: random.Random | None = None,
        probe: Probe | None = None,
    ) -> None:
        self.ledger = ledger
        self.explore = explore
        self.chance = chance or random.Random(0)
        self._probe = probe
        self._version = -1
        self._index = RewriteIndex([])
        self._online: OnlineRewriter | None = None
        self._proven: tuple[int, Requests] | None = None

    def run(self, turn: Turn) -> Turn:
        """Replace the text where a live rule says so; at most once, and what was said stays in the turn."""
        if not turn.utterance.hypotheses:
            return turn
        found = self._found(turn)
        if found is None:
            return turn
        rewrite = found.rewrite
        left_out = found.left_out(self._budget(turn, rewrite))
        propensity = 1 - left_out
        if left_out and self.chance.random() < left_out:
            held = replace(turn, propensity=propensity, holdout=True)
            return held.noted("rewrite", f"left as said, to compare with rule {rewrite.id}")
        told = f'"{turn.said}" -> "{rewrite.after}" ({rewrite.layer}, {rewrite.id}): {rewrite.because}'
        rewritten = replace(turn, rewrite=replace(rewrite, propensity=propensity), propensity=propensity)
        return rewritten.noted("rewrite", told)

    def _budget(self, turn: Turn, rewrite: Rewrite) -> float:
        """The share of such requests that may be left as they were said; without a probe, the same for all."""
        if not self.explore or self._probe is None:
            return self.explore
        return self.explore * budget(self._probe(replace(turn, rewrite=rewrite)).entities)

    def _found(self, turn: Turn) -> Found | None:
        """The rewrite that is due; a rule for the whole request only where it changes something for the better."""
        rule = self.index().best(turn.utterance.hypotheses, turn.context.household, turn.context.speaker)
        if rule is not None:
            rewrite = as_rewrite(rule, turn.said)
            if self._online is None or rule.decided is not None or self._online.helps(turn, rewrite):
                return Found(rewrite, (rule,))
        return self._online.find(turn) if self._online else None

    def index(self) -> RewriteIndex:
        """The rules for whole requests, read anew (with those for parts) when the ledger has changed."""
        version = self.ledger.version
        if version != self._version:
            self._index, self._version = RewriteIndex(self.ledger.rewrites()), version
            if self._probe is not None:
                self._online = OnlineRewriter(self.ledger.substitutions(), self._requests(), self._probe)
        return self._index

    def _requests(self) -> Requests:
        """The requests that go well, read anew when they have changed."""
        version = self.ledger.proven_version
        if self._proven is None or version != self._proven[0]:
            self._proven = version, Requests(self.ledger.proven())
        return self._proven[1]


def as_rewrite(rule: Item, said: str, propensity: float = 1.0) -> Rewrite:
    """A rule applied to what was said."""
    return Rewrite(rule.id, said, rule.after, rule.layer.value, rule.score, rule.reason, propensity, rule.confirm)


def _scope(item: Item) -> Scope:
    return EVERYBODY if item.layer is Layer.GLOBAL else (item.household, item.speaker)
