"""A campaign and a batch of letters as SendGrid's `POST /v3/mail/send` wants them. Pure: nothing is posted here.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

import orjson

from digest.deliver import headers
from digest.deliver.letters import letter_key
from digest.deliver.mailbox import BadAddress, wire_address
from digest.deliver.one_call import Unsendable
from digest.model import Campaign, Letter, RenderedIssue, Slot
from digest.settings import SendGrid

_LONGEST_SUBSTITUTIONS = 10_000  # bytes a personalization
_PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,189}").fullmatch
_PLAIN_TEXT = bytes(set(range(0x20, 0x7F)) - set(b"\"\\&<>'"))
_BLANK = "\0"
_AT_ONCE = 64
_Keys = tuple[tuple[str, Slot], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payloads:
    """Makes the requests of one campaign: what all readers share, written once, and a personalization for each of them.

    SendGrid replaces a substitution's key in both parts alike, and HTML wants other values than text; so each slot has
    two keys, one for each part. Nothing else is substituted: `-token-`, `{{` and `<%` in a title stay as they are.
    `shared` is JSON, without its opening brace; `room` is how many bytes the values of the keys may have together.

    Most readers' values are the same in JSON, in HTML and in text, so they are put into a pattern of JSON that was
    written once; that takes a third of the time of writing JSON for each of them.
    """

    issue: str
    shared: bytes
    mailed_unsubscribe: str
    text_keys: _Keys
    html_keys: _Keys
    slots: tuple[Slot, ...]
    room: int
    named: list[str] = field(default_factory=list)
    nameless: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, campaign: Campaign, settings: SendGrid) -> Payloads:
        """Raises ConfigurationError where the campaign's sender or headers cannot be written."""
        rendered = campaign.rendered
        text, text_keys = _marked(rendered, rendered.text, "t")
        html_, html_keys = _marked(rendered, rendered.html, "h")
        keys = (*text_keys, *html_keys)
        made = cls(
            issue=rendered.issue,
            shared=orjson.dumps(_shared(campaign, settings, {"text/plain": text, "text/html": html_}))[1:],
            mailed_unsubscribe=headers.mailed_unsubscribe(campaign),
            text_keys=text_keys,
            html_keys=html_keys,
            slots=tuple(slot for _, slot in keys),
            room=_LONGEST_SUBSTITUTIONS - sum(len(key) for key, _ in keys),
        )
        return replace(made, named=made._pattern(name=_BLANK), nameless=made._pattern(name=""))

    def body(self, personalizations: Sequence[str], *, reference: str = "", send_at: datetime | None = None) -> bytes:
        """The request for these readers, in their order, under `reference` and held until `send_at` where given."""
        own: dict[str, Any] = {"batch_id": reference} if reference else {}
        if send_at is not None:
            own["send_at"] = int(send_at.timestamp())
        own["personalizations"] = []
        before = orjson.dumps(own).removesuffix(b"]}")
        # By and by: a megabyte of text at once is too much for the processor's cache.
        parts = (personalizations[at : at + _AT_ONCE] for at in range(0, len(personalizations), _AT_ONCE))
        return b"".join((before, b",".join([",".join(part).encode() for part in parts]), b"],", self.shared))

    def personalization(self, letter: Letter) -> str:
        """One reader's part of a request, as JSON. Raises Unsendable for what SendGrid cannot be asked."""
        address, name, message_id = letter.address, letter.name, letter.message_id
        together = "".join((name, message_id.strip("<>"), letter.one_click, *letter.slots.values()))
        if not (
            letter.one_click and _PLAIN(address) and _is_the_same_anywhere(together) and 2 * len(together) <= self.room
        ):
            return orjson.dumps(self._personalization(letter)).decode()
        own = [letter.slots[slot] for slot in self.slots]
        to = (address, name) if name else (address,)
        pieces = self.named.copy() if name else self.nameless.copy()
        pieces[1::2] = (*to, message_id, letter.one_click, *own, letter_key(message_id))
        return "".join(pieces)

    def _pattern(self, *, name: str) -> list[str]:
        """JSON in pieces: between each two of them goes a value of the reader, in this order."""
        slots = dict.fromkeys(self.slots, _BLANK)
        blank = Letter(address=_BLANK, name=name, message_id=_BLANK, one_click=_BLANK, slots=slots)
        pieces = orjson.dumps(self._part(blank, _BLANK)).decode().split(orjson.dumps(_BLANK).decode()[1:-1])
        return [piece for fixed in pieces for piece in (fixed, "")][:-1]

    def _personalization(self, letter: Letter) -> dict[str, Any]:
        return self._part(letter, letter.address if _PLAIN(letter.address) else _wire_address(letter.address))

    def _part(self, letter: Letter, email: str) -> dict[str, Any]:
        unsubscribe = headers.list_unsubscribe(letter, self.mailed_unsubscribe)
        leaving = {"List-Unsubscribe": unsubscribe} if unsubscribe else {}
        return {
            "to": [{"email": email, "name": letter.name} if letter.name else {"email": email}],
            "headers": {"Message-ID": letter.message_id, **leaving},
            "substitutions": self._substitutions(letter.slots, letter.name),
            "custom_args": {"issue": self.issue, "letter": letter_key(letter.message_id)},
        }

    def _substitutions(self, slots: Mapping[Slot, str], name: str) -> dict[str, str]:
        filled = {key: slots[slot] for key, slot in self.text_keys}
        filled |= {key: html.escape(slots[slot]) for key, slot in self.html_keys}
        if _size(name, *filled.values()) > self.room:
            raise Unsendable(f"what differs for this reader is over SendGrid's {_LONGEST_SUBSTITUTIONS} bytes")
        return filled


