"""Gathering: the facade for everything that brings the week's stories into the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from digest import pipeline
from digest.clock import Clock
from digest.edit.issue import EditorsChoices
from digest.errors import GatherFailed
from digest.making_up import make_up_week
from digest.model import Form, SourceReport, SourceStanding, SourceStatus, Wanted, Window
from digest.model.preflight import THIN
from digest.record.archive import Archive
from digest.record.corrections import write_corrections
from digest.record.store import Store
from digest.settings import Settings
from digest.sources.gather import FeedReader

_READ = {SourceStatus.OK, SourceStatus.UNCHANGED}
_MAY_STAND_ALONE = {Form.PODCAST, Form.CORRECTION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the sources stand for an issue, those that were never read without any date; and how many stories each of
    its sections has so far that will be thin."""

    window: Window
    standings: tuple[SourceStanding, ...]
    thin: tuple[tuple[str, int], ...]


class Gathering:
    """The sources of one publication."""

    def __init__(self, settings: Settings, store: Store, archive: Archive, clock: Clock) -> None:
        self._settings = settings
        self._archive = archive
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
            self._note_corrections(report)
            yield report
        if not any(report.status in _READ for report in reports):
            raise GatherFailed(
                f"none of the {len(reports)} sources could be read",
                hint="see the reasons above; check the addresses in [[sources]] and the network",
            )

    def _note_corrections(self, report: SourceReport) -> None:
        for issue in {each.issue for each in report.corrections}:
            write_corrections(self._archive.paths(issue).folder, self._store.issues.corrections(issue))

    def health(self, day: date) -> Health:
        """How the sources stand for the issue of `day`, in the order of the configuration. Raises RecordError."""
        sources = self._settings.sources
        window = pipeline.window(day, self._settings, self._store, now=self._clock())
        known = {each.url: each for each in self._store.standings.of([one.feed for one in sources], since=window.opens)}
        never = {one.feed: SourceStanding(name=one.name, url=one.feed, complete=False) for one in sources}
        standings = tuple({**never, **known}[one.feed] for one in sources)
        return Health(window=window, standings=standings, thin=self._thin(day, window))

    def _thin(self, day: date, window: Window) -> tuple[tuple[str, int], ...]:
        """Sections that have room for more; where everything goes into one, it says nothing."""
        issue = make_up_week(day, window, self._settings, self._store, choices=EditorsChoices()).made.issue
        counts = {section.name: len(section.stories) for section in issue.sections}
        rules = [rule for rule in self._settings.sections if rule.max >= THIN and rule.form not in _MAY_STAND_ALONE]
        if len(rules) < 2:
            return ()
        return tuple((rule.name, found) for rule in rules if (found := counts.get(rule.name, 0)) < THIN)
