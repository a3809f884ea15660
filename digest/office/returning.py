"""Mail that comes back: reads the mailbox, finds out whom each mail is about, and does what follows from it.

Anybody can write to that mailbox. So a mail is believed as far as it can prove what it is about: by a return path of
our making (VERP), or by the Message-ID of a letter together with the reader whom it went to. Both hold a keyed hash. Of
the rest, a bounce counts as a soft one, which ends nothing by itself; a complaint counts for nothing; a wish to leave
is always heard, because a letter too few is better than one too many.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from digest.clock import Clock
from digest.deliver.loopback import is_loopback
from digest.errors import ConfigurationError
from digest.model.readers import MailEvent, Origin
from digest.model.returns import ReturnedMail, ReturnKind
from digest.office.feedback import Feedback
from digest.office.tracing import Tracing
from digest.record.store import Store
from digest.returns.imap import ImapMailbox
from digest.returns.mailbox import Mailbox, Waiting
from digest.returns.maildir import MaildirMailbox
from digest.returns.understanding import understand
from digest.settings import Settings

_log = logging.getLogger(__name__)
_BY_MAIL = Origin(how="mail")


@dataclass(slots=True, kw_only=True)
class Reading:
    """What reading the mailbox came to: mails by what they are, what was told of letters (by kind), how many of these
    rest on the word of a stranger, events that were `known` before, readers who `left`, addresses `suppressed`, and
    mails that are `left_over` for a person."""

    mails: Counter[ReturnKind] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    unproven: int = 0
    known: int = 0
    left: int = 0
    suppressed: int = 0
    left_over: int = 0


class Returning:
    """The mailbox of returns of one publication."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._feedback = Feedback(settings, store, clock)

    def read(
        self,
        maildir: Path | None = None,
        *,
        look_only: bool = False,
    ) -> Reading:
        """Deals with all that waits. `maildir` is read in place of the configured mailbox; with `look_only` every mail
        stays where it is, which makes sense in a dry run alone.

        A handful is on record before its mails are moved; what is read twice after a crash is known by its identity.
        Raises ConfigurationError, MailboxFailed, RecordError.
        """
        reading = Reading()
        with self._opened(maildir, look_only) as mailbox:
            for handful in mailbox.waiting():
                finished = self._deal_with(handful, reading)
                if not look_only:
                    mailbox.done([mail.name for mail in handful if mail.name in finished])
                    mailbox.leave([mail.name for mail in handful if mail.name not in finished])
        _log.info("mail that came back: %s", reading)
        return reading

    @contextmanager
    def _opened(self, maildir: Path | None, look_only: bool) -> Iterator[Mailbox]:
        mailbox = self._mailbox(maildir, look_only)
        try:
            yield mailbox
        finally:
            mailbox.close()

    def _mailbox(self, maildir: Path | None, look_only: bool) -> Mailbox:
        returns = self._settings.readers.returns
        if folder := maildir or returns.maildir:
            return MaildirMailbox(folder)
        if not returns.imap_host:
            raise ConfigurationError(
                "no mailbox is configured that bounces come to",
                hint="set returns.maildir, or returns.imap.host and what belongs to it; or give --maildir",
            )
        if returns.imap_security == "none" and not is_loopback(returns.imap_host):
            raise ConfigurationError(
                f"returns.imap would send its password to {returns.imap_host} in the clear",
                hint="set returns.imap.security to 'tls' or 'starttls'",
            )
        return ImapMailbox(returns, look_only=look_only)

    def _deal_with(self, handful: Sequence[Waiting], reading: Reading) -> set[str]:
        """Does what follows from some mails, and gives the names of those that need nobody's eyes."""
        understood = [(mail, understand(mail.content)) for mail in handful]
        tracing = Tracing(self._settings, self._store)
        tracing.look_up(returned for _, returned in understood)
        finished: set[str] = set()
        events: list[MailEvent] = []
        for mail, returned in understood:
            found = self._outcome(returned, mail.arrived, tracing, reading)
            reading.mails[returned.kind] += 1
            events += found or ()
            if found is None:
                reading.left_over += 1
            else:
                finished.add(mail.name)
        self._keep(events, reading)
        return finished

    def _keep(self, events: Sequence[MailEvent], reading: Reading) -> None:
        kept = self._feedback.take(events, _BY_MAIL)
        reading.told.update(event.kind.value for event in events)
        reading.known += kept.known
        reading.suppressed += kept.suppressed

    def _outcome(
        self, returned: ReturnedMail, arrived: datetime, tracing: Tracing, reading: Reading
    ) -> tuple[MailEvent, ...] | None:
        """What a mail tells of letters; None for one that a person has to read."""
        if returned.kind is ReturnKind.AUTOMATIC:
            return ()
        if returned.kind is ReturnKind.UNSUBSCRIBE:
            return self._leave(returned, arrived, tracing, reading)
        traced = tuple(tracing.events(returned, arrived))
        reading.unproven += sum(1 for each in traced if not each.is_proven)
        if returned.kind is ReturnKind.REPORT and not traced and tracing.is_of_single_letter(returned):
            return ()  # whoever signed up with that address does not confirm it
        return tuple(each.event for each in traced) or None

    def _leave(
        self, returned: ReturnedMail, arrived: datetime, tracing: Tracing, reading: Reading
    ) -> tuple[MailEvent, ...] | None:
        """Who wrote leaves: the sender, or whose letter it answers. A wish from before they signed up is an old one."""
        numbers = tracing.writers(returned)
        for number in numbers:
            reader = self._store.readers.numbered(number)
            is_old = reader is not None and reader.joined_at is not None and arrived < reader.joined_at
            if not is_old and self._store.readers.leave(number, _BY_MAIL, now=self._clock()):
                reading.left += 1
        return () if numbers else None
