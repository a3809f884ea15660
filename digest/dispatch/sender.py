"""A sender: one go over an issue's letters, from the first claim until nothing is left that it can do."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from digest.clock import Clock
from digest.deliver.letters import Addressing
from digest.deliver.seam import Provider
from digest.dispatch.campaigns import Campaigns
from digest.dispatch.collecting import seldom_collecting
from digest.dispatch.courier import Courier
from digest.dispatch.desk import Desk, Post
from digest.dispatch.judge import RESEND
from digest.dispatch.lane import Lane
from digest.dispatch.orphans import Orphans
from digest.dispatch.portion import first
from digest.dispatch.recalls import call_back_held, forget_recalled
from digest.dispatch.shift import Shift, seconds_up
from digest.errors import RecordError
from digest.model import IssueState, LetterState
from digest.model.ledger import STOPPED
from digest.record.journal import Journal
from digest.record.senders import LEASE
from digest.record.store import Store
from digest.settings import Settings

_WATCH = 0.2
_LOOK_AROUND = 2.0
"""Seconds between two looks for dead senders, and for batches in doubt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """How a sender is to go about it.

    `patient`: stay until nothing is owed, over waits and holds that end; else only for what is due now. `limit`: so
    many letters at most. `interrupted` and `progress` are asked and told a few times a second.
    """

    patient: bool = True
    limit: int | None = None
    interrupted: Callable[[], bool] = lambda: False
    progress: Callable[[], None] = lambda: None


