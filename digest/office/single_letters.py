"""Letters to single readers as they are made and handed to the provider, one after the other.

What letters of a kind share is made once, and the connection is kept from one to the next.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cached_property

from digest.audience.tokens import Purpose, Tokens
from digest.deliver.campaign import campaign_of
from digest.deliver.letters import Addressing
from digest.deliver.providers import open_provider
from digest.deliver.seam import Line, OpenGate, Provider
from digest.model import Batch, Campaign, Delivery, Letter, Slot
from digest.model.errands import Errand, ErrandKind
from digest.office.addressing import addressing_of
from digest.office.keyring import Keyring
from digest.record.store import Store
from digest.render.single import render_single
from digest.settings import Settings

_PLACES = {ErrandKind.CONFIRM: ("confirm", Purpose.CONFIRM), ErrandKind.DATA: ("data", Purpose.DATA)}


class SingleLetters:
    """Open it for a short run of letters, and close it: each is dated as the first of its kind. One thread at a
    time."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._keyring = Keyring(settings, store)
        self._campaigns: dict[tuple[ErrandKind, str], Campaign] = {}
        self._line: Line | None = None

    def send(self, claimed: Errand, *, now: datetime) -> Delivery:
        """Hands one letter over. Where it raises (ConfigurationError, TemplateError, RecordError) nothing has left."""
        campaign = self._campaign(claimed, now)
        self._provider.check(campaign)
        letter = self._letter(claimed, campaign)
        if self._line is None:
            self._line = self._provider.line()
        delivery = self._line.send(campaign, Batch(number=0, letters=(letter,)), OpenGate())
        if delivery.stopped or delivery.trouble:
            self.close()
        return delivery

    def close(self) -> None:
        """Ends the connection. The next letter opens another one."""
        if self._line:
            self._line.close()
        self._line = None

    @cached_property
    def _provider(self) -> Provider:
        return open_provider(self._settings.delivery)

    @cached_property
    def _addressing(self) -> Addressing:
        return addressing_of(self._settings, self._store)

    def _campaign(self, claimed: Errand, now: datetime) -> Campaign:
        key = claimed.kind, claimed.payload.get("language", "")
        if key not in self._campaigns:
            rendered = render_single(
                claimed.kind,
                self._settings.publication,
                language=key[1],
                year=now.astimezone(self._settings.publication.timezone).year,
                templates=self._settings.templates,
            )
            campaign = campaign_of(rendered, self._settings, date=now)
            self._campaigns[key] = replace(campaign, archive="", unsubscribe_mail="", verp=False, single=True)
        return self._campaigns[key]

    def _letter(self, claimed: Errand, campaign: Campaign) -> Letter:
        # The same at each attempt: a mailbox that got it after all folds the two into one.
        issue, addressing = campaign.rendered.issue, self._addressing
        key = addressing.ids.of_letter(issue, f"{claimed.key} {claimed.asked_at}", claimed.address)
        return Letter(
            address=claimed.address,
            name="",
            message_id=f"<{issue}.{key}@{addressing.id_domain}>",
            one_click="",
            slots={Slot.LINK: self._link(claimed)} if claimed.kind in _PLACES else {},
        )

    def _link(self, claimed: Errand) -> str:
        place, purpose = _PLACES[claimed.kind]
        told = {name: value for name, value in claimed.payload.items() if name != "language"}
        payload = {name: int(value) if name in ("key", "number") else value for name, value in told.items()}
        token = Tokens(self._keyring.believed()).make(purpose, payload, now=claimed.asked_at)
        return f"{self._settings.publication.web}{place}/{token}"
