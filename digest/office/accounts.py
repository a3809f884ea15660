"""What became of the letters, and the hands on a campaign: the facade for `status`, `why`, `settle` and `stop`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from digest.audience.addresses import BadAddress, normalise
from digest.clock import Clock
from digest.deliver.providers import open_provider
from digest.dispatch.recalls import CalledBack, call_back_held
from digest.errors import AlreadySent, ConfigurationError, RecordError
from digest.model import Correction, IssueRecord, IssueState, LetterRecord, LetterState, Override, Suppression
from digest.model.errands import Averted, AvertedCount, ErrandState
from digest.model.feedback import TRACKING, Figures
from digest.model.ledger import BY_HAND, PAUSED, STOPPED
from digest.model.readers import MailEvent
from digest.office.feedback import Feedback, Returned
from digest.record.store import Store
from digest.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueStatus:
    """How an issue stands: its record, why nobody may send it at the moment, why letters were refused or left out (with
    counts), how many are at work on it, when the next owed letter is due, what the provider still holds, what came back
    of its letters, and which of its stories were corrected after they ran."""

    record: IssueRecord
    hold: str
    refused: Mapping[str, int]
    left_out: Mapping[str, int]
    senders: int
    next_due: datetime | None
    held_batches: int
    held_letters: int
    returned: Returned
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """What is known of one address: whether it is on the list, suppressed, its letters, the newest issue first, and
    what came back of them, the oldest first (without opens and clicks)."""

    address: str
    listed: bool
    reason: str
    suppression: Suppression | None
    letters: tuple[LetterRecord, ...]
    came_back: tuple[MailEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """What stopping an issue came to: letters that were owed and never go out, and those that a provider held."""

    left_out: int
    held: CalledBack


class Accounts:
    """The accounts of one publication."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._feedback = Feedback(settings, store, clock)

    def issue(self, issue: str) -> IssueStatus:
        """How an issue stands. Raises RecordError when there is none."""
        now, record = self._clock(), self._record(issue)
        held = self._store.ledger.held(issue, after=now)
        return IssueStatus(
            record=record,
            hold=record.hold if record.is_held(now) else "",
            refused=self._store.ledger.words(issue, LetterState.REFUSED),
            left_out=self._store.ledger.words(issue, LetterState.LEFT_OUT),
            senders=self._store.senders.living(issue, now=now),
            next_due=self._store.ledger.next_due(issue),
            held_batches=len(held),
            held_letters=sum(batch.letters for batch in held),
            returned=self._feedback.returned(issue),
            corrections=self._store.issues.corrections(issue),
        )

    def overrides(self, issue: str) -> tuple[Override, ...]:
        """What an issue was sent despite."""
        return self._store.preflights.overrides(issue)

    @contextmanager
    def letters(self, issue: str, state: LetterState | None) -> Iterator[Iterator[LetterRecord]]:
        """The letters of an issue in that state (None: all), in the order of the list. Raises RecordError."""
        self._record(issue)
        with self._store.ledger.letters(issue, state) as letters:
            yield letters

    def why(self, address: str, issue: str = "") -> Why:
        """What is known of an address. Raises ConfigurationError for what is none, RecordError for no such issue."""
        try:
            normal = normalise(address)
        except BadAddress as error:
            raise ConfigurationError(
                f"{address!r} is no address: {error}", hint="write it like reader@example.com"
            ) from error
        if issue:
            self._record(issue)
        found = self._store.subscribers.find(normal)
        return Why(
            address=normal,
            listed=bool(found and found.listed),
            reason=found.reason if found else "",
            suppression=self._store.suppressions.find(normal),
            letters=self._store.ledger.letters_to(normal, issue),
            came_back=tuple(self._came_back(normal, issue)),
        )

    def _came_back(self, address: str, issue: str) -> Iterator[MailEvent]:
        reader = self._store.readers.find(address)
        for event in self._store.mail_events.of_reader(reader.number) if reader else ():
            if event.kind not in TRACKING and issue in {"", event.issue}:
                yield event

    def settle_by_events(self, issue: str, events: Path) -> Mapping[LetterState, int]:
        """Takes what a file has of the provider's events: see `Feedback.take_file`. Returns how many unknown letters of
        the issue became what. Raises ConfigurationError when the file cannot be read, RecordError."""
        self._record(issue)
        return self._feedback.take_file(issue, events)

    def believe_bounces(self, issue: str) -> int:
        """Most letters of an issue bounced, and rightly: suppresses those addresses. Returns how many. RecordError."""
        self._record(issue)
        return self._feedback.believe(issue).suppressed

    def last_returned(self) -> Figures:
        """What the newest issue that has gone out is judged by; nothing before the first."""
        return self._feedback.last()

    def letters_to_one_not_sent(self) -> Mapping[tuple[ErrandState, str], int]:
        """How many letters to single readers were given up in the last week, or may have left, by the words for it."""
        return self._store.errands.not_sent()

    def averted(self) -> Mapping[Averted, AvertedCount]:
        """What strangers asked for in the last day that was over the limits, every kind named."""
        return self._store.attempts.averted(since=self._clock() - timedelta(days=1))

    def rows_of_erased(self) -> tuple[int, ...]:
        """The lines of the operator's own list that name somebody who was erased."""
        return self._store.subscribers.rows_of_erased()

    def settle(self, issue: str, state: LetterState, addresses: Collection[str] = ()) -> int:
        """Settles unknown letters by hand, all or those to `addresses`: ACCEPTED, or OWED to send them again."""
        if self._record(issue).state is IssueState.STOPPED and state is LetterState.OWED:
            raise RecordError(f"the issue of {issue} is stopped; nothing of it is sent any more")
        if not addresses:
            return self._settle(issue, None, state, BY_HAND)
        keys = [letter.key for address in addresses for letter in self.why(address, issue).letters]
        return self._settle(issue, keys, state, BY_HAND)

    def pause(self, issue: str) -> None:
        """Nobody sends the issue until it is resumed; what is on the wire is finished. Raises RecordError."""
        self._store.issues.hold(issue, PAUSED)

    def resume(self, issue: str) -> None:
        """Takes every hold back: a pause, a first slice's, a failing provider's. Raises RecordError."""
        self._store.issues.release(issue)

    def stop(self, issue: str) -> Stopped:
        """Stops an issue for good; what a provider holds is called back while there is time.

        Raises AlreadySent when nothing is left to stop, RecordError when there is no such issue.
        """
        held = self._store.ledger.held(issue, after=self._clock())
        if self._record(issue).state is IssueState.SENT and not held:
            raise AlreadySent(f"the issue of {issue} is sent; nothing is left to stop")
        left_out = self._store.issues.stop(issue, STOPPED, now=self._clock())
        if not held:
            return Stopped(left_out=left_out, held=CalledBack())
        provider = open_provider(self._settings.delivery)
        return Stopped(left_out=left_out, held=call_back_held(self._store, provider, issue, STOPPED, clock=self._clock))

    def adopt(self) -> tuple[str, ...]:
        """Makes this store the one that sends. Every issue that was on its way is held, because the store it was copied
        from may have sent it: gives their ids."""
        self._store.seal.adopt()
        return self._store.issues.hold_all_under_way("taken over from a copy: see whether it went out from there")

    def _settle(self, issue: str, keys: Collection[int] | None, state: LetterState, words: str) -> int:
        return self._store.ledger.settle_unknown(issue, keys, state, words, now=self._clock())

    def _record(self, issue: str) -> IssueRecord:
        record = self._store.issues.record(issue)
        if record is None:
            raise RecordError(
                f"the store knows no issue of {issue}", hint="`digest status` lists the issues that there are"
            )
        return record
