"""Gathering: the facade for everything that brings the week's stories into the store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from digest import pipeline
from digest.clock import Clock
from digest.comparing import compare
from digest.errors import GatherFailed
from digest.model import SourceReport, SourceStatus, Wanted
from digest.record.store import Store
from digest.settings import Settings
from digest.sources.gather import FeedReader

_READ = {SourceStatus.OK, SourceStatus.UNCHANGED}


class Gathering:
    """The sources of one publication."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock

    def gather(self, day: date, *, whole: bool = False) -> Iterator[SourceReport]:
        """Reads every source back to where the issue of `day` begins; all of it anew, whatever is known, if `whole`.

        Raises GatherFailed after the last line when not one could be read.
        """
        settings, now = self._settings, self._clock()
        opens = pipeline.window(day, settings, self._store, now=now).opens
        wanted = Wanted(since=opens, now=now, whole=whole)
        reports = []
        reader = FeedReader(settings.fetching)
        for report in pipeline.gather(settings.sources, reader, self._store, self._clock, wanted):
            reports.append(report)
            yield report
        compare(self._store, self._clock())
        if not any(report.status in _READ for report in reports):
            raise GatherFailed(
                f"none of the {len(reports)} sources could be read",
                hint="see the reasons above; check the addresses in [[sources]] and the network",
            )
