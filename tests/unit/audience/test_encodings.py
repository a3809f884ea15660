"""Whatever the spreadsheet, the same readers come back."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import ConfigurationError
from digest.model import Subscriber
from tests.unit.audience.reading import Audience, addresses, empty_store, read, roster
from tests.unit.audience.whole import OTHER_KINDS, in_blocks

LATIN = [
    "Ana Sá",
    "Björn Åkesson",
    "Chloé O'Neil",
    "José Núñez",
    "Günter Weiß",
    "Renée",
    "Çelik",
    "François",
    "Åsa",
    "Þór Ægisson",
    "Ñoño",
    "Øyvind",
]
CYRILLIC = ["Дмитрий", "Анна Петрова", "Юрий", "Пётр Щукин", "Євген", "Андрій Шевченко", "Dr Иван", "Я"]

names = st.text(st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S"]), min_size=1, max_size=30)
readers = st.lists(
    st.tuples(st.from_regex(r"[a-z][a-z0-9]{0,8}\.[a-z]{1,8}@[a-z]{2,8}\.example", fullmatch=True), names),
    min_size=1,
    max_size=12,
    unique_by=lambda reader: reader[0],
)
delimiters = st.sampled_from([",", ";", "\t", "|"])
quotings = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
ends = st.sampled_from(["\n", "\r\n"])


@pytest.fixture(scope="module", autouse=True)
def store_is_made() -> None:
    """Before the examples of a property begin: each of them has a deadline."""
    empty_store()


def written(rows: list[tuple[str, str]], delimiter: str, end: str, quoting: int) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([("email", "name"), *rows])
    return out.getvalue()


def audience_of(data: bytes) -> Audience:
    with TemporaryDirectory() as folder:
        return roster(Path(folder), data)


def decoded(data: bytes) -> tuple[str, str]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(data)
        return in_blocks(path)


def reread(data: bytes) -> list[tuple[str, str]]:
    audience = audience_of(data)
    assert not audience.left_out
    return [(reader.address, reader.name) for reader in audience.readers]


@settings(max_examples=200)
@given(readers, delimiters, ends, quotings, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_every_unicode_list_comes_back(
    rows: list[tuple[str, str]], delimiter: str, end: str, quoting: int, encoding: str
) -> None:
    assert reread(written(rows, delimiter, end, quoting).encode(encoding)) == rows


@settings(max_examples=60)
@given(
    st.sampled_from([("cp1252", LATIN), ("cp1251", CYRILLIC)]).flatmap(
        lambda pair: st.tuples(st.just(pair[0]), st.lists(st.sampled_from(pair[1]), min_size=1, max_size=8))
    ),
    delimiters,
    ends,
)
def test_lists_of_old_encodings_come_back(chosen: tuple[str, list[str]], delimiter: str, end: str) -> None:
    encoding, people = chosen
    rows = [(f"r{at}@example.com", name) for at, name in enumerate(people)]
    assert reread(written(rows, delimiter, end, csv.QUOTE_MINIMAL).encode(encoding)) == rows


@given(st.binary(max_size=400))
def test_no_bytes_at_all_stop_the_reading(data: bytes) -> None:
    if data.startswith(OTHER_KINDS):
        return
    text, encoding = decoded(data)
    assert isinstance(text, str)
    assert "".encode(encoding) is not None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_recognised(encoding: str) -> None:
    text = "email\tname\r\nana@example.com\tAna Sá\r\ndmitri@example.com\tДмитрий\r\n"
    assert decoded(text.encode(encoding)) == (text, encoding)


def test_lists_of_two_encodings_put_together_keep_every_name(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    ours = "email,name\nana@example.com,Ana Sá\ndmitri@example.com,Дмитрий\nemi@example.com,山田えみ\n"
    path.write_bytes(ours.encode() + "bjorn@example.com,Björn Åkesson\n".encode("cp1252"))
    assert [reader.name for reader in read(path).readers] == ["Ana Sá", "Дмитрий", "山田えみ", "Björn Åkesson"]


def test_bytes_that_no_encoding_knows_do_not_cost_a_reader(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"email,name\nana@example.com,\x81\x8d\x8f\xff\nben@example.com,Ben\n")
    audience = read(path)
    assert addresses(audience) == ["ana@example.com", "ben@example.com"]
    assert audience.readers[1] == Subscriber(address="ben@example.com", name="Ben")


@given(st.binary(max_size=300) | st.text('ab@.,;|"\n\r\t\0 ', max_size=200).map(str.encode))
def test_no_file_stops_the_reading_with_a_traceback(data: bytes) -> None:
    for head in (b"", b"email,name\n", b"sep=;\n"):
        with suppress(ConfigurationError):
            assert all(reader.address.isascii() for reader in audience_of(head + data).readers)
