"""Letters by splicing: a message is built once a campaign, cut where readers differ, and joined for each of them.

A letter is `multipart/alternative` of text and HTML, both UTF-8 in quoted-printable. The text is `format=flowed` (RFC
3676): a line that ends in a space goes on in the next. Each slot stands between soft line breaks, on lines of its own,
so that the pieces around it are the same for everybody.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC
from email.header import Header
from email.utils import format_datetime
from hashlib import blake2b

from digest.deliver import headers
from digest.deliver.mailbox import mailbox_line, wire_address
from digest.deliver.quoted_printable import SOFT_BREAK, bare, encode
from digest.deliver.return_path import ReturnPath
from digest.model import Campaign, Letter, RenderedIssue, Slot

_LINE = 76
_TEXT = 'plain; charset="utf-8"; format=flowed; delsp=no'
_HTML = 'html; charset="utf-8"'
_MEANS_SOMETHING = re.compile(r"(?m)^(?=[ >]|From )")  # RFC 3676, section 4.4


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplate:
    """A campaign's message, cut: `pieces` are bytes, with a hole between each two of them.

    `return_path` gives the sender of the envelope. `slots` are those that the bodies have, and
    `order` says what goes into each hole: the number of a slot as it is or, counted on from there, escaped for HTML.
    """

    return_path: ReturnPath
    mailed_unsubscribe: str
    pieces: tuple[bytes, ...]
    slots: tuple[Slot, ...]
    order: tuple[int, ...]

    @classmethod
    def of(cls, campaign: Campaign) -> MessageTemplate:
        """Builds the message and cuts it. Raises ConfigurationError where its headers cannot be written."""
        boundary = _boundary(campaign.rendered)
        text, text_slots = _cut(_stuffed(campaign.rendered.text), campaign.rendered)
        page, page_slots = _cut(campaign.rendered.html, campaign.rendered)
        text[0] = _shared_headers(campaign, boundary) + _part_head(boundary, _TEXT) + text[0]
        joint = text.pop() + b"\r\n" + _part_head(boundary, _HTML) + page.pop(0)
        pieces = [*text, joint, *page]
        pieces[-1] += b"\r\n--" + boundary + b"--\r\n"
        slots = tuple(dict.fromkeys(text_slots + page_slots))
        return cls(
            return_path=ReturnPath(campaign.return_path or headers.sender(campaign)[1], verp=campaign.verp),
            mailed_unsubscribe=headers.mailed_unsubscribe(campaign),
            pieces=tuple(pieces),
            slots=slots,
            order=(*map(slots.index, text_slots), *(len(slots) + slots.index(slot) for slot in page_slots)),
        )

    def message(self, letter: Letter) -> bytes:
        """The reader's letter as it goes on the wire: CRLF line ends, the last line ended, no line begins with a dot.

        It is ASCII, unless the reader's address needs SMTPUTF8 (RFC 6532). Raises BadAddress.
        """
        return b"".join(self.spliced(letter, wire_address(letter.address)))

    def spliced(self, letter: Letter, recipient: str) -> list[bytes]:
        """What `message` joins, for those who have more to join to it. `recipient` is the letter's wire address."""
        values = self._values(letter)
        parts = [self._own_headers(letter, recipient), self.pieces[0]]
        for which, piece in zip(self.order, self.pieces[1:], strict=True):
            parts += (values[which], piece)
        return parts

    def _values(self, letter: Letter) -> list[bytes]:
        """What goes into the holes: each slot as it is, then each slot escaped for HTML. Mostly they need neither."""
        texts = [letter.slots[slot] for slot in self.slots]
        if (as_they_are := bare(texts)) is not None:
            return as_they_are * 2
        return [encode(text) for text in texts] + [encode(html.escape(text)) for text in texts]

    def _own_headers(self, letter: Letter, recipient: str) -> bytes:
        to = mailbox_line("To", letter.name, recipient)
        unsubscribe = headers.list_unsubscribe(letter, self.mailed_unsubscribe)
        leaving = f"List-Unsubscribe: {unsubscribe}\r\n" if unsubscribe else ""
        return f"{to}\r\nMessage-ID: {letter.message_id}\r\n{leaving}".encode()


def _cut(body: str, rendered: RenderedIssue) -> tuple[list[bytes], tuple[Slot, ...]]:
    """The body's encoded pieces, and the slots between them. The body ends with a line end."""
    slots = {marker: slot for slot, marker in rendered.slots.items()}
    if not slots:
        return [encode(_ended(body))], ()
    parts = re.split(f"({'|'.join(map(re.escape, slots))})", body)
    *before, last = parts[::2]
    pieces = [*(encode(piece) + SOFT_BREAK for piece in before), encode(_ended(last))]
    pieces[1:] = [SOFT_BREAK + piece for piece in pieces[1:]]
    return pieces, tuple(slots[marker] for marker in parts[1::2])


def _stuffed(text: str) -> str:
    """The text as `format=flowed`: before what would mean something there stands a space that readers do not see."""
    return _MEANS_SOMETHING.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def _ended(body: str) -> str:
    return body if body.endswith(("\n", "\r")) else body + "\n"


def _boundary(rendered: RenderedIssue) -> bytes:
    """Quoted-printable never holds `=_`, so no body can hold the boundary."""
    return b"=_" + blake2b(rendered.fingerprint.encode(), digest_size=12).hexdigest().encode("ascii")


def _part_head(boundary: bytes, kind: str) -> bytes:
    content = f"Content-Type: text/{kind}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
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
