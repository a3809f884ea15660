"""A mail, opened with care: whatever it is, opening it ends soon and raises nothing.

The mailbox is open to the world. A mail is cut at a quarter of a megabyte, because reports come before the letter that
they return; what is nested or has parts beyond all measure is not looked into. Nothing that is packed is unpacked.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

MOST_BYTES = 256 * 1024
_MOST_HEADER_LINES = 2000
_MOST_PARTS, _DEEPEST, _MOST_GROUPS = 60, 12, 5000
_MOST_PROSE = 64 * 1024
_LONGEST_HEADER, _LONGEST_ENCODED = 20_000, 2000  # characters; encoded words are searched for at the square's cost
_EMPTY_LINES = re.compile(rb"\n{3,}")
_PART, _BOUNDARY = re.compile(rb"(?i)content-type:"), re.compile(rb"(?i)boundary=")
_NO_CHARSETS = frozenset({"punycode", "idna", "unicode-escape", "unicode_escape", "raw-unicode-escape"})
"""Python decodes them, mail does not know them, and some take a time that grows with the square of the length."""
_FIELDS = re.compile(r"(?im)^final-recipient\s*:")
_TAG = re.compile(r"<[^<>]*>")
_HIDDEN = re.compile(r"<(style|script)\b", re.IGNORECASE)
_LINE_ENDS = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li|/h\d)\b[^>]{0,200}>")

Fields = dict[str, str]
"""Headers, or fields like them, by their names in small letters; of repeated ones the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A mail in its parts.

    `headers` are its own, decoded; `repeated` has all values of each. `prose` is what it says in words, without the
    letter that it returns. `reports` are the fields of a delivery report, a group for the message and one for each
    recipient; `feedback` are those of an abuse report. `original` are the headers of the letter that it returns, and
    `whole` is everything in it that is text, to search through. `message` is what all that was taken from.
    """

    headers: Fields = field(default_factory=dict)
    repeated: dict[str, list[str]] = field(default_factory=dict)
    prose: str = ""
    reports: tuple[Fields, ...] = ()
    feedback: Fields = field(default_factory=dict)
    original: Fields = field(default_factory=dict)
    whole: str = ""
    message: Message = field(default_factory=Message)


def open_mail(content: bytes) -> Opened:
    """Opens a mail as it lay in the mailbox, with any line ends. What is too wild is opened as its headers alone."""
    unified = content[:MOST_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    unified = _EMPTY_LINES.sub(b"\n\n", unified)
    if unified.startswith(b"From "):  # a mbox's line
        unified = unified.partition(b"\n")[2]
    if _is_wild(unified):
        unified = unified.partition(b"\n\n")[0]
    head = unified.partition(b"\n\n")[0]
    if head.count(b"\n") > _MOST_HEADER_LINES:
        return Opened()
    try:
        message = message_from_bytes(unified)
    except (MessageError, RecursionError, ValueError, LookupError, TypeError, AssertionError):
        return Opened()
    return _Reader(message).opened()


def _is_wild(content: bytes) -> bool:
    """Whether reading all of it would take too long: parts, parts within parts, groups of fields."""
    parts, depth = len(_PART.findall(content)), len(_BOUNDARY.findall(content))
    return parts > _MOST_PARTS or depth > _DEEPEST or content.count(b"\n\n") > _MOST_GROUPS


class _Reader:
    """Walks through a message once."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self._prose: list[str] = []
        self._pages: list[str] = []
        self._reports: list[Fields] = []
        self._feedback: Fields = {}
        self._original: Fields = {}
        self._whole: list[str] = []

    def opened(self) -> Opened:
        for part in _leaves(self._message):
            self._take(part)
        spoken = ("\n".join(filter(str.strip, self._prose)) or "\n".join(self._pages))[:_MOST_PROSE]
        if not self._reports and _FIELDS.search(spoken):
            self._reports = groups_in(spoken)
        return Opened(
            message=self._message,
            headers=fields_of(self._message),
            repeated=_repeated(self._message),
            prose=spoken,
            reports=tuple(self._reports),
            feedback=self._feedback,
            original=self._original,
            whole="\n".join((_header_text(self._message), *self._whole)),
        )

    def _take(self, part: Message) -> None:
        kind = part.get_content_type()
        if kind in {"message/delivery-status", "message/global-delivery-status"}:
            self._reports += _groups(part)
        elif kind == "message/feedback-report":
            self._feedback = self._feedback or _merged(_groups(part))
        elif kind.startswith("message/") or kind.startswith("text/rfc822"):
            self._returned(part)
        elif kind == "text/html":
            self._keep(self._pages, text_of_page(_text(part)))
        elif kind.startswith("text/") or kind.startswith("multipart/"):
            self._keep(self._prose, _text(part))

    def _keep(self, where: list[str], text: str) -> None:
        where.append(text)
        self._whole.append(text)

    def _returned(self, part: Message) -> None:
        """The letter that comes back, as a message or as the text of its headers."""
        inside = _inside(part)
        if inside:
            inner = inside[0]
            if inner.get_content_type() == "multipart/report" and not self._reports:  # a gateway wrapped it up
                for leaf in _leaves(inner):
                    self._take(leaf)
                return
            if not inner.keys():  # the headers stand where a body should, behind an empty line
                inner = message_from_text(_text(inner))
            self._whole += (_header_text(inner), *(_text(leaf) for leaf in _leaves(inner) if _is_text(leaf)))
        else:
            text = _text(part)
            inner = message_from_text(text)
            self._whole.append(text)
        self._original = self._original or fields_of(inner)


