"""Lists from elsewhere in the store."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model.consent import is_stronger
from digest.model.readers import Act, Choice, Ground, Origin, Rhythm
from digest.model.roster import ImportReport, RosterRow
from digest.record import importing
from digest.record.store import Store
from tests.unit.audience.reading import fresh_store
from tests.unit.record.newsroom import DAY, NOW, listed

FILE = Origin(how="operator", form="mailchimp.csv", words="moved from Mailchimp")
PAGE = Origin(how="page", words="Send me the digest every Friday.")
ANA, BO = "ana@reader.example", "bo@reader.example"
LATER = NOW + DAY
ANYTHING = Choice()


def yes(address: str, **fields: str) -> RosterRow:
    return RosterRow(2, address, domain="reader.example")._replace(**fields)


def no(address: str, ground: Ground | None = Ground.UNSUBSCRIBED) -> RosterRow:
    said = ground.value if ground else ""
    return RosterRow(3, address, domain="reader.example", reason="disabled", detail="Status says so", ground=said)


def signed_up(store: Store, address: str, choice: Choice = ANYTHING) -> None:
    asked = store.readers.ask(address, choice, PAGE, now=NOW)
    assert store.readers.confirm(asked.key, asked.nonce, since=NOW - DAY, now=NOW)


def take(store: Store, *rows: RosterRow) -> ImportReport:
    return store.importing.take(rows, FILE, now=LATER)


def test_who_is_imported_gets_letters_as_the_file_says_and_it_is_on_record(store: Store) -> None:
    row = yes(ANA, name="Ana", categories="Courts\nNational", language="es", rhythm="monthly", timezone="Europe/Madrid")
    assert take(store, row) == ImportReport(added=1)
    reader = store.readers.find(ANA)
    assert reader
    assert reader.gets_letters
    assert (reader.joined_at, reader.own_choice) == (LATER, True)
    assert reader.choice == Choice(
        sections=("Courts", "National"), rhythm=Rhythm.MONTHLY, language="es", timezone="Europe/Madrid", name="Ana"
    )
    (line,) = store.readers.record_of(ANA)
    assert (line.act, line.at, line.origin) == (Act.IMPORTED, LATER, FILE)


def test_the_same_file_twice_changes_nothing(store: Store) -> None:
    rows = [yes(ANA, name="Ana"), no(BO), RosterRow(4, "x", reason="bad address", detail="no @")]
    assert take(store, *rows).changed
    before = [*store.readers.iterate()]
    again = store.importing.take([*rows[:1], *rows], FILE, now=LATER + DAY)
    assert again == ImportReport(known=2, left_out={"bad address": 1}, faults=again.faults)
    assert not again.changed
    assert [*store.readers.iterate()] == before
    assert len(store.readers.record_of(ANA)) == len(store.readers.record_of(BO)) == 1


def test_who_said_no_is_not_written_to_whatever_the_file_says(store: Store) -> None:
    store.readers.suppress(ANA, Ground.UNSUBSCRIBED, "left", PAGE, at=NOW, now=NOW)
    assert take(store, yes(ANA)) == ImportReport(added=1, suppressed=1)
    reader = store.readers.find(ANA)
    assert reader
    assert not reader.gets_letters


def test_whom_our_own_file_refuses_is_not_taken(store: Store) -> None:
    listed(store, [no(ANA)])
    assert take(store, yes(ANA)) == ImportReport(refused=1)
    assert store.readers.record_of(ANA) == ()


def test_before_our_own_file_was_read_nobody_is_refused_by_it(store: Store) -> None:
    store.readers.suppress(ANA, Ground.SOFT, "full", PAGE, at=NOW, now=NOW)
    store.readers.allow(ANA, PAGE, now=NOW)
    assert take(store, yes(ANA)) == ImportReport(added=1)


def test_who_was_forgotten_stays_so(store: Store) -> None:
    signed_up(store, ANA)
    store.readers.forget(ANA, now=NOW)
    assert take(store, yes(ANA), no(ANA), yes(BO)) == ImportReport(added=1, forgotten=1)
    assert store.readers.find(ANA) is None


def test_who_chose_by_themselves_keeps_their_choice(store: Store) -> None:
    chosen = Choice(sections=("Opinion",), rhythm=Rhythm.MONTHLY, name="Ana")
    signed_up(store, ANA, chosen)
    listed(store, [yes(BO, name="Bo")])
    reader = store.readers.find(BO)
    assert reader
    store.readers.choose(reader.number, chosen, PAGE, now=NOW)
    assert take(store, yes(ANA, name="X", categories="Courts"), yes(BO, name="X")) == ImportReport(added=1, known=1)
    assert [one.choice for one in store.readers.iterate()] == [chosen, chosen]


def test_a_no_of_the_file_holds_here(store: Store) -> None:
    signed_up(store, ANA)
    store.readers.ask(BO, Choice(), PAGE, now=NOW)
    report = take(store, yes("cy@reader.example"), no(ANA), no(BO, Ground.COMPLAINED), no("di@reader.example", None))
    assert report == ImportReport(added=1, unconfirmed=1, noes={"unsubscribed": 1, "complained": 1})
    assert store.readers.ground_of(ANA) is Ground.UNSUBSCRIBED
    assert store.traces.waiting(BO) is None
    assert [line.act for line in store.readers.record_of(ANA)] == [Act.ASKED, Act.CONFIRMED, Act.LEFT]
    assert store.readers.ground_of("di@reader.example") is None
    assert store.readers.find("di@reader.example") is None


def test_half_a_file_is_no_file(store: Store) -> None:
    def broken() -> object:
        yield from (yes(f"r{number}@reader.example") for number in range(2000))
        yield no(ANA)
        raise ValueError("gone")

    with pytest.raises(ValueError, match="gone"):
        store.importing.take(broken(), FILE, now=LATER)  # type: ignore[arg-type]
    assert [*store.readers.iterate()] == []
    assert store.readers.ground_of(ANA) is None


def test_two_imports_at_one_instant_are_told_apart(store: Store) -> None:
    take(store, yes(ANA), no("cy@reader.example"))
    other = Origin(how="operator", form="ghost.csv", words="a fair")
    report = store.importing.take([yes(BO), no("di@reader.example")], other, now=LATER)
    assert report == ImportReport(added=1, noes={"unsubscribed": 1})
    assert [line.origin.form for line in store.readers.record_of(BO)] == ["ghost.csv"]
    assert store.traces.acts_since(NOW)[LATER.date() - timedelta(days=LATER.weekday()), Act.IMPORTED] == 2


GROUNDS = st.sampled_from([one for one in Ground if one is not Ground.FORGOTTEN])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a@a.example", "b@a.example", "c@a.example"]),
        st.none() | GROUNDS,
        st.sampled_from(["", "Courts"]),
    ),
    max_size=10,
)


@settings(max_examples=50, deadline=None)
@given(ROWS, ROWS, st.sampled_from([1, 3, 500]))
def test_rows_in_any_order_come_to_the_same_as_one_by_one(
    first: list[tuple[str, Ground | None, str]], second: list[tuple[str, Ground | None, str]], chunk: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as name:
        patch.setattr(importing, "_CHUNK", chunk)
        with fresh_store(Path(name)) as store:
            strongest: dict[str, Ground] = {}
            wanted: dict[str, str] = {}
            for rows in (first, second):
                take(store, *[no(one, ground) if ground else yes(one, categories=said) for one, ground, said in rows])
                for one, ground, said in rows:
                    if ground and is_stronger(ground, strongest.get(one)):
                        strongest[one] = ground
                    if not ground:
                        wanted.setdefault(one, said)
            assert {one: store.readers.ground_of(one) for one in strongest} == strongest
            got = {one.address: "\n".join(one.choice.sections) for one in store.readers.iterate() if one.is_on_the_list}
    assert got == wanted
