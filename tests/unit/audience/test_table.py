"""Rows and cells as spreadsheets write them: delimiters, line ends, quotation marks."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from digest.model import Subscriber
from tests.unit.audience.reading import addresses, by_column, reasons, roster


def test_every_cell_of_a_table_can_be_had_by_the_name_of_its_column(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('a,b\n1\n"2\n",3,4\n', encoding="utf-8")
    assert by_column(path) == [{"a": "1", "b": ""}, {"a": "2\n", "b": "3"}]


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


def test_the_limit_of_the_csv_module_is_put_back(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    audience = roster(tmp_path, f'email,notes\nana@example.com,"{"x" * (before + 10)}"\nben@example.com,\n')
    assert len(audience.readers) == 2
    assert csv.field_size_limit() == before
