"""What else can go wrong while letters leave, each as one campaign; gives its account.

A case raises AssertionError when something other than the account is wrong: an exit code, a state, a missing word.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.crash import crews, store_troubles
from tests.crash.campaigns import SEND, Account, Campaign
from tests.crash.newsroom import ISSUE, PATIENCE, Newsroom
from tests.crash.sinks import MailSink, mail_sink, service_sink
from tests.crash.waiting import await_letters, until

_STOPPED = 5
Case = Callable[[Path, int], Account]


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
                # Who has just sent the last letter does not listen any more, and is ended as any program is.
                newsroom.check(process.wait(PATIENCE), {0, _STOPPED, -signal.SIGTERM})
        newsroom.runner = ("--later", "7200")
        return campaign.finish()


def _all_at_once(newsroom: Newsroom) -> bool:
    """Whether all that is still owed was put off."""
    with newsroom.looking() as store:
        query = "SELECT count(*) FROM letter WHERE state = 'claimed' OR state = 'owed' AND attempts = 0"
        return bool(store.execute(query).fetchone()[0] == 0 and store.execute("SELECT 1 FROM letter").fetchone())


CASES: Mapping[str, Case] = {
    "SIGTERM, twice": in_two_breaths,
    "two senders at once": two_at_once,
    "one of two senders killed": one_of_two_is_killed,
    "three senders of one command": crews.shared,
    "the first of three told to stop": crews.told_to_stop,
    "the first of three killed": crews.first_is_killed,
    "paused and resumed": paused_and_resumed,
    "stopped": stopped,
    "451 to 5 % of bodies": put_off(0.05),
    "451 to a third of bodies": put_off(1 / 3),
    "server closes before its reply": closes_before_its_reply,
    "SendGrid's answers lost": answers_are_lost,
    "clocks jump by an hour": clock_jumps,
    "store locked for a while": store_troubles.store_is_locked,
    "store stays locked": store_troubles.store_stays_locked,
    "store copied": store_troubles.store_is_copied,
    "store restored from a backup": store_troubles.store_is_restored,
    "disk full": store_troubles.disk_is_full,
}
"""Every case, by the words for it."""
