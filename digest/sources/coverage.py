"""Coverage: since when every story of a source is in the store, and whether that covers the week."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from digest.model import FetchedSource, KnownSource, SourceStatus, Wanted
from digest.settings import Source
from digest.sources.seam import Asking, found_in

EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when stories are covered whose first ones were reached."""


def coverage(covered_since: datetime | None, wanted: Wanted) -> tuple[bool, str]:
    """Whether the week is complete, and why: or why not."""
    if covered_since is None:
        return False, "how far back it reaches is not known"
    if covered_since <= wanted.since:
        return True, "every story since the week began" if covered_since > EVER else "every story that it ever had"
    return False, f"it reaches back to {covered_since:%Y-%m-%d %H:%M} UTC"


def unchanged(source: Source, known: KnownSource, asking: Asking, wanted: Wanted, *, through: str) -> FetchedSource:
    """The reading of a source that is as it was: what it covered, it covers."""
    complete, why = coverage(known.covered_since, wanted)
    found = found_in(source, asking, status=SourceStatus.UNCHANGED)
    return replace(found, through=through, complete=complete, why=why, covered_since=known.covered_since)
