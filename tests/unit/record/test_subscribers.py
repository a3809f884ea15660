"""The list in the store: one transaction, one key for good, and the same verdicts as on the list in memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.audience.roster import stamp_of, stream_roster
from digest.errors import ConfigurationError
from digest.model import LeftOut, RosterReport, RosterRow, Subscriber
from digest.record import roster_reading
from digest.record.database import driver_of
from digest.record.store import Store
from tests.unit.audience.reading import fresh_store
from tests.unit.record.in_memory import read_in_memory
from tests.unit.record.newsroom import NOW

KEPT = roster_reading.KEPT_FAULTS


def row(line: int, who: str, **fields: str) -> RosterRow:
    return RosterRow(line, f"{who}@reader.example", domain="reader.example", **fields)


def refusal(line: int, who: str) -> RosterRow:
    return row(line, who, reason="disabled", detail='status is "cleaned"')


def keep(store: Store, rows: Sequence[RosterRow], stamp: str = "one") -> RosterReport:
    return store.subscribers.keep(iter(rows), path="/list.csv", stamp=stamp, now=NOW)


def readers(store: Store) -> list[str]:
    return [reader.address.partition("@")[0] for _, reader in store.subscribers.iterate()]


def keys(store: Store) -> dict[str, int]:
    return {reader.address.partition("@")[0]: key for key, reader in store.subscribers.iterate()}


def untouchable() -> Iterator[RosterRow]:
    raise AssertionError("the rows were begun")
    yield


def test_a_list_is_kept_with_all_that_it_says(store: Store) -> None:
    ana = row(2, "ana", name="Ana Sá", categories="National\nCourts", timezone="Europe/Lisbon")
    report = keep(store, [ana, row(3, "ben", detail="there is no time zone “Mars”")])
    assert report == RosterReport(readers=2, changed=True)
    assert store.subscribers.sample(1) == (
        Subscriber(
            address="ana@reader.example", name="Ana Sá", categories=("National", "Courts"), timezone="Europe/Lisbon"
        ),
    )
    found = store.subscribers.find("BEN@reader.example")
    assert found is not None
    assert (found.key, found.listed, found.line, found.detail) == (2, True, 3, "there is no time zone “Mars”")
    assert store.subscribers.timezones() == ("Europe/Lisbon",)


def test_before_the_first_reading_there_is_nobody(store: Store) -> None:
    assert store.subscribers.report() == RosterReport()
    assert store.subscribers.sample(5) == ()
    assert store.subscribers.timezones() == ()
    assert store.subscribers.find("ana@reader.example") is None


def test_an_address_from_before_the_first_reading_is_not_on_the_list(store: Store) -> None:
    with store._database.writing() as connection:
        driver_of(connection).execute("INSERT INTO subscriber (address) VALUES ('Ana@Reader.example')")
    found = store.subscribers.find("ana@reader.example")
    assert found is not None
    assert not found.listed
    assert readers(store) == []
    assert keep(store, [row(2, "ben"), row(3, "ana")]).readers == 2
    assert keys(store)["Ana"] == found.key


def test_the_same_list_is_not_even_begun(store: Store) -> None:
    first = keep(store, [row(2, "ana"), row(3, "ana")])
    again = store.subscribers.keep(untouchable(), path="/list.csv", stamp="one", now=NOW)
    assert first.changed
    assert not again.changed
    assert (again.readers, again.left_out, again.faults) == (first.readers, first.left_out, first.faults)
    assert again == store.subscribers.report()


@pytest.mark.parametrize(("path", "stamp"), [("/other.csv", "one"), ("/list.csv", "two")])
def test_another_file_or_another_content_is_read(store: Store, path: str, stamp: str) -> None:
    keep(store, [row(2, "ana")])
    assert store.subscribers.keep(iter([row(2, "ben")]), path=path, stamp=stamp, now=NOW).changed
    assert readers(store) == ["ben"]


def test_a_key_stays_for_good_and_keys_grow_in_the_order_of_the_list(store: Store) -> None:
    keep(store, [row(2, "cleo"), row(3, "ana"), row(4, "ben")])
    assert keys(store) == {"cleo": 1, "ana": 2, "ben": 3}
    keep(store, [row(2, "dmitri"), row(3, "ben"), row(4, "ben"), row(5, "emi")], "two")
    assert keys(store) == {"ben": 3, "dmitri": 4, "emi": 5}
    keep(store, [row(2, "ana"), row(3, "emi")], "three")
    assert keys(store) == {"ana": 2, "emi": 5}


def test_who_left_the_list_is_known_and_not_on_it(store: Store) -> None:
    keep(store, [row(2, "ana", name="Ana"), refusal(3, "ben")])
    keep(store, [row(2, "cleo")], "two")
    for name in ("ana", "ben"):
        found = store.subscribers.find(f"{name}@reader.example")
        assert found is not None
        assert (found.listed, found.reason) == (False, "")


def test_who_is_refused_is_found_with_the_reason(store: Store) -> None:
    keep(store, [row(2, "ana"), refusal(3, "ana"), row(4, "ana")])
    found = store.subscribers.find("ana@reader.example")
    assert found is not None
    assert (found.listed, found.reason, found.detail) == (False, "disabled", 'status is "cleaned"')


def test_who_was_refused_and_is_so_no_longer_is_a_reader_again(store: Store) -> None:
    keep(store, [refusal(2, "ana"), row(3, "ben")])
    keep(store, [row(2, "ana"), refusal(3, "ben")], "two")
    found = store.subscribers.find("ana@reader.example")
    assert found is not None
    assert (found.listed, found.reason, found.detail) == (True, "", "")
    assert readers(store) == ["ana"]


def test_the_first_row_of_an_address_counts_however_far_the_second_is(store: Store) -> None:
    many = [row(line, f"r{line}") for line in range(2, 3000)]
    report = keep(store, [row(1, "ana", name="Ana"), *many, row(3001, "ana", name="Another"), row(3002, "r2999")])
    assert report.readers == 2999
    assert report.left_out == {"duplicate": 2}
    assert [(one.line, one.detail) for one in report.faults] == [
        (3001, "already in line 1"),
        (3002, "already in line 2999"),
    ]
    assert store.subscribers.sample(1)[0].name == "Ana"


def test_only_the_first_rows_left_out_are_kept_and_all_are_counted(store: Store) -> None:
    bad = [RosterRow(line, "x", reason="bad address", detail="no @") for line in range(3, 3 * KEPT)]
    report = keep(store, [row(2, "ana"), *bad, refusal(3 * KEPT, "ana")])
    assert report.left_out == {"bad address": 3 * KEPT - 3, "disabled": 2}
    assert [one.line for one in report.faults] == list(range(2, KEPT + 2))
    assert report.faults[0].detail == f'line {3 * KEPT} says so: status is "cleaned"'


def test_a_reading_that_fails_has_changed_nothing(store: Store) -> None:
    before = keep(store, [row(2, "ana"), row(3, "ben"), row(4, "ben")])

    def broken() -> Iterator[RosterRow]:
        yield from (row(line, f"r{line}") for line in range(2, 3000))
        raise ConfigurationError("the list changed while it was read")

    with pytest.raises(ConfigurationError, match="changed"):
        store.subscribers.keep(broken(), path="/list.csv", stamp="two", now=NOW)
    assert readers(store) == ["ana", "ben"]
    assert store.subscribers.report() == RosterReport(readers=2, left_out=before.left_out, faults=before.faults)
    assert store.subscribers.find("r2@reader.example") is None
    assert keep(store, [row(2, "cleo")], "two").changed
    assert keys(store) == {"cleo": 3}


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from digest.model import RosterRow
from digest.record.store import Store

def rows():
    for line in range(2, 60_000):
        yield RosterRow(line, f"r{line}@reader.example", name="x" * 200)
    os.kill(os.getpid(), signal.SIGKILL)

Store.open(sys.argv[1]).subscribers.keep(rows(), path="/list.csv", stamp="two", now=datetime.now(UTC))
"""


