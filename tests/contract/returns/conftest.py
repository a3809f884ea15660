"""A mailbox behind each of its doors, and an office whose letters come back to it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from digest.record.location import url_of
from digest.record.store import Store
from tests.contract.returns.doors import Door, imap_door, maildir_door
from tests.dovecot import Dovecot, why_not
from tests.unit.dispatch.office import SECRET, Office
from tests.unit.record.newsroom import planned

READERS = 3


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
    """With an issue whose letters went to three readers."""
    with Store.open(url_of(tmp_path / "digest.db")) as store:
        planned(store, READERS)
        office = Office(store)
        office.settings = replace(office.settings, secrets=(SECRET,))
        yield office
