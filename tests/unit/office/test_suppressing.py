"""The operator's word about an address outlives what a provider told before it, and is on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from digest.model.readers import OPERATOR, Act, EventKind, Ground, MailEvent, Origin
from digest.office.feedback import Feedback
from digest.office.publication import Publication
from digest.record.archive import Archive
from digest.record.location import url_of
from digest.record.store import Store
from tests.unit.dispatch.office import SECRET, Office
from tests.unit.record.newsroom import ISSUE, NOW, planned, reader

ADDRESS = reader(1).address
PROVIDER = Origin(how="provider")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Store.open(url_of(tmp_path / "digest.db")) as store:
        planned(store, 2)
        office = Office(store)
        office.settings = replace(office.settings, secrets=(SECRET,))
        yield office


@pytest.fixture
def publication(office: Office, tmp_path: Path) -> Publication:
    archive = Archive(tmp_path / "issues")
    return Publication(office.settings, office.store, archive, archive, office.clock)


def told(office: Office, kind: EventKind, identity: bytes, *, days: float) -> None:
    event = MailEvent(
        kind=kind, at=NOW + timedelta(days=days), identity=identity * 16, address=ADDRESS, issue=ISSUE, number=1
    )
    Feedback(office.settings, office.store, office.clock).take([event], PROVIDER)


def test_an_address_that_was_allowed_stays_so_when_more_is_told_of_before(
    office: Office, publication: Publication
) -> None:
    office.clock.move(days=2)
    told(office, EventKind.HARD_BOUNCE, b"a", days=1)
    assert office.store.readers.ground_of(ADDRESS) is Ground.BOUNCED
    assert publication.subscriptions.allow(ADDRESS)
    told(office, EventKind.UNSUBSCRIBE, b"b", days=1.5)
    assert office.store.readers.ground_of(ADDRESS) is None


def test_what_is_told_after_counts(office: Office, publication: Publication) -> None:
    office.clock.move(days=1)
    publication.subscriptions.suppress_all([ADDRESS], reason="asked by phone")
    publication.subscriptions.allow(ADDRESS)
    office.clock.move(days=2)
    told(office, EventKind.HARD_BOUNCE, b"a", days=2)
    assert office.store.readers.ground_of(ADDRESS) is Ground.BOUNCED


def test_the_operator_s_word_is_on_record(office: Office, publication: Publication) -> None:
    assert publication.subscriptions.suppress_all([ADDRESS], reason="asked by phone") == 1
    assert publication.subscriptions.suppress_all([ADDRESS], reason="again") == 0
    assert office.store.readers.ground_of(ADDRESS) is Ground.BY_HAND
    assert publication.subscriptions.allow(ADDRESS)
    assert not publication.subscriptions.allow(ADDRESS)
    assert [(line.act, line.origin) for line in office.store.readers.record_of(ADDRESS)] == [
        (Act.SUPPRESSED, replace(OPERATOR, words="asked by phone")),
        (Act.ALLOWED, OPERATOR),
    ]
