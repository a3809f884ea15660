"""A publication at work: the facade that front ends use, and nothing below it.

Its parts, and the rooms behind them, are imported when they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest.clock import Clock
from digest.errors import RecordError
from digest.model import IssueRecord, Preflight, RenderedIssue, RosterReport, SourceReport, Subscriber
from digest.record.archive import Archive
from digest.record.store import Store
from digest.settings import Settings

if TYPE_CHECKING:
    from digest.deliver.letters import Addressing
    from digest.office.accounts import Accounts
    from digest.office.clearance import Clearance
    from digest.office.completing import Completed
    from digest.office.composing import Composing
    from digest.office.gathering import Gathering
    from digest.office.keyring import Keyring
    from digest.office.segments import Segments
    from digest.office.sending import Sending
    from digest.office.subscriptions import Subscriptions
    from digest.pipeline import Composed


class Publication:
    """Its settings, its store, and the archive it writes to.

    `desk` is the archive in which the editor's own files lie beside the issues; a dry run writes to another one.
    """

    def __init__(self, settings: Settings, store: Store, archive: Archive, desk: Archive, clock: Clock) -> None:
        self.settings = settings
        self.store = store
        self.archive = archive
        self.desk = desk
        self.clock = clock

    def gather(self, *, whole: bool = False) -> Iterator[SourceReport]:
        """Reads every source back to where the issue that is due begins. Raises GatherFailed when not one is read."""
        return self.gathering.gather(self.due(), whole=whole)

    def complete(self, day: date | None = None, *, since: date | None = None) -> Completed:
        """Asks the pages of the stories of `day` (without it: of the issue that is due) for what their feeds lack."""
        from digest.office.completing import Completing

        return Completing(self.settings, self.store, self.clock).complete(day or self.due(), since=since)

    @property
    def gathering(self) -> Gathering:
        """The sources."""
        from digest.office.gathering import Gathering

        return Gathering(self.settings, self.store, self.archive, self.clock)

    def due(self) -> date:
        """The date of the issue to make up now."""
        return self.composing.due()

    def closed_lately(self) -> date | None:
        """The date of the issue that a timer is to send now, if there is one."""
        from digest.edit.week import closed_lately

        last = self.store.issues.last_sent()
        last_day = date.fromisoformat(last.issue) if last else None
        return closed_lately(self.clock(), self.settings.week, self.settings.publication.timezone, last_day)

    def closes(self, day: date) -> datetime:
        """When the issue of `day` closes, in the publication's local time."""
        from digest.edit.week import closing

        timezone = self.settings.publication.timezone
        return closing(day, self.settings.week, timezone).astimezone(timezone)

    def compose(
        self,
        day: date | None = None,
        *,
        since: date | None = None,
        lead: str | None = None,
        keep: Sequence[str] = (),
        illustrate: bool = False,
    ) -> Composed:
        """Makes up the issue of `day`, or the one that is due: see `Composing.compose`."""
        return self.composing.compose(day, since=since, lead=lead, keep=keep, illustrate=illustrate)

    @property
    def composing(self) -> Composing:
        """The making up of issues."""
        from digest.office.composing import Composing

        return Composing(self.settings, self.store, self.archive, self.desk, self.clock)

    def newest_issue(self) -> str:
        """The id of the newest issue that was made up. Raises RecordError when there is none."""
        for record in self.store.issues.records(1):
            return record.issue
        raise RecordError("no issue has been made up yet", hint="run `digest gather` and then `digest compose`")

    def rendered(self, issue: str) -> RenderedIssue:
        """The issue's mail form, from the archive. Raises RecordError when it is not there or was altered."""
        return self.archive.load(issue)[1]

    @property
    def segments(self) -> Segments:
        """Which readers a send is for."""
        from digest.office.segments import Segments

        return Segments(self.settings, self.store, self.clock)

    def write_browser_copy(self, rendered: RenderedIssue, folder: Path) -> Path:
        """Writes the letter as a browser on this machine can show it, filled for an invented reader."""
        from digest.deliver.letters import write_letter
        from digest.office.clearance import INVENTED
        from digest.office.illustrating import picture_folders
        from digest.render.browser_copy import for_browser
        from digest.render.slots import fill_html

        letter = write_letter(INVENTED, issue=rendered.issue, addressing=self.addressing)
        html = fill_html(rendered.html, rendered.slots, letter.slots)
        page = for_browser(html, picture_folders(self.settings, self.archive, self.store, rendered.issue))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{rendered.issue}.preview.html"
        path.write_text(page, encoding="utf-8")
        return path

    def preflight(self, issue: str, *, links: bool) -> Preflight:
        """Looks at a made-up issue; asks for its `links` when wanted. Raises RecordError."""
        return self.clearance.preflight(issue, links=links)

    @property
    def picture_folders(self) -> tuple[tuple[str, Path], ...]:
        """Beginnings of pictures' addresses, each with the folder of this machine that has them."""
        from digest.office.illustrating import picture_folders

        return picture_folders(self.settings, self.archive, self.store)

    @property
    def clearance(self) -> Clearance:
        """The preflight, and what issues were sent despite. The pictures of a dry run are on no web yet; those of an
        issue must be there."""
        from digest.office.clearance import Clearance

        at_hand = self.settings.preview_folders if self.archive is self.desk else self.picture_folders
        settings = replace(self.settings, preview_folders=at_hand)
        return Clearance(settings, self.store, self.archive, lambda: self.addressing, self.clock)

    @property
    def sending(self) -> Sending:
        """The letters: who gets one, and their way out."""
        from digest.office.sending import Sending

        return Sending(self.settings, self.store, self.archive, self.clearance, self.composing, self.clock)

    @property
    def addressing(self) -> Addressing:
        """What letters need beside their reader. Raises ConfigurationError for a language without words."""
        from digest.office.addressing import greeting_addressing_of

        return greeting_addressing_of(self.settings, self.store)

    @property
    def keyring(self) -> Keyring:
        """The keys that sign readers' links."""
        from digest.office.keyring import Keyring

        return Keyring(self.settings, self.store)

    @property
    def accounts(self) -> Accounts:
        """What became of the letters, and the hands on a campaign."""
        from digest.office.accounts import Accounts

        return Accounts(self.settings, self.store, self.clock)

    def roster(self) -> RosterReport:
        """The list as it stands: how many are on it, and which rows get no letter."""
        from digest.readership import read_list

        return read_list(self.settings, self.store, now=self.clock())

    def readers(self, limit: int, issue: str) -> tuple[Subscriber, ...]:
        """The first few readers of an issue whose letters are planned."""
        return self.store.subscribers.sample_of(issue, limit)

    @property
    def subscriptions(self) -> Subscriptions:
        """The two lists: who asked, and who must not be written to."""
        from digest.office.subscriptions import Subscriptions

        return Subscriptions(self.settings, self.store, self.clock)

    def status(self, limit: int) -> tuple[IssueRecord, ...]:
        """The last issues, the newest first."""
        return self.store.issues.records(limit)
