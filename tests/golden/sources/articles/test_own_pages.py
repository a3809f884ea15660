"""Each page here beside what it should say of its article (`NAME.expected.json`)."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from digest.sources.articles.page import article_page

FOLDER = Path(__file__).resolve().parent
ADDRESSES = {
    "wordpress": "https://courier.example/?p=812",
    "open-graph": "https://gazette.example/val/pont-sablevieux?utm_source=rss",
    "linked-data": "https://ledger.example/courts/orchard-lease",
    "microdata": "https://faro.example/mar/boyas",
    "nothing": "https://mill.example/minutes",
}


def as_json(name: str) -> dict[str, Any]:
    page = article_page((FOLDER / f"{name}.html").read_bytes(), ADDRESSES[name])
    found: dict[str, Any] = json.loads(json.dumps(asdict(page), default=lambda instant: instant.isoformat()))
    return found


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_says_this_of_its_article(name: str) -> None:
    assert as_json(name) == json.loads((FOLDER / f"{name}.expected.json").read_text(encoding="utf-8"))


def test_every_page_here_is_read() -> None:
    assert {path.stem for path in FOLDER.glob("*.html")} == set(ADDRESSES)
