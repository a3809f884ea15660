"""Lists as spreadsheets and services write them, against what their makers say is in them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from digest.audience.table import read_table
from digest.errors import ConfigurationError
from tests.unit.audience.reading import by_column, read

LISTS = Path(__file__).resolve().parents[3].parent / "shared" / "corpora" / "csv"
if not LISTS.is_dir():
    pytest.skip("the corpora are not beside the repository", allow_module_level=True)

EXPECTED: list[dict[str, Any]] = json.loads((LISTS / "expected.json").read_text(encoding="utf-8"))
READERS = [one for one in EXPECTED if "emails" in one]
TABLES = [one for one in EXPECTED if "rows" in one]
REFUSED = [one for one in EXPECTED if "rows" in one or one.get("error")]


def by_file(expected: dict[str, Any]) -> str:
    return str(expected["file"])


@pytest.mark.parametrize("expected", READERS, ids=by_file)
def test_every_reader_is_found_in_order(expected: dict[str, Any]) -> None:
    disabled = set(expected.get("disabled", ()))
    readers = [reader.address for reader in read(LISTS / expected["file"]).readers]
    assert readers == [address for address in expected["emails"] if address not in disabled]


@pytest.mark.parametrize("expected", READERS, ids=by_file)
def test_every_row_left_out_has_its_reason(expected: dict[str, Any]) -> None:
    left_out = read(LISTS / expected["file"]).left_out
    reasons = Counter(row.reason for row in left_out)
    assert reasons["bad row"] + reasons["bad address"] == expected.get("bad_rows", 0)
    assert reasons["duplicate"] == expected.get("duplicates", 0)
    assert {row.address for row in left_out if row.reason == "disabled"} == set(expected.get("disabled", ()))
    assert all(row.line > 0 and row.detail for row in left_out)


@pytest.mark.parametrize("expected", READERS, ids=by_file)
def test_no_name_can_break_a_mail_header(expected: dict[str, Any]) -> None:
    assert all(reader.name.isprintable() for reader in read(LISTS / expected["file"]).readers)


@pytest.mark.parametrize("expected", READERS + TABLES, ids=by_file)
def test_encoding_delimiter_and_header_are_recognised(expected: dict[str, Any]) -> None:
    table = read_table(LISTS / expected["file"])
    assert bool(table.header) == expected["header"]
    assert table.delimiter == (expected["delimiter"] or ",")
    assert table.encoding == expected["encoding"]


@pytest.mark.parametrize("expected", TABLES, ids=by_file)
def test_every_cell_is_read(expected: dict[str, Any]) -> None:
    assert by_column(LISTS / expected["file"]) == expected["rows"]


@pytest.mark.parametrize("expected", REFUSED, ids=by_file)
def test_a_file_without_addresses_is_refused(expected: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=expected["file"]) as refusal:
        read(LISTS / expected["file"])
    assert refusal.value.hint


@pytest.mark.parametrize("expected", [one for one in EXPECTED if one not in REFUSED], ids=by_file)
def test_what_must_be_taken_is_taken_and_what_must_not_is_not(expected: dict[str, Any]) -> None:
    audience = read(LISTS / expected["file"])
    known = {reader.address for reader in audience.readers} | {row.address for row in audience.left_out}
    assert known >= set(expected.get("emails", ())) | set(expected.get("must_accept", ()))
    assert not {reader.address for reader in audience.readers} & set(expected.get("must_reject", ()))
