"""Letters through Resend, up to 100 a call, each call under an idempotency key: made again, it counts once.

A letter is JSON that is spliced: written once a campaign, cut where readers differ, and joined for each of them. The
same batch of the same campaign is the same bytes, as a key that is used again demands.

https://resend.com/docs/api-reference/emails/send-batch-emails
https://resend.com/docs/dashboard/emails/idempotency-keys
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.base64mime import header_encode
from hashlib import blake2b
from itertools import chain
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import orjson

from digest.deliver import headers, resend_answers
from digest.deliver.api_account import check_account
from digest.deliver.kept_connection import KeptConnection, NotSent, Unanswered, trusted_authorities
from digest.deliver.letters import letter_key
from digest.deliver.mailbox import BadAddress, phrase, wire_address
from digest.deliver.once_per_campaign import OncePerCampaign
from digest.deliver.one_call import Unsendable, all_in_order, sorted_out
from digest.deliver.receipts import nothing_left
from digest.deliver.seam import Abilities, Gate, HoldsNothing
from digest.errors import ConfigurationError
from digest.model import Batch, Campaign, Delivery, Letter, RenderedIssue, Slot
from digest.settings import Resend

_MOST_READERS = 100
_WORD = 45  # characters in an encoded word, so that it stays within 75 (RFC 2047, section 2)
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
_NOT_IN_FROM = re.compile(r'[",;:<>()\[\]\\@]|=\?')


class ResendProvider(HoldsNothing):
    """Sends through one account. Raises ConfigurationError for settings that cannot work."""

    name = "resend"

    def __init__(self, settings: Resend) -> None:
        settings = replace(settings, api_key=settings.api_key.strip(), address=settings.address.rstrip("/"))
        _check_settings(settings)
        self.abilities = Abilities(
            readers_per_call=settings.readers_per_request, calls_at_once=settings.at_once, repeatable=True
        )
        self._settings = settings
        self._trusted = trusted_authorities(settings.address)
        self._forms = OncePerCampaign(Form.of)

    def check(self, campaign: Campaign) -> None:
        """Makes what all letters share. Raises ConfigurationError for what cannot be written."""
        self._forms.of(campaign)

    def line(self) -> ResendLine:
        """A line with a connection of its own, opened at the first call and kept."""
        connection = KeptConnection(self._settings.address, self._settings.timeout, self._trusted)
        return ResendLine(self._settings, self._forms, connection)


class ResendLine:
    """A line to Resend. One thread at a time."""

    def __init__(self, settings: Resend, forms: OncePerCampaign[Form], connection: KeptConnection) -> None:
        self._address = settings.address
        self._target = f"{urlsplit(settings.address).path}/emails/batch"
        self._headers = {
            "Authorization": f"Bearer {settings.api_key}",
            "Content-Type": "application/json",
            "User-Agent": "digest",  # Resend answers 403 to a call without one
            # One wrong address does not keep a hundred letters back, and the answer to a repeated call stays the same.
            "x-batch-validation": "permissive",
        }
        self._forms = forms
        self._connection = connection

    def reserve(self) -> str:
        """A new idempotency key."""
        return str(uuid4())

    def send(self, campaign: Campaign, batch: Batch, gate: Gate) -> Delivery:
        """Posts the batch in one call under its reference. It is not repeated here. The gate is not asked."""
        try:
            form = self._forms.of(campaign)
        except ConfigurationError as error:
            return nothing_left(batch.letters, stopped=str(error))
        emails, sendable, refused = sorted_out(batch.letters, form.email)
        if not sendable:
            return Delivery(receipts=tuple(refused.values()))
        delivery = self._post(b"[" + b",".join(emails) + b"]", batch.reference, sendable)
        return all_in_order(len(batch.letters), delivery, refused) if refused else delivery

    def close(self) -> None:
        """Ends the connection. A line that is used after it opens another."""
        self._connection.close()

    def _post(self, body: bytes, key: str, letters: Sequence[Letter]) -> Delivery:
        under = {**self._headers, "Idempotency-Key": key} if key else self._headers
        try:
            response = self._connection.exchange("POST", self._target, under, body)
        except NotSent as trouble:
            return nothing_left(letters, trouble=f"cannot post to {self._address}: {trouble}")
        except Unanswered as trouble:
            return resend_answers.unheard(letters, trouble)
        return resend_answers.outcome(response, letters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """An email of a campaign as JSON, cut: between each two `pieces` goes the value of the blank that `order` names."""

    pieces: tuple[bytes, ...]
    order: tuple[str, ...]
    in_text: tuple[Slot, ...]
    in_html: tuple[Slot, ...]
    mailed_unsubscribe: str

    @classmethod
    def of(cls, campaign: Campaign) -> Form:
        """Raises ConfigurationError where the campaign's sender or headers cannot be written."""
        rendered = campaign.rendered
        blanks = _Blanks(rendered)
        whole = orjson.dumps(_email(campaign, blanks), option=orjson.OPT_SORT_KEYS).decode()
        parts = blanks.pattern.split(whole)
        return cls(
            pieces=tuple(piece.encode() for piece in parts[::2]),
            order=tuple(parts[1::2]),
            in_text=_slots_in(rendered, rendered.text),
            in_html=_slots_in(rendered, rendered.html),
            mailed_unsubscribe=headers.mailed_unsubscribe(campaign),
        )

    def email(self, letter: Letter) -> bytes:
        """The reader's email as JSON. Raises Unsendable."""
        filled = {blank: _in_json(value) for blank, value in self._values(letter).items()}
        rest = zip((filled[blank] for blank in self.order), self.pieces[1:], strict=True)
        return b"".join((self.pieces[0], *chain.from_iterable(rest)))

    def _values(self, letter: Letter) -> dict[str, str]:
        return {
            "to": _to(letter),
            "message-id": letter.message_id,
            "list-unsubscribe": headers.list_unsubscribe(letter, self.mailed_unsubscribe),
            "letter": _letter_tag(letter),
            **{f"text-{slot}": letter.slots[slot] for slot in self.in_text},
            **{f"html-{slot}": html.escape(letter.slots[slot]) for slot in self.in_html},
        }


