"""Where the store is: from its URL to its file and back."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from digest.errors import RecordError

_HINT = "write store.url in digest.toml like sqlite:///var/digest.db"


def path_of(url: str) -> Path:
    """The file that `sqlite:////absolute/path.db` names. Raises RecordError for anything else."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise RecordError(f"store.url = {url!r} is no address of a store", hint=_HINT) from error
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise RecordError(f"store.url: stores of the kind {parsed.drivername!r} are not known", hint=_HINT)
    if not parsed.database or parsed.database == ":memory:" or parsed.query:
        raise RecordError(f"store.url = {url!r} does not name a file", hint=_HINT)
    return Path(parsed.database)


def url_of(path: Path) -> str:
    """The URL of the store in the file `path`."""
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)
