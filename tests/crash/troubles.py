"""What else can go wrong while letters leave, each as one campaign; gives its account.

A case raises AssertionError when something other than the account is wrong: an exit code, a state, a missing word.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from tests.crash.campaigns import SEND, Account, Campaign
from tests.crash.newsroom import ISSUE, PATIENCE, Newsroom
from tests.crash.processes import Process
from tests.crash.sinks import MailSink, Sink, mail_sink, service_sink

_STOPPED, _RECORD = 5, 8


Case = Callable[[Path, int], Account]


class NoMount(Exception):
    """This user may not mount a small disk."""


def in_two_breaths(folder: Path, readers: int) -> Account:
    """SIGTERM in the middle, twice: what is on the wire is finished and settled, and nothing is unknown."""
    with mail_sink(delay=5) as sink:
        campaign = Campaign(folder, sink, readers)
        for _ in range(2):
            with campaign.newsroom.start(*SEND) as process:
                await_letters(sink, sink.received().total() + 20, process)
                process.terminate()
                campaign.newsroom.check(process.wait(PATIENCE), _STOPPED)
            ledger = campaign.newsroom.ledger()
            assert ledger.state == "sending"
            assert not ledger.counts["claimed"] and not ledger.counts["unknown"], ledger.counts
            assert ledger.counts["accepted"] == sink.received().total()
        return campaign.finish()


def two_at_once(folder: Path, readers: int) -> Account:
    """Two senders on one issue: both end well, and both have sent. (One alone takes 400 letters at a time.)"""
    with mail_sink(delay=5) as sink:
        campaign = Campaign(folder, sink, 4 * readers)
        newsroom = campaign.newsroom
        newsroom.expect(_STOPPED, "send", "--yes", "--limit", "1")
        newsroom.expect(0, "pause", ISSUE)
        with newsroom.start(*SEND) as one, newsroom.start(*SEND) as other:
            until(lambda: newsroom.status()["senders"] == 2)
            newsroom.expect(0, "resume", ISSUE)
            newsroom.check(one.wait(PATIENCE), 0)
            newsroom.check(other.wait(PATIENCE), 0)
        with newsroom.looking() as store:
            shares = store.execute("SELECT sum(letters) FROM batch GROUP BY sender").fetchall()
        assert len(shares) == 3, f"one of them sent nothing: {shares}"
        return campaign.finish()


def one_of_two_is_killed(folder: Path, readers: int) -> Account:
    """Of two senders one is killed; the other takes its letters over without being told, and ends the work."""
    with mail_sink(delay=5) as sink:
        campaign = Campaign(folder, sink, readers)
        with campaign.newsroom.start(*SEND) as survivor, campaign.newsroom.start(*SEND) as victim:
            until(lambda: len(campaign.newsroom.journals()) == 2)
            await_letters(sink, 50, survivor)
            victim.kill()
            campaign.kills += 1
            campaign.newsroom.check(survivor.wait(PATIENCE), {0, 6})
        return campaign.account()


def paused_and_resumed(folder: Path, readers: int) -> Account:
    """Paused from another process nothing more leaves; resumed, it goes on by itself."""
    with mail_sink(more="pace = 80") as sink:
        campaign = Campaign(folder, sink, readers)
        newsroom = campaign.newsroom
        with newsroom.start(*SEND) as process:
            await_letters(sink, 5, process)
            newsroom.expect(0, "pause", ISSUE)
            until(lambda: not newsroom.status()["letters"]["claimed"])
            sent = sink.received().total()
            assert newsroom.ledger().counts["accepted"] == sent < readers
            assert process.code is None
            newsroom.expect(0, "resume", ISSUE)
            newsroom.check(process.wait(PATIENCE), 0)
        return campaign.account()


def stopped(folder: Path, readers: int) -> Account:
    """Stopped from another process: the rest is left out, for good."""
    with mail_sink(more="pace = 80") as sink:
        campaign = Campaign(folder, sink, readers)
        newsroom = campaign.newsroom
        with newsroom.start(*SEND) as process:
            await_letters(sink, 5, process)
            newsroom.expect(0, "stop", ISSUE, "--yes")
            newsroom.check(process.wait(PATIENCE), _STOPPED)
        newsroom.expect(0, *SEND)
        ledger = newsroom.ledger()
        assert ledger.state == "stopped"
        assert ledger.counts["accepted"] == sink.received().total() < readers
        assert ledger.counts["accepted"] + ledger.counts["left_out"] == readers
        return Account(readers=readers, twice=sum(1 for each in sink.received().values() if each > 1))


def put_off(share: float) -> Case:
    """The server answers 451 to a share of the bodies: all get there, and none is called sent before."""

    def case(folder: Path, readers: int) -> Account:
        with mail_sink(refuse=share) as sink:
            campaign = Campaign(folder, sink, readers)
            with campaign.newsroom.start(*SEND) as process:
                while process.code is None:
                    _never_sent_too_early(campaign.newsroom, sink)
                    process.sleep(0.5)
            assert process.code == 0, campaign.newsroom.said()
            account = campaign.account()
            assert sink.received().total() == readers
            return account

    return case


def _never_sent_too_early(newsroom: Newsroom, sink: MailSink) -> None:
    """Of an issue that is called sent, every letter is at the server."""
    if newsroom.status()["state"] == "sent":
        assert sink.received().total() == newsroom.readers


def closes_before_its_reply(folder: Path, readers: int) -> Account:
    """The server keeps every 50th letter and closes instead of answering: those are unknown, and nobody gets two."""
    with mail_sink(cut_every=50, delay=1) as sink:
        campaign = Campaign(folder, sink, readers)
        account = campaign.finish()
        account.bound = readers // 50
        assert account.unknown == account.bound, account
        return account


def answers_are_lost(folder: Path, readers: int) -> Account:
    """The service keeps every fifth request and answers nothing: those are called back, and sent under a new id."""
    with service_sink(cut_every=5) as sink:
        return Campaign(folder, sink, readers).finish()


def clock_jumps(folder: Path, readers: int) -> Account:
    """Two senders whose clocks are set an hour forward and back, at different moments, while they send."""
    with mail_sink(delay=5, refuse=0.05) as sink:
        campaign = Campaign(folder, sink, readers)
        newsroom = campaign.newsroom
        with (
            newsroom.start(*SEND, victim=("--jumping", "0.7")) as one,
            newsroom.start(*SEND, victim=("--jumping", "0.4")) as other,
        ):
            # A letter that is put off while the clock is an hour ahead is due an hour later, and waited for.
            until(lambda: _all_at_once(newsroom) or None not in {one.code, other.code})
            for process in (one, other):
                process.terminate()
                newsroom.check(process.wait(PATIENCE), {0, _STOPPED})
        newsroom.runner = ("--later", "7200")
        return campaign.finish()


def _all_at_once(newsroom: Newsroom) -> bool:
    """Whether all that is still owed was put off."""
    with newsroom.looking() as store:
        query = "SELECT count(*) FROM letter WHERE state = 'claimed' OR state = 'owed' AND attempts = 0"
        return bool(store.execute(query).fetchone()[0] == 0 and store.execute("SELECT 1 FROM letter").fetchone())


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


def await_letters(sink: Sink, count: int, sender: Process) -> None:
    """Until the sink has so many letters from a sender that is still at work."""
    until(lambda: sink.received().total() >= count or sender.code is not None, every=0.02)
    assert sender.code is None, f"it ended too early: exit {sender.code}"


def until(condition: Callable[[], bool], *, every: float = 0.1) -> None:
    """Waits for something that has to come."""
    for _ in range(int(PATIENCE / every)):
        if condition():
            return
        time.sleep(every)
    raise AssertionError("what was waited for does not come")


CASES: Mapping[str, Case] = {
    "SIGTERM, twice": in_two_breaths,
    "two senders at once": two_at_once,
    "one of two senders killed": one_of_two_is_killed,
    "paused and resumed": paused_and_resumed,
    "stopped": stopped,
    "451 to 5 % of bodies": put_off(0.05),
    "451 to a third of bodies": put_off(1 / 3),
    "server closes before its reply": closes_before_its_reply,
    "SendGrid's answers lost": answers_are_lost,
    "clocks jump by an hour": clock_jumps,
    "store locked for a while": store_is_locked,
    "store stays locked": store_stays_locked,
    "store copied": store_is_copied,
    "store restored from a backup": store_is_restored,
    "disk full": disk_is_full,
}
"""Every case, by the words for it."""
