"""A mailbox behind each of its doors, and an office whose letters come back to it."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from digest.record.location import url_of
from digest.record.store import Store
from tests.contract.returns.doors import Door, imap_door, maildir_door, office_of
from tests.dovecot import Dovecot, why_not
from tests.unit.dispatch.office import Office
from tests.unit.record.newsroom import ISSUE, planned

READERS = 300
"""More than twice as many as bounce in a test: when most do, a server is the likely cause, and nobody is suppressed."""


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    if reason := why_not():
        pytest.skip(reason)
    # Not below tmp_path: Dovecot's processes are not root, and have to get there.
    with tempfile.TemporaryDirectory(prefix="dovecot-") as name:
        Path(name).chmod(0o755)
        with Dovecot(Path(name)) as server:
            yield server


@pytest.fixture(params=["Maildir", "IMAP"])
def door(request: pytest.FixtureRequest, tmp_path: Path) -> Door:
    if request.param == "Maildir":
        return maildir_door(tmp_path / "Maildir")
    return imap_door(request.getfixturevalue("dovecot"))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """With an issue whose letters went to some readers."""
    with Store.open(url_of(tmp_path / "digest.db")) as store:
        planned(store, READERS)
        with closing(sqlite3.connect(store.path)) as driver, driver:
            driver.execute("UPDATE letter SET state = 'accepted', attempts = 1")
            driver.execute("UPDATE issue SET state = 'sending', accepted = ?, owed = 0", (READERS,))
        store.issues.mark_sent(ISSUE)
        yield office_of(store)
