"""What was learned, as the store keeps it. The rules by which items come and go are `assistant.learning.ledger`'s."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text

from assistant.store.database import Database
from assistant.store.schema import EvidenceRow, ItemRow, PosteriorRow


class ItemState(StrEnum):
    """How far an item has come. Only `trial` and `active` items are ever applied."""

    SHADOW = "shadow"
    TRIAL = "trial"
    ACTIVE = "active"
    RETIRED = "retired"
    BLOCKED = "blocked"


class Layer(StrEnum):
    """For whom an item holds: one speaker (or those of a household who are not told apart), or everybody."""

    PERSONAL = "personal"
    GLOBAL = "global"


@dataclass(frozen=True, slots=True)
class Beta:
    """A Beta posterior over a success rate: `wins` and `losses` are (discounted) counts beside the prior.

    >>> Beta(3, 1).mean
    0.6666666666666666
    """

    wins: float = 0.0
    losses: float = 0.0

    @property
    def total(self) -> float:
        """How much evidence there is, in turns."""
        return self.wins + self.losses

    @property
    def mean(self) -> float:
        """The expected success rate, with a uniform prior."""
        return (self.wins + 1) / (self.total + 2)


@dataclass(frozen=True, slots=True)
class Item:
    """One learned item: a line of the ledger.

    `before` leads to `after` (texts for a rewrite). `applied` and `plain` compare what happens with and without it.
    `support` counts sessions, `customers` distinct speakers. `decided` is `approve` or `block` when a person did so.
    """

    id: str
    kind: str
    layer: Layer
    before: str
    after: str
    state: ItemState = ItemState.SHADOW
    household: str | None = None
    speaker: str | None = None
    confirm: bool = False
    decided: str | None = None
    score: float = 0.0
    support: int = 0
    customers: int = 0
    reason: str = ""
    evidence: tuple[str, ...] = ()
    applied: Beta = Beta()
    plain: Beta = Beta()
    version: int = 1
    since: datetime | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def live(self) -> bool:
        """Whether it is applied."""
        return self.state in {ItemState.TRIAL, ItemState.ACTIVE}

    def as_json(self) -> dict[str, Any]:
        """A plain mapping, for `--json`."""
        return {**asdict(self), "since": self.since.isoformat() if self.since else None}


FRESH = 0.05
"""Seconds for which a version that was read holds, while this process changes nothing."""
_raised = [0]
"""How often this process has changed a ledger."""


class Items:
    """The items in a database. Every change raises `version()`, so that readers notice."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read: tuple[int, float, int] | None = None

    def version(self) -> int:
        """A number that grows with every change of what was learned, by whichever process.

        A change of this process shows at once, one of another within `FRESH` seconds: a turn asks several times.
        """
        now = time.monotonic()
        if self._read is None or self._read[0] != _raised[0] or now - self._read[1] > FRESH:
            with self._database.read() as connection:
                found = int(connection.execute(text("select value from meta where key = 'ledger'")).scalar() or 0)
            self._read = (_raised[0], now, found)
        return self._read[2]

    def all(self, kind: str | None = None) -> list[Item]:
        """All items, or those of a kind, by id."""
        with self._database.read() as connection:
            evidence: dict[str, list[str]] = {}
            for item, turn in connection.execute(
                select(EvidenceRow.item, EvidenceRow.turn).order_by(EvidenceRow.item, EvidenceRow.place)
            ):
                evidence.setdefault(item, []).append(turn)
            wanted = select(ItemRow.__table__, PosteriorRow.__table__).join(
                PosteriorRow, PosteriorRow.item == ItemRow.id
            )
            if kind is not None:
                wanted = wanted.where(ItemRow.kind == kind)
            rows = connection.execute(wanted.order_by(ItemRow.id)).mappings().all()
        return [_with_evidence(row, evidence.get(row["id"], ())) for row in rows]

    def live(self, kind: str) -> list[Item]:
        """The items of a kind that are applied, without their evidence and counts: what serving needs, fast."""
        wanted = select(ItemRow.__table__).where(ItemRow.kind == kind, ItemRow.state.in_(["trial", "active"]))
        with self._database.read() as connection:
            return [_item(row) for row in connection.execute(wanted.order_by(ItemRow.id)).mappings()]

    def put(self, items: Iterable[Item], drop: Iterable[str] = ()) -> None:
        """Save or replace items and remove others, all at once."""
        kept = list(items)
        with self._database.write() as connection:
            remove(connection, [*drop, *(item.id for item in kept)])
            if kept:
                connection.execute(insert(ItemRow), [_row(item) for item in kept])
                connection.execute(insert(PosteriorRow), [_posterior(item) for item in kept])
                if proofs := [proof for item in kept for proof in _proofs(item)]:
                    connection.execute(insert(EvidenceRow), proofs)
            raise_version(connection)


def remove(connection: Connection, ids: Iterable[str]) -> int:
    """Delete items with what belongs to them; how many there were."""
    chosen = list(dict.fromkeys(ids))
    gone = 0
    for start in range(0, len(chosen), 500):
        some = chosen[start : start + 500]
        connection.execute(delete(EvidenceRow).where(EvidenceRow.item.in_(some)))
        connection.execute(delete(PosteriorRow).where(PosteriorRow.item.in_(some)))
        gone += connection.execute(delete(ItemRow).where(ItemRow.id.in_(some))).rowcount
    return gone


def raise_version(connection: Connection) -> None:
    """Tell all readers that the ledger has changed."""
    _raised[0] += 1
    if not connection.execute(text("update meta set value = value + 1 where key = 'ledger'")).rowcount:
        connection.execute(text("insert into meta (key, value) values ('ledger', 1)"))


def _row(item: Item) -> dict[str, Any]:
    names = ("id", "kind", "household", "speaker", "before", "after", "confirm", "decided", "score", "support")
    more = ("customers", "reason", "version")
    return {
        **{name: getattr(item, name) for name in (*names, *more)},
        "layer": item.layer.value,
        "state": item.state.value,
        "since": item.since.isoformat() if item.since else None,
        "details": dict(item.details),
    }


def _posterior(item: Item) -> dict[str, Any]:
    return {
        "item": item.id,
        "with_wins": item.applied.wins,
        "with_losses": item.applied.losses,
        "without_wins": item.plain.wins,
        "without_losses": item.plain.losses,
    }


def _proofs(item: Item) -> Iterator[dict[str, Any]]:
    for place, turn in enumerate(dict.fromkeys(item.evidence)):
        yield {"item": item.id, "turn": turn, "place": place}


def _with_evidence(row: Mapping[Any, Any], evidence: Iterable[str]) -> Item:
    applied = Beta(row["with_wins"], row["with_losses"])
    plain = Beta(row["without_wins"], row["without_losses"])
    return replace(_item(row), evidence=tuple(evidence), applied=applied, plain=plain)


def _item(row: Mapping[Any, Any]) -> Item:
    names = ("id", "kind", "household", "speaker", "before", "after", "confirm", "decided", "score", "support")
    more = ("customers", "reason", "version")
    return Item(
        **{name: row[name] for name in (*names, *more)},
        layer=Layer(row["layer"]),
        state=ItemState(row["state"]),
        since=datetime.fromisoformat(row["since"]) if row["since"] else None,
        details=row["details"] or {},
    )