def message_from_text(text: str) -> Message:
    """The message that begins at the beginning of a text."""
    return message_from_bytes(text.lstrip("\n").encode("utf-8", "surrogateescape"))


def fields_of(message: Message) -> Fields:
    """A message's headers, decoded."""
    return {name: values[0] for name, values in _repeated(message).items()}


def text_of_page(page: str) -> str:
    """What an HTML page says, in lines."""
    shown = _TAG.sub("", _LINE_ENDS.sub("\n", _without_hidden(page)))
    return html.unescape(shown).replace("\N{NO-BREAK SPACE}", " ")


def _without_hidden(page: str) -> str:
    """The page without its styles and scripts; one that does not end hides the rest."""
    lowered, shown, position = page.lower(), [], 0
    while (hidden := _HIDDEN.search(page, position)) is not None:
        shown.append(page[position : hidden.start()])
        end = lowered.find(f"</{hidden[1].lower()}", hidden.end())
        if end < 0:
            return "".join(shown)
        position = end
    return "".join((*shown, page[position:]))


def _repeated(message: Message) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower().strip(), []).append(decoded(str(value)))
    return found


def decoded(value: str) -> str:
    """A header's value on one line, with its encoded words (RFC 2047) read where they can be."""
    line = " ".join(value[:_LONGEST_HEADER].split())
    if "=?" not in line:
        return line.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        return str(make_header(decode_header(line[:_LONGEST_ENCODED])))
    except (ValueError, LookupError, MessageError):
        return line


def _header_text(message: Message) -> str:
    return "\n".join(f"{name}: {value}" for name, value in message.raw_items())


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold no parts of the mail itself. A returned letter is one, whatever it has in it."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        inside = _inside(part)
        if inside is None or part.get_content_maintype() != "multipart":
            yield part
        else:
            waiting += reversed(inside)


def _inside(part: Message) -> list[Message] | None:
    """The messages in a part; None for one that has none. Asked for what it does not have, a part may raise: some
    charsets know no "replace"."""
    if not part.is_multipart():
        return None
    return [child for child in part.get_payload() if isinstance(child, Message)]


def _is_text(part: Message) -> bool:
    return part.get_content_maintype() == "text"


def _groups(part: Message) -> list[Fields]:
    """The groups of fields in a report, also where it came as plain text (in base64, which RFC 3464 forbids), or where
    Python knows no more than that it is a message, as of those with addresses beyond ASCII (RFC 6533): then the first
    group is its headers, and the others are its body."""
    if (inside := _inside(part)) is None:
        return groups_in(_text(part))
    groups = [group for block in inside for group in (fields_of(block), *groups_in(_text(block)))]
    return [group for group in groups if group]


def groups_in(text: str) -> list[Fields]:
    """The groups of fields in a text, divided by empty lines."""
    blocks = re.split(r"\n[ \t]*\n", text)
    return [group for block in blocks if (group := fields_of(message_from_text(block)))]


def _merged(groups: list[Fields]) -> Fields:
    merged: Fields = {}
    for group in groups:
        merged = group | merged
    return merged


def _text(part: Message) -> str:
    """A part's text; what its charset cannot read is replaced."""
    payload = part.get_payload(decode=True) if not part.is_multipart() else None
    if not isinstance(payload, bytes):
        return ""
    for charset in (_charset(part), "utf-8"):
        try:
            return payload.decode(charset)
        except (LookupError, ValueError):
            continue
    return payload.decode("latin-1")


def _charset(part: Message) -> str:
    try:
        named = str(part.get_content_charset("utf-8"))
    except (LookupError, ValueError, TypeError, MessageError):
        return "utf-8"
    return "utf-8" if named in _NO_CHARSETS else named
