"""The list: who is a reader, who is left out and why."""

from __future__ import annotations

import csv
import tracemalloc
import zoneinfo
from collections import deque
from pathlib import Path

import pytest

from digest.audience import read_roster
from digest.audience.roster import clean_name, stamp_of, stream_roster
from digest.errors import ConfigurationError
from digest.model import Audience, RosterRow, Subscriber

HEADINGS = [
    *("email", " EMAIL ", "E-Mail", "e_mail", "Email Address", "E-Mail-Adresse", "Adresse e-mail", "Courriel"),
    *("Correo electrónico", "Dirección de correo electrónico", "E-mail 1 - Value", "@mail", "電子メール", "Abonnés"),
]


def roster(folder: Path, text: str | bytes) -> Audience:
    path = folder / "subscribers.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_roster(path)


def stream(folder: Path, text: str) -> list[RosterRow]:
    path = folder / "subscribers.csv"
    path.write_text(text, encoding="utf-8")
    return list(stream_roster(path))


def addresses(audience: Audience) -> list[str]:
    return [reader.address for reader in audience.readers]


def reasons(audience: Audience) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in audience.left_out]


@pytest.mark.parametrize("heading", HEADINGS)
def test_the_column_of_addresses_is_found_by_its_name_or_by_looking(tmp_path: Path, heading: str) -> None:
    audience = roster(tmp_path, f"city,{heading},plan\nLima,ana@example.com,free\nOslo,ben@example.com,\n")
    assert addresses(audience) == ["ana@example.com", "ben@example.com"]
    assert not audience.left_out


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("name", "Ana Sá", "Ana Sá"),
        ("full name,first name", "Ana Sá,Ana", "Ana Sá"),
        ("First Name,Last Name", "Ana,Sá", "Ana Sá"),
        ("Last_Name,FIRST NAME", "Sá,Ana", "Ana Sá"),
        ("First Name,Last Name", ",Sá", "Sá"),
        ("Nombre,Apellidos", "Ana,Sá", "Ana Sá"),
        ("Nom,Prénom", "Sá,Ana", "Ana Sá"),
        ("Vorname,Name", "Ana,Sá", "Ana Sá"),
        ("Vorname,Nachname", "Ana,Sá", "Ana Sá"),
        ("first name", "Ana", "Ana"),
        ("Vorname", "Ana", "Ana"),
        ("surname", "Sá", "Sá"),
        ("city", "Lima", ""),
    ],
)
def test_names_are_put_together(tmp_path: Path, header: str, row: str, name: str) -> None:
    (reader,) = roster(tmp_path, f"email,{header}\nana@example.com,{row}\n").readers
    assert reader.name == name


@pytest.mark.parametrize("written", ["National; Courts", '"National, Courts"', "National | Courts|national|"])
def test_categories_are_split_however_they_are_separated(tmp_path: Path, written: str) -> None:
    (reader,) = roster(tmp_path, f"email,Categories\nana@example.com,{written}\n").readers
    assert {category.casefold() for category in reader.categories} == {"national", "courts"}
    assert len(reader.categories) == 2


def test_a_list_without_a_header_is_read_from_its_first_line(tmp_path: Path) -> None:
    audience = roster(tmp_path, "Mel;mel@example.com\nBen;ben@example.com\n")
    assert addresses(audience) == ["mel@example.com", "ben@example.com"]


def test_a_first_line_that_tries_to_be_an_address_is_not_taken_for_a_header(tmp_path: Path) -> None:
    audience = roster(tmp_path, "ana@\nben@example.com\n")
    assert addresses(audience) == ["ben@example.com"]
    assert reasons(audience) == [(1, "bad address")]


