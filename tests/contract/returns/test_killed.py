"""`kill -9` while a mailbox is read: each mail is dealt with, and none counts twice."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Sequence
from pathlib import Path

from digest.record.location import url_of
from tests.contract.returns.doors import Door
from tests.contract.returns.mails import Mixed
from tests.forking import REPOSITORY, fork
from tests.unit.dispatch.office import Office

MAILBOXES = {"Maildir": ("digest.returns.maildir", "MaildirMailbox"), "IMAP": ("digest.returns.imap", "ImapMailbox")}
STEPS = (
    ("take", "before", 1),
    ("leave a list", "after", 3),
    ("take", "after", 1),
    ("done", "after", 1),
    ("leave", "after", 1),
)
"""Before a handful is on record, when some who wrote have left, when it is on record, when it is put away, and when
what is left for a person is marked."""


def test_killed_at_each_step(door: Door, office: Office, tmp_path: Path) -> None:
    mails = Mixed(office, gone=range(1, 121), leave=range(121, 151))
    mails.put(door)
    for step, when, nth in STEPS:
        assert killed(door, office, tmp_path, (*place_of(step, door), when, str(nth)))
    door.read(office)
    mails.are_dealt_with(door, office)


def place_of(step: str, door: Door) -> tuple[str, str]:
    """The module and the name of what is done at a step."""
    if step == "take":
        return "digest.office.feedback", "Feedback.take"
    if step == "leave a list":
        return "digest.record.readers", "Readers.leave"
    module, name = MAILBOXES["IMAP" if door.server else "Maildir"]
    return module, f"{name}.{step}"


def killed(door: Door, office: Office, folder: Path, step: Sequence[str]) -> bool:
    """Reads the mailbox in a process that kills itself at a step, and tells whether it came to that."""
    path = folder / "returns"
    path.write_bytes(pickle.dumps(door.returns))
    complained = folder / "complained"
    process = fork(
        "tests.contract.returns.victim",
        (url_of(office.store.path), str(path), *step),
        folder=folder,
        environment={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=folder / "said",
        stderr=complained,
    )
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL), complained.read_text()
    return process.exitcode == -signal.SIGKILL
