"""Several senders that one command starts: what becomes of them when something happens to the first."""

from __future__ import annotations

from pathlib import Path

from tests.crash.campaigns import SEND, Account, Campaign
from tests.crash.newsroom import PATIENCE
from tests.crash.sinks import MailSink, mail_sink
from tests.crash.waiting import await_letters, until

_STOPPED = 5
_SENDERS = 3
_MORE = f"senders = {_SENDERS}"


def shared(folder: Path, readers: int) -> Account:
    """Three share the work of one command: all of them send, and it ends when everything is settled."""
    with mail_sink(delay=10, more=_MORE) as sink:
        campaign = Campaign(folder, sink, 4 * readers)
        with campaign.newsroom.start(*SEND) as first:
            campaign.newsroom.check(first.wait(PATIENCE), 0)
        with campaign.newsroom.looking() as store:
            shares = store.execute("SELECT sum(letters) FROM batch GROUP BY sender").fetchall()
        assert len(shares) == _SENDERS, f"they did not share: {shares}"
        return campaign.account()


def told_to_stop(folder: Path, readers: int) -> Account:
    """SIGTERM to the first alone: all finish what is on the wire, settle and end, and nothing is unknown."""
    with mail_sink(delay=10, more=_MORE) as sink:
        campaign = _all_at_work(folder, sink, readers)
        newsroom = campaign.newsroom
        with newsroom.start(*SEND) as first:
            until(lambda: newsroom.status()["senders"] == _SENDERS)
            first.terminate()
            newsroom.check(first.wait(PATIENCE), _STOPPED)
        ledger = newsroom.ledger()
        assert (ledger.senders, ledger.counts["claimed"], ledger.counts["unknown"]) == (0, 0, 0), ledger.counts
        assert ledger.counts["accepted"] == sink.received().total() < newsroom.readers
        return campaign.finish()


def first_is_killed(folder: Path, readers: int) -> Account:
    """`kill -9` of the first: the others finish the wire, settle and end by themselves; only its own are in doubt."""
    with mail_sink(delay=10, more=_MORE) as sink:
        campaign = _all_at_work(folder, sink, readers)
        newsroom = campaign.newsroom
        with newsroom.start(*SEND) as first:
            until(lambda: newsroom.status()["senders"] == _SENDERS)
            await_letters(sink, 200, first)
            first.kill()
            campaign.kills += 1
        until(lambda: newsroom.status()["senders"] == 0)
        assert sink.received().total() < newsroom.readers
        return campaign.finish()


def _all_at_work(folder: Path, sink: MailSink, readers: int) -> Campaign:
    """So many letters that none of them is done before the others have started."""
    return Campaign(folder, sink, 6 * readers)
