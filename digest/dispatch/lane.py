"""A lane: one thread and one line to the provider. It claims, delivers, settles, and again until nothing is left."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import timedelta

from digest.clock import Clock
from digest.deliver.seam import CannotReserve, Line, Provider
from digest.dispatch.courier import Courier
from digest.dispatch.desk import Desk, Post
from digest.dispatch.orphans import Orphans
from digest.dispatch.portion import Portion
from digest.dispatch.shift import Shift, seconds_up
from digest.model import Standing
from digest.model.ledger import PAUSED, STOPPED

_SOON = timedelta(seconds=5)
"""What comes sooner is waited for even by a sender that does not wait."""
_LONGEST_NAP = timedelta(seconds=1)
_SHORT_NAP = timedelta(milliseconds=50)


class Lane(threading.Thread):
    """Runs until nothing is owed (unless `patient`: that is due), or the shift is over."""

    def __init__(
        self,
        number: int,
        *,
        post: Post,
        desk: Desk,
        shift: Shift,
        orphans: Orphans,
        courier: Courier,
        provider: Provider,
        clock: Clock,
        patient: bool,
    ) -> None:
        super().__init__(name=f"lane {number}", daemon=True)
        self._post = post
        self._desk = desk
        self._shift = shift
        self._orphans = orphans
        self._courier = courier
        self._provider = provider
        self._clock = clock
        self._patient = patient
        self._reference = ""
        self._portion = Portion(post.abilities)

    def run(self) -> None:
        """Works, and ends the whole shift when something breaks: what is not settled then is found again later."""
        try:
            with closing(self._provider.line()) as line:
                while not self._shift.over and self._one_batch(line):
                    pass
        except Exception as error:
            self._shift.fail(error)

    def _one_batch(self, line: Line) -> bool:
        """One turn; False when there is nothing left to do here."""
        if not self._reserve(line):
            return True
        claim = self._desk.claim(self._reference, self._portion.letters)
        if not claim.letters:
            return self._wait(claim.standing)
        self._reference = ""
        began = seconds_up()
        delivery = self._courier.deliver(line, claim)
        self._portion.took(len(claim.letters), seconds_up() - began)
        if not self._orphans.in_doubt(claim, delivery):
            self._desk.settle(claim, delivery)
        else:
            self._desk.doubted(delivery)
        return True

    def _reserve(self, line: Line) -> bool:
        """Makes sure of a reference before the claim, so that the claim can note it."""
        if self._reference or not (self._post.abilities.holds or self._post.abilities.repeatable):
            return True
        try:
            self._reference = line.reserve()
        except CannotReserve as trouble:
            if trouble.stopped:
                self._shift.stop(str(trouble))
            else:
                self._shift.sleep(self._desk.failed(str(trouble)).total_seconds())
            return False
        return True

    def _wait(self, standing: Standing) -> bool:
        """Whether to ask again, after a nap, when there was nothing to claim."""
        if standing.stopped:
            self._shift.stop(STOPPED)
        elif standing.hold and not self._sits_out(standing):
            self._shift.stop(standing.hold)
        elif not standing.owed or not (self._patient or self._is_soon(standing)):
            return False
        else:
            self._shift.wait_for_news(self._nap(standing).total_seconds())
        return not self._shift.over

    def _sits_out(self, standing: Standing) -> bool:
        """A hold that ends by itself, or by the hand that made it, is waited for."""
        return self._patient and (standing.held_until is not None or standing.hold == PAUSED)

    def _is_soon(self, standing: Standing) -> bool:
        return self._until(standing) <= _SOON

    def _nap(self, standing: Standing) -> timedelta:
        """Not long: somebody may pause or stop the issue from another terminal, and the clock may be set."""
        return min(max(self._until(standing), _SHORT_NAP), _LONGEST_NAP)

    def _until(self, standing: Standing) -> timedelta:
        if standing.hold:
            return _LONGEST_NAP
        until_due = standing.due - self._clock() if standing.due else timedelta()
        return max(standing.wait, until_due)
