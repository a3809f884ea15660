"""Who is at work, who is dead, and what the dead have left behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from digest.model import Answer, LetterState, Orphan, Receipt
from digest.record import machine
from digest.record.journal import Journal
from digest.record.senders import LEASE, LeaseLost
from digest.record.store import Store
from tests.unit.record.newsroom import DAY, ISSUE, NOW, claim, counts, planned, sender, settle

ROOT = Path(__file__).resolve().parents[3]
LATE = NOW + LEASE + timedelta(seconds=1)
OTHER = "2026-11-27"
AT_WORK = """
import sys
from digest.record.journal import Journal
from digest.record.store import Store
from tests.unit.record.newsroom import ISSUE, NOW, claim
with Store.open(sys.argv[1]) as store:
    journal = Journal(store.senders.folder, "other")
    key = store.senders.enter(ISSUE, "other", now=NOW)
    got = claim(store, key, 4, journal="other")
    for letter in got.letters[:2]:
        journal.started(got.number, letter.key)
    print("at work", flush=True)
    sys.stdin.readline()
"""
Enter = Callable[[str], tuple[int, Journal]]


@pytest.fixture
def enter(store: Store) -> Iterator[Enter]:
    """Senders whose journals are open, as long as the test does not close them."""
    with ExitStack() as stack:

        def entered(name: str) -> tuple[int, Journal]:
            journal = Journal(store.senders.folder, name)
            stack.callback(lambda: journal._file < 0 or journal.close(keep=True))
            return store.senders.enter(ISSUE, name, now=NOW), journal

        yield entered


@pytest.fixture
def another_boot(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    return lambda: monkeypatch.setattr(machine, "boot", lambda: "another start")


def found(store: Store, heir: int, **fields: object) -> tuple[Orphan, ...]:
    return store.senders.take_over(ISSUE, heir, now=fields.get("now", NOW))  # type: ignore[arg-type]


# --- the living


def test_a_living_sender_is_never_taken_over_whatever_the_clock_says(store: Store, enter: Enter) -> None:
    planned(store, 4)
    first, _ = enter("first")
    claim(store, first)
    heir, _ = enter("second")
    for now in (NOW, LATE, NOW + 1000 * DAY, NOW - 1000 * DAY):
        assert found(store, heir, now=now) == ()
        assert store.senders.living(ISSUE, now=now) == 2
    store.senders.renew(first, now=NOW)


def test_nor_is_one_in_another_process(url: str, store: Store) -> None:
    planned(store, 6)
    process = subprocess.Popen(
        [sys.executable, "-c", AT_WORK, url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline()
    heir = sender(store, "heir")
    assert found(store, heir, now=NOW + 1000 * DAY) == ()
    assert counts(store) == {"claimed": 4, "owed": 2}
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (orphan,) = found(store, heir)
    assert (orphan.whole, orphan.started, len(orphan.letters)) == (True, {1, 2}, 4)


def test_the_living_are_counted_by_issue(store: Store, enter: Enter) -> None:
    planned(store, 1)
    planned(store, 1, day=OTHER)
    first, journal = enter("first")
    enter("second")
    assert store.senders.living(ISSUE, now=NOW) == 2
    assert store.senders.living(ISSUE, now=NOW, but=first) == 1
    assert store.senders.living(OTHER, now=NOW) == 0
    journal.close(keep=True)
    assert store.senders.living(ISSUE, now=NOW) == 1


def test_who_has_left_is_not_at_work(store: Store, enter: Enter) -> None:
    planned(store, 1)
    first, _ = enter("first")
    store.senders.leave(first, now=NOW)
    assert store.senders.living(ISSUE, now=NOW) == 0
    with pytest.raises(LeaseLost):
        store.senders.renew(first, now=NOW)


# --- the dead of this start of the machine


def test_what_a_dead_one_left_is_told_by_its_journal(store: Store, enter: Enter) -> None:
    planned(store, 9)
    first, journal = enter("first")
    settle(store, claim(store, first, 2), LetterState.ACCEPTED)
    got = claim(store, first, 4, reference="ref", send_at=LATE)
    for letter in got.letters[:2]:
        journal.started(got.number, letter.key)
    taken = Receipt(key=got.letters[0].key, answer=Answer.TAKEN, provider_id="id", words="250 ok")
    journal.answered(got.number, taken)
    journal.close(keep=True)
    (orphan,) = found(store, enter("heir")[0])
    assert (orphan.number, orphan.provider, orphan.reference, orphan.send_at) == (got.number, "smtp", "ref", LATE)
    assert (orphan.letters, orphan.claimed_at) == (got.letters, NOW)
    assert (orphan.started, orphan.receipts, orphan.whole) == ({3, 4}, {3: taken}, True)


def test_a_batch_of_which_nothing_was_noted_never_left(store: Store, enter: Enter) -> None:
    planned(store, 4)
    first, journal = enter("first")
    claim(store, first)
    journal.close(keep=True)
    (orphan,) = found(store, enter("heir")[0])
    assert (orphan.started, orphan.receipts, orphan.whole) == (frozenset(), {}, True)


def test_without_its_journal_nothing_can_be_known(store: Store, enter: Enter) -> None:
    planned(store, 4)
    first, journal = enter("first")
    claim(store, first)
    journal.close(keep=False)
    (orphan,) = found(store, enter("heir")[0])
    assert not orphan.whole


def test_a_dead_one_that_claims_again_is_told(store: Store, enter: Enter) -> None:
    planned(store, 4)
    first, journal = enter("first")
    claim(store, first, 1)
    journal.close(keep=True)
    found(store, enter("heir")[0])
    with pytest.raises(LeaseLost) as lost:
        claim(store, first)
    assert lost.value.hint
    assert counts(store) == {"claimed": 1, "owed": 3}


def test_what_was_taken_over_is_found_again_when_the_heir_dies_too(store: Store, enter: Enter) -> None:
    planned(store, 4)
    first, journal = enter("first")
    got = claim(store, first)
    journal.started(got.number, 1)
    journal.close(keep=True)
    second, journal = enter("second")
    assert len(found(store, second)) == 1
    journal.close(keep=True)
    (orphan,) = found(store, enter("third")[0])
    assert (orphan.number, orphan.started, orphan.whole) == (got.number, {1}, True)


def test_only_one_of_two_heirs_gets_a_batch(store: Store, enter: Enter) -> None:
    planned(store, 4)
    first, journal = enter("first")
    claim(store, first)
    journal.close(keep=True)
    heirs = [enter("second")[0], enter("third")[0]]
    assert [len(found(store, heir)) for heir in heirs] == [1, 0]
    assert [len(found(store, heir)) for heir in heirs] == [1, 0]


def test_a_sender_of_another_issue_is_left_alone(store: Store, enter: Enter) -> None:
    planned(store, 4)
    planned(store, 4, day=OTHER)
    first, journal = enter("first")
    claim(store, first)
    journal.close(keep=True)
    heir = store.senders.enter(OTHER, "heir", now=NOW)
    assert store.senders.take_over(OTHER, heir, now=LATE) == ()
    assert len(found(store, enter("second")[0])) == 1


# --- another start of the machine, or another machine


def test_with_another_boot_the_lease_alone_tells(store: Store, enter: Enter, another_boot: Callable[[], None]) -> None:
    planned(store, 4)
    first, _ = enter("first")
    claim(store, first)
    another_boot()
    heir = store.senders.enter(ISSUE, "heir", now=NOW)
    assert found(store, heir, now=NOW + LEASE - timedelta(seconds=1)) == ()
    (orphan,) = found(store, heir, now=LATE)
    assert not orphan.whole


def test_with_another_boot_answers_count_and_the_rest_cannot_be_known(
    store: Store, enter: Enter, another_boot: Callable[[], None]
) -> None:
    planned(store, 4)
    first, journal = enter("first")
    got = claim(store, first)
    journal.started(got.number, 1)
    journal.answered(got.number, Receipt(key=1, answer=Answer.TAKEN))
    journal.close(keep=True)
    another_boot()
    (orphan,) = found(store, store.senders.enter(ISSUE, "heir", now=LATE), now=LATE)
    assert (set(orphan.receipts), orphan.whole) == ({1}, False)


def test_a_lease_from_a_clock_that_ran_ahead_does_not_last_for_ever(
    store: Store, enter: Enter, another_boot: Callable[[], None]
) -> None:
    planned(store, 4)
    first, _ = enter("first")
    claim(store, first, now=NOW + 30 * DAY)
    another_boot()
    assert len(found(store, store.senders.enter(ISSUE, "heir", now=NOW))) == 1


def test_where_the_system_names_no_boot_the_lease_alone_tells(
    store: Store, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "boot", lambda: "")
    planned(store, 4)
    first, journal = enter("first")
    claim(store, first)
    journal.close(keep=True)
    heir = store.senders.enter(ISSUE, "heir", now=NOW)
    assert found(store, heir) == ()
    (orphan,) = found(store, heir, now=LATE)
    assert not orphan.whole


# --- journals


def test_journals_are_kept_while_an_open_batch_speaks_of_them(store: Store, enter: Enter) -> None:
    planned(store, 4)
    first, journal = enter("first")
    got = claim(store, first)
    journal.close(keep=True)
    heir, heirs = enter("heir")
    found(store, heir)
    store.senders.forget_journals()
    assert journal.path.exists()
    store.ledger.settle(ISSUE, got.number, [], now=NOW)
    store.senders.forget_journals()
    assert not journal.path.exists()
    assert heirs.path.exists()


def test_the_machine_has_a_name_for_each_of_its_starts() -> None:
    assert machine.boot() == machine.boot() != ""
    assert machine.host()
