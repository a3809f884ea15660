"""What comes back of letters: the facade for the provider's webhook, for mail that returns, and for the figures."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from digest.audience.addresses import normalise
from digest.audience.bounces import mass_refusal, ruling
from digest.clock import Clock
from digest.deliver.event_webhook import SIGNATURE, TIMESTAMP, NotGenuine, verify
from digest.deliver.events_file import NoEvents, parse_events, read_events
from digest.deliver.webhook_events import translate
from digest.model import LetterState
from digest.model.feedback import PASSING, Figures, Kept, Rules
from digest.model.readers import OPERATOR, EventKind, MailEvent, Origin
from digest.office.addressing import addressing_of
from digest.record.store import Store
from digest.settings import Settings

_log = logging.getLogger(__name__)
_PROVIDER = Origin(how="provider")


class Reception(StrEnum):
    """What became of a request to the webhook."""

    TAKEN = "taken"
    CLOSED = "no public key is configured"
    FORGED = "not the provider's"
    UNREADABLE = "no events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What came back of an issue, and whether opens and clicks are asked for at all."""

    figures: Figures
    tracks_opens: bool
    tracks_clicks: bool


class Feedback:
    """What comes back of one publication's letters. Threads may share it."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock

    def hear_sendgrid(self, body: bytes, headers: Mapping[str, str]) -> Reception:
        """Takes one request of SendGrid's event webhook, as it came; on disk when this returns TAKEN.

        `headers` are found in any letter case. Raises ConfigurationError for a public key that is none, RecordError.
        """
        webhook, now = self._settings.readers.webhook, self._clock()
        if not webhook.public_key:
            return Reception.CLOSED
        signature, timestamp = headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, "")
        try:
            verify(
                body,
                signature=signature,
                timestamp=timestamp,
                public_key=webhook.public_key,
                now=now,
                tolerance=webhook.tolerance,
            )
            posts = parse_events(body)
        except NotGenuine as error:
            _log.warning("a request to SendGrid's webhook was refused: %s", error)
            return Reception.FORGED
        except NoEvents as error:
            _log.warning("a request to SendGrid's webhook holds no events: %s", error)
            return Reception.UNREADABLE
        self._hear(posts)
        return Reception.TAKEN

    def take(self, events: Iterable[MailEvent], origin: Origin) -> Kept:
        """Keeps events, from wherever they came, and does what follows from them. Raises RecordError."""
        events = [self._without_key(each) if each.url else each for each in events]
        return self._store.mail_events.keep(events, self._rules(), origin, now=self._clock())

    def take_file(self, issue: str, path: Path) -> Mapping[LetterState, int]:
        """Takes what a file has of SendGrid's events. Returns how many of the issue's unknown letters they settle.

        Whose address an event lacks is found by the key of their letter. Raises ConfigurationError when the file cannot
        be read, RecordError.
        """
        events, _ = translate(read_events(path), normalise=normalise, now=self._clock())
        numbers = self._numbers_in_doubt(issue)
        found = (replace(each, number=numbers.get((each.issue, each.letter), each.number)) for each in events)
        settled = self.take(found, _PROVIDER).settled
        return {state: settled.get((issue, state), 0) for state in (LetterState.ACCEPTED, LetterState.REFUSED)}

    def believe(self, issue: str) -> Kept:
        """The operator says that the many bounces of an issue are right: its readers are suppressed. RecordError."""
        return self._store.mail_events.believe(issue, self._rules(), OPERATOR, now=self._clock())

    def returned(self, issue: str) -> Returned:
        """What came back of an issue."""
        sendgrid = self._settings.delivery.sendgrid
        figures = self._store.mail_events.figures(issue)
        return Returned(figures=figures, tracks_opens=sendgrid.track_opens, tracks_clicks=sendgrid.track_clicks)

    def last(self) -> Figures:
        """What the newest issue that has gone out is judged by; nothing before the first."""
        record = self._store.issues.last_sent()
        return self._store.mail_events.rates(record.issue) if record else Figures()

    def _hear(self, posts: Iterable[object]) -> None:
        events, passed_over = translate(posts, normalise=normalise, now=self._clock())
        kept = self.take(events, _PROVIDER)
        _log.info(
            "SendGrid told of %d events: %d new (%d of outsiders), %d known, %d passed over; %d suppressed, %d lifted",
            len(events) + passed_over, kept.new, kept.outsiders, kept.known, passed_over, kept.suppressed, kept.lifted,
        )  # fmt: skip

    def _rules(self) -> Rules:
        ids = addressing_of(self._settings, self._store).ids

        def keys_of(issue: str, address: str) -> Collection[str]:
            return (ids.of_letter(issue, "", address),)

        return Rules(judge=ruling, is_server=mass_refusal, keys_of=keys_of, passed_over=self._passed_over())

    def _passed_over(self) -> frozenset[EventKind]:
        sendgrid = self._settings.delivery.sendgrid
        tracked = {EventKind.OPEN: sendgrid.track_opens, EventKind.CLICK: sendgrid.track_clicks}
        return PASSING | {kind for kind, wanted in tracked.items() if not wanted}

    def _without_key(self, event: MailEvent) -> MailEvent:
        """A link to the readers' pages says whose it is: of a click on one only the pages are kept."""
        web = self._settings.publication.web
        own = event.url.startswith(web) and not event.url.startswith(f"{web}issues/")
        return replace(event, url=web) if own else event

    def _numbers_in_doubt(self, issue: str) -> dict[tuple[str, str], int]:
        ids = addressing_of(self._settings, self._store).ids
        with self._store.ledger.letters(issue, LetterState.UNKNOWN) as letters:
            return {(issue, ids.of_letter(issue, "", letter.address)): letter.key for letter in letters}
