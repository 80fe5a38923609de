"""Opening a database: pragmas, migration, one writer; what is wrong with it is said in one line."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from assistant.errors import UserError
from assistant.store.schema import HEAD, Base

FILE = "mynah.db"
CHECK_BELOW = 32 * 1024 * 1024
"""Bytes. A smaller file is checked page by page when it is opened; a larger one only where it is read."""
BUSY_SECONDS = 10.0


class Database:
    """One database with one writer. Any thread may read; writers take turns.

    WAL with `synchronous=NORMAL`: what was committed survives the death of the process, `kill -9` included.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self.engine = engine
        self.where = where
        self._lock = threading.RLock()
        self._shared = engine.pool.__class__ is StaticPool
        try:
            self._writer = engine.connect()
            self._prepare()
        except DBAPIError as error:
            engine.dispose()
            raise UserError(_trouble(where, error)) from None
        except BaseException:
            engine.dispose()
            raise

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed at the end, or undone when something is raised."""
        with self._lock:
            try:
                with self._writer.begin():
                    yield self._writer
            except DBAPIError as error:
                if _is_integrity(error):
                    raise
                raise UserError(_trouble(self.where, error)) from None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading. Does not wait for the writer, except in memory."""
        try:
            if self._shared:
                with self._lock, self._writer.begin():
                    yield self._writer
            else:
                with self.engine.connect() as connection:
                    yield connection
        except DBAPIError as error:
            raise UserError(_trouble(self.where, error)) from None

    def wipe_deleted(self) -> None:
        """Remove what was deleted from the file itself, its write-ahead log included."""
        if self.engine.dialect.name != "sqlite":
            return
        with self._lock:
            raw = self._writer.connection.driver_connection
            assert raw is not None, "the writer is connected while the store is open"
            self._writer.rollback()
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """End all connections."""
        with self._lock:
            self._writer.close()
            self.engine.dispose()

    def _prepare(self) -> None:
        """Create the tables of a fresh database, migrate an older one, refuse what is not ours."""
        names = set(inspect(self._writer).get_table_names())
        self._writer.rollback()
        if not names:
            with self._writer.begin():
                Base.metadata.create_all(self._writer)
                self._writer.execute(text("insert into alembic_version values (:head)"), {"head": HEAD})
        elif "alembic_version" not in names:
            raise UserError(f"{self.where}: this is a database of another program; choose another place with --data")
        elif (found := self._version()) != HEAD:
            self._migrate(found)

    def _version(self) -> str | None:
        with self._writer.begin():
            return self._writer.execute(text("select version_num from alembic_version")).scalar()

    def _migrate(self, found: str | None) -> None:
        from assistant.store.migrations import known, upgrade

        if found not in known():
            raise UserError(f"{self.where}: written by a newer version of mynah (schema {found}); update mynah")
        with self._writer.begin():
            upgrade(self._writer)


def open_database(data: Path | str, url: str | None = None) -> Database:
    """The database in folder `data` (`:memory:` keeps nothing), or at `url` when that is given.

    Raises `UserError` for a folder that can't be written, a corrupt file (which is left as it is) and a newer schema.
    """
    if url is not None:
        return _at_url(url)
    if str(data) == ":memory:":
        engine = create_engine(
            "sqlite://",
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
            json_serializer=_compact,
        )
        event.listen(engine, "connect", _pragmas)
        return Database(engine, ":memory:")
    path = _writable(Path(data))
    return _sqlite_file(path)


def _at_url(url: str) -> Database:
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return _sqlite_file(Path(address.database)) if address.database else open_database(":memory:")
        engine = create_engine(address, json_serializer=_compact)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise UserError(f"database {url!r}: {str(error).splitlines()[0]}; expected e.g. sqlite:///file.db") from None
    return Database(engine, address.render_as_string(hide_password=True))


def _sqlite_file(path: Path) -> Database:
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
        json_serializer=_compact,
    )
    event.listen(engine, "connect", _pragmas)
    small = path.exists() and path.stat().st_size < CHECK_BELOW
    database = Database(engine, str(path))
    if small:
        _check(database)
    return database


def _check(database: Database) -> None:
    try:
        with database.read() as connection:
            verdict = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    except UserError:
        database.close()
        raise
    if verdict != "ok":
        database.close()
        raise UserError(_corrupt(database.where))


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: can't keep data here: {error.strerror}; choose another with --data") from None
    path = folder / FILE
    if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise UserError(f"{folder}: can't keep data here: no permission to write; choose another with --data")
    return path


def _pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


_compact = partial(json.dumps, separators=(",", ":"), default=str)


def _is_integrity(error: DBAPIError) -> bool:
    return type(error).__name__ == "IntegrityError"


def _corrupt(where: str) -> str:
    return f"{where}: the database is damaged; it was left as it is. Move it away to start anew, or put back a copy"


def _trouble(where: str, error: DBAPIError) -> str:
    """One line for a person."""
    said = str(error.orig).splitlines()[0] if str(error.orig) else type(error.orig).__name__
    if any(sign in said for sign in ("not a database", "malformed", "file is encrypted")):
        return _corrupt(where)
    if "readonly" in said or "unable to open" in said:
        return f"{where}: can't keep data here: {said}; choose another place with --data"
    return f"{where}: the database says: {said}"
