"""What a mail server's reply means, as a table."""

from __future__ import annotations

import pytest

from digest.deliver.smtp_replies import Outcome, Reply, at_data, at_end, at_mail, at_recipient, queue_id
from digest.model import Fate

ACCEPTED, REFUSED, DEFERRED, UNSENT, UNKNOWN = Fate.ACCEPTED, Fate.REFUSED, Fate.DEFERRED, Fate.UNSENT, Fate.UNKNOWN


def told(outcome: Outcome | None) -> tuple[Fate, bool, bool, bool] | None:
    """Fate, stopped, broken, retry."""
    if outcome is None:
        return None
    return outcome.fate, bool(outcome.stopped), outcome.broken, outcome.retry


@pytest.mark.parametrize(
    ("code", "reused", "expected"),
    [
        (250, False, None),
        (250, True, None),
        (421, True, (UNSENT, False, True, True)),
        (421, False, (DEFERRED, True, False, False)),
        (451, True, (DEFERRED, True, False, False)),
        (452, False, (DEFERRED, True, False, False)),
        (550, True, (UNSENT, True, False, False)),
        (530, False, (UNSENT, True, False, False)),
        (552, False, (UNSENT, True, False, False)),
        (354, False, (UNSENT, False, True, True)),
        (-1, False, (UNSENT, False, True, True)),
    ],
)
def test_mail(code: int, reused: bool, expected: tuple[Fate, bool, bool, bool] | None) -> None:
    assert told(at_mail(Reply(code=code, text=b"words"), reused=reused)) == expected


@pytest.mark.parametrize(
    ("code", "text", "relays", "expected"),
    [
        (250, b"ok", True, None),
        (251, b"will forward", True, None),
        (550, b"5.1.1 no such user", True, (REFUSED, False, False, False)),
        (550, b"5.1.1 no such user", False, (REFUSED, False, False, False)),
        (553, b"5.1.3 bad address", True, (REFUSED, False, False, False)),
        (501, b"5.1.3 bad address", True, (REFUSED, False, False, False)),
        (450, b"4.2.0 greylisted", True, (DEFERRED, False, False, False)),
        (452, b"4.2.2 mailbox full", True, (DEFERRED, False, False, False)),
        (421, b"closing", True, (DEFERRED, True, True, False)),
        (530, b"5.7.0 authentication required", True, (UNSENT, True, False, False)),
        (554, b"5.7.1 <a@b.example>: Relay access denied", False, (UNSENT, True, False, False)),
        (550, b"relaying denied", False, (UNSENT, True, False, False)),
        (554, b"5.7.1 <a@b.example>: Relay access denied", True, (REFUSED, False, False, False)),
        (354, b"what?", True, (UNSENT, False, True, True)),
    ],
)
def test_recipient(code: int, text: bytes, relays: bool, expected: tuple[Fate, bool, bool, bool] | None) -> None:
    assert told(at_recipient(Reply(code=code, text=text), relays=relays)) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (354, None),
        (451, (DEFERRED, False, False, False)),
        (554, (REFUSED, False, False, False)),
        (421, (DEFERRED, True, True, False)),
        (250, (UNSENT, False, True, True)),
    ],
)
def test_data(code: int, expected: tuple[Fate, bool, bool, bool] | None) -> None:
    assert told(at_data(Reply(code=code, text=b"words"))) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (250, (ACCEPTED, False, False, False)),
        (451, (DEFERRED, False, False, False)),
        (452, (DEFERRED, False, False, False)),
        (552, (REFUSED, False, False, False)),
        (554, (REFUSED, False, False, False)),
        (421, (DEFERRED, True, True, False)),
        (-1, (UNKNOWN, False, True, False)),
        (25, (UNKNOWN, False, True, False)),
        (354, (UNKNOWN, False, True, False)),
    ],
)
def test_end(code: int, expected: tuple[Fate, bool, bool, bool]) -> None:
    assert told(at_end(Reply(code=code, text=b"words"))) == expected


def test_words_are_one_short_line() -> None:
    words = Reply(code=550, text=b"5.1.1 no\nsuch\r\nuser \x1b[31m\xff" + b"x" * 1000).words
    assert words.startswith("550 5.1.1 no such user")
    assert len(words) <= 300
    assert words.isprintable()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"2.0.0 Ok: queued as 4XyZ12", "4XyZ12"),
        (b"OK id=1rABcd-000123-Xy", "1rABcd-000123-Xy"),
        (b"2.0.0 OK 1700000000 abc - gsmtp", ""),
        (b"", ""),
    ],
)
def test_queue_id(text: bytes, expected: str) -> None:
    assert queue_id(text) == expected
