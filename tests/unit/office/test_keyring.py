"""Keys are renewed and dropped where they are kept; links that a kept key signed lead to their reader."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from digest.config import load
from digest.errors import ConfigurationError
from digest.model import RosterRow
from digest.model.readers import Reader
from digest.office.addressing import addressing_of
from digest.office.keyring import Keyring, Place
from digest.office.reader_links import UNSUBSCRIBE, NoReader, ReaderLinks, address_by_link
from digest.record.location import url_of
from digest.record.store import Store
from digest.settings import Settings
from tests.smallest import LEAST

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ANA = "ana@reader.example"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "digest.toml").write_text(LEAST, encoding="utf-8")
    return load(tmp_path / "digest.toml", {})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(url_of(tmp_path / "store.db")) as store:
        row = RosterRow(line=2, address=ANA, domain="reader.example")
        store.subscribers.keep([row], path="subscribers.csv", stamp="1", now=NOW)
        yield store


def in_a_file(settings: Settings, *keys: str) -> Settings:
    path = settings.home / "keys.txt"
    path.write_text("".join(f"{key}\n" for key in keys), encoding="utf-8")
    return load(settings.home / "digest.toml", {"DIGEST_SECRET_FILE": "keys.txt"})


def token(settings: Settings, store: Store) -> str:
    """As a letter of today to Ana has it."""
    ana = store.readers.find(ANA)
    assert ana is not None
    return addressing_of(settings, store).links.pair(ana.number, ana.address)[0]


def found(settings: Settings, store: Store, token: str) -> Reader | NoReader:
    return ReaderLinks(Keyring(settings, store), store).reader_of(token, UNSUBSCRIBE)


def test_without_a_configured_key_the_stores_own_is_renewed(settings: Settings, store: Store) -> None:
    keyring, before = Keyring(settings, store), token(settings, store)
    first = keyring.records()
    made = keyring.rotate(now=NOW)
    assert (made.place, made.made, made.signs) == (Place.STORE, date(2026, 11, 25), True)
    assert keyring.records()[1:] == (replace(first[0], signs=False),)
    after = token(settings, store)
    assert before != after
    assert found(settings, store, before) == found(settings, store, after) == store.readers.find(ANA)


def test_a_link_of_a_dropped_key_does_nothing(settings: Settings, store: Store) -> None:
    keyring, before = Keyring(settings, store), token(settings, store)
    old = keyring.records()[0]
    links = ReaderLinks(keyring, store)  # as a server has it that was started before
    keyring.rotate(now=NOW)
    keyring.drop(old.fingerprint)
    assert links.reader_of(before, UNSUBSCRIBE) is NoReader.UNKNOWN
    assert links.reader_of(token(settings, store), UNSUBSCRIBE) == store.readers.find(ANA)


def test_a_new_key_goes_to_the_top_of_the_file_for_its_owner_alone(settings: Settings, store: Store) -> None:
    in_file = in_a_file(settings, "second", "first")
    before = token(in_file, store)
    made = Keyring(in_file, store).rotate(now=NOW)
    path = settings.home / "keys.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert (made.place, lines[1:], len(lines)) == (Place.FILE, ["second", "first"], 3)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert found(in_file, store, before) == store.readers.find(ANA)
    assert [entry.name for entry in settings.home.iterdir() if "keys.txt" in entry.name] == ["keys.txt"]


def test_keys_in_the_file_are_dropped_but_for_the_one_that_signs(settings: Settings, store: Store) -> None:
    in_file = in_a_file(settings, "second", "first")
    keyring = Keyring(in_file, store)
    second, first, own = keyring.records()
    assert (second.signs, first.place, own.place) == (True, Place.FILE, Place.STORE)
    with pytest.raises(ConfigurationError, match="signs the links of today"):
        keyring.drop(second.fingerprint)
    keyring.drop(first.fingerprint.upper())
    assert (settings.home / "keys.txt").read_text(encoding="utf-8") == "second\n"
    keyring.drop(own.fingerprint)
    assert own not in keyring.records()
    with pytest.raises(ConfigurationError, match="there is no key 00000000"):
        keyring.drop("00000000")


def test_a_key_in_the_environment_is_changed_there(settings: Settings, store: Store) -> None:
    in_variable = replace(settings, secrets=("configured",))
    with pytest.raises(ConfigurationError, match="DIGEST_SECRET holds the key itself"):
        Keyring(in_variable, store).rotate(now=NOW)
    assert [record.place for record in Keyring(in_variable, store).records()] == [Place.VARIABLE, Place.STORE]


def test_links_of_before_a_key_was_configured_go_on_working(settings: Settings, store: Store) -> None:
    before = token(settings, store)
    assert found(replace(settings, secrets=("configured",)), store, before) == store.readers.find(ANA)


def test_a_file_that_cannot_be_written_is_named(settings: Settings, store: Store) -> None:
    in_file = in_a_file(settings, "first")
    (settings.home / "keys.txt").unlink()
    with pytest.raises(ConfigurationError, match=r"keys\.txt: it cannot be written"):
        Keyring(in_file, store).rotate(now=NOW)


def test_nothing_that_is_told_of_keys_shows_one(settings: Settings, store: Store) -> None:
    in_file = in_a_file(settings, "a very secret key")
    keyring = Keyring(in_file, store)
    keyring.rotate(now=NOW)
    told = repr((in_file, keyring.records()))
    assert not any(key in told for key in keyring.believed())
    assert all(re.fullmatch("[0-9a-f]{8}", record.fingerprint) for record in keyring.records())


def test_ids_of_letters_outlive_every_rotation(settings: Settings, store: Store) -> None:
    in_file, made = in_a_file(settings, "first"), []
    for _ in range(2):
        made.append(addressing_of(in_file, store).ids.of_letter("2026-11-20", "", ANA))
        Keyring(in_file, store).rotate(now=NOW)
    made.append(addressing_of(settings, store).ids.of_letter("2026-11-20", "", ANA))
    assert len(set(made)) == 1


def test_links_of_earlier_versions_are_found_among_readers_of_then(settings: Settings, store: Store) -> None:
    old = addressing_of(settings, store).links.old_pair(ANA)[0]
    assert found(settings, store, old) is NoReader.UNKNOWN  # a new store has sent none
    with store._database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO instance VALUES ('links without a number until', '1')")
    assert found(settings, store, old) == store.readers.find(ANA)
    assert found(settings, store, "A" * 5 + "B" * 16 + "A") is NoReader.UNKNOWN


def test_a_link_stands_for_its_reader(settings: Settings, store: Store) -> None:
    keyring = Keyring(settings, store)
    link = f"https://docket.example/u/{token(settings, store)}"
    assert address_by_link(link, keyring, store) == ANA
    for other in (link[:-1], "https://docket.example/u/" + "A" * 22):
        with pytest.raises(ConfigurationError, match="no subscriber has this unsubscribe link"):
            address_by_link(other, keyring, store)
