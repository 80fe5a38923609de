"""Migrations are run by Alembic; pytest, which collects doctests by importing, must leave them alone."""

collect_ignore_glob = ["migrations/*"]
