"""Feeds that are files on this machine."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from digest.errors import SourceUnreadable
from digest.model import Validators
from digest.sources.web import complaints


def read_file(path: Path, most: int) -> bytes:
    """The bytes of the file, at most `most`. SourceUnreadable when it cannot be read or is larger."""
    # A pipe or a device could keep us waiting for ever.
    if path.exists() and not path.is_file() and not path.is_dir():
        raise SourceUnreadable(f"{path}: it is not a file", hint="check the path of the feed")
    try:
        with path.open("rb") as file:
            body = file.read(most + 1)
    except OSError as error:
        words = (error.strerror or "it cannot be read").lower()
        raise SourceUnreadable(f"{path}: {words}", hint="check the path of the feed") from error
    if len(body) > most:
        raise complaints.too_large(most)
    return body


def validators_of(body: bytes) -> Validators:
    """What tells later whether the file has changed: a hash of its bytes."""
    return Validators(etag=f"sha256:{sha256(body).hexdigest()}")
