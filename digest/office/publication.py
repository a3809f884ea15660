"""A publication at work: the facade that front ends use, and nothing below it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from digest import pipeline
from digest.audience.addresses import BadAddress, normalise
from digest.clock import Clock
from digest.deliver.campaign import campaign_of
from digest.deliver.letters import Addressing, write_letter
from digest.deliver.providers import open_provider, write_samples
from digest.deliver.seam import OpenGate
from digest.deliver.share import senders_for, share_of
from digest.dispatch.pulse import Pulse
from digest.dispatch.sender import Orders
from digest.edit.week import closed_lately, closing
from digest.errors import ConfigurationError, RecordError, SendingStopped
from digest.model import (
    Answer,
    Batch,
    IssueRecord,
    Letter,
    LetterState,
    Preflight,
    Progress,
    RenderedIssue,
    RosterReport,
    SourceReport,
    Subscriber,
)
from digest.model.segments import Segment
from digest.office.accounts import Accounts
from digest.office.addressing import greeting_addressing_of
from digest.office.clearance import INVENTED, Clearance
from digest.office.completing import Completed, Completing
from digest.office.composing import Composing
from digest.office.gathering import Gathering
from digest.office.illustrating import picture_folders
from digest.office.keyring import Keyring
from digest.office.segments import Segments
from digest.office.subscriptions import Subscriptions
from digest.pipeline import Composed, Plan, SendReport
from digest.readership import read_list
from digest.record.archive import Archive
from digest.record.store import Store
from digest.render.browser_copy import for_browser
from digest.render.slots import fill_html
from digest.settings import Settings

SAMPLE_LETTERS = 3


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
        return Completing(self.settings, self.store, self.clock).complete(day or self.due(), since=since)

    @property
    def gathering(self) -> Gathering:
        """The sources."""
        return Gathering(self.settings, self.store, self.archive, self.clock)

    def due(self) -> date:
        """The date of the issue to make up now."""
        return self.composing.due()

    def closed_lately(self) -> date | None:
        """The date of the issue that a timer is to send now, if there is one."""
        last = self.store.issues.last_sent()
        last_day = date.fromisoformat(last.issue) if last else None
        return closed_lately(self.clock(), self.settings.week, self.settings.publication.timezone, last_day)

    def closes(self, day: date) -> datetime:
        """When the issue of `day` closes, in the publication's local time."""
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
        return Composing(self.settings, self.store, self.archive, self.desk, self.clock)

    def newest_issue(self) -> str:
        """The id of the newest issue that was made up. Raises RecordError when there is none."""
        for record in self.store.issues.records(1):
            return record.issue
        raise RecordError("no issue has been made up yet", hint="run `digest gather` and then `digest compose`")

    def rendered(self, issue: str) -> RenderedIssue:
        """The issue's mail form, from the archive. Raises RecordError when it is not there or was altered."""
        return self.archive.load(issue)[1]

    def plan(self, issue: str, only: Segment | None = None) -> Plan:
        """Who gets the issue, `only` those of a segment if one is given, and where its letters stand."""
        return pipeline.plan(issue, self.settings, self.store, self.archive, now=self.clock(), only=only)

    @property
    def segments(self) -> Segments:
        """Which readers a send is for."""
        return Segments(self.settings, self.store, self.clock)

    def check_provider(self) -> None:
        """Raises ConfigurationError when the provider lacks a setting. Opens no connection and writes nothing."""
        open_provider(self.settings.delivery)

    def write_samples(self, plan: Plan, folder: Path) -> tuple[Path, ...]:
        """Writes the first few letters of the plan as `.eml` files, as sent, but for links that do nothing."""
        issue, addressing = plan.rendered.issue, self.addressing
        readers = self.readers(SAMPLE_LETTERS, issue)
        letters = tuple(write_letter(reader, issue=issue, addressing=addressing) for reader in readers)
        campaign = campaign_of(plan.rendered, self.settings, date=self.clock())
        return write_samples(folder, campaign, letters)

    def write_browser_copy(self, rendered: RenderedIssue, folder: Path) -> Path:
        """Writes the letter as a browser on this machine can show it, filled for an invented reader."""
        html = fill_html(rendered.html, rendered.slots, self._sample_letter(rendered).slots)
        page = for_browser(html, picture_folders(self.settings, self.archive, self.store, rendered.issue))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{rendered.issue}.preview.html"
        path.write_text(page, encoding="utf-8")
        return path

    def senders(self, plan: Plan) -> int:
        """How many senders are to share the work."""
        return senders_for(self.settings.delivery, plan.letters.get(LetterState.OWED, 0))

    def is_at_work(self, issue: str) -> bool:
        """Whether a sender lives that sends this issue."""
        return self.store.senders.living(issue, now=self.clock()) > 0

    def preflight(self, issue: str, *, links: bool) -> Preflight:
        """Looks at a made-up issue; asks for its `links` when wanted. Raises RecordError."""
        return self.clearance.preflight(issue, links=links)

    def begin(self, plan: Plan, found: Preflight, *, despite: Collection[str] = ()) -> None:
        """From here on the issue is fixed: it is not made up again. `found` is its preflight; errors of checks that
        `despite` names do not count.

        Raises NotCleared when others do; ConfigurationError for an empty list, or for what the provider cannot express:
        then nothing is fixed.
        """
        self.clearance.clear(plan.rendered, found, despite=despite)
        campaign = campaign_of(plan.rendered, self.settings, date=self.clock())
        open_provider(self.settings.delivery).check(campaign)
        greeting_addressing_of(
            self.settings, self.store
        )  # a catalogue that is broken is found out before the issue is fixed
        self.composing.serve(plan.rendered.issue)
        pipeline.begin(plan, self.settings, self.store)

    def send(
        self,
        plan: Plan,
        *,
        patient: bool = True,
        limit: int | None = None,
        share: tuple[int, int] = (1, 1),
        interrupted: Callable[[], bool] = lambda: False,
        progress: Callable[[Progress], None] = lambda progress: None,
    ) -> SendReport:
        """Sends what is still owed. `patient` stays until nothing is, `limit` sends so many at most; `share`
        says which of how many senders this is."""
        issue, pulse = plan.rendered.issue, Pulse()

        def beat() -> None:
            if record := self.store.issues.record(issue):
                progress(pulse.beat(record, now=self.clock(), last_due=self.store.ledger.last_due(issue)))

        return pipeline.send(
            plan,
            self.settings,
            self.store,
            open_provider(share_of(self.settings.delivery, *share)),
            self.addressing,
            Orders(patient=patient, limit=limit, interrupted=interrupted, progress=beat),
            clock=self.clock,
        )

    def send_test_copy(self, issue: str, address: str) -> str:
        """Sends one copy, marked as a test and outside the ledger. Returns the provider's words.

        Raises ConfigurationError for an address that cannot be or is suppressed, SendingStopped when it was not taken.
        """
        try:
            reader = Subscriber(address=normalise(address))
        except BadAddress as error:
            raise ConfigurationError(
                f"--to {address!r}: {error}", hint="give one address, like you@example.com"
            ) from error
        if self.store.readers.ground_of(reader.address):
            raise ConfigurationError(
                f"--to {address!r} is suppressed: this address asked for no more letters",
                hint="use another address, or lift it with `digest subscribers allow ADDRESS`",
            )
        rendered = self.archive.load(issue)[1]
        campaign = campaign_of(rendered, self.settings, date=self.clock(), test=True)
        # A Message-ID of its own: mailboxes that fold equal ones would hide the real letter behind the test.
        letter = write_letter(reader, issue=issue, addressing=self.addressing, edition=rendered.fingerprint)
        provider = open_provider(self.settings.delivery)
        provider.check(campaign)
        line = provider.line()
        try:
            # No reference: a test copy is not held back, it goes at once.
            delivery = line.send(campaign, Batch(number=0, letters=(letter,)), OpenGate())
        finally:
            line.close()
        receipt = delivery.receipts[0]
        if receipt.answer is not Answer.TAKEN:
            raise SendingStopped(
                f"the test copy was not taken: {delivery.stopped or delivery.trouble or receipt.words}"
            )
        return receipt.provider_id or receipt.words

    @property
    def picture_folders(self) -> tuple[tuple[str, Path], ...]:
        """Beginnings of pictures' addresses, each with the folder of this machine that has them."""
        return picture_folders(self.settings, self.archive, self.store)

    @property
    def clearance(self) -> Clearance:
        """The preflight, and what issues were sent despite. The pictures of a dry run are on no web yet; those of an
        issue must be there."""
        at_hand = self.settings.preview_folders if self.archive is self.desk else self.picture_folders
        settings = replace(self.settings, preview_folders=at_hand)
        return Clearance(settings, self.store, self.archive, lambda: self.addressing, self.clock)

    @property
    def addressing(self) -> Addressing:
        """What letters need beside their reader. Raises ConfigurationError for a language without words."""
        return greeting_addressing_of(self.settings, self.store)

    @property
    def keyring(self) -> Keyring:
        """The keys that sign readers' links."""
        return Keyring(self.settings, self.store)

    @property
    def accounts(self) -> Accounts:
        """What became of the letters, and the hands on a campaign."""
        return Accounts(self.settings, self.store, self.clock)

    def roster(self) -> RosterReport:
        """The list as it stands: how many are on it, and which rows get no letter."""
        return read_list(self.settings, self.store, now=self.clock())

    def readers(self, limit: int, issue: str) -> tuple[Subscriber, ...]:
        """The first few readers of an issue whose letters are planned."""
        return self.store.subscribers.sample_of(issue, limit)

    @property
    def subscriptions(self) -> Subscriptions:
        """The two lists: who asked, and who must not be written to."""
        return Subscriptions(self.settings, self.store, self.clock)

    def status(self, limit: int) -> tuple[IssueRecord, ...]:
        """The last issues, the newest first."""
        return self.store.issues.records(limit)

    def _sample_letter(self, rendered: RenderedIssue) -> Letter:
        return write_letter(INVENTED, issue=rendered.issue, addressing=self.addressing)