def _is_the_same_anywhere(text: str) -> bool:
    """Whether it is ASCII that needs no escape, neither in JSON nor in HTML."""
    return text.isascii() and not text.encode().translate(None, _PLAIN_TEXT)


def _size(*texts: str) -> int:
    """In bytes. Raises Unsendable for what is no text: halves of surrogate pairs, which JSON cannot carry."""
    try:
        return len("".join(texts).encode())
    except UnicodeEncodeError:
        raise Unsendable("what differs for this reader holds characters that cannot be written") from None


def _wire_address(address: str) -> str:
    try:
        on_the_wire = wire_address(address)
    except BadAddress as error:
        raise Unsendable(str(error)) from None
    if not on_the_wire.isascii():
        raise Unsendable("SendGrid cannot take addresses whose part before the @ is not ASCII")
    return on_the_wire


def _marked(rendered: RenderedIssue, body: str, part: str) -> tuple[str, _Keys]:
    """The body with SendGrid's keys in place of the slots' markers, and the keys of the slots that it has.

    None holds another, and nobody can have written one into a story.
    """
    digest = blake2b(rendered.fingerprint.encode(), digest_size=8, person=b"substitution").hexdigest()
    keys = []
    for number, (slot, marker) in enumerate(rendered.slots.items()):
        if marker in body:
            key = f"-{digest}{part}{number}-"
            keys.append((key, slot))
            body = body.replace(marker, key)
    return body.encode("utf-8", "replace").decode(), tuple(keys)


def _shared(campaign: Campaign, settings: SendGrid, contents: Mapping[str, str]) -> dict[str, Any]:
    clicks, opens = settings.track_clicks and not campaign.single, settings.track_opens and not campaign.single
    shared = {
        "from": _mailbox(*headers.sender(campaign)),
        "subject": headers.subject(campaign),
        "content": [{"type": kind, "value": value} for kind, value in contents.items()],
        "headers": headers.bulk_headers(campaign),
        "categories": ["digest", campaign.rendered.issue],
        "tracking_settings": {
            "click_tracking": {"enable": clicks, "enable_text": clicks},
            "open_tracking": {"enable": opens},
            "subscription_tracking": {"enable": False},
            "ganalytics": {"enable": False},
        },
    }
    if answers_to := headers.answers_to(campaign):
        shared["reply_to"] = _mailbox(*answers_to)
    return shared


def _mailbox(name: str, address: str) -> dict[str, str]:
    return {"email": address, "name": name} if name else {"email": address}
