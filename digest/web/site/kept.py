"""What is the same for every visitor, kept for a moment: a page that many ask for at once is written once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta

_LASTS = timedelta(seconds=5)
"""So soon a page says what its templates say by now."""
_MOST = 32


class Kept:
    """Texts by what they depend on. Threads may share it: at worst two of them write the same."""

    def __init__(self) -> None:
        self._texts: dict[Hashable, tuple[datetime, str]] = {}

    def has(self, key: Hashable, *, now: datetime) -> bool:
        """Whether `of` would have to write nothing."""
        return _is_fresh(self._texts.get(key), now)

    def of(self, key: Hashable, write: Callable[[], str], *, now: datetime) -> str:
        """The text of that key, as `write` wrote it a moment ago, or writes it now. Raises what that raises."""
        kept = self._texts.get(key)
        if kept is None or not _is_fresh(kept, now):
            kept = now, write()
            if len(self._texts) >= _MOST:
                self._texts.clear()
            self._texts[key] = kept
        return kept[1]


def _is_fresh(kept: tuple[datetime, str] | None, now: datetime) -> bool:
    return kept is not None and timedelta() <= now - kept[0] < _LASTS