class _Blanks:
    """Marks that stand for a reader's values until the email is cut; no story can hold one. They are plain in JSON."""

    def __init__(self, rendered: RenderedIssue) -> None:
        self._digest = blake2b(rendered.fingerprint.encode(), digest_size=12, person=b"resend blanks").hexdigest()
        self._markers = {marker: slot for slot, marker in rendered.slots.items()}
        self.pattern = re.compile(f"{self._digest}:([a-z-]+):")

    def blank(self, name: str) -> str:
        return f"{self._digest}:{name}:"

    def marked(self, body: str, part: str) -> str:
        """The body with blanks in the place of its slots' markers; `part` is `text` or `html`."""
        if self._markers:
            either = "|".join(map(re.escape, self._markers))
            body = re.sub(either, lambda found: self.blank(f"{part}-{self._markers[found[0]]}"), body)
        return body.encode("utf-8", "replace").decode()


def _slots_in(rendered: RenderedIssue, body: str) -> tuple[Slot, ...]:
    return tuple(slot for slot, marker in rendered.slots.items() if marker in body)


def _email(campaign: Campaign, blanks: _Blanks) -> dict[str, Any]:
    """An email with blanks. The tags name issue and letter in the service's events: its Message-ID is its own."""
    rendered = campaign.rendered
    if not _TAG.fullmatch(rendered.issue):
        raise ConfigurationError(f"Resend cannot take {rendered.issue!r} as a tag: letters, digits, - and _ only")
    own = {"Message-ID": blanks.blank("message-id")}
    if not campaign.single:
        own["List-Unsubscribe"] = blanks.blank("list-unsubscribe")
    tags = {"issue": rendered.issue, "letter": blanks.blank("letter")}
    email = {
        "from": _from(campaign),
        "to": [blanks.blank("to")],
        "subject": headers.subject(campaign),
        "text": blanks.marked(rendered.text, "text"),
        "html": blanks.marked(rendered.html, "html"),
        "headers": {**headers.bulk_headers(campaign), **own},
        "tags": [{"name": name, "value": value} for name, value in tags.items()],
    }
    answers_to = headers.answers_to(campaign)
    return {**email, "reply_to": [_mailbox(*answers_to)]} if answers_to else email


def _from(campaign: Campaign) -> str:
    """Resend takes a name in From as it is, neither quoted nor encoded, and so not every one."""
    name, address = headers.sender(campaign)
    if _NOT_IN_FROM.search(name):
        raise ConfigurationError(
            f"publication.from = {campaign.from_!r}: Resend does not take this name",
            hint="""take , ; : < > ( ) [ ] @ " and \\ out of it""",
        )
    return f"{name} <{address}>" if name else address


def _mailbox(name: str, address: str) -> str:
    """Anywhere else it takes plain and encoded names, but no quoted ones."""
    words = phrase(name)
    if words and words[0].startswith('"'):
        words = tuple(header_encode(name[at : at + _WORD].encode(), "utf-8") for at in range(0, len(name), _WORD))
    return " ".join((*words, f"<{address}>")) if words else address


def _to(letter: Letter) -> str:
    try:
        address = wire_address(letter.address)
    except BadAddress as error:
        raise Unsendable(str(error)) from None
    if not address.isascii():
        raise Unsendable("Resend cannot take addresses whose part before the @ is not ASCII")
    return _mailbox(letter.name, address)


def _letter_tag(letter: Letter) -> str:
    key = letter_key(letter.message_id)
    if not _TAG.fullmatch(key):
        raise Unsendable("its Message-ID holds no key that Resend can take as a tag")
    return key


def _in_json(value: str) -> bytes:
    """The value as it stands between JSON's quotation marks. Raises Unsendable."""
    try:
        return orjson.dumps(value)[1:-1]
    except orjson.JSONEncodeError:
        raise Unsendable("what differs for this reader holds characters that cannot be written") from None


def _check_settings(settings: Resend) -> None:
    """Raises ConfigurationError, with what to do."""
    check_account(
        "delivery.resend",
        api_key=settings.api_key,
        variable="DIGEST_RESEND_API_KEY",
        address=settings.address,
        address_hint="leave it out",
        readers_per_request=settings.readers_per_request,
        most_readers=_MOST_READERS,
    )
