"""How stores of earlier versions become stores of this one (Alembic). Applied by `digest.record.migrate`."""
