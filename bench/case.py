"""One case in one process: `python -m bench.case plan ours`. Prints seconds, peak memory and what was done."""

from __future__ import annotations

import csv
import json
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from bench import newsroom
from digest.model import FetchedSource, SourceStatus, Window
from digest.record.store import Store

STORED = 10_000
READERS = 100_000
ISSUES = 20

Work = Callable[[], str]


@contextmanager
def compose_ours(folder: Path) -> Iterator[Work]:
    from digest import pipeline
    from digest.config.load import load
    from digest.edit.issue import EditorsChoices
    from digest.record.archive import Archive
    from digest.record.store import Store

    settings = load(Path(__file__).with_name("settings.toml"), {})
    with Store.open(f"sqlite:///{folder / 'digest.db'}") as store:
        feed = settings.sources[0].feed
        _fill(store, feed)
        _send_last_week(store, folder)

        def work() -> str:
            for _ in range(ISSUES):
                made = pipeline.compose(
                    date(2026, 11, 20),
                    settings,
                    store,
                    Archive(folder / "issues"),
                    choices=EditorsChoices(),
                    now=newsroom.CLOSES,
                )
            considered = len(made.issue.stories) + len(made.cuts)
            return f"{ISSUES} issues made up from {considered} of a year's entries, rendered and kept"

        yield work


@contextmanager
def compose_floor(folder: Path) -> Iterator[Work]:
    import nh3
    from mjml import mjml2html
    from w3lib.url import canonicalize_url

    source = _mjml(folder)
    entries = list(newsroom.entries(168, every=timedelta(hours=1)))

    def work() -> str:
        for _ in range(ISSUES):
            for entry in entries:
                nh3.clean(entry.summary, tags=set())
                nh3.clean(entry.content, tags=set())
                canonicalize_url(entry.link)
            mjml2html(source)
        return f"bare nh3 and w3lib on the same {len(entries)} entries and mjml-python on the same MJML"

    yield work


@contextmanager
def render_ours(folder: Path) -> Iterator[Work]:
    issue, publication = _issue(folder)
    from digest.render.letter import render_issue

    def work() -> str:
        for _ in range(ISSUES):
            size = len(render_issue(issue, publication).html)
        return f"{ISSUES} issues of {len(issue.stories)} stories to HTML ({size // 1000} kB) and text"

    yield work


@contextmanager
def render_floor(folder: Path) -> Iterator[Work]:
    from mjml import mjml2html

    source = _mjml(folder)

    def work() -> str:
        for _ in range(ISSUES):
            mjml2html(source)
        return "bare mjml-python on the same MJML"

    yield work


@contextmanager
def preflight_ours(folder: Path) -> Iterator[Work]:
    from digest.config.load import load
    from digest.preflight.inspected import Inspected
    from digest.preflight.inspection import preflight
    from digest.render.letter import render_issue
    from digest.render.slots import fill_html, fill_text

    issue, publication = _issue(folder)
    page = f"{publication.web}reader/"
    settings = load(Path(__file__).with_name("settings.toml"), {})

    def work() -> str:
        for _ in range(ISSUES):
            made = render_issue(issue, publication)
            values = dict.fromkeys(made.slots, page)
            inspected = Inspected(
                issue=issue,
                subject=made.subject,
                preheader=made.preheader,
                html=fill_html(made.html, made.slots, values),
                text=fill_text(made.text, made.slots, values),
                headers=dict.fromkeys(("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Archive"), "x"),
                unsubscribe=page,
                web_view=f"{publication.web}issues/{issue.id}/",
                now=newsroom.CLOSES,
            )
            found = preflight(inspected, {}, settings)
        return f"{ISSUES} issues rendered and looked at, {len(found.passed)} checks fine, links aside"

    yield work


@contextmanager
def plan_ours(folder: Path) -> Iterator[Work]:
    from digest.audience.roster import stamp_of, stream_roster
    from digest.record.store import Store

    path = folder / "subscribers.csv"
    newsroom.write_roster(path, READERS)
    made, _ = _issue(folder)
    with Store.open(f"sqlite:///{folder / 'digest.db'}") as store:
        store.issues.keep_composed(made, "", stories=[], cuts=[], now=newsroom.CLOSES)

        def work() -> str:
            report = store.subscribers.keep(
                stream_roster(path), path=str(path), stamp=stamp_of(path), now=newsroom.CLOSES
            )
            store.ledger.plan(made.id, now=newsroom.CLOSES)
            return f"{report.readers} subscribers read, checked, kept and planned"

        yield work


