"""Records come out of blocks of lines as they went in, and a bad quotation mark costs no more than its own line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.audience import records as room
from digest.audience.records import Dialect, records

COMMA = Dialect(delimiter=",")

cells = st.text(st.sampled_from('ab",;\n\r '), max_size=6)
tables = st.lists(st.lists(cells, min_size=1, max_size=3).filter(lambda row: row != [""]), max_size=12)


def split(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


def cut(lines: list[str], at: list[int]) -> list[list[str]]:
    places = sorted({0, len(lines), *(place for place in at if place < len(lines))})
    return [lines[start:end] for start, end in pairwise(places)]


@given(tables, st.lists(st.integers(0, 30), max_size=6))
def test_what_was_written_is_read_wherever_the_blocks_are_cut(rows: list[list[str]], places: list[int]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    assert [found for _, found in records(cut(split(out.getvalue()), places), COMMA)] == rows


@given(st.text(st.sampled_from('ab",\n'), max_size=60), st.lists(st.integers(0, 30), max_size=6))
def test_where_the_blocks_are_cut_makes_no_difference(text: str, places: list[int]) -> None:
    lines = split(text)
    assert list(records(cut(lines, places), COMMA)) == list(records([lines], COMMA))


def test_a_record_has_the_number_of_its_first_line() -> None:
    blocks = [['a,"1\n'], ['2"\n', "\n", "b,3\n"], ["c,4\n"]]
    assert list(records(blocks, COMMA, 5)) == [
        (5, ["a", "1\n2"]),
        (7, []),
        (8, ["b", "3"]),
        (9, ["c", "4"]),
    ]


def test_a_mark_that_nobody_closes_costs_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_LONGEST", 1000)
    blocks = [['a,"open\n', *(f"r{number},x\n" for number in range(block, block + 50))] for block in (0, 50, 100, 150)]
    blocks[1:] = [block[1:] for block in blocks[1:]]
    found = [row[1] for row in records(blocks, COMMA)]
    assert found == [["a", "open"], *([f"r{number}", "x"] for number in range(200))]


def test_a_mark_that_nobody_closes_does_not_bring_the_whole_file_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_LONGEST", 1000)
    read = 0

    def blocks() -> Iterator[list[str]]:
        nonlocal read
        yield ['a,"open\n']
        for read in range(10_000):
            yield [f"r{read},x\n"]

    rows = records(blocks(), COMMA)
    assert [next(rows)[1] for _ in range(3)] == [["a", "open"], ["r0", "x"], ["r1", "x"]]
    assert read < 1000


def test_a_file_in_which_every_line_opens_a_record_is_gone_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = 0
    whole = csv.reader

    def counting(lines: object, **kinds: object) -> object:
        nonlocal seen
        taken = list(lines)  # type: ignore[call-overload]
        seen += len(taken) if len(taken) > 1 else 0
        return whole(taken, **kinds)  # type: ignore[call-overload]

    monkeypatch.setattr(csv, "reader", counting)
    blocks = [
        [f'r{number}@example.com","Ana\n' for number in range(start, start + 500)] for start in range(0, 5000, 500)
    ]
    found = [cells[0] for _, cells in records(blocks, COMMA)]
    assert found == [f"r{number}@example.com" for number in range(5000)]
    assert seen < 20 * 5000


@pytest.mark.parametrize("long", ["x" * (room._LONGEST + 5), '"' + "x" * (room._LONGEST + 5) + '"'])
def test_a_cell_beyond_all_limits_costs_no_other_line(long: str) -> None:
    found = list(records([["a,1\n", f"b,{long}\n", "c,3\n"]], COMMA))
    assert [cells[0] for _, cells in found] == ["a", "b", "c"]
    assert found[1][1][1] == long.strip('"')
