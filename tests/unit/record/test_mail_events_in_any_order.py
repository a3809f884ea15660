"""Events in any order, in any bundles and however often, come to the same; a reader's yes among them too."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model.readers import EventKind, MailEvent
from digest.record.location import url_of
from digest.record.store import Store
from tests.unit.record.newsroom import listed
from tests.unit.record.returns import FIRST, LATER, TRACKED, WEEK, confirmed, event, everything, keep, sent

WEEKS = range(8)
READERS = range(1, 4)
MANY = range(1, 31)
KINDS = [*EventKind, *[EventKind.SOFT_BOUNCE] * 4, *[EventKind.DELIVERED] * 4]

Made = Callable[[Path], None]


def a_few_readers(path: Path) -> None:
    """Eight issues to three readers; what became of the letters of the last two is in doubt."""
    with Store.open(url_of(path)) as store:
        listed(store, len(READERS))
        for week in WEEKS:
            sent(store, week, READERS, "unknown" if week > 5 else "accepted")


def many_readers(path: Path) -> None:
    """An issue to thirty readers."""
    with Store.open(url_of(path)) as store:
        listed(store, len(MANY))
        sent(store, 0, MANY)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Made], Path]:
    """The file of a store, to be copied for each try."""
    files: dict[Made, Path] = {}

    def file_of(make: Made) -> Path:
        if make not in files:
            files[make] = tmp_path_factory.mktemp("made") / "digest.db"
            make(files[make])
        return files[make]

    return file_of


def after(file: Path, do: Callable[[Store], None]) -> dict[str, list[tuple[Any, ...]]]:
    """What the store says after something was done to a copy of it."""
    with TemporaryDirectory() as folder:
        copy = Path(shutil.copy(file, folder))
        with Store.open(url_of(copy)) as store:
            do(store)
            return everything(store)


def told(bundles: Sequence[Sequence[MailEvent]]) -> Callable[[Store], None]:
    def do(store: Store) -> None:
        for bundle in bundles:
            keep(store, *bundle, rules=TRACKED, now=LATER)

    return do


def in_bundles(data: st.DataObject, events: Sequence[MailEvent]) -> list[Sequence[MailEvent]]:
    """The same events in another order, some of them twice, cut into bundles."""
    repeats = data.draw(st.lists(st.sampled_from(events), max_size=5)) if events else []
    shuffled = data.draw(st.permutations([*events, *repeats]))
    size = data.draw(st.integers(1, 6))
    return [shuffled[at : at + size] for at in range(0, len(shuffled), size)]


SINGLE = st.lists(
    st.builds(
        lambda whom, kind, week, hours: event(
            whom, kind, week, at=FIRST + week * WEEK + timedelta(hours=hours), words=kind.value
        ),
        st.sampled_from(READERS),
        st.sampled_from(KINDS),
        st.sampled_from(WEEKS),
        st.integers(1, 60),
    ),
    max_size=12,
)
ROWS = st.builds(
    lambda whom, first, last, reached: [
        *(event(whom, EventKind.SOFT_BOUNCE, week) for week in range(first, last)),
        *(event(whom, EventKind.DELIVERED, week) for week in reached),
    ],
    st.sampled_from(READERS),
    st.integers(0, 1),
    st.integers(6, 8),
    st.lists(st.sampled_from(WEEKS), max_size=1),
)
"""Somebody who is out of reach for weeks, or is reached in between; chance alone hardly ever draws one."""

EVENTS = st.builds(lambda row, single: [*row, *single], ROWS, SINGLE)


@given(EVENTS, st.data())
@settings(max_examples=25)
def test_in_any_order(made: Callable[[Made], Path], events: list[MailEvent], data: st.DataObject) -> None:
    file = made(a_few_readers)
    assert after(file, told(in_bundles(data, events))) == after(file, told([events]))


@given(EVENTS, st.sampled_from(READERS), st.integers(1, 8 * 7 * 24), st.data())
@settings(max_examples=25)
def test_with_a_yes_among_them(
    made: Callable[[Made], Path], events: list[MailEvent], whom: int, hours: int, data: st.DataObject
) -> None:
    """What is told before the yes has happened before it; of what is told after, anything may have."""
    file, yes_at = made(a_few_readers), FIRST + timedelta(hours=hours)
    past = [each for each in events if each.at < yes_at]
    early = data.draw(st.lists(st.sampled_from(past), unique_by=id)) if past else []
    late = [each for each in events if each not in early]

    def come_early_and_late(store: Store) -> None:
        told(in_bundles(data, early))(store)
        confirmed(store, whom, yes_at)
        told(in_bundles(data, late))(store)

    assert after(file, come_early_and_late) == after(file, as_they_happened(events, whom, yes_at))


def as_they_happened(events: Sequence[MailEvent], whom: int, yes_at: datetime) -> Callable[[Store], None]:
    def do(store: Store) -> None:
        told([[each] for each in sorted(events, key=lambda one: one.at) if each.at < yes_at])(store)
        confirmed(store, whom, yes_at)
        told([[each] for each in sorted(events, key=lambda one: one.at) if each.at >= yes_at])(store)

    return do


@given(st.data(), st.integers(10, 22))
@settings(max_examples=10)
def test_bounces_of_most_readers(made: Callable[[Made], Path], data: st.DataObject, gone: int) -> None:
    file = made(many_readers)
    events = [event(whom, EventKind.HARD_BOUNCE if whom <= gone else EventKind.DELIVERED) for whom in MANY]
    found = after(file, told(in_bundles(data, events)))
    assert found == after(file, told([events]))
    assert len(found["suppressions"]) == (gone if gone <= 15 else 0)
