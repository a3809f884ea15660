from __future__ import annotations

from digest.model import Suppression
from digest.record.store import Store
from tests.unit.record.newsroom import DAY, NOW


def test_suppressing_and_allowing(store: Store) -> None:
    assert store.suppressions.add("ana@reader.example", "asked", now=NOW)
    assert store.suppressions.contains("ana@reader.example")
    assert store.suppressions.addresses() == {"ana@reader.example"}
    assert store.suppressions.remove("ana@reader.example")
    assert not store.suppressions.remove("ana@reader.example")
    assert store.suppressions.addresses() == frozenset()


def test_the_first_reason_stays(store: Store) -> None:
    store.suppressions.add("ana@reader.example", "asked", now=NOW)
    assert not store.suppressions.add("ana@reader.example", "bounced", now=NOW + DAY)
    assert store.suppressions.listing() == (Suppression(address="ana@reader.example", reason="asked", since=NOW),)


def test_letter_case_makes_no_difference(store: Store) -> None:
    store.suppressions.add("Ana@Reader.example", "asked", now=NOW)
    assert store.suppressions.contains("ana@reader.example")
    assert not store.suppressions.add("ANA@reader.example", "asked", now=NOW)
    assert store.suppressions.remove("ana@READER.example")


def test_the_newest_is_listed_first(store: Store) -> None:
    store.suppressions.add("ana@reader.example", "asked", now=NOW)
    store.suppressions.add("ben@reader.example", "bounced", now=NOW + DAY)
    assert [one.address for one in store.suppressions.listing()] == ["ben@reader.example", "ana@reader.example"]
