"""Letters through SendGrid, up to 1000 readers a request.

A request is a batch, and a call of `send` is one request: what is on the wire is always what the ledger knows of. With
a hold, a batch has an id from the service before it leaves, and can be called back by it until shortly before it goes;
that is how a request whose answer nobody heard is settled without writing to anybody twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

from digest import clock
from digest.deliver import sendgrid_answers, sendgrid_holds
from digest.deliver.kept_connection import NotSent, Unanswered, trusted_authorities
from digest.deliver.once_per_campaign import OncePerCampaign
from digest.deliver.one_call import all_in_order, sorted_out
from digest.deliver.receipts import nothing_left
from digest.deliver.seam import Abilities, Gate
from digest.deliver.sendgrid_payload import Payloads
from digest.deliver.sendgrid_settings import LONGEST_HOLD, check_settings
from digest.deliver.sendgrid_wire import Wire
from digest.errors import ConfigurationError
from digest.model import Batch, Campaign, Delivery, Letter, Recall
from digest.settings import SendGrid


class SendGridProvider:
    """Sends through one account. Raises ConfigurationError for settings that cannot work.

    `hold` is how long letters are to be held before they go; with 0 no batch ids are asked for. `now` gives seconds
    since 1970: SendGrid says until when it takes no more requests.
    """

    name = "sendgrid"

    def __init__(
        self, settings: SendGrid, *, hold: timedelta = timedelta(), now: Callable[[], float] = clock.epoch
    ) -> None:
        settings = replace(settings, api_key=settings.api_key.strip())
        check_settings(settings, hold)
        self.abilities = Abilities(
            readers_per_call=settings.readers_per_request, calls_at_once=settings.at_once, holds=hold > timedelta()
        )
        self._settings = settings
        self._trusted = trusted_authorities(settings.address)
        self._payloads = OncePerCampaign(lambda campaign: Payloads.of(campaign, settings))
        self._now = now

    def check(self, campaign: Campaign) -> None:
        """Makes what all letters share. Raises ConfigurationError for what cannot be written."""
        self._payloads.of(campaign)

    def line(self) -> SendGridLine:
        """A line with a connection of its own, opened at the first call and kept."""
        return SendGridLine(
            self._wire(), self._payloads, address=self._settings.address, holds=self.abilities.holds, now=self._now
        )

    def recall(self, reference: str) -> tuple[Recall, str]:
        """Asks SendGrid to cancel a batch, and says in words what came of it.

        The service takes it for sure only until ten minutes before the batch goes: ask no later.
        """
        with closing(self._wire()) as wire:
            return sendgrid_holds.call_back(wire, reference)

    def forget(self, reference: str) -> bool:
        """Frees the place of a batch that was called back, one of ten. False: it could not be done now.

        Only well after the time at which the batch was to go: without its mark it goes out.
        """
        with closing(self._wire()) as wire:
            return sendgrid_holds.forget(wire, reference)

    def _wire(self) -> Wire:
        return Wire(self._settings, self._trusted)


class SendGridLine:
    """A line to SendGrid. One thread at a time."""

    def __init__(
        self,
        wire: Wire,
        payloads: OncePerCampaign[Payloads],
        *,
        address: str,
        holds: bool,
        now: Callable[[], float],
    ) -> None:
        self._wire = wire
        self._payloads = payloads
        self._address = address
        self._holds = holds
        self._now = now

    def reserve(self) -> str:
        """A new batch id where letters are held, otherwise nothing. Raises CannotReserve."""
        return sendgrid_holds.reserve(self._wire) if self._holds else ""

    def send(self, campaign: Campaign, batch: Batch, gate: Gate) -> Delivery:
        """Posts the batch as one request. It is not repeated here, whatever the answer. The gate is not asked."""
        letters = batch.letters
        if _is_too_far_off(batch.send_at, self._now()):
            return nothing_left(letters, stopped="SendGrid holds letters for 72 hours at most (lower delivery.hold)")
        try:
            payloads = self._payloads.of(campaign)
        except ConfigurationError as error:
            return nothing_left(letters, stopped=str(error))
        parts, sendable, refused = sorted_out(letters, payloads.personalization)
        if not sendable:
            return Delivery(receipts=tuple(refused.values()))
        delivery = self._post(payloads.body(parts, reference=batch.reference, send_at=batch.send_at), sendable)
        return all_in_order(len(letters), delivery, refused) if refused else delivery

    def close(self) -> None:
        """Ends the connection. A line that is used after it opens another."""
        self._wire.close()

    def _post(self, body: bytes, letters: Sequence[Letter]) -> Delivery:
        try:
            response = self._wire.call("post", "mail/send", body)
        except NotSent as trouble:
            return nothing_left(letters, trouble=f"cannot post to {self._address}: {trouble}")
        except Unanswered as trouble:
            return sendgrid_answers.unheard(letters, trouble)
        return sendgrid_answers.outcome(response, letters, self._now())


def _is_too_far_off(send_at: datetime | None, now: float) -> bool:
    return send_at is not None and send_at.timestamp() - now > LONGEST_HOLD.total_seconds()
