"""A store to begin from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.record.location import url_of
from digest.record.store import Store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "digest.db"


@pytest.fixture
def url(file: Path) -> str:
    return url_of(file)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened
