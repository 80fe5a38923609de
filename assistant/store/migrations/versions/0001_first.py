"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "documents",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id"),
    )
    op.create_table(
        "learned",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("layer", sa.String(length=20), nullable=False),
        sa.Column("household", sa.String(length=200), nullable=True),
        sa.Column("speaker", sa.String(length=200), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("confirm", sa.Boolean(), nullable=False),
        sa.Column("decided", sa.String(length=20), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("support", sa.Integer(), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.String(length=40), nullable=True),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_learned_kind"), "learned", ["kind"], unique=False)
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("states", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "evidence",
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("turn", sa.String(length=200), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["learned.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item", "turn"),
    )
    op.create_index(op.f("ix_evidence_turn"), "evidence", ["turn"], unique=False)
    op.create_table(
        "posteriors",
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("with_wins", sa.Float(), nullable=False),
        sa.Column("with_losses", sa.Float(), nullable=False),
        sa.Column("without_wins", sa.Float(), nullable=False),
        sa.Column("without_losses", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["learned.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item"),
    )
    op.create_table(
        "turns",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("household", sa.String(length=200), nullable=False),
        sa.Column("speaker", sa.String(length=200), nullable=True),
        sa.Column("time", sa.String(length=40), nullable=False),
        sa.Column("room", sa.String(length=200), nullable=True),
        sa.Column("gap", sa.Float(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("nbest", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("executed", sa.Text(), nullable=False),
        sa.Column("rewrite", sa.String(length=200), nullable=True),
        sa.Column("propensity", sa.Float(), nullable=False),
        sa.Column("holdout", sa.Boolean(), nullable=False),
        sa.Column("intent", sa.String(length=200), nullable=True),
        sa.Column("slots", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("entities", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("confidence", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("barge_in", sa.Float(), nullable=True),
        sa.Column("hands", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("feedback", sa.Boolean(), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("snapshot", sa.Integer(), nullable=True),
        sa.Column("changes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("turn", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot"],
            ["snapshots.id"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
    )
    op.create_index(op.f("ix_turns_snapshot"), "turns", ["snapshot"], unique=False)
    op.create_index(op.f("ix_turns_time"), "turns", ["time"], unique=False)
    op.create_index("ix_turns_who", "turns", ["household", "speaker"], unique=False)
