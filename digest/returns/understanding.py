"""What a mail that came back says: the whole way from bytes to meaning, on one page.

Order matters. A report by the standard speaks for itself; so does a complaint. Then come the bounces in words, and who
wants to leave, even where a machine says it for them (Apple Mail does). Automatic replies come last, because many
servers mark their bounces as automatic as well, and rightly so.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import blake2b

from digest.model.returns import Fate, ReturnedMail, ReturnKind
from digest.returns.addresses import addresses_in
from digest.returns.automatic import is_automatic
from digest.returns.complaint import fates_of_complaint, is_complaint
from digest.returns.delivery_report import fates_of_report
from digest.returns.leaving import wants_to_leave
from digest.returns.notices import fates_of_notice
from digest.returns.opened import MOST_BYTES, Opened, open_mail
from digest.returns.prose import fates_in_prose, is_bounce, spoken, told_by_address

_MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,255}>")
_SENT_TO = ("x-original-to", "delivered-to", "envelope-to", "x-envelope-to", "x-rcpt-to", "apparently-to", "to")
_MENTIONED_AT_MOST = 50


def understand(content: bytes) -> ReturnedMail:
    """What a mail, as it lay in the mailbox, says. Never raises."""
    mail = open_mail(content)
    kind, fates = _meaning(mail)
    return ReturnedMail(
        kind=kind,
        identity=_identity(mail, content),
        fates=fates,
        sender=next(iter(addresses_in(mail.headers.get("from", ""))), ""),
        recipients=_sent_to(mail),
        original_to=addresses_in(mail.original.get("to", "")),
        mentioned=tuple(dict.fromkeys(_MESSAGE_ID.findall(mail.whole)))[:_MENTIONED_AT_MOST],
        at=_date(mail),
    )


def _meaning(mail: Opened) -> tuple[ReturnKind, tuple[Fate, ...]]:
    if mail.reports and (told := fates_of_report(mail.reports, told_by_address(spoken(mail)), spoken(mail))):
        return ReturnKind.REPORT, told
    if is_complaint(mail):
        return ReturnKind.COMPLAINT, fates_of_complaint(mail)
    if notice := fates_of_notice(mail):
        return notice
    if is_bounce(mail) and (told := fates_in_prose(mail)):
        return ReturnKind.REPORT, told
    if wants_to_leave(mail):
        return ReturnKind.UNSUBSCRIBE, ()
    return (ReturnKind.AUTOMATIC if is_automatic(mail) else ReturnKind.OTHER), ()


def _sent_to(mail: Opened) -> tuple[str, ...]:
    values = [value for name in _SENT_TO for value in mail.repeated.get(name, ())]
    return tuple(dict.fromkeys(address for value in values[:_MENTIONED_AT_MOST] for address in addresses_in(value)))


def _identity(mail: Opened, content: bytes) -> bytes:
    """A hash of what copies of one mail share, by whichever door they come: their Message-ID, else their beginning,
    with line ends that are the same everywhere."""
    named = mail.headers.get("message-id", "").strip()
    seed = named.encode("utf-8", "replace") or content.replace(b"\r\n", b"\n")[: MOST_BYTES // 2]
    return blake2b(seed, digest_size=16, person=b"returned mail").digest()


def _date(mail: Opened) -> datetime | None:
    try:
        date = parsedate_to_datetime(mail.headers.get("date", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
