"""The ledger: everything learned, its wins and losses, its state and the reason; nothing silent, nothing for ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from assistant.errors import UserError
from assistant.learning.posterior import beats
from assistant.learning.retrieval import Proven
from assistant.learning.substitutions import Substitution
from assistant.learning.text import normal
from assistant.store import Store
from assistant.store.items import Item, ItemState, Layer

REWRITE = "rewrite"
"""The kind of an item that replaces what was said."""
SUBSTITUTION = "substitution"
"""The kind of an item that replaces a part of what was said."""
MINED = frozenset({REWRITE, SUBSTITUTION})
"""Kinds that rest on the whole log: what it no longer proposes is retired."""
SOURCE = "source"
"""The detail of an item that names the log it was learned from, when that is not the store's own."""
PROVEN = "proven"
"""Kind of document: the requests that go well."""
PROVEN_VERSION = "proven-version"
ADAPTED = "adapted"
"""Kind of document: what the home's own labels add to the language model."""
FORGOTTEN = "forgotten"
"""Kind of document: when an item was forgotten; evidence from before that no longer counts."""
LOSING = 0.35
"""A rule is retired when its success rate, or P(it is better than nothing), falls below this ..."""
LOSSES = 1.5
"""... after so many (discounted) losses."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What an update of the ledger did, in items."""

    added: int = 0
    promoted: int = 0
    retired: int = 0
    dropped: int = 0
    live: int = 0
    total: int = 0


