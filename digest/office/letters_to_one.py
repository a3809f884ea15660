"""Letters to single readers, asked for on the readers' pages: queued here, sent by `office.errands`.

A request only queues, one row whatever the address: so nobody can tell by the time it takes who is on the list.
"""

from __future__ import annotations

from digest.clock import Clock
from digest.model.errands import NO_HOLD, ErrandKind, Hold
from digest.model.readers import SignUp
from digest.record.store import Store


class LettersToOne:
    """`language` is the code of the language in which the letter is written, empty for the publication's own; `hold`
    keeps it back when it was a stranger who asked."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def confirm(self, sign_up: SignUp, language: str = "", hold: Hold = NO_HOLD) -> None:
        """Asks whether the sign-up was meant. Its link is `{web}confirm/<token>`: Purpose.CONFIRM, with `key` and
        `nonce` of the sign-up, made when they asked."""
        payload = {"language": language, "key": str(sign_up.key), "nonce": sign_up.nonce}
        self._queue(ErrandKind.CONFIRM, sign_up.address, payload, hold)

    def already(self, address: str, language: str = "", hold: Hold = NO_HOLD) -> None:
        """Says that they are on the list already, once a day at most."""
        self._queue(ErrandKind.ALREADY, address, {"language": language}, hold)

    def data_link(self, number: int, address: str, language: str = "") -> None:
        """The link to what we know of the reader: `{web}data/<token>`, Purpose.DATA, with `number`."""
        self._queue(ErrandKind.DATA, address, {"language": language, "number": str(number)})

    def _queue(self, kind: ErrandKind, address: str, payload: dict[str, str], hold: Hold = NO_HOLD) -> None:
        self._store.errands.queue(kind, address, payload, now=self._clock(), hold=hold)