class Sender:
    """Sends an issue. Several may be at work on one, in any number of processes: they share its letters."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        provider: Provider,
        campaigns: Campaigns,
        addressing: Addressing,
        orders: Orders,
        *,
        clock: Clock,
    ) -> None:
        self._store = store
        self._settings = settings
        self._provider = provider
        self._campaigns = campaigns
        self._addressing = addressing
        self._orders = orders
        self._clock = clock
        self._issue = campaigns.of(0).rendered.issue
        self._shift = Shift(lease=LEASE, limit=orders.limit)

    def run(self) -> str:
        """Sends; gives the reason why it stopped before the end, if it did. Raises RecordError.

        However it ends, what it does not settle is found by the next sender.
        """
        self._provider.check(self._campaigns.of(0))
        self._store.seal.renew()
        journal = Journal(self._store.senders.folder, secrets.token_hex(8))
        settled = False
        try:
            with seldom_collecting():
                settled = self._at_work(journal)
        finally:
            journal.close(keep=not settled)
        if self._shift.error:
            raise self._shift.error
        self._store.senders.forget_journals()
        return self._shift.stopped

    def _at_work(self, journal: Journal) -> bool:
        """Whether everything that was claimed is settled at the end."""
        asked = seconds_up()
        key = self._store.senders.enter(self._issue, journal.name, now=self._clock())
        self._shift.renewed(asked)
        post = Post(
            issue=self._issue,
            sender=key,
            journal=journal,
            provider=self._provider.name,
            abilities=self._provider.abilities,
        )
        desk = Desk(self._store, self._settings, post, self._shift, self._clock, patient=self._orders.patient)
        courier = Courier(post, self._campaigns, self._addressing, self._shift)
        orphans = Orphans(desk, post, self._provider, courier, self._clock)
        try:
            if post.abilities.holds:
                forget_recalled(self._store, self._provider, clock=self._clock)
            if self._settings.delivery.resend_uncertain:
                self._resend_unknown()
            self._rounds(post, desk, courier, orphans)
            if self._shift.stopped == STOPPED:
                self._wind_up(post, orphans)
        except RecordError as error:
            self._shift.fail(error)
        finally:
            orphans.close()
        if desk.clear and not self._shift.error:
            self._store.senders.leave(key, now=self._clock())
        return desk.clear and not self._shift.error

    def _wind_up(self, post: Post, orphans: Orphans) -> None:
        """The issue was stopped by hand: what is in doubt is settled, and what the provider holds is called back."""
        orphans.settle()
        if post.abilities.holds:
            call_back_held(self._store, self._provider, self._issue, STOPPED, clock=self._clock)

    def _resend_unknown(self) -> None:
        """Letters whose fate an earlier sender left open are owed again, by the publication's own choice."""
        record = self._store.issues.record(self._issue)
        if record and record.state is not IssueState.STOPPED:
            self._store.ledger.settle_unknown(self._issue, None, LetterState.OWED, RESEND, now=self._clock())

    def _rounds(self, post: Post, desk: Desk, courier: Courier, orphans: Orphans) -> None:
        """Lanes until they end; then again, while batches in doubt or of other senders may still come back."""
        watch = _Watch(self._store, post, desk, orphans, self._shift, self._orders, self._clock)
        while True:
            watch.look_around()
            lanes = [self._lane(number, post, desk, courier, orphans) for number in range(self._lanes(post))]
            self._work(lanes, watch)
            if self._shift.ended or not (self._shift.over or self._more_may_come(orphans)):
                return
            watch.tick([])

    def _work(self, lanes: list[Lane], watch: _Watch) -> None:
        """Opens the lanes and watches them until all have ended, whatever happens meanwhile."""
        started: list[Lane] = []
        try:
            for lane in lanes:
                lane.start()
                started.append(lane)
            while any(lane.is_alive() for lane in lanes):
                watch.tick(lanes)
        except Exception as error:
            self._shift.fail(error)
        finally:
            # No lane outlives this: with the journal closed, the sender would count as dead while its letters leave.
            if any(lane.is_alive() for lane in started):
                self._shift.stop()
            for lane in started:
                lane.join()

    def _more_may_come(self, orphans: Orphans) -> bool:
        counts = self._store.ledger.counts(self._issue)
        others = not self._shift.spent and bool(counts[LetterState.CLAIMED] or counts[LetterState.OWED])
        return self._orders.patient and (bool(orphans.waiting) or others)

    def _lanes(self, post: Post) -> int:
        """No more lanes than there are batches, and none for nothing."""
        owed = self._store.ledger.counts(self._issue)[LetterState.OWED]
        return min(post.abilities.calls_at_once, -(-owed // first(post.abilities)))

    def _lane(self, number: int, post: Post, desk: Desk, courier: Courier, orphans: Orphans) -> Lane:
        return Lane(
            number,
            post=post,
            desk=desk,
            shift=self._shift,
            orphans=orphans,
            courier=courier,
            provider=self._provider,
            clock=self._clock,
            patient=self._orders.patient,
        )


class _Watch:
    """What the sender's first thread does while its lanes are at work."""

    def __init__(
        self, store: Store, post: Post, desk: Desk, orphans: Orphans, shift: Shift, orders: Orders, clock: Clock
    ) -> None:
        self._store = store
        self._post = post
        self._desk = desk
        self._orphans = orphans
        self._shift = shift
        self._orders = orders
        self._clock = clock
        self._looked = seconds_up()

    def tick(self, lanes: list[Lane]) -> None:
        """A fifth of a second: told to stop? then the rest of what is due."""
        if self._orders.interrupted():
            self._shift.stop()
        if lanes:
            next((lane for lane in lanes if lane.is_alive()), lanes[0]).join(_WATCH)
        else:
            self._shift.sleep(_WATCH)
        self._orders.progress()
        if seconds_up() - self._looked >= _LOOK_AROUND and not self._shift.ended:
            self.look_around()

    def look_around(self) -> None:
        """Takes over what dead senders left, settles what was in doubt, makes the journal durable."""
        asked = seconds_up()
        found = self._store.senders.take_over(self._post.issue, self._post.sender, now=self._clock())
        self._shift.renewed(asked)
        self._orphans.take(found)
        self._orphans.settle()
        self._desk.speed_up()
        self._post.journal.make_durable()
        self._looked = seconds_up()
