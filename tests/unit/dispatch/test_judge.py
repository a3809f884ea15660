"""From a receipt to a line in the ledger."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digest.dispatch import judge
from digest.model import Answer, ClaimedLetter, LetterState, Orphan, Receipt, Settlement
from digest.settings import Retrying
from tests.unit.record.newsroom import NOW

TRIED = int(NOW.timestamp()) * 1_000_000


def settled(receipt: Receipt, *, suppressing: bool = True, provider: str = "smtp", **letter: int) -> Settlement:
    claimed = ClaimedLetter(key=receipt.key, address="ana@reader.example", name="Ana", **letter)
    other = ClaimedLetter(key=99, address="ben@reader.example", name="Ben")
    (one,) = judge.settlements(
        provider, [other, claimed], [receipt], retrying=Retrying(), suppressing=suppressing, now=NOW
    )
    return one


@pytest.mark.parametrize(
    ("answer", "state", "tried", "wait"),
    [
        (Answer.TAKEN, LetterState.ACCEPTED, True, None),
        (Answer.NO_MAILBOX, LetterState.REFUSED, True, None),
        (Answer.NOT_TAKEN, LetterState.REFUSED, True, None),
        (Answer.NOT_NOW, LetterState.OWED, True, timedelta(minutes=5)),
        (Answer.TOO_FAST, LetterState.OWED, False, timedelta(seconds=30)),
        (Answer.FAILING, LetterState.OWED, True, timedelta(seconds=30)),
        (Answer.CUT_SHORT, LetterState.OWED, True, timedelta(seconds=30)),
        (Answer.UNHEARD, LetterState.UNKNOWN, True, None),
        (Answer.UNSENT, LetterState.OWED, False, None),
    ],
)
def test_every_answer_has_its_state(answer: Answer, state: LetterState, tried: bool, wait: timedelta | None) -> None:
    one = settled(Receipt(key=7, answer=answer, provider_id="id", words="so"))
    assert (one.key, one.state, one.tried, one.provider_id) == (7, state, tried, "id")
    assert one.due == (None if wait is None else NOW + wait)


def test_the_provider_is_asked_by_its_name() -> None:
    assert not settled(Receipt(key=7, answer=Answer.FAILING), provider="outbox").tried


def test_attempts_and_the_first_of_them_count() -> None:
    again = settled(Receipt(key=7, answer=Answer.NOT_NOW), attempts=2, tried_at=TRIED - 3_600_000_000)
    assert again.due == NOW + timedelta(minutes=20)
    late = settled(Receipt(key=7, answer=Answer.NOT_NOW, words="451"), attempts=9, tried_at=TRIED - 86_400_000_000)
    assert (late.state, late.words) == (LetterState.REFUSED, "given up after 24 hours: 451")


def test_only_who_is_no_reader_is_suppressed() -> None:
    gone = Receipt(key=7, answer=Answer.NO_MAILBOX, words="550 5.1.1 no such user")
    assert settled(gone).suppress == "bounced: 550 5.1.1 no such user"
    assert settled(gone, suppressing=False).suppress == ""
    assert settled(Receipt(key=7, answer=Answer.NOT_TAKEN, words="552 too big")).suppress == ""


# --- orphans


def orphan(**fields: object) -> Orphan:
    letters = tuple(ClaimedLetter(key=key, address=f"{key}@reader.example", name="") for key in (1, 2))
    values = {"number": 1, "provider": "smtp", "reference": "", "send_at": None, "claimed_at": NOW, "letters": letters}
    return Orphan(**{**values, **fields})  # type: ignore[arg-type]


def answers(**fields: object) -> list[Answer]:
    found = judge.receipts_of_orphan(orphan(**fields))
    assert [each.key for each in found] == [1, 2]
    return [each.answer for each in found]


def test_what_a_journal_tells() -> None:
    one = Receipt(key=1, answer=Answer.NOT_NOW, words="451", wait=9.0)
    assert answers(whole=True) == [Answer.UNSENT, Answer.UNSENT]
    assert answers(whole=True, started=frozenset({1})) == [Answer.UNHEARD, Answer.UNSENT]
    assert answers(whole=True, started=frozenset({0})) == [Answer.UNHEARD, Answer.UNHEARD]
    assert answers(whole=True, started=frozenset({1}), receipts={1: one}) == [Answer.NOT_NOW, Answer.UNSENT]
    assert answers(whole=False) == [Answer.UNHEARD, Answer.UNHEARD]
    assert answers(whole=False, receipts={1: one}) == [Answer.NOT_NOW, Answer.UNHEARD]
    assert judge.receipts_of_orphan(orphan(receipts={1: one}))[0] == one


def test_one_answer_to_a_call_is_that_of_every_letter_unless_it_has_its_own() -> None:
    whole, own = Receipt(key=0, answer=Answer.TAKEN, provider_id="call"), Receipt(key=2, answer=Answer.NOT_TAKEN)
    assert answers(started=frozenset({0}), receipts={0: whole}) == [Answer.TAKEN, Answer.TAKEN]
    assert answers(started=frozenset({0}), receipts={0: whole, 2: own}) == [Answer.TAKEN, Answer.NOT_TAKEN]


# --- without doubt


@pytest.mark.parametrize(("attempts", "state"), [(0, "owed"), (1, "owed"), (2, "unknown"), (9, "unknown")])
def test_unknown_letters_are_owed_again_a_few_times(attempts: int, state: str) -> None:
    letters = [ClaimedLetter(key=1, address="", name="", attempts=attempts), ClaimedLetter(key=2, address="", name="")]
    given = [Settlement(key=1, state=LetterState.UNKNOWN), Settlement(key=2, state=LetterState.REFUSED, suppress="x")]
    found = judge.without_doubt(given, letters, NOW)
    assert (found[0].state.value, found[1]) == (state, given[1])
    if state == "owed":
        assert (found[0].due, found[0].tried) == (NOW, True)
