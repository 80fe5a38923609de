"""The tables. A change here needs a migration in `migrations/versions` and the new `HEAD`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

HEAD = "0001"
"""The newest migration: what a fresh database is stamped with."""

Json = JSON(none_as_null=True)


class Base(DeclarativeBase):
    """The base of all tables."""


class SnapshotRow(Base):
    """The states of a whole home, which turns refer to."""

    __tablename__ = "snapshots"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    states: Mapped[Any] = mapped_column(Json)


class TurnRow(Base):
    """One turn: the fields of the interchange format for queries, and the turn itself as JSON.

    `number` gives the order in which turns were begun. `changes` lead from the snapshot to the states before the turn,
    `after` from those to the states after it.
    """

    __tablename__ = "turns"
    __table_args__ = (Index("ix_turns_who", "household", "speaker"),)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(200), unique=True)
    household: Mapped[str] = mapped_column(String(200))
    speaker: Mapped[str | None] = mapped_column(String(200))
    time: Mapped[str] = mapped_column(String(40), index=True)
    room: Mapped[str | None] = mapped_column(String(200))
    gap: Mapped[float | None] = mapped_column(Float)
    source: Mapped[str] = mapped_column(String(20))
    said: Mapped[str] = mapped_column(Text)
    nbest: Mapped[Any] = mapped_column(Json)
    executed: Mapped[str] = mapped_column(Text)
    rewrite: Mapped[str | None] = mapped_column(String(200))
    propensity: Mapped[float] = mapped_column(Float)
    holdout: Mapped[bool] = mapped_column(Boolean)
    intent: Mapped[str | None] = mapped_column(String(200))
    slots: Mapped[Any] = mapped_column(Json, nullable=True)
    entities: Mapped[Any] = mapped_column(Json, nullable=True)
    confidence: Mapped[Any] = mapped_column(Json)
    decision: Mapped[str | None] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(String(20))
    response: Mapped[str | None] = mapped_column(Text)
    barge_in: Mapped[float | None] = mapped_column(Float)
    hands: Mapped[Any] = mapped_column(Json, nullable=True)
    feedback: Mapped[bool | None] = mapped_column(Boolean)
    complete: Mapped[bool] = mapped_column(Boolean)
    snapshot: Mapped[int | None] = mapped_column(ForeignKey("snapshots.id"), index=True)
    changes: Mapped[Any] = mapped_column(Json, nullable=True)
    after: Mapped[Any] = mapped_column(Json, nullable=True)
    turn: Mapped[str] = mapped_column(Text)


class ItemRow(Base):
    """One learned item: a line of the ledger."""

    __tablename__ = "learned"
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    layer: Mapped[str] = mapped_column(String(20))
    household: Mapped[str | None] = mapped_column(String(200))
    speaker: Mapped[str | None] = mapped_column(String(200))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    confirm: Mapped[bool] = mapped_column(Boolean)
    decided: Mapped[str | None] = mapped_column(String(20))
    score: Mapped[float] = mapped_column(Float)
    support: Mapped[int] = mapped_column(Integer)
    customers: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    since: Mapped[str | None] = mapped_column(String(40))
    details: Mapped[Any] = mapped_column(Json)


class PosteriorRow(Base):
    """How a rule does: discounted wins and losses with it, and of the same request without it."""

    __tablename__ = "posteriors"
    item: Mapped[str] = mapped_column(ForeignKey("learned.id", ondelete="CASCADE"), primary_key=True)
    with_wins: Mapped[float] = mapped_column(Float)
    with_losses: Mapped[float] = mapped_column(Float)
    without_wins: Mapped[float] = mapped_column(Float)
    without_losses: Mapped[float] = mapped_column(Float)


class EvidenceRow(Base):
    """Which turns an item was learned from."""

    __tablename__ = "evidence"
    item: Mapped[str] = mapped_column(ForeignKey("learned.id", ondelete="CASCADE"), primary_key=True)
    turn: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)
    place: Mapped[int] = mapped_column(Integer)


class DocumentRow(Base):
    """Whatever must survive a restart: timers, schedules, settings."""

    __tablename__ = "documents"
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    document: Mapped[Any] = mapped_column(Json)


class MetaRow(Base):
    """Versions of the tables that are published: `ledger` counts every change of what was learned."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(Integer)


class AlembicRow(Base):
    """Where the migrations stand. Alembic keeps this table itself; a fresh database is stamped without loading it."""

    __tablename__ = "alembic_version"
    version_num: Mapped[str] = mapped_column(String(32), primary_key=True)
