"""A publication in a folder, with an issue of any size made up and any number of readers on its list, made quickly."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.newsroom import sentence, write_roster
from digest.config.load import load
from digest.model import ISSUE_SLOTS, Issue, Note, RenderedIssue, Window
from digest.readership import read_list
from digest.record.archive import Archive
from digest.record.store import Store
from digest.settings import Settings

ISSUE = "2026-11-20"
ENVIRONMENT = {"DIGEST_SENDGRID_API_KEY": "SG.of-the-benchmarks"}
_FINGERPRINT = "b3" * 32
_CLOSES = datetime(2026, 11, 20, 14, tzinfo=UTC)
_MARKERS = {slot: f"slot-{slot.value}-b3b3b3" for slot in ISSUE_SLOTS}
_ROW = '<tr><td align="left" style="padding:0 24px;font-family:Georgia,serif;line-height:24px">{words}.</td></tr>\n'
_PAGE = """<!doctype html>
<html lang="en"><head><title>The court’s week</title></head><body><h1>Closing Arguments</h1><p>{greeting}</p>
<p><a style="color:#7d1d2b" href="https://docket.example/letters/issues/2026-11-20/">View in browser</a></p>
<table role="presentation">
{rows}</table><p>This went to {reader}. The Docket, 12 Court Street, Springfield.
<a style="color:#7d1d2b" href="{unsubscribe}">Unsubscribe</a>,
<a style="color:#7d1d2b" href="{preferences}">preferences</a>.</p>
</body></html>
"""
_TEXT = (
    "{greeting}\n\n{rows}\nThis went to {reader}. The Docket, 12 Court Street, Springfield.\n"
    "Unsubscribe: {unsubscribe}\nPreferences: {preferences}\n"
)
_CONFIGURATION = """
[publication]
name = "Closing Arguments"
publisher = "The Docket"
site = "https://docket.example/"
postal_address = "12 Court Street, Springfield"
timezone = "America/Los_Angeles"
from = "Closing Arguments <letters@docket.example>"
reply_to = "The Docket <editors@docket.example>"

[week]
closes = "Friday 06:00"

[[sources]]
feed = "https://docket.example/feed/"

[audience]
subscribers = "{subscribers}"

{delivery}
"""


def make(folder: Path, *, readers: int, html: int) -> Path:
    """Makes the publication, its letter of about `html` bytes of HTML and a tenth of that as text; gives its folder."""
    folder.mkdir(parents=True)
    subscribers = folder / "subscribers.csv"
    write_roster(subscribers, readers)
    configure(folder, "", subscribers=subscribers)
    issue = Issue(
        date=date.fromisoformat(ISSUE),
        number=1,
        window=Window(opens=_CLOSES - timedelta(days=7), closes=_CLOSES),
        lead=None,
        sections=(),
        note=Note(paragraphs=("Good morning.",)),
    )
    settings = settings_of(folder)
    Archive(settings.archive).keep(issue, rendered(html))
    with Store.open(settings.store_url) as store:
        store.issues.keep_composed(issue, _FINGERPRINT, stories=[], cuts=[], now=_CLOSES)
    return folder


def read(folder: Path) -> Path:
    """Reads its list into its store."""
    settings = settings_of(folder)
    with Store.open(settings.store_url) as store:
        read_list(settings, store, now=_CLOSES)
    return folder


def copy(folder: Path, to: Path) -> Path:
    """A copy of a publication that has sent nothing yet, in place of the one before."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to


def configure(folder: Path, delivery: str, *, subscribers: Path) -> None:
    """Writes its digest.toml, with those tables of the delivery. A copy keeps the list of its original, so that the
    store knows the list for the one that it has read."""
    words = _CONFIGURATION.format(delivery=delivery, subscribers=subscribers)
    (folder / "digest.toml").write_text(words, encoding="utf-8")


def smtp(port: int, connections: int, senders: int = 1) -> str:
    """Delivery through a mail server on this machine."""
    return (
        f'[delivery]\nprovider = "smtp"\nsenders = {senders}\n'
        f'[delivery.smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nconnections = {connections}\n'
    )


def sendgrid(port: int, at_once: int, *, hold: float, senders: int = 1) -> str:
    """Delivery through a local service, with so many minutes of hold."""
    return (
        f'[delivery]\nprovider = "sendgrid"\nsenders = {senders}\nhold = {hold}\n'
        f'[delivery.sendgrid]\naddress = "http://127.0.0.1:{port}"\nat_once = {at_once}\n'
    )


def settings_of(folder: Path) -> Settings:
    """The publication's settings."""
    return load(folder / "digest.toml", ENVIRONMENT)


def rendered(html: int) -> RenderedIssue:
    """A letter of about so many bytes of HTML, of the kind that MJML makes, and a tenth of it as text."""
    return RenderedIssue(
        issue=ISSUE,
        subject="Closing Arguments: the court’s week",
        preheader="What the court did this week, what it will do next week, and what it left for another year",
        html=_filled(_PAGE, _rows(_ROW, html)),
        text=_filled(_TEXT, _rows("{words}.\n", html // 10)),
        slots=_MARKERS,
        fingerprint=_FINGERPRINT,
    )


def _rows(row: str, size: int) -> str:
    rows: list[str] = []
    while sum(map(len, rows)) < size:
        rows.append(row.format(words=sentence(len(rows), 18)))
    return "".join(rows)


def _filled(page: str, rows: str) -> str:
    return page.format(rows=rows, **{slot.value: marker for slot, marker in _MARKERS.items()})
