"""Letters through SendGrid, up to 1000 readers a request."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import orjson

from digest import clock
from digest.deliver import sendgrid_answers
from digest.deliver.loopback import is_loopback
from digest.deliver.once_per_campaign import OncePerCampaign
from digest.deliver.receipts import all_with, nothing_left, receipt
from digest.deliver.sendgrid_payload import Payloads, Unsendable
from digest.deliver.sendgrid_wire import Answer, NotSent, Unanswered, Wire
from digest.errors import ConfigurationError
from digest.model import Campaign, Delivery, Fate, Letter, Receipt
from digest.settings import SendGrid

_MOST_READERS = 1000
_MOST_ROUNDS = 10
_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A letter and what a request says of it."""

    letter: Letter
    personalization: Mapping[str, Any]


class SendGridProvider:
    """Sends through one account. Raises ConfigurationError for settings that cannot work.

    `sleep` waits so many seconds, `now` gives seconds since 1970: SendGrid says until when it takes no more requests.
    """

    name = "sendgrid"

    def __init__(
        self, settings: SendGrid, *, sleep: Callable[[float], None] = time.sleep, now: Callable[[], float] = clock.epoch
    ) -> None:
        settings = replace(settings, api_key=settings.api_key.strip())
        _check(settings)
        self.readers_per_call = settings.readers_per_request
        self._settings = settings
        self._wire = Wire(settings)
        self._payloads = OncePerCampaign(lambda campaign: Payloads.of(campaign, settings))
        self._sleep = sleep
        self._now = now

    def send(self, campaign: Campaign, letters: Sequence[Letter]) -> Delivery:
        """Posts the letters as one request, and again without the readers that SendGrid finds wrong."""
        try:
            payloads = self._payloads.of(campaign)
        except ConfigurationError as error:
            return nothing_left(letters, str(error))
        sendable, refused = _sorted_out(payloads, letters)
        delivery = self._deliver(payloads, sendable, _MOST_ROUNDS)
        fates = {each.address: each for each in (*refused, *delivery.receipts)}
        return Delivery(receipts=tuple(fates[letter.address] for letter in letters), stopped=delivery.stopped)

    def close(self) -> None:
        """Nothing is held open: every request has a connection of its own."""

    def _deliver(self, payloads: Payloads, parts: Sequence[_Part], rounds: int) -> Delivery:
        """A request that names wrong readers was not taken at all; the others are posted again, `rounds` times."""
        if not parts:
            return Delivery(receipts=())
        delivery = self._request(payloads, parts)
        settled = [each for each in delivery.receipts if each.fate is not Fate.UNSENT]
        if delivery.stopped or len(settled) == len(parts) or not rounds:
            return delivery
        done = {each.address for each in settled}
        rest = self._deliver(payloads, [part for part in parts if part.letter.address not in done], rounds - 1)
        return Delivery(receipts=(*settled, *rest.receipts), stopped=rest.stopped)

    def _request(self, payloads: Payloads, parts: Sequence[_Part]) -> Delivery:
        letters = [part.letter for part in parts]
        try:
            answer = self._post(orjson.dumps(payloads.payload([part.personalization for part in parts])))
        except NotSent as trouble:
            return nothing_left(letters, f"cannot post to {self._settings.address}: {trouble}")
        except Unanswered as trouble:
            why = f"SendGrid gave no answer to a whole request: {trouble}"
            return Delivery(receipts=all_with(letters, Fate.UNKNOWN, why), stopped=why)
        return sendgrid_answers.outcome(answer, letters)

    def _post(self, body: bytes) -> Answer:
        """Posts, and waits while SendGrid takes no more requests, no longer than `patience` seconds in all."""
        waited = 0.0
        while True:
            answer = self._wire.post(body)
            pause = sendgrid_answers.pause(answer, self._now())
            if answer.status != _TOO_MANY_REQUESTS or waited + pause > self._settings.patience:
                return answer
            self._sleep(pause)
            waited += pause


def _sorted_out(payloads: Payloads, letters: Sequence[Letter]) -> tuple[list[_Part], list[Receipt]]:
    """The letters that SendGrid can be asked to send, and the refusals of the others."""
    sendable, refused = [], []
    for letter in letters:
        try:
            sendable.append(_Part(letter=letter, personalization=payloads.personalization(letter)))
        except Unsendable as reason:
            refused.append(receipt(letter, Fate.REFUSED, str(reason)))
    return sendable, refused


def _check(settings: SendGrid) -> None:
    if not settings.api_key:
        raise ConfigurationError(
            "delivery.sendgrid.api_key is not set",
            hint="put a key that may send mail into DIGEST_SENDGRID_API_KEY",
        )
    if not settings.api_key.isascii() or not settings.api_key.isprintable() or " " in settings.api_key:
        raise ConfigurationError(
            "delivery.sendgrid.api_key holds characters that no key has", hint="copy the key again"
        )
    if not 1 <= settings.readers_per_request <= _MOST_READERS:
        raise ConfigurationError(
            f"delivery.sendgrid.readers_per_request = {settings.readers_per_request} is out of range",
            hint=f"write a number from 1 to {_MOST_READERS}",
        )
    if not _is_safe(settings.address):
        raise ConfigurationError(
            f"delivery.sendgrid.address = {settings.address!r} is not an https address",
            hint="leave it out, or write https://api.eu.sendgrid.com for an account in the EU",
        )


def _is_safe(address: str) -> bool:
    """The key goes there: nothing but https will do, except to this machine itself."""
    try:
        parts = urlsplit(address)
        valid = bool(parts.hostname) and parts.port != 0 and not parts.username
    except ValueError:
        return False
    return valid and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")))
