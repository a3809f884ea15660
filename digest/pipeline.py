"""The whole machine on one page, in the order in which a week goes through it.

    feeds ──► gather ──► compose ──► plan ──► send ──► ledger

Each command is this line stopped at a door. A dry run is the next door left shut: `plan` never opens a provider, and
`digest.app` hands it a copy of the store. What was previewed is what is sent: `compose` keeps the issue in the archive
with its fingerprint, and `plan` reads it from there. Nothing flows backwards.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from digest.audience.plan import plan_audience
from digest.audience.roster import read_roster
from digest.clock import Clock
from digest.deliver.campaign import campaign_of
from digest.deliver.letters import Addressing, write_letter
from digest.deliver.providers import Provider
from digest.edit.issue import EditorsChoices, compose_issue, story_key
from digest.edit.week import window_of
from digest.errors import ConfigurationError, RecordError, TooFewStories
from digest.model import (
    Audience,
    Cut,
    Delivery,
    Fate,
    FetchedSource,
    Issue,
    IssueState,
    Letter,
    LetterState,
    RenderedIssue,
    SourceReport,
    Validators,
)
from digest.record.archive import Archive
from digest.record.store import Store
from digest.render.letter import render_issue
from digest.settings import Settings, Source


class FeedReader(Protocol):
    """Reads many feeds and answers for each, in their order. A feed that fails is a value, never an exception."""

    def read(self, sources: Sequence[tuple[Source, Validators]]) -> Iterator[FetchedSource]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """An issue as it was kept: its content, its mail form, what was cut, and the folder it is in."""

    issue: Issue
    rendered: RenderedIssue
    cuts: tuple[Cut, ...]
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who gets an issue: the audience as the list has it now, and the letters as the ledger has them."""

    rendered: RenderedIssue
    audience: Audience
    letters: Mapping[LetterState, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReport:
    """How a send went: the letters by state, and why it stopped before the end, if it did."""

    issue: str
    letters: Mapping[LetterState, int]
    stopped: str = ""


def gather(sources: Sequence[Source], reader: FeedReader, store: Store, clock: Clock) -> Iterator[SourceReport]:
    """Reads the feeds and keeps their entries, a report line a source as it is done."""
    validators = store.sources.validators([source.feed for source in sources])
    for fetched in reader.read([(source, validators.get(source.feed, Validators())) for source in sources]):
        yield store.sources.keep(fetched, now=clock())


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
    last = store.issues.last_sent(before=day)
    window = window_of(
        day,
        settings.week,
        settings.publication.timezone,
        now=now,
        last=last.window if last else None,
        began=store.sources.first_read(),
        since=since,
    )
    made = compose_issue(
        store.entries.in_window(window, issue=day.isoformat(), seen_since=last.window.opens if last else None),
        day=day,
        number=store.issues.number_for(day.isoformat()),
        window=window,
        settings=settings,
        ran=store.entries.already_ran(before=day.isoformat()),
        choices=choices,
    )
    _enough(made.issue, made.cuts, settings.week.min_stories)
    rendered = render_issue(made.issue, settings.publication, templates=settings.templates)
    store.issues.keep_composed(
        made.issue,
        rendered.fingerprint,
        stories=[(story.entry_key, story_key(story), story.headline) for story in made.issue.stories],
        cuts=[cut for cut in made.cuts if cut.settled],
        now=now,
    )
    folder = archive.keep(made.issue, rendered)
    return Composed(issue=made.issue, rendered=rendered, cuts=made.cuts, folder=folder)


def plan(issue: str, settings: Settings, store: Store, archive: Archive, *, now: datetime) -> Plan:
    """Fixes who gets the issue, a letter each, until it is being sent; then only those who left are taken out.

    Raises RecordError when the issue is not in the archive, was altered there or is not the one that the store knows,
    ConfigurationError for a list that cannot be read.
    """
    rendered = archive.load(issue)[1]
    _check_current(rendered, store)
    audience = plan_audience(read_roster(settings.subscribers), store.suppressions.addresses())
    planned = store.ledger.plan(issue, audience, now=now)
    # An empty list is an accident of an export: it takes nobody out.
    if audience.readers and not planned:
        store.ledger.withdraw(issue, {reader.address for reader in audience.readers}, now=now)
    return Plan(rendered=rendered, audience=audience, letters=store.ledger.counts(issue))


def letters_for(audience: Audience, issue: str, addressing: Addressing) -> Iterator[Letter]:
    """The letters of an audience, in its order."""
    return (write_letter(reader, issue=issue, addressing=addressing) for reader in audience.readers)


def send(
    plan: Plan,
    settings: Settings,
    store: Store,
    provider: Provider,
    addressing: Addressing,
    *,
    run: str,
    clock: Clock,
    sleep: Callable[[float], None],
    interrupted: Callable[[], bool] = lambda: False,
    progress: Callable[[Mapping[LetterState, int]], None] = lambda counts: None,
) -> SendReport:
    """Sends what is still owed, batch by batch: claimed durably before a byte leaves, settled after.

    Raises ConfigurationError, and changes nothing, when the list has no readers.
    Ends when nothing is owed that this `run` has not tried, when the provider cannot go on, or when `interrupted`.
    """
    issue = plan.rendered.issue
    _check_readers(plan, settings)
    campaign = campaign_of(plan.rendered, settings.publication, date=clock())
    store.issues.mark_sending(issue)
    stopped = ""
    while not stopped and not interrupted():
        claimed = store.ledger.claim(issue, _batch(provider, settings.delivery.pace), by=run, now=clock())
        if not claimed:
            break
        started = clock()
        letters = [write_letter(reader, issue=issue, addressing=addressing) for reader in claimed]
        delivery = provider.send(campaign, letters)
        store.ledger.settle(issue, delivery.receipts, provider=provider.name, now=clock())
        progress(store.ledger.counts(issue))
        stopped = delivery.stopped or _stuck(delivery)
        sleep(_pause(len(letters), settings.delivery.pace, (clock() - started).total_seconds()))
    counts = store.ledger.counts(issue)
    if not counts.get(LetterState.OWED) and not counts.get(LetterState.UNKNOWN):
        store.issues.mark_sent(issue)
    return SendReport(issue=issue, letters=counts, stopped=stopped)


def _check_readers(plan: Plan, settings: Settings) -> None:
    """An issue that went to nobody would count as sent, and its stories as read."""
    if not plan.audience.readers:
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


def _stuck(delivery: Delivery) -> str:
    """A provider that leaves a whole batch unsent and goes on would be given the same letters for ever."""
    unsent = all(receipt.fate is Fate.UNSENT for receipt in delivery.receipts)
    return "the provider sent none of its letters and did not say why" if unsent else ""


def _batch(provider: Provider, pace: float) -> int:
    """As many letters as a call takes, and no more than a second's worth when the pace is limited."""
    return min(provider.readers_per_call, max(1, int(pace))) if pace else provider.readers_per_call


def _pause(letters: int, pace: float, elapsed: float) -> float:
    """Seconds to wait after a batch so that no more than `pace` letters leave a second."""
    return max(0.0, letters / pace - elapsed) if pace else 0.0
