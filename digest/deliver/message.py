"""Letters by splicing: a message is built once a campaign, cut where readers differ, and joined for each of them.

A letter is `multipart/alternative` of text and HTML, both UTF-8 in quoted-printable. Each slot stands between soft
line breaks, on lines of its own, so that the pieces around it are the same for everybody.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC
from email.header import Header
from email.utils import format_datetime
from hashlib import blake2b
from itertools import chain

from digest.deliver import headers
from digest.deliver.mailbox import mailbox_line, wire_address
from digest.deliver.quoted_printable import SOFT_BREAK, encode
from digest.model import Campaign, Letter, RenderedIssue, Slot

_LINE = 76


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A place that is filled for each reader: with the slot as it is, or escaped for HTML."""

    slot: Slot
    escaped: bool

    def filling(self, letter: Letter) -> str:
        value = letter.slots[self.slot]
        return html.escape(value) if self.escaped else value


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplate:
    """A campaign's message, cut: `pieces` are bytes, with a filled hole between each two of them.

    `sender` is the bare address of From, as it goes on the envelope. `holes` are the different ones, and `order` says
    which of them comes when.
    """

    sender: str
    mailed_unsubscribe: str
    pieces: tuple[bytes, ...]
    holes: tuple[Hole, ...]
    order: tuple[int, ...]

    @classmethod
    def of(cls, campaign: Campaign) -> MessageTemplate:
        """Builds the message and cuts it. Raises ConfigurationError where its headers cannot be written."""
        boundary = _boundary(campaign.rendered)
        text, text_holes = _cut(campaign.rendered.text, campaign.rendered, escaped=False)
        page, page_holes = _cut(campaign.rendered.html, campaign.rendered, escaped=True)
        text[0] = _shared_headers(campaign, boundary) + _part_head(boundary, "plain") + text[0]
        joint = text.pop() + b"\r\n" + _part_head(boundary, "html") + page.pop(0)
        pieces = [*text, joint, *page]
        pieces[-1] += b"\r\n--" + boundary + b"--\r\n"
        holes = tuple(dict.fromkeys(text_holes + page_holes))
        return cls(
            sender=headers.sender(campaign)[1],
            mailed_unsubscribe=headers.mailed_unsubscribe(campaign),
            pieces=tuple(pieces),
            holes=holes,
            order=tuple(holes.index(hole) for hole in text_holes + page_holes),
        )

    def message(self, letter: Letter) -> bytes:
        """The reader's letter as it goes on the wire: CRLF line ends, the last line ended, no line begins with a dot.

        It is ASCII, unless the reader's address needs SMTPUTF8 (RFC 6532). Raises BadAddress.
        """
        filled = [encode(hole.filling(letter)) for hole in self.holes]
        rest = zip((filled[which] for which in self.order), self.pieces[1:], strict=True)
        return b"".join((self._own_headers(letter), self.pieces[0], *chain.from_iterable(rest)))

    def _own_headers(self, letter: Letter) -> bytes:
        to = mailbox_line("To", letter.name, wire_address(letter.address))
        unsubscribe = headers.list_unsubscribe(letter, self.mailed_unsubscribe)
        return f"{to}\r\nMessage-ID: {letter.message_id}\r\nList-Unsubscribe: {unsubscribe}\r\n".encode()


def _cut(body: str, rendered: RenderedIssue, *, escaped: bool) -> tuple[list[bytes], tuple[Hole, ...]]:
    """The body's encoded pieces, and what goes between them. The body ends with a line end."""
    slots = {marker: slot for slot, marker in rendered.slots.items()}
    if not slots:
        return [encode(_ended(body))], ()
    parts = re.split(f"({'|'.join(map(re.escape, slots))})", body)
    *before, last = parts[::2]
    pieces = [*(encode(piece) + SOFT_BREAK for piece in before), encode(_ended(last))]
    pieces[1:] = [SOFT_BREAK + piece for piece in pieces[1:]]
    return pieces, tuple(Hole(slot=slots[marker], escaped=escaped) for marker in parts[1::2])


def _ended(body: str) -> str:
    return body if body.endswith(("\n", "\r")) else body + "\n"


def _boundary(rendered: RenderedIssue) -> bytes:
    """Quoted-printable never holds `=_`, so no body can hold the boundary."""
    return b"=_" + blake2b(rendered.fingerprint.encode(), digest_size=12).hexdigest().encode("ascii")


def _part_head(boundary: bytes, subtype: str) -> bytes:
    content = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return b"--" + boundary + b"\r\n" + content.encode("ascii")


def _shared_headers(campaign: Campaign, boundary: bytes) -> bytes:
    lines = [mailbox_line("From", *headers.sender(campaign))]
    if answers_to := headers.answers_to(campaign):
        lines.append(mailbox_line("Reply-To", *answers_to))
    lines += [
        f"Subject: {_encoded_subject(headers.subject(campaign))}",
        f"Date: {format_datetime(campaign.date.astimezone(UTC))}",
        "MIME-Version: 1.0",
        *(f"{name}: {value}" for name, value in headers.bulk_headers(campaign).items()),
        f'Content-Type: multipart/alternative; boundary="{boundary.decode("ascii")}"',
    ]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii")


def _encoded_subject(subject: str) -> str:
    """Folded, and in encoded words (RFC 2047) where it is not ASCII or could be taken for one."""
    plain = subject.isascii() and "=?" not in subject
    header = Header(subject, "us-ascii" if plain else "utf-8", maxlinelen=_LINE, header_name="Subject")
    return header.encode(linesep="\r\n")
