"""Several senders, in processes and threads of their own, on one ledger; and senders that die."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from digest.model import LetterState
from digest.record.journal import Journal
from digest.record.store import Store
from tests.unit.record.newsroom import ISSUE, NOW, claim, counts, in_the_rows, keys, planned, sender, settle

LETTERS = 3_000
ROOT = Path(__file__).resolve().parents[3]
PREAMBLE = """
import sys
from digest.model import Answer, LetterState, Receipt
from digest.record.journal import Journal
from digest.record.store import Store
from tests.unit.record.newsroom import ISSUE, NOW, claim, settle
url, name = sys.argv[1:]
store = Store.open(url)
journal = Journal(store.senders.folder, name)
me = store.senders.enter(ISSUE, name, now=NOW)
"""
SENDER = f"""{PREAMBLE}
got = claim(store, me, 50, journal=name)
print(*(letter.key for letter in got.letters), flush=True)
sys.stdin.readline()
while got.letters:
    settle(store, got, LetterState.ACCEPTED)
    got = claim(store, me, 50, journal=name)
    print(*(letter.key for letter in got.letters), flush=True)
store.senders.leave(me, now=NOW)
store.close()
"""
DIES_ON_THE_WIRE = f"""{PREAMBLE}
settle(store, claim(store, me, 10, journal=name), LetterState.ACCEPTED)
got = claim(store, me, 7, journal=name)
for letter in got.letters[:3]:
    journal.started(got.number, letter.key)
journal.answered(got.number, Receipt(key=got.letters[0].key, answer=Answer.TAKEN))
print("claimed", flush=True)
sys.stdin.readline()
"""
DIES_IN_THE_MIDDLE_OF_A_CLAIM = f"""{PREAMBLE}
with store._database.writing() as connection:
    connection.exec_driver_sql("UPDATE letter SET state = 'claimed'")
    print("claimed", flush=True)
    sys.stdin.readline()
"""


def begin(program: str, url: str, name: str) -> tuple[subprocess.Popen[str], str]:
    """A process, and the first line that it says."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, url, name],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    said = process.stdout.readline()
    assert said
    return process, said


def start(program: str, url: str, name: str) -> subprocess.Popen[str]:
    return begin(program, url, name)[0]


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_two_processes_share_the_letters_and_never_one_letter(url: str, store: Store) -> None:
    planned(store, LETTERS)
    begun = [begin(SENDER, url, name) for name in ("first", "second")]
    for process, _ in begun:
        assert process.stdin
        process.stdin.write("go on\n")
        process.stdin.flush()
    taken = [(first + process.communicate()[0]).split() for process, first in begun]
    assert [process.returncode for process, _ in begun] == [0, 0]
    times = Counter(key for keys in taken for key in keys)
    assert set(times.values()) == {1}
    assert len(times) == LETTERS
    assert counts(store) == in_the_rows(store) == {"accepted": LETTERS}


def test_threads_of_one_process_share_too(store: Store) -> None:
    planned(store, 500)
    me = sender(store)

    def work(_: int) -> list[int]:
        mine: list[int] = []
        while (got := claim(store, me, 7)).letters:
            settle(store, got, LetterState.ACCEPTED)
            mine += keys(got)
        return mine

    with ThreadPoolExecutor(4) as threads:
        taken = [key for mine in threads.map(work, range(4)) for key in mine]
    assert sorted(taken) == list(range(1, 501))


def test_after_a_kill_the_journal_tells_and_the_rest_is_owed(url: str, store: Store) -> None:
    planned(store, 40)
    kill(start(DIES_ON_THE_WIRE, url, "killed"))
    assert counts(store) == {"accepted": 10, "claimed": 7, "owed": 23}
    journal = Journal(store.senders.folder, "heir")
    heir = sender(store, "heir")
    (orphan,) = store.senders.take_over(ISSUE, heir, now=NOW)
    assert [letter.key for letter in orphan.letters] == list(range(11, 18))
    assert (orphan.started, set(orphan.receipts), orphan.whole) == ({11, 12, 13}, {11}, True)
    assert keys(claim(store, heir)) == list(range(18, 41))
    journal.close(keep=False)


@pytest.mark.parametrize("open_meanwhile", [True, False])
def test_after_a_kill_in_the_middle_of_a_claim_nothing_was_claimed(url: str, open_meanwhile: bool) -> None:
    with Store.open(url) as store:
        planned(store, 40)
        if open_meanwhile:
            kill(start(DIES_IN_THE_MIDDLE_OF_A_CLAIM, url, "killed"))
            assert counts(store) == {"owed": 40}
    if not open_meanwhile:
        kill(start(DIES_IN_THE_MIDDLE_OF_A_CLAIM, url, "killed"))
    with Store.open(url) as store:
        assert len(claim(store, sender(store)).letters) == 40


def test_several_programs_may_make_the_same_store_at_once(url: str) -> None:
    program = "import sys; from digest.record.store import Store; print(Store.open(sys.argv[1]).secret())"
    openers = [
        subprocess.Popen([sys.executable, "-c", program, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    secrets = {opener.communicate()[0].strip() for opener in openers}
    assert [opener.returncode for opener in openers] == [0] * 4
    assert len(secrets) == 1
