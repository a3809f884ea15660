"""The whole machine on one page, in the order in which a week goes through it.

    feeds ──► gather ──► compose ──► plan ──► send ──► ledger

Each command is this line stopped at a door. A dry run is the next door left shut: `plan` never opens a provider, and
`digest.app` hands it a copy of the store. What was previewed is what is sent: `compose` keeps the issue in the archive
with its fingerprint, and `plan` reads it from there. Nothing flows backwards.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from digest import segmenting
from digest.audience.choices import is_in, variants
from digest.clock import Clock
from digest.deliver.campaign import campaign_of
from digest.deliver.letters import Addressing
from digest.deliver.seam import Provider
from digest.dispatch.campaigns import Campaigns
from digest.dispatch.hours import hours
from digest.dispatch.sender import Orders, Sender
from digest.edit.issue import EditorsChoices, story_key
from digest.edit.week import window_of
from digest.errors import ConfigurationError, RecordError, TooFewStories
from digest.making_up import make_up_week
from digest.model import (
    Cut,
    FetchedSource,
    Issue,
    IssueState,
    KnownSource,
    LetterState,
    RenderedIssue,
    RosterReport,
    SourceReport,
    Wanted,
    Window,
)
from digest.model.pictures import PassedOver
from digest.model.segments import Segment
from digest.printing import printed
from digest.readership import read_list
from digest.record.archive import Archive
from digest.record.store import Store
from digest.render.languages import language_of
from digest.render.letter import render_issue
from digest.render.passages import with_sections
from digest.render.weight import weight_by_part
from digest.settings import Settings, Source
from digest.sources.web.backoff import retry_at


class SourceReader(Protocol):
    """Reads many sources and answers for each, as it is read. One that fails is a value, never an exception."""

    def read(self, sources: Sequence[tuple[Source, KnownSource]], wanted: Wanted) -> Iterator[FetchedSource]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """An issue as it was kept: its content, its mail form, what was cut, and the folder it is in."""

    issue: Issue
    rendered: RenderedIssue
    cuts: tuple[Cut, ...]
    folder: Path
    passed_over: tuple[PassedOver, ...] = ()
    """The pictures that its stories do not show, and why."""

    @property
    def weights(self) -> Mapping[str, int]:
        """Bytes of HTML by part, sections under their names."""
        names = {f"section-{number}": section.name for number, section in enumerate(self.issue.sections, 1)}
        return {names.get(part, part): size for part, size in weight_by_part(self.rendered.html).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who gets an issue: what the list holds now, and the letters as the ledger has them. `left_out` counts by reason
    who gets none: rows of the list, and readers of the issue. `segment` says who is meant, empty for all."""

    issue: Issue
    rendered: RenderedIssue
    roster: RosterReport
    letters: Mapping[LetterState, int]
    left_out: Mapping[str, int]
    segment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReport:
    """How a send went: the letters by state, and why it stopped before the end, if it did. `held` says that nobody may
    send the issue before a person lets it go on."""

    issue: str
    letters: Mapping[LetterState, int]
    stopped: str = ""
    held: bool = False


def gather(
    sources: Sequence[Source], reader: SourceReader, store: Store, clock: Clock, wanted: Wanted
) -> Iterator[SourceReport]:
    """Reads the sources back to the beginning of the week and keeps their entries: a report as each is done."""
    all_known = store.sources.known([source.feed for source in sources])
    pairs = [(source, all_known.get(source.feed, KnownSource())) for source in sources]
    waiting, reports = [source.feed for source in sources], dict[str, SourceReport]()
    for fetched in reader.read(pairs, wanted):
        now = clock()
        failures = all_known.get(fetched.url, KnownSource()).failures
        again = retry_at(failures + 1, now, fetched.retry_after)
        # Kept as it comes, so that nobody waits for a slow one before; told in the order of the configuration.
        reports[fetched.url] = store.sources.keep(fetched, now=now, retry_at=again)
        while waiting and waiting[0] in reports:
            yield reports[waiting.pop(0)]


def window(day: date, settings: Settings, store: Store, *, now: datetime, since: date | None = None) -> Window:
    """What the issue of `day` covers. Raises ConfigurationError when that is nothing."""
    last = store.issues.last_sent(before=day)
    return window_of(
        day,
        settings.week,
        settings.publication.timezone,
        now=now,
        last=last.window if last else None,
        began=store.sources.first_read(),
        since=since,
    )


def compose(
    day: date,
    settings: Settings,
    store: Store,
    archive: Archive,
    *,
    choices: EditorsChoices,
    now: datetime,
    since: date | None = None,
) -> Composed:
    """Makes up the issue of `day`, renders it and keeps it; an issue of that date that was not sent is replaced.

    Raises TooFewStories (and keeps nothing) below the configured minimum, AlreadySent, TemplateError.
    """
    covered = window(day, settings, store, now=now, since=since)
    made = make_up_week(day, covered, settings, store, choices=choices).made
    _enough(made.issue, made.cuts, settings.week.min_stories)
    issue, pictures = printed(made.issue, settings, store)
    rendered = render_issue(issue, settings.publication, templates=settings.templates)
    store.issues.keep_composed(
        issue,
        rendered.fingerprint,
        stories=[(story.entry_key, story_key(story), story.headline) for story in issue.stories],
        cuts=[cut for cut in made.cuts if cut.settled],
        now=now,
    )
    folder = archive.keep(issue, rendered, pictures)
    return Composed(issue=issue, rendered=rendered, cuts=made.cuts, folder=folder, passed_over=made.passed_over)


