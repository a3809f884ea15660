"""The schedule at work, and a publication that begins with nothing but the address of a site."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.acceptance.publication import REPOSITORY, Publication

STORIES = 6
PAGE = """<!doctype html><html><head><title>The Docket</title>
<link rel="alternate" type="application/rss+xml" title="The Docket" href="/feed.xml">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments.xml"></head>
<body>News</body></html>"""


def feed(newest: datetime) -> str:
    items = "".join(
        f"<item><title>Story {number} of the bridge and its toll</title><link>https://docket.example/{number}/</link>"
        f"<guid isPermaLink='false'>https://docket.example/?p={number}</guid>"
        f"<pubDate>{format_datetime(newest - timedelta(hours=number))}</pubDate>"
        f"<description>What happened in part {number}.</description></item>"
        for number in range(STORIES)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>The Docket</title>{items}</channel></rss>"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A newsroom's site whose stories are from yesterday."""
    folder = tmp_path / "site"
    folder.mkdir()
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    (folder / "index.html").write_text(PAGE)
    (folder / "feed.xml").write_text(feed(midnight - timedelta(hours=1)))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def begun(empty: Publication, site: str) -> Publication:
    """What `digest init` makes of a site's address alone. Its week closed at midnight."""
    told = empty.run(
        "init", "--name", "Closing Arguments", "--site", site, "--postal-address", "12 Court Street",
        "--timezone", "UTC", "--from", "Letters <letters@docket.example>",
    ).stdout  # fmt: skip
    assert f"{site}feed.xml" in told
    today = f"{datetime.now(UTC):%A}"
    empty.configure('closes = "Friday 06:00"', f'closes = "{today} 00:00"')
    # Its site is this machine, which readers cannot reach.
    empty.configure("[delivery]", "[preflight]\nlinks = false\n\n[delivery]")
    (empty.folder / "subscribers.csv").write_text("email\nana@example.com\nbob@example.com\n")
    return empty


@pytest.fixture
def answer(begun: Publication) -> Path:
    """A mail that waits in the mailbox of returned mail, and where it belongs once it is dealt with."""
    maildir = begun.folder / "mail"
    for name in ("new", "cur", "tmp"):
        (maildir / name).mkdir(parents=True)
    mail = "From: bob@example.com\nAuto-Submitted: auto-replied\nSubject: Away\n\nBack on Monday.\n"
    (maildir / "new" / "1.mx").write_text(mail)
    begun.configure("[delivery]", '[returns]\nmaildir = "mail"\n\n[delivery]')
    return maildir / ".Done" / "cur" / "1.mx:2,S"


def test_the_schedule_sends_what_has_closed_once_reads_returned_mail_and_goes_on(
    begun: Publication, answer: Path
) -> None:
    keeper = subprocess.Popen(
        [sys.executable, "-m", "digest", "schedule"],
        cwd=begun.folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not (len(begun.letters()) == 2 and answer.exists()) and time.monotonic() < deadline:
        assert keeper.poll() is None
        time.sleep(0.1)
    time.sleep(0.5)
    assert keeper.poll() is None
    keeper.send_signal(signal.SIGTERM)
    told = keeper.communicate(timeout=30)[0]
    assert len(begun.letters()) == 2
    assert told.splitlines()[0].endswith("(UTC+0000)")
    assert answer.exists()
    (issue,) = begun.json("status")["issues"]
    assert (issue["state"], issue["letters"]["accepted"]) == ("sent", 2)
    assert "Nothing to do" in begun.run("run", "--on-time").stdout


def test_a_site_s_address_is_enough_for_a_first_issue(begun: Publication) -> None:
    begun.run("run", "--dry-run")
    begun.run("run", "--yes", "--on-time")
    (issue,) = begun.json("status")["issues"]
    assert issue["letters"]["accepted"] == 2
    assert begun.json("gather")["sources"][0]["status"] == "unchanged"


def test_a_week_that_closed_long_ago_is_not_sent_by_a_timer(sample: Publication) -> None:
    sample.configure("first_issue = 2026-11-20", "first_issue = 2020-01-03")
    day = (datetime.now(UTC) - timedelta(days=3)).strftime("%A")
    sample.configure('closes = "Friday 06:00"', f'closes = "{day} 06:00"')
    assert "Nothing to do" in sample.run("run", "--on-time").stdout
    assert sample.letters() == []


def test_a_new_publication_sees_the_week_under_way_when_the_last_one_is_thin(begun: Publication, site: str) -> None:
    tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%A}"
    today = f"{datetime.now(UTC):%A}"
    begun.configure(f'closes = "{today} 00:00"', f'closes = "{tomorrow} 00:00"')
    begun.run("gather")
    made = begun.json("compose")
    assert made["issue"] == f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"
    assert made["stories"] == STORIES
    # For real, an issue waits for its close: what has closed is the thin week, and that one does not go out.
    begun.run("run", "--yes", expect=3)
    assert begun.letters() == []
