"""Pages that are written once for many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from digest.web.site.kept import Kept

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_a_text_is_written_once_in_a_moment_and_again_after_it() -> None:
    kept, numbers = Kept(), count()

    def text(key: str, seconds: float) -> str:
        return kept.of(key, lambda: f"{key} {next(numbers)}", now=NOW + timedelta(seconds=seconds))

    assert [text("en", 0), text("en", 4.9), text("es", 4.9)] == ["en 0", "en 0", "es 1"]
    assert [text("en", 5), text("es", 5)] == ["en 2", "es 1"]


def test_a_clock_that_was_put_back_keeps_nothing_for_long() -> None:
    kept = Kept()
    kept.of("en", lambda: "later", now=NOW + timedelta(hours=1))
    assert kept.of("en", lambda: "now", now=NOW) == "now"


def test_what_cannot_be_written_is_tried_again() -> None:
    kept = Kept()
    with pytest.raises(ZeroDivisionError):
        kept.of("en", lambda: str(1 // 0), now=NOW)
    assert kept.of("en", lambda: "fine", now=NOW) == "fine"


def test_memory_does_not_grow_with_what_visitors_ask_for() -> None:
    kept = Kept()
    for number in range(1000):
        kept.of(number, lambda: "x" * 100, now=NOW)
    assert len(kept._texts) <= 32
