"""A file read in blocks comes to the same text as one read whole, and nobody reads half of one being written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.audience import lines
from digest.audience.lines import content_of, examine
from digest.errors import ConfigurationError
from tests.unit.audience.whole import OTHER_KINDS, decode, in_blocks

PIECES = [
    b"ana,",
    b"\r",
    b"\n",
    b"\r\n",
    "é".encode(),
    "é".encode("cp1252"),
    "Дмитрий".encode("cp1251"),
    b"\xff",
    b"\0",
]


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(lines, "_BLOCK", 7)
    yield


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=30).map(b"".join), st.sampled_from([3, 64]))
def test_any_bytes_are_read_as_they_are_when_read_whole(data: bytes, block: int) -> None:
    if data.startswith(OTHER_KINDS):
        return
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(lines, "_BLOCK", block)
        path = Path(folder) / "list.csv"
        path.write_bytes(data)
        assert in_blocks(path) == decode(data)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_lines_are_whole_however_small_the_blocks(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("ana;Ana Sá\r\nben;José Núñez\rcleo;Günter Weiß\n".encode(encoding))
    with examine(path).opened() as blocks:
        whole = list(blocks)
    assert list(chain.from_iterable(whole)) == ["ana;Ana Sá\r\n", "ben;José Núñez\r", "cleo;Günter Weiß\n"]
    assert len(whole) > 1


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"ben@example.com\n")


def touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def replace(path: Path) -> None:
    path.with_name("new.csv").write_bytes(path.read_bytes())
    path.with_name("new.csv").replace(path)


@pytest.mark.parametrize("change", [append, touch])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, change: object) -> None:
    assert callable(change)
    path = tmp_path / "list.csv"
    path.write_bytes(b"ana@example.com\n")
    file = examine(path)
    with pytest.raises(ConfigurationError, match="changed while it was read"), file.opened() as blocks:
        next(blocks)
        change(path)


@pytest.mark.parametrize("change", [append, touch, replace])
def test_a_file_that_changed_since_it_was_examined_is_refused(tmp_path: Path, change: object) -> None:
    assert callable(change)
    path = tmp_path / "list.csv"
    path.write_bytes(b"ana@example.com\n")
    file = examine(path)
    change(path)
    with pytest.raises(ConfigurationError, match="changed while it was read"), file.opened():
        pass


def test_the_stamp_is_that_of_the_content_alone(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"ana@example.com\n")
    before, status = content_of(path), path.stat()
    touch(path)
    assert content_of(path) == before
    path.write_bytes(b"eve@example.com\n")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert content_of(path) != before


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    os.mkfifo(path)
    keeps_it_open = os.open(path, os.O_RDWR)
    try:
        with pytest.raises(ConfigurationError, match="is no file but a pipe"):
            examine(path)
        with pytest.raises(ConfigurationError, match="is no file but a pipe"):
            content_of(path)
    finally:
        os.close(keeps_it_open)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file at hand that cannot be read")
def test_a_file_that_the_disk_does_not_give_is_said() -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        content_of(Path("/proc/self/mem"))
