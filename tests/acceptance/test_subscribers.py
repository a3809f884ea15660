"""`digest subscribers`, as an operator calls it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.acceptance.publication import Publication

MOVED = ("--reason", "moved from Mailchimp")
LIST = """Email Address,First Name,Interests,MEMBER_STATUS
ana@reader.example,Ana,"Courts & the law",subscribed
bo@reader.example,Bo,,unsubscribed
cy@gmial.com,=HYPERLINK("x"),,subscribed
nobody,,,subscribed
"""


def store_of(publication: Publication) -> Path:
    (path,) = publication.folder.rglob("*.db")
    return path


def rows(publication: Publication, table: str) -> int:
    with closing(sqlite3.connect(store_of(publication))) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_list_is_moved_here_looked_at_and_taken_elsewhere(sample: Publication) -> None:
    (sample.folder / "mailchimp.csv").write_text(LIST, encoding="utf-8")
    before = sample.state()
    assert (
        "2 new on the list, 1 suppressed"
        in sample.run("subscribers", "import", "mailchimp.csv", *MOVED, "--dry-run").stdout
    )
    assert sample.state() == before
    told = sample.run("subscribers", "import", "mailchimp.csv", *MOVED).stdout
    assert "2 new on the list, 1 suppressed" in told
    assert "line 5, column Email Address, bad address" in told
    assert "nothing has changed" in sample.run("subscribers", "import", "mailchimp.csv", *MOVED).stdout

    sample.run("subscribers", "export", "--all", "everybody.csv")
    text = (sample.folder / "everybody.csv").read_text(encoding="utf-8")
    assert "ana@reader.example,Ana,Courts & the law,,weekly,,subscribed" in text
    assert "bo@reader.example,,,,weekly,,unsubscribed" in text
    assert "'=HYPERLINK" in text
    sample.run("subscribers", "export", "everybody.csv", expect=2)
    assert (sample.folder / "everybody.csv").read_text(encoding="utf-8") == text


def test_one_reader_is_suppressed_shown_and_forgotten(sample: Publication) -> None:
    who = "siobhan@example.net"
    (sample.folder / "left.txt").write_text(f"{who}\nstranger@reader.example\n", encoding="utf-8")
    assert "2 suppressed" in sample.run("subscribers", "suppress", "--file", "left.txt", "--reason", "by phone").stdout
    assert sample.json("subscribers", "show", who)["not_written_to"]["reason"] == "by phone"
    assert "Allowed again" in sample.run("subscribers", "allow", who).stdout
    sample.run("subscribers", "forget", who, expect=2)
    told = sample.run("subscribers", "forget", who, "--yes").stdout
    assert "still has it in line" in told
    assert sample.json("subscribers", "stats")["suppressed"] == {"forgotten": 1, "by hand": 1}
    assert who.encode() not in store_of(sample).read_bytes()


def test_half_an_import_is_none(sample: Publication) -> None:
    """The process is killed while it writes; the store is as it was, and the next import takes all."""
    sample.run("subscribers", "stats")
    readers = 60_000
    people = "".join(f"r{number}@reader.example\n" for number in range(readers))
    (sample.folder / "large.csv").write_text(f"email\n{people}", encoding="utf-8")
    known = rows(sample, "subscriber")
    import_of_it = [sys.executable, "-m", "digest", "subscribers", "import", "large.csv", *MOVED]
    process = subprocess.Popen(import_of_it, cwd=sample.folder, env=sample.environment(), stdout=subprocess.DEVNULL)
    wait_for_writing(store_of(sample), process)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert rows(sample, "subscriber") == known
    assert rows(sample, "intake") == 0
    assert f"{readers} new on the list" in sample.run("subscribers", "import", "large.csv", *MOVED).stdout


def wait_for_writing(store: Path, process: subprocess.Popen[bytes]) -> None:
    """Until somebody else holds the right to write."""
    with closing(sqlite3.connect(store, timeout=0, isolation_level=None)) as database:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            try:
                database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                time.sleep(0.1)  # so that some of it is written
                return
            database.execute("ROLLBACK")
            time.sleep(0.002)
    raise AssertionError("the import never began to write")
