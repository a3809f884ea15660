"""A week of 250 invented stories, and a publication that gathers it."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from tests.acceptance.publication import Publication
from tests.acceptance.wordpress import written

STORIES = 250
CATEGORIES: tuple[object, ...] = (
    "Harbor & coast",
    "Schools",
    "Water board",
    "Letters",
    "Trials",
    {"name": "Small claims", "slug": "small-claims", "parent": "Trials"},
    "In short",
)
SLUGS = ("harbor-coast", "schools", "water-board", "letters", "trials", "trials/small-claims", "in-short")
_AUTHORS = ("Ada Brandt", "Iñés Okoro", "Pat O’Leary")
_SUBJECTS = ("Ferry pier", "Night school", "Reservoir dam", "Bakers’ guild", "Clock tower")
_TURNS = (
    "is moved",
    "gets a roof",
    "loses its appeal",
    'is called "too small"',
    "& its neighbors settle",
    "costs < 5 crowns",
)

_CONFIGURATION = """
[publication]
name = "The Week"
publisher = "The Ledger"
site = "https://ledger.example/"
postal_address = "1 Quay Street"
timezone = "UTC"
from = "The Week <week@ledger.example>"

[week]
closes = "{closes:%A} 06:00"
first_issue = {closes:%Y-%m-%d}
max_stories = 5

[[sections]]
name = "All of it"
max = 5
{sources}
[preflight]
links = false

[fetch]
pause = 0
{fetch}
[delivery]
provider = "outbox"

[store]
url = "sqlite:///var/digest.db"
"""


def stories(folder: Path, now: datetime) -> list[dict[str, object]]:
    """Stories of the last four and a half days before an hour ago, some with pictures, tags, no excerpt, an emoji."""
    step = timedelta(days=4.5) / STORIES
    first = now.replace(microsecond=0) - timedelta(hours=1)
    return [_story(number, first - step * number, folder) for number in range(STORIES)]


def _story(number: int, moment: datetime, folder: Path) -> dict[str, object]:
    subject, turn = _SUBJECTS[number % 5], _TURNS[number % 6]
    paragraphs = [
        f"<p>{subject} number {number}, told at length, “for once”, in line {line}.</p>" for line in range(12)
    ]
    if number % 40 == 0:
        paragraphs.append("<p>The verdict of the gallery: 👍</p>")
    made: dict[str, object] = {
        "slug": f"story-{number:03}",
        "title": f"{subject} {turn}, part {number}",
        "content": "\n\n".join(paragraphs),
        "author": _AUTHORS[number % 3],
        "categories": [CATEGORIES[number % 7]] + ([CATEGORIES[0]] if number % 11 == 0 else []),
        "date": written(moment),
    }
    if number % 3:
        made["excerpt"] = f"What happened to the {subject.lower()} on day {number}."
    if number % 4 == 0:
        made["tags"] = ["long reads", "fish & fowl"]
    if number % 50 == 0:
        made |= {
            "image": _picture(folder, number),
            "image_alt": f"Pier {number}",
            "image_caption": "Seen from <em>Low Quay</em> & drawn",
        }
    return made


def _picture(folder: Path, number: int) -> str:
    path = folder / f"pier-{number}.png"
    drawn = io.BytesIO()
    Image.linear_gradient("L").resize((1600, 900)).rotate(number).save(drawn, "PNG")
    path.write_bytes(drawn.getvalue())
    return str(path)


def publication(folder: Path, *sources: str, fetch: str = "", days: int = 6) -> Publication:
    """A new publication with these sources, each the lines of its table. Its week began that many days ago, at six."""
    closes = datetime.now(UTC) + timedelta(days=7 - days)
    folder.mkdir()
    tables = "".join(f"\n[[sources]]\n{source}\n" for source in sources)
    (folder / "digest.toml").write_text(_CONFIGURATION.format(closes=closes, sources=tables, fetch=fetch))
    return Publication(folder)


def gathered(publication: Publication, *options: str) -> list[dict[str, Any]]:
    """The report on each source."""
    found: list[dict[str, Any]] = publication.json("gather", *options)["sources"]
    return found


def kept(publication: Publication, *, also_gone: bool = False) -> list[dict[str, Any]]:
    """The entries in the store."""
    with closing(sqlite3.connect(publication.folder / "var" / "digest.db")) as store:
        store.row_factory = sqlite3.Row
        rows = store.execute("select * from entry").fetchall()
    return [dict(row) for row in rows if also_gone or row["gone_since"] is None]


def identities(rows: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(row["identity"] for row in rows)


def categories(row: dict[str, Any]) -> set[str]:
    return set(json.loads(row["categories"]))
