"""What came back of the last issue holds the next one, until the operator has looked."""

from __future__ import annotations

from digest.model.readers import EventKind
from digest.record.location import url_of
from digest.record.store import Store
from tests.acceptance.publication import Publication
from tests.unit.record.newsroom import listed
from tests.unit.record.returns import event, issue, keep, sent

LAST, NEXT, WEEK = "2026-11-13", "2026-11-20", 45
KEPT_BACK = 10


def came_back(publication: Publication, kind: EventKind, readers: int, *, of: int) -> None:
    """An issue of the week before, and what so many of its readers sent back."""
    assert issue(WEEK) == LAST
    with Store.open(url_of(publication.folder / "var" / "digest.db")) as store:
        listed(store, of)
        sent(store, WEEK, range(1, of + 1))
        keep(store, *(event(number, kind, WEEK) for number in range(1, readers + 1)))


def test_complaints_hold_the_next_issue_and_who_lets_it_go_is_on_record(composed: Publication) -> None:
    came_back(composed, EventKind.COMPLAINT, 3, of=600)
    assert "3 marked as spam (0.50 %), which is too many; the next issue is held" in composed.run("status").stdout
    assert "3 marked as spam (0.50 %), which is too many" in composed.run("status", LAST).stdout
    came = composed.json("status", LAST)["came_back"]
    assert (came["complaints"], came["bounced"], came["opened"]) == (3, 0, None)
    refused = composed.run("send", "--yes", expect=KEPT_BACK)
    assert "--despite rates.complaints" in refused.stderr
    assert composed.letters() == []
    composed.run("send", "--yes", "--despite", "rates.complaints")
    assert [each["check"] for each in composed.json("status", NEXT)["despite"]] == ["rates.complaints"]
    assert "The issue of" not in composed.run("status").stdout


def test_most_bounced_so_the_operator_is_asked(composed: Publication) -> None:
    came_back(composed, EventKind.HARD_BOUNCE, 15, of=25)
    assert "See `digest status 2026-11-13`" in composed.run("status").stdout
    assert f"`digest settle {LAST} --believe-bounces`" in composed.run("status", LAST).stdout
    assert composed.json("status", LAST)["came_back"]["bounces_doubted"] is True
    assert "15 addresses are suppressed now" in composed.run("settle", LAST, "--believe-bounces").stdout
    assert "--believe-bounces" not in composed.run("status", LAST).stdout