class Ledger:
    """What was learned, over a store. Any thread may read; one learner at a time updates."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def version(self) -> int:
        """Grows with every change, by whichever process."""
        return self._store.items.version()

    def items(self, kind: str | None = None) -> list[Item]:
        """All items, or those of a kind."""
        return self._store.items.all(kind)

    def rewrites(self) -> list[Item]:
        """The rewrites that are applied now, without their evidence."""
        return self.live(REWRITE)

    def substitutions(self) -> list[Item]:
        """The substitutions that are applied now, without their evidence."""
        return self.live(SUBSTITUTION)

    def live(self, kind: str) -> list[Item]:
        """The items of a kind that are applied now, without their evidence."""
        return self._store.items.live(kind)

    def put(self, items: Iterable[Item]) -> None:
        """Save or replace items as they are; readers notice."""
        self._store.items.put(items)

    def keep_adapted(self, document: Mapping[str, Any]) -> None:
        """Keep what is added to the language model; empty for nothing. Readers notice by `version`."""
        if document != self.adapted():
            self._store.keep(ADAPTED, ADAPTED, document)
            self._store.items.put([])

    def adapted(self) -> Mapping[str, Any]:
        """What is added to the language model, as of the last pass over the log."""
        return self._store.kept(ADAPTED).get(ADAPTED, {})

    def keep_proven(self, proven: Proven) -> None:
        """Keep which requests go well; readers notice by `proven_version`."""
        document = proven.as_json()
        if document != self._store.kept(PROVEN).get(PROVEN):
            self._store.keep(PROVEN, PROVEN, document)
            self._store.keep(PROVEN_VERSION, PROVEN, {"version": self.proven_version + 1})
            self._store.items.put([])

    def proven(self) -> Proven:
        """Which requests go well, as of the last pass over the log."""
        return Proven.from_json(self._store.kept(PROVEN).get(PROVEN, {}))

    @property
    def proven_version(self) -> int:
        """Grows whenever `proven` changes; reading it costs little."""
        return int(self._store.kept(PROVEN_VERSION).get(PROVEN, {}).get("version", 0))

    def get(self, id: str) -> Item:
        """One item. Raises `UserError` with a suggestion when there is none."""
        items = {item.id: item for item in self.items()}
        if id in items:
            return items[id]
        from rapidfuzz import process

        near = process.extractOne(id, items.keys(), score_cutoff=50)
        hint = f", did you mean {near[0]}?" if near else "; `mynah learned list` shows what was learned"
        raise UserError(f"nothing learned has the id {id!r}{hint}")

    def approve(self, id: str) -> Item:
        """A person wants it: active, and no statistics take it away again."""
        return self._decide(id, "approve", ItemState.ACTIVE, "approved by hand")

    def block(self, id: str) -> Item:
        """A person does not want it: never applied, however often it is proposed; nor do its parts make it again."""
        item = self._decide(id, "block", ItemState.BLOCKED, "blocked by hand")
        for part in self._parts(item):
            self._decide(part.id, "block", ItemState.BLOCKED, f"blocked with {item.id}")
        return item

    def forget(self, id: str) -> Item:
        """Remove it with its parts; only evidence that comes after this moment can bring it back."""
        item = self.get(id)
        gone = [item, *self._parts(item)]
        for each in gone:
            self._store.keep(FORGOTTEN, each.id, {"turns": list(each.evidence)})
        self._store.items.put([], [each.id for each in gone])
        return item

    def _parts(self, item: Item) -> list[Item]:
        """The substitutions for the same people that would make the same rewrite again."""
        if item.kind != REWRITE:
            return []
        whom = (item.layer, item.household, item.speaker)
        return [
            each
            for each in self.items(SUBSTITUTION)
            if (each.layer, each.household, each.speaker) == whom
            and Substitution(each.before, each.after).apply(item.before) == normal(item.after)
        ]

    def _decide(self, id: str, verdict: str, state: ItemState, reason: str) -> Item:
        item = self.get(id)
        since = datetime.now().replace(microsecond=0)
        item = replace(item, decided=verdict, state=state, reason=f"{_facts(item)}; {reason}", since=since)
        self._store.items.put([item])
        return item

    def update(self, proposals: Iterable[Item], now: datetime, source: str | None = None) -> Changes:
        """Bring the ledger in line with what the evidence proposes now.

        `source` names another log than the store's own; what was learned from one log does not touch what comes from
        another. What a person decided stays. A live item that is proposed no more is retired; one in shadow is dropped.
        """
        known = {item.id: item for item in self.items()}
        forgotten = self._store.kept(FORGOTTEN)
        proposed: dict[str, Item] = {}
        for item in proposals:
            if item.id in forgotten and set(item.evidence) <= set(forgotten[item.id]["turns"]):
                continue
            details = item.details if source is None else {**item.details, SOURCE: source}
            proposed[item.id] = _merged(known.get(item.id), replace(item, details=details), now)
        mined = [old for old in known.values() if old.kind in MINED and old.details.get(SOURCE) == source]
        gone = [old for old in mined if old.id not in proposed]
        kept = {old.id: after for old in gone if (after := _unproposed(old, now)) is not None}
        changed = [item for item in (proposed | kept).values() if item != known.get(item.id)]
        dropped = [old.id for old in gone if old.id not in kept]
        if changed or dropped:
            self._store.items.put(changed, dropped)
        return _counted(known, {**known, **proposed, **kept}, dropped)

    def offer(self, items: Iterable[Item], now: datetime) -> None:
        """Take in what was learned from the last moments, and leave everything else alone."""
        known = {item.id: item for item in self.items()}
        forgotten = self._store.kept(FORGOTTEN)
        fresh = [_merged(known.get(item.id), item, now) for item in items if item.id not in forgotten]
        if changed := [item for item in fresh if item != known.get(item.id)]:
            self._store.items.put(changed)

    def forgotten(self, id: str) -> frozenset[str]:
        """The turns that an item rested on when it was forgotten; they count for it no more."""
        return frozenset(self._store.kept(FORGOTTEN).get(id, {}).get("turns", ()))

    def keep(self, item: Item) -> None:
        """Take in what a person told, at once."""
        self._store.items.put([item])

    def why(self, id: str) -> str:
        """The item in plain words, with the turns that it rests on."""
        item = self.get(id)
        lines = [_does(item) if item.live else _not_now(item)]
        lines.append(f"Because {item.reason}.")
        if item.confirm and item.live:
            lines.append("I ask first, since it opens, unlocks or heats something.")
        if item.kind in MINED:
            lines.append(
                f"With it: {item.applied.wins:.1f} went well, {item.applied.losses:.1f} badly; "
                f"without it: {item.plain.wins:.1f} well, {item.plain.losses:.1f} badly."
            )
        for turn_id in item.evidence:
            turn = self._store.get(turn_id)
            if turn is not None:
                who = f"{turn.context.speaker}: " if turn.context.speaker else ""
                ended = turn.outcome.kind.value if turn.outcome else "unknown"
                lines.append(f'  {turn.context.now:%Y-%m-%d %H:%M} {who}"{turn.said}" ({ended}, turn {turn.id})')
        return "\n".join(lines)


def _does(item: Item) -> str:
    """What it does while it is in use."""
    if told := item.details.get("told"):
        return f"{told} That holds {_for_whom(item)}."
    if item.kind in MINED:
        return f'I change "{item.before}" to "{item.after}" {_for_whom(item)}.'
    return f'By "{item.before}" I understand {item.after} {_for_whom(item)}, where several things fit.'


def losing(item: Item) -> bool:
    """Whether a rule has shown itself to be worse than leaving the request alone, or hardly ever right."""
    if item.applied.losses < LOSSES:
        return False
    return item.applied.mean < LOSING or beats(item.applied, item.plain, 0.0) < LOSING


def _merged(old: Item | None, new: Item, now: datetime) -> Item:
    """A proposal in the light of what is known."""
    if old is not None and old.decided is not None:
        return replace(
            new, state=old.state, decided=old.decided, reason=old.reason, since=old.since, version=old.version
        )
    if losing(new) and new.live:
        new = replace(new, state=ItemState.RETIRED, reason=f"{new.reason}; retired: it lost more than it won")
    if old is not None and old.state is ItemState.RETIRED and new.live and set(new.evidence) <= set(old.evidence):
        new = replace(new, state=ItemState.RETIRED, reason=old.reason)
    if old is not None and old.state is ItemState.ACTIVE and new.state is ItemState.TRIAL:
        new = replace(new, state=ItemState.ACTIVE)
    if old is None:
        return replace(new, since=now)
    same = old.state is new.state
    return replace(new, since=old.since if same else now, version=old.version if same else old.version + 1)


def _unproposed(old: Item, now: datetime) -> Item | None:
    """What becomes of an item that the evidence proposes no more; `None` when nothing is left of it."""
    if old.decided is not None or old.state is ItemState.RETIRED:
        return old
    if not old.live:
        return None
    why = f"{_facts(old)}; retired: the evidence no longer speaks for it"
    return replace(old, state=ItemState.RETIRED, reason=why, since=now)


def _counted(before: dict[str, Item], after: dict[str, Item], dropped: list[str]) -> Changes:
    """The difference between two states of the ledger."""
    left = {id: item for id, item in after.items() if id not in dropped}
    was_live = {id for id, item in before.items() if item.live}
    live = {id for id, item in left.items() if item.live}
    retired = sum(item.state is ItemState.RETIRED and id in was_live for id, item in left.items())
    return Changes(len(left.keys() - before.keys()), len(live - was_live), retired, len(dropped), len(live), len(left))


def _facts(item: Item) -> str:
    """The reason without earlier verdicts."""
    return item.reason.partition(";")[0]


def _for_whom(item: Item) -> str:
    if item.layer is Layer.GLOBAL:
        return "for everybody"
    return f"for {item.speaker}" if item.speaker else f"in {item.household}"


def _not_now(item: Item) -> str:
    words = {
        "shadow": "I have noticed it, but do not use it yet",
        "retired": "I used it and stopped",
        "blocked": "I must not use it",
    }[item.state.value]
    return f'"{item.before}" to "{item.after}" {_for_whom(item)}: {words}.'