def plan(
    issue: str, settings: Settings, store: Store, archive: Archive, *, now: datetime, only: Segment | None = None
) -> Plan:
    """Fixes who gets the issue, a letter each, until it is being sent; then only those who left are taken out. With
    `only` they are the readers of that segment.

    Raises RecordError when the issue is not in the archive, was altered there or is not the one that the store knows,
    ConfigurationError for a list that cannot be read, AlreadySent when it is being sent to other readers.
    """
    made, rendered = archive.load(issue)
    _check_current(rendered, store)
    roster = read_list(settings, store, now=now)
    due, zones = hours(
        date.fromisoformat(issue),
        settings.delivery.local_hour,
        home=settings.publication.timezone,
        zones=store.subscribers.timezones() if settings.delivery.local_hour else (),
    )
    choices = variants_of(made, store.subscribers.choices(), settings)
    selection = segmenting.select(only, settings, store) if only else None
    planned = store.ledger.plan(issue, due=due, zones=zones, choices=choices, selection=selection, now=now)
    segment = selection.words if planned and selection else segmenting.begun(store.issues.record(issue), only)
    if not planned:
        store.ledger.withdraw(issue, now=now)
    letters = store.ledger.counts(issue)
    # To look for the reasons is to look at every letter.
    words = store.ledger.words(issue, LetterState.LEFT_OUT) if letters[LetterState.LEFT_OUT] else {}
    return Plan(
        issue=made,
        rendered=rendered,
        roster=roster,
        letters=letters,
        left_out={**roster.left_out, **words},
        segment=segment,
    )


def begin(plan: Plan, settings: Settings, store: Store) -> None:
    """The issue is fixed from here on. Raises ConfigurationError, and changes nothing, when list or segment have no
    readers; RecordError when somebody has planned it for others meanwhile."""
    _check_readers(plan, settings)
    segmenting.refuse_nobody(store.issues.record(plan.rendered.issue))
    store.issues.mark_sending(plan.rendered.issue, segment=plan.segment)


def send(
    plan: Plan,
    settings: Settings,
    store: Store,
    provider: Provider,
    addressing: Addressing,
    orders: Orders,
    *,
    clock: Clock,
) -> SendReport:
    """Sends what is owed: claimed durably before a byte leaves, settled after, on several lanes at once.

    Raises ConfigurationError when the list has no readers or the provider cannot express the campaign; RecordError when
    the store cannot be used, or is a copy.
    """
    issue = plan.rendered.issue
    campaign = campaign_of(plan.rendered, settings, date=clock())
    provider.check(campaign)  # before the issue is fixed: what it objects to can be mended by making it up again
    begin(plan, settings, store)
    campaigns = Campaigns(campaign, lambda variant: body_of(plan.issue, plan.rendered, variant, settings))
    sender = Sender(store, settings, provider, campaigns, addressing, orders, clock=clock)
    stopped = sender.run()
    store.issues.mark_sent(issue)
    record = store.issues.record(issue)
    return SendReport(
        issue=issue,
        letters=store.ledger.counts(issue),
        stopped=stopped,
        held=record is not None and bool(record.hold) and record.held_until is None,
    )


def variants_of(
    issue: Issue, choices: Sequence[tuple[str, ...]], settings: Settings
) -> Mapping[tuple[str, ...], int | None]:
    """The body of the issue for each choice of sections; None for one that leaves too little for a letter."""
    return variants(
        choices,
        [(section.name, len(section.stories)) for section in issue.shown],
        {rule.name: rule.categories for rule in settings.sections},
        least=settings.least_stories,
    )


def body_of(issue: Issue, rendered: RenderedIssue, variant: int, settings: Settings) -> RenderedIssue:
    """The issue as readers get it whose sections are those of `variant`; 0 is the whole one."""
    if not variant:
        return rendered
    language = language_of(settings.publication.language, settings.templates)
    return with_sections(rendered, issue, variant, partial(is_in, variant), language)


def _check_readers(plan: Plan, settings: Settings) -> None:
    """An issue that went to nobody would count as sent, and its stories as read."""
    if not plan.roster.readers:
        raise ConfigurationError(
            f"{settings.subscribers} has no readers: nobody would get the issue of {plan.rendered.issue}",
            hint="see `digest subscribers check`; nothing was sent",
        )


def _check_current(rendered: RenderedIssue, store: Store) -> None:
    """An issue that waited must still be the one that the store knows, and must repeat nothing that ran meanwhile."""
    record = store.issues.record(rendered.issue)
    again = f"make it up again: digest compose --date {rendered.issue}"
    if record and record.fingerprint != rendered.fingerprint:
        raise RecordError(f"the archive and the store hold different issues of {rendered.issue}", hint=again)
    repeated = store.issues.ran_elsewhere(rendered.issue)
    if repeated and record and record.state is IssueState.COMPOSED:
        raise RecordError(
            f"{len(repeated)} stories of {rendered.issue} have run in another issue since it was made up", hint=again
        )


def _enough(issue: Issue, cuts: Sequence[Cut], least: int) -> None:
    found = len(issue.stories)
    if found < least:
        raise TooFewStories(
            f"no issue goes out: {issue.id} has {found} of at least {least} stories ({len(cuts)} cut{_reasons(cuts)})",
            hint="gather again, lower week.min_stories, or reach further back with --since DATE",
        )


def _reasons(cuts: Sequence[Cut]) -> str:
    counted = Counter(re.sub(r"(?<=duplicate) of .*| \(\d{4}-.*?\)", "", cut.reason) for cut in cuts)
    return "".join(f"; {count} {reason}" for reason, count in counted.most_common())