def test_a_reading_that_is_killed_has_changed_nothing(store: Store, url: str) -> None:
    keep(store, [row(2, "ana")])
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    killed = subprocess.run([sys.executable, "-c", KILLED, url], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert readers(store) == ["ana"]
    assert store.subscribers.find("r2@reader.example") is None
    assert keep(store, [row(2, "ben")], "two").changed
    assert readers(store) == ["ben"]


def test_others_see_the_old_list_until_the_new_one_is_whole(store: Store, url: str) -> None:
    keep(store, [row(2, "ana")])
    seen: list[list[str]] = []

    def rows() -> Iterator[RosterRow]:
        yield from (row(line, f"r{line}") for line in range(2, 3000))
        with Store.open(url) as other:
            seen.append(readers(other))

    store.subscribers.keep(rows(), path="/list.csv", stamp="two", now=NOW)
    assert seen == [["ana"]]
    assert len(readers(store)) == 2998


# --- the store and the memory agree ---------------------------------------------------------------------------

ADDRESSES = ["ana@a.example", "ANA@a.example", "ben@b.example", "cleo@c.example", "nobody", "", "Dan <dan@d.example>"]
STATES = ["", "active", "unsubscribed"]
lists = st.lists(
    st.tuples(
        st.sampled_from(ADDRESSES),
        st.sampled_from(["", "Ana", "Ben"]),
        st.sampled_from(["", "Courts; National", "Courts"]),
        st.sampled_from(["", "Europe/Berlin", "europe/berlin", "Mars/Olympus"]),
        st.sampled_from(STATES),
    ),
    max_size=24,
)


def written(folder: Path, rows: Sequence[Sequence[str]]) -> Path:
    path = folder / "list.csv"
    lines = ["email,name,categories,timezone,status", *(",".join(one) for one in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def check_agreement(store: Store, path: Path) -> None:
    expected = read_in_memory(path)
    report = store.subscribers.keep(stream_roster(path), path=str(path), stamp=stamp_of(path), now=NOW)
    listed = {reader.address: reader for _, reader in store.subscribers.iterate()}
    assert listed == {reader.address: reader for reader in expected.readers}
    assert report.readers == len(expected.readers)
    assert report.left_out == dict(Counter(one.reason for one in expected.left_out))
    assert report.faults == expected.left_out


@settings(max_examples=150, deadline=None)
@given(lists, lists, st.sampled_from([1, 2, 3, 7, 500]))
def test_any_two_lists_one_after_the_other_are_read_as_they_are_in_memory(
    first: list[tuple[str, ...]], second: list[tuple[str, ...]], chunk: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as name:
        patch.setattr(roster_reading, "_CHUNK", chunk)
        with fresh_store(Path(name)) as store:
            for rows in (first, second, first):
                check_agreement(store, written(Path(name), rows))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=14), st.integers(1, 5))
def test_three_addresses_in_any_order_of_rows_that_list_and_refuse(rows: list[tuple[str, bool]], chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as name:
        patch.setattr(roster_reading, "_CHUNK", chunk)
        cells = [(f"{who}@a.example", str(at), "", "", "cleaned" if no else "") for at, (who, no) in enumerate(rows)]
        with fresh_store(Path(name)) as store:
            check_agreement(store, written(Path(name), cells))


def test_faults_come_back_as_they_were(store: Store) -> None:
    keep(store, [row(2, "ana"), row(4, "ana"), RosterRow(9, "x…", reason="bad address", detail="no @")])
    assert store.subscribers.report().faults == (
        LeftOut(reason="duplicate", line=4, address="ana@reader.example", detail="already in line 2"),
        LeftOut(reason="bad address", line=9, address="x…", detail="no @"),
    )
