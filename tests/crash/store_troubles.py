"""What can go wrong with the store while letters leave, each as one campaign; gives its account."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.crash.campaigns import SEND, Account, Campaign
from tests.crash.newsroom import ISSUE, PATIENCE
from tests.crash.sinks import Sink, mail_sink
from tests.crash.waiting import await_letters

_STOPPED, _RECORD = 5, 8


class NoMount(Exception):
    """This user may not mount a small disk."""


def store_is_locked(folder: Path, readers: int) -> Account:
    """Another program keeps the store locked for a while: everybody waits, and nothing else."""
    with mail_sink(delay=5) as sink:
        campaign = Campaign(folder, sink, readers)
        with campaign.newsroom.start(*SEND) as process:
            await_letters(sink, 20, process)
            with _locked(campaign.newsroom.store):
                process.sleep(3)
                assert process.code is None
            campaign.newsroom.check(process.wait(PATIENCE), 0)
        return campaign.account()


def store_stays_locked(folder: Path, readers: int) -> Account:
    """It is locked for longer than a sender waits: that one gives up, and the next knows from the journal."""
    with mail_sink(delay=5) as sink:
        campaign = Campaign(folder, sink, readers)
        with campaign.newsroom.start(*SEND, victim=("--patience", "1")) as process:
            await_letters(sink, 20, process)
            with _locked(campaign.newsroom.store):
                campaign.newsroom.check(process.wait(PATIENCE), _RECORD)
        assert "is in use by another program" in campaign.newsroom.said()
        return campaign.finish()


@contextmanager
def _locked(store: Path) -> Iterator[None]:
    with closing(sqlite3.connect(store, timeout=60, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


def disk_is_full(folder: Path, readers: int) -> Account:
    """The disk of the store fills up while letters leave, and again at the next start; then room is made."""
    with _small_disk(folder / "disk") as disk, mail_sink(delay=5) as sink:
        campaign = Campaign(disk / "newsroom", sink, 4 * readers)
        newsroom = campaign.newsroom
        newsroom.words = folder / "said.txt"
        for _ in range(2):
            with newsroom.start(*SEND) as process:
                await_letters(sink, sink.received().total() + 50, process)
                _fill(disk)
                code = process.wait(PATIENCE)
            newsroom.check(code, {0, _RECORD})
            before = sink.received().total()
            newsroom.expect({0, _RECORD}, *SEND)
            assert code == 0 or sink.received().total() == before, "letters left without a ledger to stand in"
            _make_room(disk)
        assert "the disk is full" in newsroom.said() or "No space left" in newsroom.said(), newsroom.said()
        return campaign.finish()


@contextmanager
def _small_disk(place: Path) -> Iterator[Path]:
    place.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        raise NoMount(mounted.stderr.decode().strip())
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"\0" * 4096)
        except OSError:
            return


def _make_room(disk: Path) -> None:
    (disk / "filler").unlink()


def store_is_copied(folder: Path, readers: int) -> Account:
    """A copy of the folder sends nothing before it was adopted and its issue resumed."""
    with mail_sink() as sink:
        campaign = Campaign(folder / "original", sink, readers)
        campaign.newsroom.expect(_STOPPED, *SEND, "--limit", "50")
        shutil.copytree(folder / "original", folder / "copy")
        campaign.newsroom.folder = folder / "copy"
        _refuses_until_it_is_adopted(campaign, sink)
        return campaign.finish()


def store_is_restored(folder: Path, readers: int) -> Account:
    """A store that was put back from a backup is refused too; who resumes it all the same has been warned."""
    with mail_sink() as sink:
        campaign = Campaign(folder, sink, readers)
        store, backup = campaign.newsroom.store, folder / "backup.db"
        for limit in ("50", "30"):
            shutil.copy(store, backup)
            campaign.newsroom.expect(_STOPPED, *SEND, "--limit", limit)
            current = folder / "current.db"
            shutil.copy(store, current)
            shutil.copy(backup, store)
            _refuses(campaign, sink)
            shutil.copy(current, store)
        return campaign.finish()


def _refuses(campaign: Campaign, sink: Sink) -> None:
    before = sink.received()
    campaign.newsroom.expect(_RECORD, *SEND)
    assert "digest adopt" in campaign.newsroom.said()
    assert sink.received() == before


def _refuses_until_it_is_adopted(campaign: Campaign, sink: Sink) -> None:
    newsroom = campaign.newsroom
    _refuses(campaign, sink)
    newsroom.expect(0, "adopt", "--yes")
    before = sink.received()
    newsroom.expect(_STOPPED, *SEND)
    assert sink.received() == before
    newsroom.expect(0, "resume", ISSUE)
