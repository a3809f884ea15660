"""What becomes of a letter after an answer, as a table of numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.retries import Decision, Then, decide
from digest.model import Answer, Receipt
from digest.settings import Retrying

PROVIDERS = ("outbox", "smtp", "sendgrid", "resend", "a new one")
USUAL = Retrying()
MINUTE, HOUR, DAY = 60, 3600, 86_400


def decision(provider: str, answer: Answer, attempts: int = 0, tried_for: float = 0, wait: float = 0) -> Decision:
    return decide(
        provider,
        Receipt(key=1, answer=answer, wait=wait, words="4.2.2 mailbox full"),
        attempts=attempts,
        tried_for=timedelta(seconds=tried_for),
        retrying=USUAL,
    )


@pytest.mark.parametrize(
    ("provider", "answer", "attempts", "tried_for", "asked", "then", "wait"),
    [
        ("smtp", Answer.TAKEN, 0, 0, 0, Then.ACCEPT, 0),
        ("smtp", Answer.TAKEN, 9, 2 * DAY, 0, Then.ACCEPT, 0),
        ("smtp", Answer.NO_MAILBOX, 0, 0, 0, Then.REFUSE, 0),
        ("sendgrid", Answer.NOT_TAKEN, 0, 0, 60, Then.REFUSE, 0),
        ("smtp", Answer.NOT_NOW, 0, 0, 0, Then.AGAIN, 5 * MINUTE),
        ("smtp", Answer.NOT_NOW, 1, 5 * MINUTE, 0, Then.AGAIN, 10 * MINUTE),
        ("smtp", Answer.NOT_NOW, 2, 15 * MINUTE, 0, Then.AGAIN, 20 * MINUTE),
        ("smtp", Answer.NOT_NOW, 4, 75 * MINUTE, 0, Then.AGAIN, 80 * MINUTE),
        ("smtp", Answer.NOT_NOW, 5, 3 * HOUR, 0, Then.AGAIN, 2 * HOUR),
        ("smtp", Answer.NOT_NOW, 10**9, 3 * HOUR, 0, Then.AGAIN, 2 * HOUR),
        ("smtp", Answer.NOT_NOW, 0, 0, 20 * MINUTE, Then.AGAIN, 20 * MINUTE),
        ("smtp", Answer.NOT_NOW, 3, 0, 20 * MINUTE, Then.AGAIN, 40 * MINUTE),
        ("smtp", Answer.NOT_NOW, 0, 0, 10 * DAY, Then.AGAIN, DAY),
        ("smtp", Answer.NOT_NOW, 15, DAY - 90, 0, Then.AGAIN, 90),
        ("smtp", Answer.NOT_NOW, 15, DAY, 0, Then.REFUSE, 0),
        ("smtp", Answer.NOT_NOW, 15, 3 * DAY, 60, Then.REFUSE, 0),
        ("smtp", Answer.NOT_NOW, 0, -HOUR, 0, Then.AGAIN, 5 * MINUTE),
        ("sendgrid", Answer.TOO_FAST, 0, 0, 0, Then.KEEP, 30),
        ("sendgrid", Answer.TOO_FAST, 0, 0, 0.2, Then.KEEP, 1),
        ("sendgrid", Answer.TOO_FAST, 0, 0, 7, Then.KEEP, 7),
        ("sendgrid", Answer.TOO_FAST, 0, 0, 90, Then.KEEP, 90),
        ("sendgrid", Answer.TOO_FAST, 0, 0, 1.7e12, Then.KEEP, DAY),
        ("sendgrid", Answer.TOO_FAST, 0, 0, float("nan"), Then.KEEP, 30),
        ("sendgrid", Answer.TOO_FAST, 3, 2 * DAY, 7, Then.KEEP, 7),
        ("sendgrid", Answer.FAILING, 0, 0, 0, Then.AGAIN, 30),
        ("sendgrid", Answer.FAILING, 3, 0, 0, Then.AGAIN, 240),
        ("sendgrid", Answer.FAILING, 50, 0, 0, Then.AGAIN, 15 * MINUTE),
        ("sendgrid", Answer.FAILING, 9, DAY - 5, 0, Then.AGAIN, 5),
        ("sendgrid", Answer.FAILING, 9, DAY, 0, Then.REFUSE, 0),
        ("smtp", Answer.CUT_SHORT, 0, 0, 0, Then.AGAIN, 30),
        ("smtp", Answer.CUT_SHORT, 0, 0, 45, Then.AGAIN, 45),
        ("smtp", Answer.CUT_SHORT, 9, DAY, 0, Then.REFUSE, 0),
        ("smtp", Answer.UNSENT, 0, 0, 0, Then.KEEP, 0),
        ("smtp", Answer.UNSENT, 9, 2 * DAY, 0, Then.KEEP, 0),
        ("smtp", Answer.UNHEARD, 0, 0, 0, Then.UNKNOWN, 0),
        ("sendgrid", Answer.UNHEARD, 0, 0, 60, Then.UNKNOWN, 0),
        ("outbox", Answer.FAILING, 0, 0, 0, Then.KEEP, 30),
        ("outbox", Answer.FAILING, 9, 9 * DAY, 0, Then.KEEP, 30),
        ("resend", Answer.UNHEARD, 0, 0, 0, Then.UNKNOWN, 0),
    ],
)
def test_the_table(
    provider: str, answer: Answer, attempts: int, tried_for: float, asked: float, then: Then, wait: float
) -> None:
    made = decision(provider, answer, attempts, tried_for, asked)
    assert (made.then, made.wait.total_seconds()) == (then, wait)


def test_only_a_missing_mailbox_is_one() -> None:
    assert {answer for answer in Answer if decision("smtp", answer).no_mailbox} == {Answer.NO_MAILBOX}


def test_the_providers_words_are_kept() -> None:
    assert decision("smtp", Answer.NOT_NOW).words == "4.2.2 mailbox full"
    wordless = Receipt(key=1, answer=Answer.NOT_NOW)
    assert decide("smtp", wordless, attempts=0, tried_for=timedelta(), retrying=USUAL).words == "not now"


@pytest.mark.parametrize(
    ("patience", "words"),
    [
        (timedelta(hours=24), "given up after 24 hours: 4.2.2 mailbox full"),
        (timedelta(hours=1), "given up after 1 hour: 4.2.2 mailbox full"),
        (timedelta(minutes=90), "given up after 90 minutes: 4.2.2 mailbox full"),
        (timedelta(seconds=5), "given up after 5 seconds: 4.2.2 mailbox full"),
        (timedelta(), "given up after 0 seconds: 4.2.2 mailbox full"),
    ],
)
def test_giving_up_is_said_in_words(patience: timedelta, words: str) -> None:
    receipt = Receipt(key=1, answer=Answer.NOT_NOW, words="4.2.2 mailbox full")
    made = decide("smtp", receipt, attempts=3, tried_for=patience, retrying=Retrying(patience=patience))
    assert (made.then, made.words) == (Then.REFUSE, words)


def test_what_was_not_heard_is_sent_again_by_no_provider() -> None:
    assert {decision(name, Answer.UNHEARD, 9, 9 * DAY, 60).then for name in PROVIDERS} == {Then.UNKNOWN}


def test_a_letter_put_off_to_the_end_is_tried_at_the_end_and_given_up_after_it() -> None:
    """A day of a full mailbox: the waits, and what comes of it."""
    waits, tried_for, attempts = [], 0.0, 0
    while (made := decision("smtp", Answer.NOT_NOW, attempts, tried_for)).then is Then.AGAIN:
        waits.append(made.wait.total_seconds() / MINUTE)
        tried_for += made.wait.total_seconds()
        attempts += 1
    assert waits[:6] == [5, 10, 20, 40, 80, 120]
    assert tried_for == DAY
    assert 15 <= attempts <= 20


answers = st.builds(
    Receipt,
    key=st.just(1),
    answer=st.sampled_from(Answer),
    words=st.text(max_size=20),
    wait=st.floats(allow_nan=True, allow_infinity=True),
)
spans = st.timedeltas(min_value=-timedelta(days=400), max_value=timedelta(days=400))
retryings = st.builds(
    Retrying,
    patience=st.timedeltas(min_value=timedelta(), max_value=timedelta(days=30)),
    first_wait=st.timedeltas(min_value=timedelta(milliseconds=1), max_value=timedelta(days=1)),
)


@given(st.sampled_from(PROVIDERS), answers, st.integers(min_value=0, max_value=10**12), spans, retryings)
def test_every_answer_is_decided_within_bounds(
    provider: str, receipt: Receipt, attempts: int, tried_for: timedelta, retrying: Retrying
) -> None:
    made = decide(provider, receipt, attempts=attempts, tried_for=tried_for, retrying=retrying)
    assert made.wait >= timedelta()
    assert made.wait == timedelta() or made.then in {Then.AGAIN, Then.KEEP}
    if made.then is Then.AGAIN:
        assert max(tried_for, timedelta()) + made.wait <= retrying.patience
        assert made.wait > timedelta()
    if receipt.answer is Answer.UNHEARD:
        assert made.then is Then.UNKNOWN
