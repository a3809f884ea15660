"""The list: who is a reader, what is refused as a whole, and what a row comes to."""

from __future__ import annotations

import tracemalloc
from collections import deque
from pathlib import Path

import pytest

from digest.audience.roster import clean_name, stamp_of, stream_roster
from digest.errors import ConfigurationError
from digest.model import RosterRow, Subscriber
from tests.unit.audience.reading import Audience, read, roster, stream


def alone(path: Path) -> None:
    """Goes through the rows of a list without asking for its stamp, which is what a reading begins with."""
    deque(stream_roster(path), maxlen=0)


def test_a_reader_stands_once_and_the_first_row_counts(tmp_path: Path) -> None:
    audience = roster(tmp_path, "email,name\nana@example.com,Ana\nANA@example.com,Another\n")
    assert audience.readers == (Subscriber(address="ana@example.com", name="Ana"),)
    assert audience.left_out[0].detail == "already in line 2"


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff", "email,name\n", "name\n", "email", ",,\n;;\n"])
def test_an_empty_list_has_no_readers(tmp_path: Path, text: str) -> None:
    assert roster(tmp_path, text) == Audience(readers=())


@pytest.mark.parametrize("data", [b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1", b"%PDF-1.7\n"])
def test_another_kind_of_file_is_refused_with_what_to_do(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ConfigurationError, match=r"subscribers\.csv is a") as refusal:
        roster(tmp_path, data)
    assert "CSV" in refusal.value.hint


def test_a_missing_list_a_folder_and_no_column_of_addresses_are_said(tmp_path: Path) -> None:
    for way in (read, alone):
        with pytest.raises(ConfigurationError, match="there is no such file"):
            way(tmp_path / "nothing.csv")
        with pytest.raises(ConfigurationError, match="is a folder"):
            way(tmp_path)
        with pytest.raises(ConfigurationError, match="cannot be read"):
            way(Path("list\0.csv"))
    with pytest.raises(ConfigurationError, match=r"no column of addresses; its first line has name, city"):
        roster(tmp_path, "name,city\nAna,Lima\n")


def test_a_list_that_may_not_be_read_is_said(tmp_path: Path) -> None:
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)
    for way in (read, alone):
        with pytest.raises(ConfigurationError, match=r"loop\.csv cannot be read"):
            way(loop)


def test_a_stream_judges_each_row_by_itself(tmp_path: Path) -> None:
    text = (
        "email,name,topics,status\nAna@Docket.example,Ana,Courts; Cities,\nana@docket.example,,,cleaned\n,x,,\nb,,,\n\n"
    )
    assert stream(tmp_path, text) == [
        RosterRow(2, "ana@docket.example", "Ana", "Courts\nCities", "", "docket.example"),
        RosterRow(
            3,
            "ana@docket.example",
            domain="docket.example",
            reason="disabled",
            detail='status is "cleaned"',
            column="status",
            ground="bounced",
        ),
        RosterRow(4, "", reason="bad row", detail="the row has no address", column="email"),
        RosterRow(5, "b", reason="bad address", detail="An email address must have an @-sign.", column="email"),
    ]


def test_a_stream_needs_no_more_memory_for_a_longer_list(tmp_path: Path) -> None:
    """The file is eight times as large as the memory that is allowed."""
    path = tmp_path / "list.csv"
    line = "r{}@docket.example,Ana Sá,Courts; Cities," + "x" * 3000 + "\n"
    with path.open("w", encoding="utf-8") as file:
        file.write("email,name,topics,notes\n")
        file.writelines(line.format(number) for number in range(10_000))
    deque(stream_roster(path), maxlen=0)
    tracemalloc.start()
    try:
        last = deque(stream_roster(path), maxlen=1)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert last[0].line == 10_001
    assert peak < path.stat().st_size / 8


def test_a_list_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("email\nana@example.com\n", encoding="utf-8")
    rows = stream_roster(path)
    assert next(rows).address == "ana@example.com"
    with path.open("a", encoding="utf-8") as file:
        file.write("ben@example.com\n")
    with pytest.raises(ConfigurationError, match="changed while it was read"):
        deque(rows, maxlen=0)


def test_the_stamp_of_a_list_changes_with_its_content(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("email\nana@example.com\n", encoding="utf-8")
    first = stamp_of(path)
    assert stamp_of(path) == first
    path.write_text("email\neve@example.com\n", encoding="utf-8")
    assert stamp_of(path) != first
    with pytest.raises(ConfigurationError, match="there is no such file"):
        stamp_of(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("  Ana   Sá ", "Ana Sá"),
        ("Eve\r\nBcc: victim@example.com", "Eve Bcc: victim@example.com"),
        ("Eve\u2028Bcc", "Eve Bcc"),
        ("Ana\x00\x1b[31m", "Ana [31m"),
        ("\u202eanA", "anA"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("山田\u3000えみ", "山田 えみ"),
        ("👩\u200d⚖️ Ana", "👩\u200d⚖️ Ana"),
        ("x" * 5000, "x" * 200),
    ],
)
def test_a_name_is_one_clean_line(written: str, name: str) -> None:
    assert clean_name(written) == name


def test_what_is_shown_of_a_bad_row_is_short_and_harmless(tmp_path: Path) -> None:
    audience = roster(tmp_path, f'email\n"ana\x1b[2J\n@example.com"\n{"x" * 900}\n')
    assert [row.address.isprintable() and len(row.address) <= 100 for row in audience.left_out] == [True, True]
