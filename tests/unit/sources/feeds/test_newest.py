from __future__ import annotations

import pytest

from digest.sources.feeds.newest import with_newest_items


def feed(*dates: str) -> bytes:
    items = "\n".join(f"<item><title>{date}</title><pubDate>{date}</pubDate></item>" for date in dates)
    return f"<rss><channel>{items}<x/></channel></rss>".encode()


def test_a_feed_within_the_cap_stays_as_it_is() -> None:
    assert with_newest_items(feed("2026-11-20", "2026-11-21"), most=2) == (feed("2026-11-20", "2026-11-21"), "")


def test_the_newest_are_kept_in_their_order() -> None:
    xml, warning = with_newest_items(
        feed("Fri, 20 Nov 2026 09:00:00 GMT", "2026-11-23T00:00:00Z", "soon", "Sun, 22 Nov 2026 09:00:00 -0800"), most=2
    )
    assert xml == feed("2026-11-23T00:00:00Z", "Sun, 22 Nov 2026 09:00:00 -0800")
    assert warning == "holds 4 entries; the 2 newest were read"


@pytest.mark.parametrize("date", ["published", "updated", "dc:date", "atom:updated"])
def test_dates_of_every_dialect_count(date: str) -> None:
    entries = [f"<entry><{date}> <![CDATA[2026-11-{day}T00:00:00Z]]></{date}></entry>" for day in (20, 22, 21)]
    xml, _ = with_newest_items(f"<feed>{''.join(entries)}</feed>".encode(), most=1)
    assert xml == f"<feed>{entries[1]}</feed>".encode()


def test_items_that_never_end_are_left_to_the_parser() -> None:
    broken = b"<rss>" + b"<item>" * 5
    assert with_newest_items(broken, most=2)[0] == broken
