"""What comes back of letters, through the facade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from digest.model.feedback import Figures
from digest.model.readers import EventKind, Ground, Origin
from digest.office.feedback import Feedback
from digest.record.location import url_of
from digest.record.store import Store
from digest.settings import SendGrid
from tests.unit.dispatch.office import SECRET, Office
from tests.unit.record.newsroom import listed, reader
from tests.unit.record.returns import event, issue, sent

MAIL = Origin(how="mail")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Store.open(url_of(tmp_path / "digest.db")) as store:
        listed(store, 3)
        sent(store, 0, [1, 2, 3], "unknown")
        office = Office(store)
        office.settings = replace(office.settings, secrets=(SECRET,))
        yield office


def feedback(office: Office) -> Feedback:
    return Feedback(office.settings, office.store, office.clock)


def test_a_letter_is_known_by_its_key(office: Office) -> None:
    key = office.addressing.ids.of_letter(issue(0), "", reader(1).address)
    test_copy = office.addressing.ids.of_letter(issue(0), "fingerprint", reader(2).address)
    told = (event(1, EventKind.DELIVERED, letter=key), event(2, EventKind.DELIVERED, letter=test_copy))
    assert sum(feedback(office).take(told, MAIL).settled.values()) == 1
    assert feedback(office).returned(issue(0)).figures == Figures(issue=issue(0), letters=1, delivered=2)


def test_from_where_a_word_came_is_on_record(office: Office) -> None:
    assert feedback(office).take([event(1, EventKind.HARD_BOUNCE, number=1)], MAIL).suppressed == 1
    (line,) = office.store.readers.record_of(reader(1).address)
    assert line.origin.how == "mail"
    assert office.store.readers.ground_of(reader(1).address) is Ground.BOUNCED


@pytest.mark.parametrize("tracked", [True, False])
def test_opens_and_clicks_are_kept_only_where_they_are_asked_for(office: Office, tracked: bool) -> None:
    office.set(sendgrid=SendGrid(track_opens=tracked, track_clicks=tracked))
    books, web = feedback(office), office.settings.publication.web
    own = [f"{web}u/abc", f"{web}p/def?x=1", f"{web}issues/{issue(0)}/", "https://docket.example/a"]
    books.take([event(1, EventKind.OPEN), *(event(1, EventKind.CLICK, url=url) for url in own)], MAIL)
    returned = books.returned(issue(0))
    assert (returned.tracks_opens, returned.figures.opens) == (tracked, int(tracked))
    kept = {web, f"{web}issues/{issue(0)}/", "https://docket.example/a"}
    assert set(returned.figures.clicks) == (kept if tracked else set())


def test_the_last_issue_that_went_out_is_judged(office: Office, tmp_path: Path) -> None:
    assert feedback(office).last() == Figures(issue=issue(0))
    with Store.open(url_of(tmp_path / "empty.db")) as store:
        assert Feedback(office.settings, store, office.clock).last() == Figures()
