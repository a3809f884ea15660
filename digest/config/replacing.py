"""Putting a file in the place of another, in one step."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path


def replace_file(file: Path, content: bytes, *, mode: int | None = None) -> None:
    """Puts `content` in the place of a file, whose owner it gets, and its permissions unless another `mode` is given.
    At any instant there is the old one or the new one. Raises OSError."""
    status = file.stat()
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        new.chmod(stat.S_IMODE(status.st_mode) if mode is None else mode)
        if (status.st_uid, status.st_gid) != (new.stat().st_uid, new.stat().st_gid):
            os.chown(new, status.st_uid, status.st_gid)
        new.replace(file)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
