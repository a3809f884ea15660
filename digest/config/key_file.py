"""The file of keys that DIGEST_SECRET_FILE names: one a line, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from digest.config.replacing import replace_file
from digest.errors import ConfigurationError

_OWNER_ALONE = 0o600


def read_keys(path: Path) -> tuple[str, ...]:
    """The keys as they stand in the file now; none where it cannot be read, or holds what is no key."""
    try:
        lines = tuple(line.strip() for line in path.read_text(encoding="utf-8").split("\n"))
    except (OSError, ValueError):
        return ()
    keys = tuple(dict.fromkeys(filter(None, lines)))
    return keys if all(map(str.isprintable, keys)) else ()


def write_keys(path: Path, keys: Sequence[str]) -> None:
    """Puts other keys into the file, in one step and for its owner alone. Raises ConfigurationError."""
    try:
        replace_file(path.resolve(), "".join(f"{key}\n" for key in keys).encode(), mode=_OWNER_ALONE)
    except OSError as error:
        words = (error.strerror or str(error)).lower()
        raise ConfigurationError(
            f"DIGEST_SECRET_FILE = {path}: it cannot be written ({words})",
            hint="see to the permissions of its folder, or name a file that may be written",
        ) from None