def test_names_with_addresses_in_angle_brackets_are_taken_apart(tmp_path: Path) -> None:
    audience = roster(tmp_path, "Ana Sá <Ana@example.com> \n<ben@example.com>\n")
    assert audience.readers == (
        Subscriber(address="ana@example.com", name="Ana Sá"),
        Subscriber(address="ben@example.com"),
    )


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_excels_own_first_line_names_the_delimiter(tmp_path: Path, first: str) -> None:
    audience = roster(tmp_path, f"{first}\r\nemail;name, city\r\nana@example.com;Ana, Lima\r\n")
    assert addresses(audience) == ["ana@example.com"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way_and_keep_their_numbers(tmp_path: Path, end: str) -> None:
    lines = ["", "email,name", 'ana@example.com,"Ana', 'Sá"', "", "nobody,x", ",,", "ben@example.com,Ben"]
    audience = roster(tmp_path, end.join(lines))
    assert addresses(audience) == ["ana@example.com", "ben@example.com"]
    assert reasons(audience) == [(6, "bad address")]
    assert audience.readers[0].name == "Ana Sá"


def test_spaces_before_quoted_cells_do_no_harm(tmp_path: Path) -> None:
    audience = roster(tmp_path, 'name, email\n"Sá, Ana", "ana@example.com"\n')
    assert audience.readers == (Subscriber(address="ana@example.com", name="Sá, Ana"),)


@pytest.mark.parametrize(
    "broken",
    ['ana@example.com,"Ana', '"ana@example.com,Ana', 'ana@example.com,"Ana "the judge" Sá"', 'ana@example.com,Ana"'],
)
def test_a_quotation_mark_gone_wrong_swallows_nobody(tmp_path: Path, broken: str) -> None:
    rest = [f'r{number}@example.com,"Reader ""{number}"""' for number in range(50)]
    audience = roster(tmp_path, "\n".join(["email,name", broken, *rest, ""]))
    assert addresses(audience) == ["ana@example.com", *(f"r{number}@example.com" for number in range(50))]
    assert audience.readers[-1].name == 'Reader "49"'


def test_many_lines_with_wrong_quotation_marks_are_still_read_in_one_go(tmp_path: Path) -> None:
    audience = roster(tmp_path, "email,name\n" + "".join(f'r{n}@example.com,"a" b\n' for n in range(20_000)))
    assert len(audience.readers) == 20_000


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("email_disabled", "true"),
        ("Unsubscribed", "yes"),
        ("opted_out", "1"),
        ("UNSUB_TIME", "2026-11-02 10:00:00"),
        ("CLEAN_TIME", "2026-11-02"),
        ("MEMBER_STATUS", "Unsubscribed"),
        ("status", "cleaned"),
        ("Status", "Bounced"),
        ("status", "non-subscribed"),
        ("status", "pending"),
        ("subscribed_to_emails", "false"),
        ("Accepts Email Marketing", "no"),
        ("deleted_at", "2026-01-01"),
    ],
)
def test_who_said_no_gets_no_letter(tmp_path: Path, column: str, value: str) -> None:
    audience = roster(tmp_path, f"email,{column}\nana@example.com,{value}\nben@example.com,\n")
    assert addresses(audience) == ["ben@example.com"]
    (row,) = audience.left_out
    assert (row.reason, row.line, row.address) == ("disabled", 2, "ana@example.com")
    assert value in row.detail


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("email_disabled", "false"),
        ("unsubscribed", "No"),
        ("unsubscribed", "0"),
        ("UNSUB_TIME", "-"),
        ("status", "subscribed"),
        ("status", "active"),
        ("state", "CA"),
        ("subscribed", "TRUE"),
        ("subscribed", ""),
        ("active_subscription", "false"),
        ("OPTIN_TIME", ""),
    ],
)
def test_who_did_not_say_no_keeps_the_letter(tmp_path: Path, column: str, value: str) -> None:
    assert addresses(roster(tmp_path, f"email,{column}\nana@example.com,{value}\n")) == ["ana@example.com"]


@pytest.mark.parametrize("order", [("true", "false", "false"), ("false", "true", "false"), ("false", "false", "true")])
def test_one_no_holds_for_every_row_of_the_address(tmp_path: Path, order: tuple[str, ...]) -> None:
    rows = "".join(f"Ana@example.com,{disabled}\n" for disabled in order)
    audience = roster(tmp_path, f"email,email_disabled\n{rows}ben@example.com,false\n")
    assert addresses(audience) == ["ben@example.com"]
    assert [row.line for row in audience.left_out] == [2, 3, 4]
    assert all(row.reason in {"disabled", "duplicate"} for row in audience.left_out)


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
    with pytest.raises(ConfigurationError, match="there is no such file"):
        read_roster(tmp_path / "nothing.csv")
    with pytest.raises(ConfigurationError, match="is a folder"):
        read_roster(tmp_path)
    with pytest.raises(ConfigurationError, match=r"no column of addresses; its first line has name, city"):
        roster(tmp_path, "name,city\nAna,Lima\n")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_roster(Path("list\0.csv"))


def test_a_list_that_may_not_be_read_is_said(tmp_path: Path) -> None:
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)
    with pytest.raises(ConfigurationError, match=r"loop\.csv cannot be read"):
        read_roster(loop)


@pytest.mark.parametrize("heading", ["timezone", "Time Zone", "TIMEZONE", "tz", "Zeitzone", "Fuseau horaire"])
@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" America/New_york ", "America/New_York"),
        ("america/los angeles", "America/Los_Angeles"),
        ("UTC", "UTC"),
        ("", ""),
    ],
)
def test_a_time_zone_is_found_by_its_name(tmp_path: Path, heading: str, written: str, zone: str) -> None:
    (row,) = stream(tmp_path, f"email,{heading}\nana@example.com,{written}\n")
    assert row.timezone == zone
    assert not row.detail
    assert not zone or zoneinfo.ZoneInfo(row.timezone).key == zone


@pytest.mark.parametrize("written", ["Mars/Olympus", "localtime", "Factory", "../../etc/passwd", "GMT+25", "\x1b[2J"])
def test_a_time_zone_that_nobody_knows_is_said_and_costs_no_letter(tmp_path: Path, written: str) -> None:
    (row,) = stream(tmp_path, f"email,timezone\nana@example.com,{written}\n")
    assert (row.address, row.timezone, row.reason) == ("ana@example.com", "", "")
    assert row.detail.startswith('there is no time zone "')
    assert row.detail.isprintable()


def test_a_stream_judges_each_row_by_itself(tmp_path: Path) -> None:
    text = (
        "email,name,topics,status\nAna@Docket.example,Ana,Courts; Cities,\nana@docket.example,,,cleaned\n,x,,\nb,,,\n\n"
    )
    assert stream(tmp_path, text) == [
        RosterRow(2, "ana@docket.example", "Ana", "Courts\nCities", "", "docket.example"),
        RosterRow(3, "ana@docket.example", domain="docket.example", reason="disabled", detail='status is "cleaned"'),
        RosterRow(4, "", reason="bad row", detail="the row has no address"),
        RosterRow(5, "b", reason="bad address", detail="An email address must have an @-sign."),
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


def test_the_limit_of_the_csv_module_is_put_back(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    audience = roster(tmp_path, f'email,notes\nana@example.com,"{"x" * (before + 10)}"\nben@example.com,\n')
    assert len(audience.readers) == 2
    assert csv.field_size_limit() == before


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
