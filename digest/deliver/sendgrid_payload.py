"""A campaign and a batch of letters as SendGrid's `POST /v3/mail/send` wants them. Pure: nothing is posted here.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from digest.deliver import headers
from digest.deliver.letters import letter_key
from digest.deliver.mailbox import BadAddress, wire_address
from digest.model import Campaign, Letter, RenderedIssue, Slot
from digest.settings import SendGrid

_LONGEST_SUBSTITUTIONS = 10_000  # bytes a personalization


class Unsendable(Exception):
    """A letter that SendGrid could not be asked to send; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payloads:
    """Makes the payloads of one campaign: what all readers share, made once, and a personalization for each of them.

    SendGrid replaces a substitution's key in both parts alike, and HTML wants other values than text; so each slot has
    two keys, one for each part. Nothing else is substituted: `-token-`, `{{` and `<%` in a title stay as they are.
    """

    issue: str
    shared: Mapping[str, Any]
    mailed_unsubscribe: str
    text_keys: Mapping[Slot, str]
    html_keys: Mapping[Slot, str]

    @classmethod
    def of(cls, campaign: Campaign, settings: SendGrid) -> Payloads:
        """Raises ConfigurationError where the campaign's sender or headers cannot be written."""
        rendered = campaign.rendered
        text_keys, html_keys = _keys(rendered, "t"), _keys(rendered, "h")
        contents = {
            "text/plain": _marked(rendered.text, rendered, text_keys),
            "text/html": _marked(rendered.html, rendered, html_keys),
        }
        return cls(
            issue=rendered.issue,
            shared=_shared(campaign, settings, contents),
            mailed_unsubscribe=headers.mailed_unsubscribe(campaign),
            text_keys={slot: key for slot, key in text_keys.items() if key in contents["text/plain"]},
            html_keys={slot: key for slot, key in html_keys.items() if key in contents["text/html"]},
        )

    def payload(self, personalizations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The request body for these readers, in their order."""
        return {"personalizations": personalizations, **self.shared}

    def personalization(self, letter: Letter) -> dict[str, Any]:
        """One reader's part of a request. Raises Unsendable for what SendGrid cannot be asked."""
        substitutions = self._substitutions(letter)
        if _size(substitutions) > _LONGEST_SUBSTITUTIONS:
            raise Unsendable(f"what differs for this reader is over SendGrid's {_LONGEST_SUBSTITUTIONS} bytes")
        to = {"email": _address(letter)}
        if letter.name:
            to["name"] = letter.name
        return {
            "to": [to],
            "headers": {
                "Message-ID": letter.message_id,
                "List-Unsubscribe": headers.list_unsubscribe(letter, self.mailed_unsubscribe),
            },
            "substitutions": substitutions,
            "custom_args": {"issue": self.issue, "letter": letter_key(letter.message_id)},
        }

    def _substitutions(self, letter: Letter) -> dict[str, str]:
        slots = letter.slots
        filled = {key: slots[slot] for slot, key in self.text_keys.items()}
        for slot, key in self.html_keys.items():
            filled[key] = html.escape(slots[slot])
        return filled


def _address(letter: Letter) -> str:
    try:
        address = wire_address(letter.address)
    except BadAddress as error:
        raise Unsendable(str(error)) from None
    if not address.isascii():
        raise Unsendable("SendGrid cannot take addresses whose part before the @ is not ASCII")
    return address


def _size(substitutions: Mapping[str, str]) -> int:
    return sum(len(key) + len(value.encode()) for key, value in substitutions.items())


def _keys(rendered: RenderedIssue, part: str) -> dict[Slot, str]:
    """A key for each slot of a part: none holds another, and nobody can have written one into a story."""
    digest = blake2b(rendered.fingerprint.encode(), digest_size=8, person=b"substitution").hexdigest()
    return {slot: f"-{digest}{part}{number}-" for number, slot in enumerate(rendered.slots)}


def _marked(body: str, rendered: RenderedIssue, keys: Mapping[Slot, str]) -> str:
    for slot, marker in rendered.slots.items():
        body = body.replace(marker, keys[slot])
    return body.encode("utf-8", "replace").decode()


def _shared(campaign: Campaign, settings: SendGrid, contents: Mapping[str, str]) -> dict[str, Any]:
    shared = {
        "from": _mailbox(*headers.sender(campaign)),
        "subject": headers.subject(campaign),
        "content": [{"type": kind, "value": value} for kind, value in contents.items()],
        "headers": headers.bulk_headers(campaign),
        "categories": ["digest", campaign.rendered.issue],
        "tracking_settings": {
            "click_tracking": {"enable": settings.track_clicks, "enable_text": settings.track_clicks},
            "open_tracking": {"enable": settings.track_opens},
            "subscription_tracking": {"enable": False},
            "ganalytics": {"enable": False},
        },
    }
    if answers_to := headers.answers_to(campaign):
        shared["reply_to"] = _mailbox(*answers_to)
    return shared


def _mailbox(name: str, address: str) -> dict[str, str]:
    return {"email": address, "name": name} if name else {"email": address}
