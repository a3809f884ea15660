"""Sends letters to single readers: beside whatever else a process does, and as many processes as there are.

Whether a letter may leave is looked at again at the moment when it would.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from itertools import count

from digest.audience.limits import KEPT
from digest.clock import Clock
from digest.deliver.retries import Decision, Then, decide
from digest.errors import DigestError
from digest.model import Delivery
from digest.model.consent import OPERATORS_ALONE
from digest.model.errands import LASTS, Errand, ErrandKind, ErrandState
from digest.office.single_letters import SingleLetters
from digest.record.store import Store
from digest.settings import Settings

_LOOKS_EVERY = 2.0  # seconds
_LOOKS_UNTIL_SWEPT = 300
_ENDS_WITHIN = 30.0  # seconds
_BREATH = 0.1
"""Seconds between two letters. Who sends them has pages to serve besides, and a visitor should not wait for them."""
_RUN = timedelta(minutes=1)
_DAY = timedelta(days=1)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=30)


class Errands:
    """The errands of a publication, and the provider that takes them."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While it lasts a thread sends what is due. At its end the letter under way is sent to its end."""
        ends = threading.Event()
        thread = threading.Thread(target=self._work, args=(ends,), name="errands", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ends.set()
            thread.join(_ENDS_WITHIN)

    def send_due(self, ends: threading.Event | None = None) -> int:
        """Sends what is due now, until `ends` is set or a run of letters has lasted for a while, and drops what is
        over. How many left. Raises RecordError."""
        now = self._clock()
        with self._store.as_one():
            self._store.errands.sweep(now=now)
            self._store.readers.expire(before=now - LASTS[ErrandKind.CONFIRM])
            self._store.attempts.expire(before=now - KEPT)
        left = 0
        with closing(SingleLetters(self._settings, self._store)) as letters:
            while not (ends and ends.is_set()) and self._clock() - now < _RUN and (claimed := self._next()):
                left += self._sent(claimed, letters)
                if ends:
                    ends.wait(_BREATH)
        return left

    def _work(self, ends: threading.Event) -> None:
        for look in count():
            # The store may be busy or away for the moment: what was claimed ends as unknown, the rest waits.
            with suppress(DigestError):
                if self._store.errands.waiting() or look % _LOOKS_UNTIL_SWEPT == 0:
                    self.send_due(ends)
            if ends.wait(_LOOKS_EVERY):
                return

    def _next(self) -> Errand | None:
        """The letter that waited longest and is still wanted, claimed. What is wanted no more is dropped."""
        errands = self._store.errands
        while errands.is_due(now=self._clock()):
            with self._store.as_one():
                claimed = errands.claim(now=self._clock())
                if claimed is None or self._is_wanted(claimed, self._clock()):
                    return claimed
                errands.drop(claimed)
        return None

    def _sent(self, claimed: Errand, letters: SingleLetters) -> bool:
        try:
            decision = self._decided(claimed, letters.send(claimed, now=self._clock()))
        except DigestError as error:
            # Nothing has left: the letter could not be made, or the provider not be asked.
            decision = Decision(then=Then.KEEP, words=str(error))
        with self._store.as_one():
            return self._settle(claimed, decision)

    def _is_wanted(self, claimed: Errand, now: datetime) -> bool:
        """Whether the letter still says something true to somebody who may be written to."""
        readers = self._store.readers
        if claimed.asked_at <= now - LASTS[claimed.kind] or readers.ground_of(claimed.address) in OPERATORS_ALONE:
            return False
        if claimed.kind is ErrandKind.CONFIRM:
            return self._awaits_confirmation(claimed, now)
        reader = readers.find(claimed.address)
        if claimed.kind is ErrandKind.DATA:
            return reader is not None and str(reader.number) == claimed.payload["number"]
        told = self._store.errands.is_told_already(claimed, since=now - _DAY)
        return reader is not None and reader.gets_letters and not told

    def _awaits_confirmation(self, claimed: Errand, now: datetime) -> bool:
        sign_up = self._store.readers.pending(int(claimed.payload["key"]))
        if sign_up is None or sign_up.nonce != claimed.payload["nonce"]:
            return False
        lately = sign_up.last_letter_at is not None and sign_up.last_letter_at > now - _DAY
        return not (lately and sign_up.letters >= self._settings.readers.sign_up.letters_per_address)

    def _decided(self, claimed: Errand, delivery: Delivery) -> Decision:
        decision = decide(
            self._settings.delivery.provider,
            delivery.receipts[0],
            attempts=claimed.attempts - 1,
            tried_for=self._clock() - claimed.asked_at,
            retrying=self._settings.delivery.retrying,
        )
        trouble = delivery.stopped or delivery.trouble
        return Decision(then=decision.then, wait=decision.wait, words=trouble or decision.words)

    def _settle(self, claimed: Errand, decision: Decision) -> bool:
        errands = self._store.errands
        if decision.then is Then.ACCEPT:
            if claimed.kind is ErrandKind.CONFIRM:
                self._store.readers.letter_went(int(claimed.payload["key"]), now=self._clock())
            errands.left(claimed)
        elif decision.then is Then.UNKNOWN:
            errands.end(claimed, ErrandState.UNKNOWN, decision.words)
        elif decision.then is Then.REFUSE:
            errands.end(claimed, ErrandState.GIVEN_UP, decision.words)
        else:
            wait = min(_FIRST_WAIT * 2 ** min(claimed.attempts - 1, 10), _LONGEST_WAIT)
            errands.put_back(claimed, decision.words, due=self._clock() + max(wait, decision.wait))
        return decision.then is Then.ACCEPT
