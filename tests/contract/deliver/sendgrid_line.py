"""A line to a local SendGrid, for the tests of what it makes of the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NoReturn

from digest.deliver.sendgrid import SendGridLine, SendGridProvider
from digest.model import Batch, Campaign, Delivery, Letter
from digest.settings import SendGrid
from tests.unit.deliver.correspondence import campaign

KEY = "SG.a-key-of-the-tests"
NOW = 1_795_183_200.0
HOLD = timedelta(minutes=20)


class NeverAsked:
    """SendGrid answers for a whole batch, so nobody asks the gate."""

    def start(self, letter: Letter) -> NoReturn:
        raise AssertionError("asked the gate")

    def done(self, receipt: object) -> NoReturn:
        raise AssertionError("told the gate")


def provider(
    address: str, *, hold: timedelta = timedelta(), now: Callable[[], float] = lambda: NOW, **changes: Any
) -> SendGridProvider:
    settings = replace(SendGrid(api_key=KEY, address=address, timeout=5), **changes)
    return SendGridProvider(settings, hold=hold, now=now)


def batch(letters: Iterable[Letter], reference: str = "", send_at: datetime | None = None) -> Batch:
    return Batch(number=1, letters=tuple(letters), reference=reference, send_at=send_at)


def send(line: SendGridLine, letters: Iterable[Letter], whole: Campaign | None = None, **held: Any) -> Delivery:
    return line.send(whole or campaign(), batch(letters, **held), NeverAsked())


def send_once(address: str, letters: Iterable[Letter], whole: Campaign | None = None, **changes: Any) -> Delivery:
    """Sends over a line of its own, which is closed after it."""
    line = provider(address, **changes).line()
    try:
        return send(line, letters, whole)
    finally:
        line.close()
