"""Beside an issue that has gone out: which of its stories say something else on their site now (`corrections.txt`).

The issue itself stays as its readers got it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from digest.errors import RecordError
from digest.model import Correction
from digest.record.durable import replace_durably

_FILE = "corrections.txt"


def write_corrections(folder: Path, corrections: Sequence[Correction]) -> Path | None:
    """Writes all corrections of the issue in `folder`, in place of what was written before; None where the folder is
    gone or there are none. Raises RecordError."""
    if not corrections or not folder.is_dir():
        return None
    path = folder / _FILE
    try:
        replace_durably(path, "\n".join(map(_told, corrections)).encode())
    except OSError as error:
        raise RecordError(
            f"{path} cannot be written: {error.strerror or error}",
            hint="look at the rights of the archive's folder and at the room on its disk",
        ) from error
    return path


def _told(one: Correction) -> str:
    now = "its text was changed" if one.before == one.after else f"now it is “{one.after}”"
    return f"{one.at:%Y-%m-%d %H:%M} UTC  {one.address}\n  It ran as “{one.before}”; {now}.\n"
