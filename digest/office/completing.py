"""Completing: the facade for what stories' own pages say where their feeds leave something out.

Only the pages of stories that would be in the issue are asked, and what they said is remembered.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from digest import pipeline
from digest.clock import Clock
from digest.comparing import compare
from digest.edit.address import clean_address
from digest.edit.issue import EditorsChoices
from digest.edit.lacking import wanting
from digest.errors import ConfigurationError
from digest.making_up import make_up_week
from digest.model import SeenEntry
from digest.record.articles import AskedPage
from digest.record.store import Store
from digest.settings import Settings
from digest.sources.web.backoff import retry_at

MOST_PAGES = 60
"""Pages that one run asks for."""

_LONGEST = 90.0
"""Seconds that a run waits for pages; what has not answered by then is asked for by the next one."""

_ROUNDS = 2
"""What a page says may bring other stories into the issue, which then may lack something in their turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """How many pages were asked for and how many were read; how many robots.txt kept from us, and the others' errors by
    address. `left` counts those that there was no time or room for."""

    asked: int = 0
    read: int = 0
    refused: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    left: int = 0


class Completing:
    """The stories of one publication."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._settings, self._store, self._clock = settings, store, clock

    def complete(self, day: date, *, since: date | None = None) -> Completed:
        """Finds what is told twice, and asks for the pages of stories that the issue of `day` would carry and that lack
        something.

        What cannot be read costs its time-out and is no error; nothing is asked where `fetch.articles` says so. Raises
        RecordError.
        """
        compare(self._store, self._clock())
        if not self._settings.fetching.articles:
            return Completed()
        ends = time.monotonic() + min(_LONGEST, self._settings.fetching.deadline)
        done = Completed()
        for _ in range(_ROUNDS):
            wanted = self._wanted(day, since)
            chosen = wanted[: MOST_PAGES - done.asked]
            if not chosen:
                return _sum(done, Completed(left=len(wanted)))
            asked = self._ask(chosen, max(0.0, ends - time.monotonic()))
            compare(self._store, self._clock())
            done = _sum(done, asked, Completed(left=asked.left + len(wanted) - len(chosen)))
        return done

    def _wanted(self, day: date, since: date | None) -> list[tuple[int, str]]:
        """The keys and addresses of the entries whose pages are worth asking for now."""
        from digest.sources.articles.reader import is_somewhere

        now = self._clock()
        try:
            covered = pipeline.window(day, self._settings, self._store, now=now, since=since)
            week = make_up_week(day, covered, self._settings, self._store, choices=EditorsChoices())
        except ConfigurationError:  # composing the issue will say what is wrong with it
            return []
        theme = self._settings.publication.theme
        found = wanting(
            week.entries, week.made.issue, week.made.cuts, self._settings.sections,
            pictures=theme.pictures, amount=theme.text,
        )  # fmt: skip
        pairs = [(seen.key, clean_address(seen.entry.link)) for seen in self._due(found, now)]
        return [(key, address) for key, address in pairs if is_somewhere(address)]

    def _due(self, found: Sequence[SeenEntry], now: datetime) -> list[SeenEntry]:
        asked = self._store.articles.asked([seen.key for seen in found])
        return [seen for seen in found if is_due(asked.get(seen.key), now)]

    def _ask(self, wanted: Sequence[tuple[int, str]], seconds: float) -> Completed:
        from digest.sources.articles.reader import PageReader

        sources = self._settings.sources
        configured = tuple(address for source in sources for address in (source.feed, *source.pages))
        reader = PageReader(self._settings.fetching, configured=configured)
        answers = []
        for answer in reader.read(wanted, seconds=seconds):
            answers.append(answer)
            if answer.page:
                self._store.articles.keep(answer.key, answer.page, now=self._clock())
            else:
                self._store.articles.note_failure(answer.key, answer.address, answer.error, now=self._clock())
        failed = [(each.address, each.error) for each in answers if not (each.page or each.refused)]
        return Completed(
            asked=len(answers),
            read=sum(each.page is not None for each in answers),
            refused=sum(each.refused for each in answers),
            failed=tuple(failed),
            left=len(wanted) - len(answers),
        )


def is_due(asked: AskedPage | None, now: datetime) -> bool:
    """Whether a page may be asked for: never asked, or its entry changed, or it failed and has had time to recover."""
    if asked is None or asked.is_stale:
        return True
    # A page is not worth what a source is: already a first failure costs a wait.
    return asked.failures > 0 and retry_at(asked.failures + 1, asked.at) <= now


def _sum(done: Completed, *more: Completed) -> Completed:
    counts: Iterable[Completed] = (done, *more)
    return Completed(
        asked=sum(each.asked for each in counts),
        read=sum(each.read for each in counts),
        refused=sum(each.refused for each in counts),
        failed=tuple(each for one in counts for each in one.failed),
        left=more[-1].left if more else done.left,
    )
