"""An office to send from, where nobody waits longer than a test has to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from digest.dispatch import lane, sender
from digest.record.location import url_of
from digest.record.store import Store
from tests.unit.dispatch.office import Office


@pytest.fixture(autouse=True)
def _brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "_LONGEST_NAP", timedelta(milliseconds=20))
    monkeypatch.setattr(lane, "_SHORT_NAP", timedelta(milliseconds=5))
    monkeypatch.setattr(sender, "_WATCH", 0.01)
    monkeypatch.setattr(sender, "_LOOK_AROUND", 0.02)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(url_of(tmp_path / "digest.db")) as opened:
        yield opened


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)
