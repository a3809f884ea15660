"""Sending: the facade for everything between a made-up issue and its readers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from digest import pipeline
from digest.audience.addresses import BadAddress, normalise
from digest.clock import Clock
from digest.deliver.campaign import campaign_of
from digest.deliver.letters import Addressing, write_letter
from digest.deliver.providers import open_provider, write_samples
from digest.deliver.seam import OpenGate
from digest.deliver.share import senders_for, share_of
from digest.dispatch.pulse import Pulse
from digest.dispatch.sender import Orders
from digest.errors import ConfigurationError, SendingStopped
from digest.model import Answer, Batch, LetterState, Preflight, Progress, Subscriber
from digest.model.segments import Segment
from digest.office.addressing import greeting_addressing_of
from digest.office.clearance import Clearance
from digest.office.composing import Composing
from digest.pipeline import Plan, SendReport
from digest.record.archive import Archive
from digest.record.store import Store
from digest.settings import Settings

SAMPLE_LETTERS = 3


class Sending:
    """The letters of one publication."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        archive: Archive,
        clearance: Clearance,
        composing: Composing,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._store = store
        self._archive = archive
        self._clearance = clearance
        self._composing = composing
        self._clock = clock

    def plan(self, issue: str, only: Segment | None = None) -> Plan:
        """Who gets the issue, `only` those of a segment if one is given, and where its letters stand."""
        return pipeline.plan(issue, self._settings, self._store, self._archive, now=self._clock(), only=only)

    def check_provider(self) -> None:
        """Raises ConfigurationError when the provider lacks a setting. Opens no connection and writes nothing."""
        open_provider(self._settings.delivery)

    def write_samples(self, plan: Plan, folder: Path) -> tuple[Path, ...]:
        """Writes the first few letters of the plan as `.eml` files, as sent, but for links that do nothing."""
        issue, addressing = plan.rendered.issue, self._addressing()
        readers = self._store.subscribers.sample_of(issue, SAMPLE_LETTERS)
        letters = tuple(write_letter(reader, issue=issue, addressing=addressing) for reader in readers)
        campaign = campaign_of(plan.rendered, self._settings, date=self._clock())
        return write_samples(folder, campaign, letters)

    def senders(self, plan: Plan) -> int:
        """How many senders are to share the work."""
        return senders_for(self._settings.delivery, plan.letters.get(LetterState.OWED, 0))

    def is_at_work(self, issue: str) -> bool:
        """Whether a sender lives that sends this issue."""
        return self._store.senders.living(issue, now=self._clock()) > 0

    def begin(self, plan: Plan, found: Preflight, *, despite: Collection[str] = ()) -> None:
        """From here on the issue is fixed: it is not made up again. `found` is its preflight; errors of checks that
        `despite` names do not count.

        Raises NotCleared when others do; ConfigurationError for an empty list, or for what the provider cannot express:
        then nothing is fixed.
        """
        self._clearance.clear(plan.rendered, found, despite=despite)
        campaign = campaign_of(plan.rendered, self._settings, date=self._clock())
        open_provider(self._settings.delivery).check(campaign)
        self._addressing()  # a catalogue that is broken is found out before the issue is fixed
        self._composing.serve(plan.rendered.issue)
        pipeline.begin(plan, self._settings, self._store)

    def send(
        self,
        plan: Plan,
        *,
        patient: bool = True,
        limit: int | None = None,
        share: tuple[int, int] = (1, 1),
        interrupted: Callable[[], bool] = lambda: False,
        progress: Callable[[Progress], None] = lambda progress: None,
    ) -> SendReport:
        """Sends what is still owed. `patient` stays until nothing is, `limit` sends so many at most; `share`
        says which of how many senders this is."""
        issue, pulse = plan.rendered.issue, Pulse()

        def beat() -> None:
            if record := self._store.issues.record(issue):
                progress(pulse.beat(record, now=self._clock(), last_due=self._store.ledger.last_due(issue)))

        return pipeline.send(
            plan,
            self._settings,
            self._store,
            open_provider(share_of(self._settings.delivery, *share)),
            self._addressing(),
            Orders(patient=patient, limit=limit, interrupted=interrupted, progress=beat),
            clock=self._clock,
        )

    def send_test_copy(self, issue: str, address: str) -> str:
        """Sends one copy, marked as a test and outside the ledger. Returns the provider's words.

        Raises ConfigurationError for an address that cannot be or is suppressed, SendingStopped when it was not taken.
        """
        try:
            reader = Subscriber(address=normalise(address))
        except BadAddress as error:
            raise ConfigurationError(
                f"--to {address!r}: {error}", hint="give one address, like you@example.com"
            ) from error
        if self._store.readers.ground_of(reader.address):
            raise ConfigurationError(
                f"--to {address!r} is suppressed: this address asked for no more letters",
                hint="use another address, or lift it with `digest subscribers allow ADDRESS`",
            )
        rendered = self._archive.load(issue)[1]
        campaign = campaign_of(rendered, self._settings, date=self._clock(), test=True)
        # A Message-ID of its own: mailboxes that fold equal ones would hide the real letter behind the test.
        letter = write_letter(reader, issue=issue, addressing=self._addressing(), edition=rendered.fingerprint)
        provider = open_provider(self._settings.delivery)
        provider.check(campaign)
        line = provider.line()
        try:
            # No reference: a test copy is not held back, it goes at once.
            delivery = line.send(campaign, Batch(number=0, letters=(letter,)), OpenGate())
        finally:
            line.close()
        receipt = delivery.receipts[0]
        if receipt.answer is not Answer.TAKEN:
            raise SendingStopped(
                f"the test copy was not taken: {delivery.stopped or delivery.trouble or receipt.words}"
            )
        return receipt.provider_id or receipt.words

    def _addressing(self) -> Addressing:
        return greeting_addressing_of(self._settings, self._store)
