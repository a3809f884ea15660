"""Back issues: which issues readers may look at, what is in them, and what a search finds. The archive is the truth."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock

from digest.clock import Clock
from digest.edit.back_issue import back_issue_of, indexed_stories
from digest.errors import RecordError
from digest.model import Correction
from digest.model.back_issues import BackIssue, Findings
from digest.record.archive import Archive
from digest.record.store import Store
from digest.render.back_issues.letter_page import prints_of, with_own_pictures
from digest.render.characters import printable
from digest.render.languages import language_of
from digest.render.slots import fill_html, fill_text, neutral_values
from digest.render.typography import Rules, headline, running
from digest.settings import Settings

_LONGEST_QUESTION = 200
_LOOKED = timedelta(seconds=2)
"""For so long the list is taken as it is: an issue that begins to be sent is on it before its first letter is read."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The issues that readers may look at, the newest first. `version` is another one whenever a page may say something
    else than before."""

    issues: tuple[BackIssue, ...]
    version: tuple[object, ...]
    by_id: Mapping[str, int] = field(default_factory=dict)

    def neighbours(self, issue_id: str) -> tuple[BackIssue | None, BackIssue | None]:
        """The issue before, and the one after."""
        place = self.by_id[issue_id]
        earlier = self.issues[place + 1] if place + 1 < len(self.issues) else None
        return earlier, self.issues[place - 1] if place else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicLetter:
    """A letter as everybody may read it: nobody's name in it, nobody's links."""

    shown: BackIssue
    html: str
    text: str
    corrections: tuple[Correction, ...]


class BackIssues:
    """The back issues of one publication. Threads may share them."""

    def __init__(self, settings: Settings, store: Store, archive: Archive, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._archive = archive
        self._clock = clock
        self._lock = Lock()
        self._known: Catalogue | None = None
        self._looked_at: datetime | None = None

    def catalogue(self) -> Catalogue:
        """The issues that readers may look at. One that began to be sent is looked up in the archive first; one that is
        damaged there is not among them."""
        with self._lock:
            now = self._clock()
            if self._known is None:
                self._store.back_issues.forget(tuple(self._store.back_issues.faults()))
            if self._known is None or self._looked_at is None or not now - _LOOKED < self._looked_at <= now:
                self._known, self._looked_at = self._looked_up(now), now
            return self._known

    def faults(self) -> dict[str, str]:
        """Why issues that have gone out cannot be shown, by their ids."""
        self.catalogue()
        return self._store.back_issues.faults()

    def letter(self, issue_id: str) -> PublicLetter | None:
        """The letter of an issue; None for one that readers may not look at, or that is damaged."""
        catalogue = self.catalogue()
        if issue_id not in catalogue.by_id:
            return None
        try:
            issue, rendered = self._archive.load(issue_id)
        except RecordError as error:
            self._note_fault(issue_id, error)
            return None
        publication = self._settings.publication
        values = neutral_values(publication, language_of(publication.language, self._settings.templates))
        html = fill_html(rendered.html, rendered.slots, values)
        return PublicLetter(
            shown=catalogue.issues[catalogue.by_id[issue_id]],
            html=with_own_pictures(html, prints_of(printable(issue))),
            text=fill_text(rendered.text, rendered.slots, values),
            corrections=self._store.issues.corrections(issue_id),
        )

    def picture(self, issue_id: str, name: str) -> bytes | None:
        """A print that is kept with an issue of whatever standing, because letters show it; None when it is not there,
        or is not what its name says."""
        return self._archive.picture(issue_id, name)

    def pictures(self, issue_id: str) -> tuple[str, ...] | None:
        """The names of the prints that are kept with an issue; None for one that is damaged."""
        try:
            self._archive.load(issue_id)
            return tuple(self._archive.pictures(issue_id))
        except RecordError as error:
            self._note_fault(issue_id, error)
            return None

    def search(self, words: str, *, before: str = "") -> Findings:
        """The stories that have these words: see `record.back_issues`."""
        self.catalogue()
        return self._store.back_issues.search(words[:_LONGEST_QUESTION], before=before)

    def headline(self, words: str) -> str:
        """A headline as the letter sets it."""
        return headline(words, self._rules)

    def _looked_up(self, now: datetime) -> Catalogue:
        standing = self._store.back_issues.gone_out()
        for issue_id, is_indexed in standing:
            if not is_indexed:
                self._index(issue_id)
        version = (standing, self._store.back_issues.last_correction(), now.date())
        if self._known and self._known.version == version:
            return self._known
        issues = self._store.back_issues.all()
        by_id = {one.id: place for place, one in enumerate(issues)}
        return Catalogue(issues=issues, version=version, by_id=by_id)

    def _index(self, issue_id: str) -> None:
        record = self._store.issues.record(issue_id)
        try:
            issue, rendered = self._archive.load(issue_id)
        except RecordError as error:
            self._note_fault(issue_id, error)
            return
        issue = printable(issue)
        went_out = (record.sending_since if record else None) or issue.window.closes
        shown = back_issue_of(issue, rendered, went_out=went_out)
        self._store.back_issues.keep(
            replace(
                shown,
                headline=self.headline(shown.headline),
                deck=running(shown.deck, self._rules),
                further=tuple(map(self.headline, shown.further)),
            ),
            (
                replace(one, headline=self.headline(one.headline), deck=running(one.deck, self._rules))
                for one in indexed_stories(issue)
            ),
        )

    @property
    def _rules(self) -> Rules:
        """How the letter's language sets its words, whatever language a visitor reads."""
        return language_of(self._settings.publication.language, self._settings.templates).rules

    def _note_fault(self, issue_id: str, error: RecordError) -> None:
        _log.warning("the issue of %s cannot be shown: %s", issue_id, error)
        self._store.back_issues.keep_fault(issue_id, str(error))
        self._looked_at = None
