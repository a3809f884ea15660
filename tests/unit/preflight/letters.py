"""A small letter in which everything is right, to spoil one thing at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from digest.config.load import load
from digest.model import Issue, LinkAnswer, Note, Picture, Preflight, Section, Story, Window
from digest.preflight.inspected import Inspected
from digest.preflight.inspection import preflight
from digest.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 20, 14, tzinfo=UTC)
SITE = "https://docket.example/"
UNSUBSCRIBE = "https://letters.docket.example/unsubscribe/key/"
WEB_VIEW = "https://letters.docket.example/issues/2026-11-20/"
POSTAL = "12 Court Street, Springfield"

LEAD = Story(
    headline="The river moved",
    deck="An orchard on the wrong bank may keep its water, judges held after eleven years.",
    address=f"{SITE}river/",
    published=NOW,
    picture=Picture(
        address=f"{SITE}river.jpg",
        width=560,
        height=315,
        alt="A brown river bends around an orchard.",
        caption="The Merrow in March.",
        credit="Ode Farrow",
    ),
)
BALLOTS = Story(
    headline="County must count its ballots", address=f"{SITE}ballots/", deck="They were folded.", published=NOW
)
FERRY = Story(headline="Ferry keeps its timetable", address=f"{SITE}ferry/", deck="Nobody boarded.", published=NOW)
ISSUE = Issue(
    date=date(2026, 11, 20),
    number=3,
    window=Window(opens=NOW - timedelta(days=7), closes=NOW),
    lead=LEAD,
    sections=(Section(name="National", stories=(BALLOTS, FERRY)),),
    note=Note(paragraphs=("This week: a river, ballots and a ferry.",)),
)
HTML = f"""<!doctype html><html lang="en" dir="ltr"><head><title>The river moved</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>p{{text-wrap:pretty}}
@media (prefers-color-scheme:dark){{body{{background-color:#161513!important}} .ink{{color:#EEE9E0!important}}}}
</style></head>
<body style="background-color:#FCFAF6"><div style="display:none;color:#ffffff;max-height:0">Preheader</div>
<table role="presentation" width="100%"><tr><td class="ink" style="font:16px/25px Georgia,serif;color:#1C1A17;
padding:20px">
<h1 class="ink">Closing Arguments</h1><p class="ink" style="margin:0">This week: a river, ballots and a ferry.</p>
<h2 class="ink"><a class="ink" style="color:#1C1A17" href="{LEAD.address}">The river moved</a></h2>
<img class="ink" src="{SITE}river.jpg" alt="A brown river bends around an orchard." width="560" height="315">
<p class="ink">The Merrow in March. (Ode Farrow)</p>
<h2 class="ink">National</h2>
<h3 class="ink"><a class="ink" style="color:#1C1A17" href="{BALLOTS.address}">County must count its ballots</a></h3>
<h3 class="ink"><a class="ink" style="color:#1C1A17" href="{FERRY.address}">Ferry keeps its timetable</a></h3>
<p class="ink"><a class="ink" style="color:#1C1A17" href="{WEB_VIEW}">View in browser</a>
<a class="ink" style="color:#1C1A17" href="{UNSUBSCRIBE}">Unsubscribe</a> The Docket, {POSTAL}</p>
</td></tr></table></body></html>"""
TEXT = f"The river moved\n{LEAD.address}\n{BALLOTS.address}\n{FERRY.address}\n{UNSUBSCRIBE}\n{POSTAL}\n"
GOOD = Inspected(
    issue=ISSUE,
    subject="Closing Arguments: The river moved",
    preheader="County must count its ballots; Ferry keeps its timetable; and more of the week.",
    html=HTML,
    text=TEXT,
    headers=dict.fromkeys(("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Archive"), "<x>"),
    unsubscribe=UNSUBSCRIBE,
    web_view=WEB_VIEW,
    now=NOW,
)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The sample's."""
    return load(ROOT / "digest.toml", {})


def look(old: str = "", new: str = "", *, answers: Mapping[str, LinkAnswer] | None = None, **changes: Any) -> Preflight:
    """The preflight of the good letter with one thing in its HTML, or some of its values, changed."""
    assert old in HTML, old
    changed = replace(GOOD, html=HTML.replace(old, new) if old else HTML)
    return preflight(replace(changed, **changes), answers or {}, settings())


def found(*arguments: Any, **changes: Any) -> set[str]:
    """The names of the checks that found something."""
    return {finding.check for finding in look(*arguments, **changes).findings}
