"""Gates for the tests: they write down what they are asked and told."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from digest.model import Letter, Receipt


class OpenGate:
    """Lets every letter pass, or the first `letters` of them where a number is given. Threads may share it.

    `at_start` is called with each letter, before it may pass.
    """

    def __init__(self, letters: int | None = None, *, at_start: Callable[[Letter], object] = lambda _: None) -> None:
        self.started: list[int] = []
        self.receipts: list[Receipt] = []
        self._left = letters
        self._at_start = at_start
        self._lock = Lock()

    @property
    def done_keys(self) -> list[int]:
        return [receipt.key for receipt in self.receipts]

    def start(self, letter: Letter) -> bool:
        self._at_start(letter)
        with self._lock:
            if self._left is not None and len(self.started) >= self._left:
                return False
            self.started.append(letter.key)
            return True

    def done(self, receipt: Receipt) -> None:
        with self._lock:
            self.receipts.append(receipt)
