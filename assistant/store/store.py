"""The store: turns, documents, and what was learned, in one database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.errors import UserError
from assistant.store.database import Database, open_database
from assistant.store.erase import Forgotten, erase
from assistant.store.items import Items
from assistant.store.rows import first_row, row_of, states_as_json, turn_of
from assistant.store.schema import DocumentRow, SnapshotRow, TurnRow
from assistant.store.states import apply, difference, too_many
from assistant.turn import State, States, Turn

PAGE = 500
"""Turns read at a time, so that no reader holds the database for long."""
LOADED = (TurnRow.number, TurnRow.snapshot, TurnRow.changes, TurnRow.after, TurnRow.turn)
_COMPLETE = update(TurnRow.__table__).where(TurnRow.__table__.c.id == bindparam("turn_id"))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Base:
    """The snapshot that the next turns refer to."""

    id: int
    states: States


class Store:
    """Everything that must survive. Any thread may call it; writers take turns.

    >>> store = Store.open(":memory:")
    >>> store.keep("timer", "timer.egg", {"seconds": 240})
    >>> store.kept("timer")
    {'timer.egg': {'seconds': 240}}
    >>> store.count()
    0
    """

    def __init__(self, database: Database, folder: Path | None = None) -> None:
        self.database = database
        self.folder = folder
        self.items = Items(database)
        self._base: _Base | None = None

    @classmethod
    def open(cls, data: Path | str, url: str | None = None) -> Store:
        """Open the store in folder `data`, creating or migrating it; `:memory:` keeps nothing.

        `url` names another database than SQLite in that folder. Raises `UserError`, one line, when the folder can't be
        written, the database is damaged (it is never overwritten) or was written by a newer version.
        """
        folder = None if str(data) == ":memory:" else Path(data)
        return cls(open_database(data, url), folder)

    def close(self) -> None:
        """End all connections."""
        self.database.close()

    # -- turns -----------------------------------------------------------------------------------------------------

    def begin(self, turn: Turn) -> None:
        """Write a turn down; when this returns, the turn survives the death of the process.

        Raises `UserError` when there is a turn of that id already.
        """
        self.import_turns([turn])

    def import_turns(self, turns: Iterable[Turn]) -> None:
        """Write many turns in one transaction."""
        base = self._base
        try:
            with self.database.write() as connection:
                for turn in turns:
                    connection.execute(insert(TurnRow), self._new_row(connection, turn))
        except IntegrityError:
            self._base = base
            raise UserError("a turn with this id is in the log already; ids are unique") from None

    def _new_row(self, connection: Connection, turn: Turn) -> dict[str, Any]:
        row = {**first_row(turn), **row_of(turn, complete=turn.spoken is not None)}
        states = turn.context.states
        row["snapshot"] = row["changes"] = None
        if states:
            changes = difference(self._base.states, states) if self._base else {}
            if self._base is None or too_many(changes, states):
                found = connection.execute(insert(SnapshotRow), {"states": states_as_json(states)})
                assert found.inserted_primary_key is not None, "an insert of one row has a key"
                self._base, changes = _Base(found.inserted_primary_key[0], states), {}
            row["snapshot"], row["changes"] = self._base.id, changes or None
        return row

    def complete(self, turn: Turn) -> None:
        """Bring a turn up to date: what was heard of its reply, what hands did, how it was received."""
        row = {**row_of(turn, complete=True), "turn_id": turn.id}
        with self.database.write() as connection:
            connection.execute(_COMPLETE, row)

    def get(self, id: str) -> Turn | None:
        """The turn of that id, exactly as it was; `None` when there is none."""
        return next(self._load([TurnRow.id == id], newest=1), None)

    def turns(
        self,
        household: str | None = None,
        speaker: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[Turn]:
        """Turns in the order in which they were begun, optionally only some. `since` is included, `until` is not."""
        where: list[ColumnElement[bool]] = []
        if household is not None:
            where.append(TurnRow.household == household)
        if speaker is not None:
            where.append(TurnRow.speaker == speaker)
        if since is not None:
            where.append(TurnRow.time >= since.isoformat())
        if until is not None:
            where.append(TurnRow.time < until.isoformat())
        return self._load(where)

    def __iter__(self) -> Iterator[Turn]:
        return self.turns()

    def last(self, n: int) -> list[Turn]:
        """The `n` newest turns, oldest of them first."""
        return list(self._load([], newest=n))[::-1]

    def count(self) -> int:
        """How many turns there are."""
        with self.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(TurnRow)).scalar_one())

    def _load(self, where: list[ColumnElement[bool]], newest: int | None = None) -> Iterator[Turn]:
        """Read page by page: in order, or the newest first."""
        snapshots: dict[int, dict[str, State]] = {}
        after, left = None, newest
        while left is None or left > 0:
            size = PAGE if left is None else min(PAGE, left)
            number = TurnRow.number
            page = select(*LOADED).where(*where).limit(size).order_by(number if newest is None else number.desc())
            if after is not None:
                page = page.where(number > after if newest is None else number < after)
            with self.database.read() as connection:
                rows = connection.execute(page).all()
                self._fetch_snapshots(connection, {row.snapshot for row in rows}, snapshots)
            for row in rows:
                yield turn_of(row.turn, snapshots.get(row.snapshot, {}), row.changes, row.after)
            if len(rows) < size:
                return
            after = rows[-1].number
            left = None if left is None else left - len(rows)

    @staticmethod
    def _fetch_snapshots(connection: Connection, ids: set[int | None], known: dict[int, dict[str, State]]) -> None:
        missing = [id for id in ids if id is not None and id not in known]
        if not missing:
            return
        known.clear()
        wanted = [id for id in ids if id is not None]
        for row in connection.execute(select(SnapshotRow.id, SnapshotRow.states).where(SnapshotRow.id.in_(wanted))):
            known[row.id] = apply({}, row.states)

    # -- documents -------------------------------------------------------------------------------------------------

    def keep(self, kind: str, id: str, document: Mapping[str, Any]) -> None:
        """Save or replace a document."""
        with self.database.write() as connection:
            self._drop(connection, kind, id)
            connection.execute(insert(DocumentRow), {"kind": kind, "id": id, "document": dict(document)})

    def kept(self, kind: str) -> dict[str, dict[str, Any]]:
        """All documents of a kind, by id."""
        wanted = select(DocumentRow.id, DocumentRow.document).where(DocumentRow.kind == kind).order_by(DocumentRow.id)
        with self.database.read() as connection:
            return {row.id: row.document for row in connection.execute(wanted)}

    def drop(self, kind: str, id: str) -> None:
        """Remove a document, if it is there."""
        with self.database.write() as connection:
            self._drop(connection, kind, id)

    @staticmethod
    def _drop(connection: Connection, kind: str, id: str) -> None:
        connection.execute(delete(DocumentRow).where(DocumentRow.kind == kind, DocumentRow.id == id))

    # -- forgetting ------------------------------------------------------------------------------------------------

    def forget(self, speaker: str | None = None, since: datetime | None = None, everything: bool = False) -> Forgotten:
        """Delete turns (of a speaker, since a time, or everything), their audio, and what was learned from them.

        The text is gone from the file itself. Items that rest on other turns too are removed as well: learning again
        from what is left brings back what still holds. Raises `UserError` when nothing is named.
        """
        if not everything and speaker is None and since is None:
            raise UserError("say what to forget: --speaker, --since or --all")
        where: list[ColumnElement[bool]] = []
        if not everything:
            where += [TurnRow.speaker == speaker] if speaker is not None else []
            where += [TurnRow.time >= since.isoformat()] if since is not None else []
        forgotten = erase(self.database, self.folder, where, None if since else speaker, everything)
        self._base = None
        return forgotten
