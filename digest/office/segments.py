"""Which readers a send is for: the facade for `--only`."""

from __future__ import annotations

from digest import segmenting
from digest.clock import Clock
from digest.model.segments import Segment, SegmentCount
from digest.readership import read_list
from digest.record.store import Store
from digest.settings import Settings


class Segments:
    """The segments of one publication."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock

    def read(self, text: str | None) -> Segment | None:
        """The segment that an editor wrote; None stands for all readers. Raises ConfigurationError, which shows the
        place, for what cannot be understood and for names that there are not."""
        if text is None:
            return None
        read_list(self._settings, self._store, now=self._clock())  # which has the languages that there are
        return segmenting.read(text, self._settings, self._store)

    def count(self, segment: Segment | None) -> SegmentCount | None:
        """How many readers are in it, and in each of its terms; None for all readers."""
        return segmenting.count(segment, self._settings, self._store) if segment else None

    def refuse_another(self, issue: str, segment: Segment | None) -> None:
        """Raises AlreadySent when the issue has begun to go to other readers."""
        segmenting.begun(self._store.issues.record(issue), segment)
