"""Whether a store is whole, found out without changing anything in it."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from digest.record.migrate import REVISIONS

_STEPS = 10_000
"""Instructions of SQLite between two looks at the time: some milliseconds."""
_SOUND = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """What a look at a store came to: a line for each fault, whether its schema is the newest, why nobody can say."""

    faults: tuple[str, ...] = ()
    is_newest: bool = True
    trouble: str = ""


def check_up(path: Path, *, seconds: float) -> Checkup:
    """Reads the whole file, for so many seconds at most (https://www.sqlite.org/pragma.html#pragma_quick_check)."""
    ends = time.monotonic() + seconds
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=seconds)) as store:
            store.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
            rows = [str(row[0]) for row in store.execute("PRAGMA quick_check(20)")]
            revision = store.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if time.monotonic() > ends:
            return Checkup(trouble=f"it could not be read to its end within {seconds:g} s")
        return Checkup(trouble=f"it cannot be read ({error})")
    except sqlite3.DatabaseError as error:
        return Checkup(faults=(str(error),))
    faults = tuple(row for row in rows if row != _SOUND)
    return Checkup(faults=faults, is_newest=revision is not None and revision[0] == REVISIONS[-1])
