"""What one reader may see and take away of what is known of them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from digest.config.load import load
from digest.errors import ConfigurationError
from digest.model.readers import Choice, Ground, Origin, Rhythm
from digest.office.own_data import own_data
from digest.record.store import Store
from digest.settings import Settings
from tests.unit.record.newsroom import NOW, composed, listed, reader, row

ANA = "ana@reader.example"
PAGE = Origin(how="page", network="192.0.2.7", words="Send me the digest every Friday.", language="en")


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load(Path(__file__).resolve().parents[3] / "digest.toml", {})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'digest.db'}")


def test_nothing_is_told_of_somebody_unknown(settings: Settings, store: Store) -> None:
    assert own_data(settings, store, "nobody@reader.example") is None
    assert own_data(settings, store, 7) is None
    with pytest.raises(ConfigurationError):
        own_data(settings, store, "nobody")


def test_a_reader_finds_choices_consent_and_letters(settings: Settings, store: Store) -> None:
    asked = store.readers.ask(ANA, Choice(sections=("Courts",), rhythm=Rhythm.MONTHLY, name="Ana"), PAGE, now=NOW)
    found = store.readers.confirm(asked.key, asked.nonce, since=NOW - timedelta(days=3), now=NOW)
    assert found
    told = own_data(settings, store, found.number)
    assert told == own_data(settings, store, " Ana@Reader.Example ")
    assert told
    assert json.loads(json.dumps(told)) == told
    assert told["address"] == ANA
    assert told["gets_letters"]
    assert told["on_the_list"] == {"in_the_file": False, "joined_at": NOW.isoformat()}
    assert told["choices"]["sections"] == ["Courts"]
    assert told["choices"]["rhythm"] == "monthly"
    assert [line["what"] for line in told["consent"]] == ["asked", "confirmed"]
    assert told["consent"][0]["words"] == PAGE.words


def test_a_reader_of_the_file_finds_their_letters(settings: Settings, store: Store) -> None:
    composed(store)
    listed(store, [row(1), row(2)])
    store.ledger.plan("2026-11-20", now=NOW)
    told = own_data(settings, store, reader(1).address)
    assert told
    assert told["on_the_list"] == {"in_the_file": True, "joined_at": None}
    assert [(letter["issue"], letter["state"]) for letter in told["letters"]] == [("2026-11-20", "owed")]


def test_who_waits_for_a_confirmation_and_who_said_no_are_told_so(settings: Settings, store: Store) -> None:
    store.readers.ask(ANA, Choice(), PAGE, now=NOW)
    told = own_data(settings, store, ANA)
    assert told
    assert told["waiting"]["network"] == "192.0.2.7"
    assert told["gets_letters"] is False
    store.readers.suppress(ANA, Ground.BY_HAND, "asked by phone", Origin(how="operator"), at=NOW, now=NOW)
    told = own_data(settings, store, ANA)
    assert told
    assert told["not_written_to"] == {"because": "by hand", "reason": "asked by phone", "since": NOW.isoformat()}


def test_of_somebody_forgotten_only_that_is_left(settings: Settings, store: Store) -> None:
    listed(store, [row(1)])
    store.readers.forget(reader(1).address, now=NOW)
    assert own_data(settings, store, 1) is None
    told = own_data(settings, store, reader(1).address)
    assert told
    assert told["not_written_to"]["because"] == "forgotten"
    assert told["consent"] == told["letters"] == []
