"""Several senders, in processes of their own, on one ledger; and senders that die."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from digest.model import Fate, LetterState, Subscriber
from digest.record.store import Store
from tests.unit.record.newsroom import ISSUE, NOW, planned, reader, receipts

LETTERS = 3_000
ROOT = Path(__file__).resolve().parents[3]
PREAMBLE = """
import sys
from digest.model import Fate, Receipt
from digest.record.store import Store
from tests.unit.record.newsroom import ISSUE, NOW, receipts
url, run = sys.argv[1:]
store = Store.open(url)
"""
SENDER = f"""{PREAMBLE}
print("ready", flush=True)
sys.stdin.readline()
while readers := store.ledger.claim(ISSUE, 50, by=run, now=NOW):
    print(*(reader.address for reader in readers), sep="\\n", flush=True)
    store.ledger.settle(ISSUE, receipts(readers, Fate.ACCEPTED), provider="smtp", now=NOW)
store.close()
"""
DIES_ON_THE_WIRE = f"""{PREAMBLE}
settled = store.ledger.claim(ISSUE, 10, by=run, now=NOW)
store.ledger.settle(ISSUE, receipts(settled, Fate.ACCEPTED), provider="smtp", now=NOW)
store.ledger.claim(ISSUE, 7, by=run, now=NOW)
print("claimed", flush=True)
sys.stdin.readline()
"""
DIES_IN_THE_MIDDLE_OF_A_CLAIM = f"""{PREAMBLE}
with store._database.writing() as connection:
    connection.exec_driver_sql("UPDATE letter SET state = 'claimed'")
    print("claimed", flush=True)
    sys.stdin.readline()
"""


def start(program: str, url: str, run: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", program, url, run],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline()
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_two_processes_share_the_letters_and_never_one_letter(url: str, store: Store) -> None:
    planned(store, LETTERS)
    senders = [start(SENDER, url, run) for run in ("first", "second")]
    for sender in senders:
        assert sender.stdin
        sender.stdin.write("go\n")
        sender.stdin.flush()
    taken = [sender.communicate()[0].split() for sender in senders]
    assert [sender.returncode for sender in senders] == [0, 0]
    assert all(taken)
    times = Counter(address for addresses in taken for address in addresses)
    assert set(times.values()) == {1}
    assert len(times) == LETTERS
    assert store.ledger.counts(ISSUE)[LetterState.ACCEPTED] == LETTERS


def test_threads_of_one_process_share_too(store: Store) -> None:
    planned(store, 500)

    def work(_: int) -> list[Subscriber]:
        mine: list[Subscriber] = []
        while readers := store.ledger.claim(ISSUE, 7, by="run", now=NOW):
            store.ledger.settle(ISSUE, receipts(readers, Fate.ACCEPTED), provider="smtp", now=NOW)
            mine += readers
        return mine

    with ThreadPoolExecutor(4) as threads:
        taken = [one for mine in threads.map(work, range(4)) for one in mine]
    assert sorted(one.address for one in taken) == sorted(reader(number).address for number in range(1, 501))


def test_after_a_kill_the_claimed_letters_are_unknown_and_the_rest_is_owed(url: str, store: Store) -> None:
    planned(store, 40)
    kill(start(DIES_ON_THE_WIRE, url, "killed"))
    counts = store.ledger.counts(ISSUE)
    assert (counts[LetterState.ACCEPTED], counts[LetterState.UNKNOWN], counts[LetterState.OWED]) == (10, 7, 23)
    unknown = store.ledger.unknown(ISSUE)
    assert [one.address for one in unknown] == [reader(number).address for number in range(11, 18)]
    assert {one.run for one in unknown} == {"killed"}
    resumed = store.ledger.claim(ISSUE, 100, by="resumed", now=NOW)
    assert resumed == tuple(reader(number) for number in range(18, 41))


@pytest.mark.parametrize("open_meanwhile", [True, False])
def test_after_a_kill_in_the_middle_of_a_claim_nothing_was_claimed(url: str, open_meanwhile: bool) -> None:
    with Store.open(url) as store:
        planned(store, 40)
        if open_meanwhile:
            kill(start(DIES_IN_THE_MIDDLE_OF_A_CLAIM, url, "killed"))
            assert store.ledger.counts(ISSUE)[LetterState.OWED] == 40
    if not open_meanwhile:
        kill(start(DIES_IN_THE_MIDDLE_OF_A_CLAIM, url, "killed"))
    with Store.open(url) as store:
        assert len(store.ledger.claim(ISSUE, 100, by="resumed", now=NOW)) == 40


def test_several_programs_may_make_the_same_store_at_once(url: str) -> None:
    program = "import sys; from digest.record.store import Store; print(Store.open(sys.argv[1]).secret())"
    openers = [
        subprocess.Popen([sys.executable, "-c", program, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    secrets = {opener.communicate()[0].strip() for opener in openers}
    assert [opener.returncode for opener in openers] == [0] * 4
    assert len(secrets) == 1
