"""Not written yet."""

from __future__ import annotations

from digest.errors import SourceUnreadable
from digest.model import FetchedSource, KnownSource, Wanted
from digest.settings import Source
from digest.sources.seam import Asking


def read(source: Source, known: KnownSource, asking: Asking, wanted: Wanted, *, most_pages: int) -> FetchedSource:
    """Raises SourceUnreadable."""
    raise SourceUnreadable("this kind of source cannot be read yet")
