"""Entries as the store would give them, with what a test does not care about filled in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from digest.model import Entry, Picture, SeenEntry, Window

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
WEEK = Window(opens=datetime(2026, 11, 13, 14, tzinfo=UTC), closes=datetime(2026, 11, 20, 14, tzinfo=UTC))
MIDWEEK = datetime(2026, 11, 17, 12, tzinfo=UTC)

MakeSeen = Callable[..., SeenEntry]


@pytest.fixture
def week() -> Window:
    return WEEK


@pytest.fixture
def seen() -> MakeSeen:
    numbers = count(1)

    def make(
        *,
        first_seen: datetime = MIDWEEK,
        source_since: datetime = LONG_AGO,
        ran_in: str = "",
        picture: bool = False,
        **fields: Any,
    ) -> SeenEntry:
        key = next(numbers)
        defaults: dict[str, Any] = {
            "source": "The Docket",
            "identity": f"guid-{key}",
            "title": f"Story number {key} about a bridge",
            "link": f"https://docket.example/{key}/",
            "content": f"<p>Text number {key} tells what happened at the bridge.</p>",
            "published": first_seen,
            "pictures": (Picture(address=f"https://docket.example/{key}.jpg", width=640),) if picture else (),
        }
        return SeenEntry(
            key=key,
            entry=Entry(**(defaults | fields)),
            first_seen=first_seen,
            source_since=source_since,
            ran_in=ran_in,
        )

    return make
