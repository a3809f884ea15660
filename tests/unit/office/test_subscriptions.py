"""The two lists: what an operator sees of them and does to them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from digest.config.load import load
from digest.errors import ConfigurationError
from digest.model.readers import Act, Choice, Ground, Origin, Rhythm
from digest.office.subscriptions import NearMiss, Subscriptions
from digest.record.store import Store
from tests.unit.audience.reading import empty_store

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
PAGE = Origin(how="page")
SETTINGS = load(Path(__file__).resolve().parents[3] / "digest.toml", {})


class Desk:
    """A publication's lists in a folder."""

    def __init__(self, folder: Path, text: str = "email\n", *, provider: str = "outbox") -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.list = folder / "subscribers.csv"
        self.list.write_text(text, encoding="utf-8")
        (folder / "digest.db").write_bytes(empty_store())
        self.store = Store.open(f"sqlite:///{folder / 'digest.db'}")
        delivery = replace(SETTINGS.delivery, provider=provider)
        settings = replace(SETTINGS, subscribers=self.list, delivery=delivery)
        self.lists = Subscriptions(settings, self.store, lambda: NOW)

    def file(self, text: str, name: str = "other.csv") -> Path:
        path = self.folder / name
        path.write_bytes(text.encode())
        return path

    def export(self, *, everybody: bool = False) -> str:
        return "".join(self.lists.export(everybody=everybody))


def test_a_look_at_the_list_names_line_column_and_likely_slips(tmp_path: Path) -> None:
    rows = "E-Mail,Name,Status\nana@gmial.com,Ana,\nbo@reader.example,,\nno,,\ncy@reader.example,,cleaned\n"
    found = Desk(tmp_path, rows).lists.check()
    assert [(one.line, one.column, one.reason) for one in found.roster.faults] == [
        (4, "E-Mail", "bad address"),
        (5, "Status", "disabled"),
    ]
    assert found.near_misses == (NearMiss(line=2, address="ana@gmial.com", meant="gmail.com"),)


@pytest.mark.parametrize(("provider", "told"), [("smtp", 0), ("sendgrid", 1)])
def test_addresses_that_the_provider_cannot_take_are_told(tmp_path: Path, provider: str, told: int) -> None:
    assert (
        Desk(tmp_path, "email\nюзер@reader.example\nana@reader.example\n", provider=provider).lists.check().beyond_ascii
        == told
    )


def test_the_own_list_is_no_list_to_import(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with pytest.raises(ConfigurationError, match="own list"):
        desk.lists.take(desk.list, reason="moved")


def test_of_several_addresses_one_that_is_none_stops_all(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with pytest.raises(ConfigurationError, match="nobody"):
        desk.lists.suppress_all(["ana@reader.example", "nobody"], reason="by hand")
    assert desk.store.readers.ground_of("ana@reader.example") is None
    assert desk.lists.suppress_all(["ana@reader.example", "Ana@Reader.example"], reason="by hand") == 1
    assert desk.lists.suppress_all(["ana@reader.example", "bo@reader.example"], reason="by hand") == 1
    assert desk.store.readers.ground_of("bo@reader.example") is Ground.BY_HAND


def test_who_is_forgotten_is_told_to_stand_in_the_list_still(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "email\nana@reader.example\nbo@reader.example\n")
    done = desk.lists.forget("Bo@reader.example")
    assert (done.known, done.line) == (True, 3)
    assert desk.export() == "email,name,sections,language,rhythm,timezone\r\nana@reader.example,,,,weekly,\r\n"
    assert "bo@" not in desk.export(everybody=True)


def test_an_export_holds_who_gets_letters(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "email,name\nana@reader.example,=1+1\n+bo@reader.example,\ncy@reader.example,\n")
    desk.lists.check()
    desk.lists.suppress_all(["cy@reader.example"], reason="by hand")
    desk.store.suppressions.add("stranger@reader.example", "by hand", now=NOW)
    rows = list(csv.reader(io.StringIO(desk.export(), newline="")))
    assert [row[:2] for row in rows[1:]] == [["ana@reader.example", "'=1+1"], ["<+bo@reader.example>", ""]]
    everybody = list(csv.DictReader(io.StringIO(desk.export(everybody=True), newline="")))
    assert [row["status"] for row in everybody] == ["subscribed", "subscribed", "suppressed", "suppressed"]


def test_the_readership_is_counted_by_weeks(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "email\nana@reader.example\n")
    desk.lists.take(desk.file("email\nbo@reader.example\ncy@reader.example\n"), reason="moved")
    found = desk.lists.statistics()
    assert (found.census.readers, found.census.listed, found.census.signed_up) == (3, 1, 2)
    assert next(iter(found.weeks.items())) == (datetime(2026, 11, 16).date(), {Act.IMPORTED: 2})
    assert len(found.weeks) == 8


NAMES = st.text(st.sampled_from("aZß é'=+-@,;|\"\n<>"), max_size=8).map(lambda text: " ".join(text.split()))
SECTIONS = st.lists(st.sampled_from(["Courts", "Courts, cities", "=Odd", "+1; two", "a|b"]), unique=True, max_size=3)
PEOPLE = st.dictionaries(
    st.sampled_from(["ana@reader.example", "+bo@reader.example", "'=cy@reader.example", "юзер@reader.example"]),
    st.tuples(
        st.builds(
            Choice,
            sections=SECTIONS.map(tuple),
            rhythm=st.sampled_from(Rhythm),
            language=st.sampled_from(["", "es", "de"]),
            timezone=st.sampled_from(["", "Europe/Madrid"]),
            name=NAMES,
        ),
        st.none() | st.sampled_from([ground for ground in Ground if ground is not Ground.FORGOTTEN]),
    ),
)


@tried(max_examples=30, deadline=None)
@given(PEOPLE)
def test_an_export_of_everybody_makes_the_same_readers_elsewhere(
    people: dict[str, tuple[Choice, Ground | None]],
) -> None:
    with TemporaryDirectory() as name:
        here, there = Desk(Path(name) / "here"), Desk(Path(name) / "there")
        for address, (choice, ground) in people.items():
            here.store.readers.add(address, choice, Act.IMPORTED, PAGE, now=NOW)
            if ground:
                here.store.readers.suppress(address, ground, "said so", PAGE, at=NOW, now=NOW)
        there.lists.take(there.file(here.export(everybody=True)), reason="moved")
        got = {one.address: one.choice for one in there.store.readers.iterate() if one.gets_letters}
        grounds = {address: there.store.readers.ground_of(address) for address in people}
        here.store.close()
        there.store.close()
    assert got == {address: choice for address, (choice, ground) in people.items() if not ground}
    assert grounds == {address: ground for address, (_, ground) in people.items()}
