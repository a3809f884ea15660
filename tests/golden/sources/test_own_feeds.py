"""Each feed here beside what it should become (`NAME.expected.json`)."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from digest.sources.feeds.parse import parse_feed

FOLDER = Path(__file__).resolve().parent
FEEDS = sorted(path.removesuffix(".expected.json") for path in map(str, FOLDER.glob("*.expected.json")))


def as_json(path: Path) -> dict[str, Any]:
    feed = parse_feed(path.read_bytes(), source=path.stem, address=f"https://fetched.example/feeds/{path.name}")
    found: dict[str, Any] = json.loads(json.dumps(asdict(feed), default=lambda instant: instant.isoformat()))
    return found


@pytest.mark.parametrize("path", [Path(feed) for feed in FEEDS], ids=lambda path: path.name)
def test_a_feed_becomes_its_entries(path: Path) -> None:
    expected = json.loads(Path(f"{path}.expected.json").read_text(encoding="utf-8"))
    assert as_json(path) == expected


def test_every_dialect_is_here() -> None:
    assert {Path(path).suffix for path in FEEDS} == {".xml", ".atom", ".json", ".rdf"}