@contextmanager
def plan_floor(folder: Path) -> Iterator[Work]:
    newsroom.write_roster(folder / "subscribers.csv", READERS)
    database = sqlite3.connect(folder / "bare.db", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE letter (issue, address, name, state, PRIMARY KEY (issue, address)) WITHOUT ROWID")

    def work() -> str:
        with (folder / "subscribers.csv").open(encoding="utf-8", newline="") as file:
            rows = [("2026-11-20", row[0], row[1], "owed") for row in csv.reader(file)]
        database.execute("BEGIN")
        database.executemany("INSERT INTO letter VALUES (?, ?, ?, ?)", rows)
        database.execute("COMMIT")
        return "bare csv.reader and executemany"

    yield work


def _issue(folder: Path):  # type: ignore[no-untyped-def]
    from digest.config.load import load
    from digest.edit.issue import EditorsChoices, compose_issue
    from digest.model import SeenEntry, Window

    settings = load(Path(__file__).with_name("settings.toml"), {})
    window = Window(opens=newsroom.CLOSES - timedelta(days=7), closes=newsroom.CLOSES)
    seen = [
        SeenEntry(key=number, entry=entry, first_seen=entry.published, source_since=window.opens - timedelta(days=99))
        for number, entry in enumerate(newsroom.entries(100, every=timedelta(hours=1)), 1)
        if entry.published
    ]
    made = compose_issue(
        seen,
        day=date(2026, 11, 20),
        number=1,
        window=window,
        settings=settings,
        ran={},
        near={},
        choices=EditorsChoices(),
        in_one_sentence="; ".join,
    )
    return made.issue, settings.publication


def _fill(store: Store, feed: str) -> None:
    """A year of stories that were read a month ago, and those of this week."""
    month_ago, week_ago = (newsroom.CLOSES - timedelta(days=days) for days in (30, 7))
    entries = [(entry, entry.published or month_ago) for entry in newsroom.entries(STORED, every=timedelta(hours=1))]
    old = tuple(entry for entry, published in entries if published <= month_ago)
    new = tuple(entry for entry, published in entries if published > week_ago)
    for some, seen in ((old, month_ago), (new, newsroom.CLOSES)):
        fetched = FetchedSource(name="The Docket", url=feed, status=SourceStatus.OK, entries=some)
        store.sources.keep(fetched, now=seen)


def _send_last_week(store: Store, folder: Path) -> None:
    """An issue went out a week ago, as in any week but the first."""
    opens, closes = newsroom.CLOSES - timedelta(days=14), newsroom.CLOSES - timedelta(days=7)
    last = replace(_issue(folder)[0], date=closes.date(), window=Window(opens=opens, closes=closes))
    store.issues.keep_composed(last, "", stories=[], cuts=[], now=closes)
    store.issues.mark_sending(last.id)
    store.issues.mark_sent(last.id)


def _mjml(folder: Path) -> str:
    """The MJML that the render room makes of an issue."""
    from digest.render import letter, mjml

    made: list[str] = []

    def noted(source: str) -> str:
        made.append(source)
        return mjml.compiled(source)

    letter.render_issue(*_issue(folder), compiler=noted)
    return made[0]


CASES = {
    ("compose", "floor"): compose_floor,
    ("compose", "ours"): compose_ours,
    ("render", "floor"): render_floor,
    ("render", "ours"): render_ours,
    ("preflight", "floor"): render_floor,
    ("preflight", "ours"): preflight_ours,
    ("plan", "floor"): plan_floor,
    ("plan", "ours"): plan_ours,
}


def main() -> None:
    """Prepares the case, then times its work alone."""
    with tempfile.TemporaryDirectory() as name, CASES[sys.argv[1], sys.argv[2]](Path(name)) as work:
        started = time.perf_counter()
        what = work()
        seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak, "what": what}))


if __name__ == "__main__":
    main()
