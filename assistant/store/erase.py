"""Deleting for good: rows, audio files, and the traces that a database leaves in its file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select

from assistant.store.database import Database
from assistant.store.items import raise_version, remove
from assistant.store.schema import DocumentRow, EvidenceRow, ItemRow, SnapshotRow, TurnRow

AUDIO = "audio"
"""The folder of recordings inside the data folder; the name of a file begins with the id of its turn."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was deleted."""

    turns: int = 0
    audio: int = 0
    learned: int = 0
    documents: int = 0


def erase(
    database: Database,
    folder: Path | None,
    where: list[ColumnElement[bool]],
    speaker: str | None,
    everything: bool,
) -> Forgotten:
    """Delete the turns that fit `where`, their audio, and the items that rest on them or are personal to `speaker`."""
    with database.write() as connection:
        ids = [row.id for row in connection.execute(select(TurnRow.id).where(*where))]
        chosen = select(TurnRow.id).where(*where)
        items = select(EvidenceRow.item).where(EvidenceRow.turn.in_(chosen))
        resting = [
            ItemRow.id.in_(items),
            ItemRow.kind == "habit",
            *([ItemRow.speaker == speaker] if speaker is not None else []),
        ]
        found = select(ItemRow.id) if everything else select(ItemRow.id).where(or_(*resting))
        learned = remove(connection, [row.id for row in connection.execute(found)])
        turns = connection.execute(delete(TurnRow).where(*where)).rowcount
        # The history and the diary of the home tell who asked for what, and so do the requests that go well: gone too,
        # with the habits that were seen in them.
        mine = and_(DocumentRow.kind == "voice", DocumentRow.id == speaker)
        telling = or_(DocumentRow.kind.in_(("history", "proven", "proven-version", "adapted", "diary")), mine)
        gone = delete(DocumentRow) if everything else delete(DocumentRow).where(telling)
        documents = connection.execute(gone).rowcount
        _drop_snapshots(connection)
        raise_version(connection)
    audio = _erase_audio(folder, set(ids), everything)
    database.wipe_deleted()
    return Forgotten(turns, audio, learned, documents)


def _drop_snapshots(connection: Connection) -> None:
    used = select(TurnRow.snapshot).where(TurnRow.snapshot.is_not(None))
    connection.execute(delete(SnapshotRow).where(SnapshotRow.id.not_in(used)))


def _erase_audio(folder: Path | None, ids: set[str], everything: bool) -> int:
    """Delete recordings; how many."""
    if folder is None or not (folder / AUDIO).is_dir():
        return 0
    gone = 0
    for path in sorted((folder / AUDIO).iterdir()):
        if path.is_file() and (everything or path.name.partition(".")[0] in ids):
            path.unlink()
            gone += 1
    return gone
