"""What a mail server's reply means, as a table."""

from __future__ import annotations

import pytest

from digest.deliver.receipts import said
from digest.deliver.smtp_replies import Outcome, Reply, at_data, at_end, at_mail, at_recipient, at_reset, queue_id
from digest.model import Answer

TAKEN, NO_MAILBOX, NOT_TAKEN, NOT_NOW = Answer.TAKEN, Answer.NO_MAILBOX, Answer.NOT_TAKEN, Answer.NOT_NOW
TOO_FAST, FAILING, UNSENT, UNHEARD = Answer.TOO_FAST, Answer.FAILING, Answer.UNSENT, Answer.UNHEARD

RETRY = (UNSENT, False, False, True, True)
Told = tuple[Answer, bool, bool, bool, bool]


def told(outcome: Outcome | None) -> Told | None:
    """Answer, stopped, trouble, broken, retry."""
    if outcome is None:
        return None
    return outcome.answer, bool(outcome.stopped), bool(outcome.trouble), outcome.broken, outcome.retry


@pytest.mark.parametrize(
    ("code", "reused", "expected"),
    [
        (250, False, None),
        (250, True, None),
        (421, True, RETRY),
        (421, False, (TOO_FAST, False, True, True, False)),
        (450, True, (TOO_FAST, False, True, False, False)),
        (451, True, (TOO_FAST, False, True, False, False)),
        (452, False, (TOO_FAST, False, True, False, False)),
        (454, False, (FAILING, False, True, False, False)),
        (550, True, (UNSENT, True, False, False, False)),
        (530, False, (UNSENT, True, False, False, False)),
        (552, False, (UNSENT, True, False, False, False)),
        (354, False, RETRY),
        (-1, False, RETRY),
    ],
)
def test_mail(code: int, reused: bool, expected: Told | None) -> None:
    assert told(at_mail(Reply(code=code, text=b"words"), reused=reused)) == expected


@pytest.mark.parametrize(
    ("code", "text", "relays", "expected"),
    [
        (250, b"ok", True, None),
        (251, b"will forward", True, None),
        (550, b"5.1.1 no such user", True, (NO_MAILBOX, False, False, False, False)),
        (550, b"5.1.1 no such user", False, (NO_MAILBOX, False, False, False, False)),
        (553, b"5.1.3 bad address", True, (NOT_TAKEN, False, False, False, False)),
        (501, b"5.1.3 bad address", True, (NOT_TAKEN, False, False, False, False)),
        (450, b"4.2.0 greylisted", True, (NOT_NOW, False, False, False, False)),
        (452, b"4.2.2 mailbox full", True, (NOT_NOW, False, False, False, False)),
        (421, b"closing", True, (TOO_FAST, False, True, True, False)),
        (530, b"5.7.0 authentication required", True, (UNSENT, True, False, False, False)),
        (535, b"5.7.8 bad login", True, (UNSENT, True, False, False, False)),
        (538, b"5.7.11 encryption required", True, (UNSENT, True, False, False, False)),
        (503, b"5.5.1 log in first", True, (UNSENT, True, False, False, False)),
        (554, b"5.7.1 <a@b.example>: Relay access denied", False, (UNSENT, True, False, False, False)),
        (550, b"relaying denied", False, (UNSENT, True, False, False, False)),
        (554, b"5.7.1 <a@b.example>: Relay access denied", True, (NOT_TAKEN, False, False, False, False)),
        (354, b"what?", True, RETRY),
    ],
)
def test_recipient(code: int, text: bytes, relays: bool, expected: Told | None) -> None:
    assert told(at_recipient(Reply(code=code, text=text), relays=relays)) == expected


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        (b"5.1.1 <ana@b.example>: Recipient address rejected: User unknown in virtual mailbox table", True),
        (b"5.1.6 moved away", True),
        (b"5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", True),
        (b"5.2.1 The email account that you tried to reach is disabled", True),
        (b"5.2.1 The user you are trying to contact is receiving mail at a rate that prevents more", False),
        (b"5.1.2 bad domain", False),
        (b"5.1.11 who knows", False),
        (b"5.2.2 mailbox full", False),
        (b"5.7.1 user unknown to our policy", False),
        (b"5.7.26 unauthenticated", False),
        (b"No such user here", True),
        (b"Unknown user", True),
        (b"user unknown", True),
        (b"mailbox not found", True),
        (b"Address does not exist", True),
        (b"sorry, no mailbox here by that name", True),
        (b"This user doesn't have a mail.example account", True),
        (b"sender domain does not exist", False),
        (b"Sender address: no such user", False),
        (b"requested action not taken: mailbox unavailable", False),
        (b"blocked", False),
        (b"", False),
    ],
)
def test_a_reader_who_does_not_exist(text: bytes, gone: bool) -> None:
    outcome = at_recipient(Reply(code=550, text=text), relays=True)
    assert outcome is not None
    assert outcome.answer is (NO_MAILBOX if gone else NOT_TAKEN)


def test_a_refusal_that_may_pass_is_never_a_missing_mailbox() -> None:
    outcome = at_recipient(Reply(code=450, text=b"4.1.1 user unknown"), relays=True)
    assert outcome is not None
    assert outcome.answer is NOT_NOW


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (354, None),
        (451, (NOT_NOW, False, False, False, False)),
        (554, (NOT_TAKEN, False, False, False, False)),
        (503, RETRY),
        (421, (TOO_FAST, False, True, True, False)),
        (250, RETRY),
    ],
)
def test_data(code: int, expected: Told | None) -> None:
    assert told(at_data(Reply(code=code, text=b"words"))) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (250, (TAKEN, False, False, False, False)),
        (451, (NOT_NOW, False, False, False, False)),
        (452, (NOT_NOW, False, False, False, False)),
        (552, (NOT_TAKEN, False, False, False, False)),
        (554, (NOT_TAKEN, False, False, False, False)),
        (530, (UNSENT, True, False, False, False)),
        (421, (TOO_FAST, False, True, True, False)),
        (-1, (UNHEARD, False, False, True, False)),
        (25, (UNHEARD, False, False, True, False)),
        (354, (UNHEARD, False, False, True, False)),
        (999, (UNHEARD, False, False, True, False)),
    ],
)
def test_end(code: int, expected: Told) -> None:
    assert told(at_end(Reply(code=code, text=b"words"))) == expected


@pytest.mark.parametrize(("code", "expected"), [(250, None), (421, RETRY), (502, RETRY), (-1, RETRY)])
def test_reset(code: int, expected: Told | None) -> None:
    assert told(at_reset(Reply(code=code, text=b""))) == expected


@pytest.mark.parametrize("text", [b"ok", b"", b" two  spaces ", "café".encode(), b"a\x00b", b"x" * 500])
def test_short_words_and_long_ones_are_cleaned_alike(text: bytes) -> None:
    assert Reply(code=250, text=text).words == said(b"250 " + text)


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
