"""Alembic's entry: runs the migrations on the connection it is given, within the transaction that is open there."""

from __future__ import annotations

from alembic import context

# SQLite's schema changes are transactional: a store is migrated as a whole or not at all.
context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
