"""An issue that goes to a segment: who gets a letter, what is noted, and what is fixed when it begins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.audience.segment_reading import read_segment
from digest.audience.segments import judge_of, selection_of
from digest.errors import RecordError
from digest.model import LetterState
from digest.model.ledger import NOT_IN_SEGMENT
from digest.model.readers import Choice
from digest.model.segments import Segment, Selection
from digest.record.ledger_plan import MONTHLY, TOO_LITTLE
from digest.record.location import url_of
from digest.record.reader_rows import choice_columns
from digest.record.store import Store
from tests.unit.audience.segments import CHOICES, KNOWN, SEGMENTS
from tests.unit.record.newsroom import ISSUE, NOW, OTHER, composed, counts, in_the_rows, letters, listed, row
from tests.unit.record.test_readers import joined


def selection(store: Store, segment: Segment | str) -> Selection:
    read = read_segment(segment, KNOWN) if isinstance(segment, str) else segment
    return selection_of(read, KNOWN, store.subscribers.choices())


def planned(store: Store, segment: Segment | str, day: str = ISSUE) -> dict[str, int]:
    composed(store, day)
    assert store.ledger.plan(day, now=NOW, selection=selection(store, segment))
    assert in_the_rows(store, day) == counts(store, day)
    return counts(store, day)


@pytest.fixture
def readers(store: Store) -> None:
    listed(
        store,
        [
            row(1),
            row(2, language="es"),
            row(3, language="es", categories="Environment"),
            row(4, categories="In brief"),
            row(5, language="es", categories="In brief", rhythm="monthly"),
        ],
    )


@pytest.mark.usefixtures("readers")
def test_only_its_readers_get_a_letter_and_the_others_are_told_why(store: Store) -> None:
    assert planned(store, "section:Environment and language:es") == {"owed": 2, "left_out": 3}
    assert store.ledger.words(ISSUE, LetterState.LEFT_OUT) == {NOT_IN_SEGMENT: 3}
    assert [one.name for one in store.subscribers.sample_of(ISSUE, 9)] == ["Reader 2", "Reader 3"]
    record = store.issues.record(ISSUE)
    assert record and record.segment == "section:Environment and language:es"
    (letter,) = store.ledger.letters_to(row(1).address)
    assert (letter.words, letter.segment) == (NOT_IN_SEGMENT, record.segment)


@pytest.mark.usefixtures("readers")
def test_who_joined_beside_the_file_is_in_it_and_who_said_no_is_not(store: Store) -> None:
    joined(store, choice=Choice(language="es"))
    store.suppressions.add(row(2).address, "asked", now=NOW)
    assert planned(store, "language:es") == {"owed": 3, "left_out": 3}
    assert store.ledger.words(ISSUE, LetterState.LEFT_OUT) == {NOT_IN_SEGMENT: 2, "suppressed": 1}


@pytest.mark.usefixtures("readers")
def test_too_little_in_the_chosen_sections_still_counts(store: Store) -> None:
    composed(store)
    store.ledger.plan(ISSUE, now=NOW, selection=selection(store, "language:es"), choices={("Environment",): None})
    assert counts(store) == {"owed": 2, "left_out": 3}
    assert store.ledger.words(ISSUE, LetterState.LEFT_OUT) == {NOT_IN_SEGMENT: 2, TOO_LITTLE: 1}


@pytest.mark.usefixtures("readers")
def test_another_plan_and_another_make_up_forget_it_until_it_begins(store: Store) -> None:
    planned(store, "language:es")
    store.ledger.plan(ISSUE, now=NOW)
    assert counts(store) == {"owed": 5}
    planned(store, "language:es")
    composed(store)
    record = store.issues.record(ISSUE)
    assert record and record.segment == ""


@pytest.mark.usefixtures("readers")
def test_who_planned_it_for_other_readers_does_not_begin_it(store: Store) -> None:
    planned(store, "language:es")
    with pytest.raises(RecordError, match="to other readers"):
        store.issues.mark_sending(ISSUE)
    store.issues.mark_sending(ISSUE, segment="language:es")
    assert not store.ledger.plan(ISSUE, now=NOW, selection=selection(store, "not language:es"))
    record = store.issues.record(ISSUE)
    assert record and record.segment == "language:es"
    assert counts(store) == {"owed": 3, "left_out": 2}


@pytest.mark.usefixtures("readers")
def test_a_monthly_reader_who_was_not_in_it_gets_the_next_issue_of_the_month(store: Store) -> None:
    planned(store, "not language:es")
    store.issues.mark_sending(ISSUE, segment="not language:es")
    composed(store, OTHER)
    store.ledger.plan(OTHER, now=NOW)
    assert counts(store, OTHER) == {"owed": 5}


@pytest.mark.usefixtures("readers")
def test_a_monthly_reader_who_was_in_it_has_had_the_month(store: Store) -> None:
    planned(store, "language:es")
    store.issues.mark_sending(ISSUE, segment="language:es")
    assert planned(store, "language:es", OTHER) == {"owed": 2, "left_out": 3}
    assert store.ledger.words(OTHER, LetterState.LEFT_OUT) == {NOT_IN_SEGMENT: 2, MONTHLY: 1}


@pytest.mark.usefixtures("readers")
def test_readers_are_counted_by_what_they_row(store: Store) -> None:
    joined(store, choice=Choice(language="es"))
    store.suppressions.add(row(1).address, "asked", now=NOW)
    chosen = dict(store.subscribers.chosen())
    assert chosen[Choice(language="es")] == 2
    assert Choice() not in chosen
    assert sum(chosen.values()) == 5
    assert store.subscribers.languages() == ("es",)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for all examples: to make one takes longer than to plan."""
    folder: Path = tmp_path_factory.mktemp("segments")
    with Store.open(url_of(folder / "digest.db")) as store:
        yield store


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(segment=SEGMENTS, choices=st.lists(CHOICES, min_size=1, max_size=8))
def test_the_plan_agrees_with_what_is_said_of_each_reader(kept: Store, segment: Segment, choices: list[Choice]) -> None:
    columns = [{**choice_columns(choice), "name": ""} for choice in choices]
    listed(kept, [row(number)._replace(**one) for number, one in enumerate(columns, 1)])
    planned(kept, segment)
    judge = judge_of(segment, KNOWN)
    addresses = [row(number).address for number in range(1, len(choices) + 1)]
    told = {letter.address: letter.state for letter in letters(kept)}
    assert [told[address] is LetterState.OWED for address in addresses] == [judge(choice) for choice in choices]
