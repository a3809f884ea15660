"""The words of readers in the store: what each changes, and its line in the record of consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from digest.model.readers import Act, Census, Choice, Ground, Origin, Reader, Rhythm, SignUp
from digest.record.store import Store
from tests.unit.record.newsroom import DAY, NOW, listed, row

ANA = "ana@reader.example"
PAGE = Origin(how="page", network="192.0.2.7", words="Send me the digest every Friday.", language="en")
CLICK = Origin(how="one-click")
MAIL = Origin(how="provider")
DESK = Origin(how="operator")
COURTS = Choice(sections=("Courts", "National"), rhythm=Rhythm.MONTHLY, language="es", name="Ana")
MINUTE = timedelta(minutes=1)


def confirmed(store: Store, asked: SignUp, *, now: datetime = NOW) -> Reader | None:
    return store.readers.confirm(asked.key, asked.nonce, since=now - 3 * DAY, now=now)


def joined(store: Store, address: str = ANA, choice: Choice = COURTS, *, now: datetime = NOW) -> Reader:
    reader = confirmed(store, store.readers.ask(address, choice, PAGE, now=now), now=now)
    assert reader is not None
    return reader


def acts(store: Store, address: str = ANA) -> list[Act]:
    return [line.act for line in store.readers.record_of(address)]


def no(store: Store, ground: Ground, *, at: datetime = NOW) -> bool:
    return store.readers.suppress(ANA, ground, "said so", MAIL, at=at, now=NOW + 9 * DAY)


def test_who_asks_is_nobody_until_it_is_confirmed(store: Store) -> None:
    asked = store.readers.ask(ANA, COURTS, PAGE, now=NOW)
    assert store.readers.pending(asked.key) == asked
    assert (asked.address, asked.choice, asked.origin, asked.asked_at) == (ANA, COURTS, PAGE, NOW)
    assert store.readers.find(ANA) is None
    assert acts(store) == []


def test_confirming_makes_a_reader_with_the_very_words_on_record(store: Store) -> None:
    asked = store.readers.ask(ANA, COURTS, PAGE, now=NOW)
    reader = confirmed(store, asked, now=NOW + MINUTE)
    assert reader == Reader(
        number=1,
        address=ANA,
        choice=COURTS,
        is_listed=False,
        joined_at=NOW + MINUTE,
        own_choice=True,
        ground=None,
    )
    assert reader.gets_letters
    assert store.readers.find("ANA@reader.example") == store.readers.numbered(1) == reader
    first, second = store.readers.record_of(ANA)
    assert (first.act, first.at, first.origin) == (Act.ASKED, NOW, PAGE)
    assert (second.act, second.at) == (Act.CONFIRMED, NOW + MINUTE)


def test_a_link_works_once_with_its_nonce_and_in_its_time(store: Store) -> None:
    asked = store.readers.ask(ANA, COURTS, PAGE, now=NOW)
    assert store.readers.confirm(asked.key, "ñ", since=NOW, now=NOW) is None
    assert store.readers.confirm(asked.key + 1, asked.nonce, since=NOW, now=NOW) is None
    assert store.readers.confirm(asked.key, asked.nonce, since=NOW + MINUTE, now=NOW + DAY) is None
    assert confirmed(store, asked)
    assert confirmed(store, asked) is None


def test_who_asks_again_keeps_the_link_and_the_count_of_letters(store: Store) -> None:
    first = store.readers.ask(ANA, COURTS, PAGE, now=NOW)
    store.readers.letter_went(first.key, now=NOW)
    again = store.readers.ask("Ana@Reader.example", Choice(), CLICK, now=NOW + DAY)
    assert again == replace(first, choice=Choice(), origin=CLICK, asked_at=NOW + DAY, letters=1, last_letter_at=NOW)


def test_sign_ups_that_nobody_confirmed_go(store: Store) -> None:
    old = store.readers.ask(ANA, COURTS, PAGE, now=NOW)
    new = store.readers.ask("ben@reader.example", COURTS, PAGE, now=NOW + DAY)
    assert store.readers.expire(before=NOW + DAY) == 1
    assert store.readers.pending(old.key) is None
    assert store.readers.pending(new.key) == new


def test_leaving_counts_once_and_the_first_date_stays(store: Store) -> None:
    number = joined(store).number
    assert store.readers.leave(number, CLICK, now=NOW + DAY)
    assert not store.readers.leave(number, CLICK, now=NOW + 2 * DAY)
    reader = store.readers.numbered(number)
    assert reader and not reader.gets_letters
    assert (reader.ground, reader.suppressed_since) == (Ground.UNSUBSCRIBED, NOW + DAY)
    assert acts(store) == [Act.ASKED, Act.CONFIRMED, Act.LEFT]
    assert not store.readers.leave(77, CLICK, now=NOW)


def test_leaving_ends_a_sign_up_that_waits(store: Store) -> None:
    number = joined(store).number
    asked = store.readers.ask(ANA, COURTS, PAGE, now=NOW + DAY)
    store.readers.leave(number, CLICK, now=NOW + 2 * DAY)
    assert confirmed(store, asked, now=NOW + 2 * DAY) is None


def test_a_bounce_leaves_a_sign_up_alone(store: Store) -> None:
    asked = store.readers.ask(ANA, COURTS, PAGE, now=NOW)
    assert no(store, Ground.BOUNCED, at=NOW + MINUTE)
    assert confirmed(store, asked, now=NOW + DAY)
    assert store.readers.ground_of(ANA) is None


def test_leaving_is_taken_back_within_its_time(store: Store) -> None:
    number = joined(store).number
    store.readers.leave(number, CLICK, now=NOW + DAY)
    assert not store.readers.undo_leaving(number, CLICK, left_since=NOW + DAY + MINUTE, now=NOW + 2 * DAY)
    assert store.readers.undo_leaving(number, CLICK, left_since=NOW + DAY, now=NOW + DAY + MINUTE)
    assert not store.readers.undo_leaving(number, CLICK, left_since=NOW, now=NOW + DAY + MINUTE)
    assert store.readers.ground_of(ANA) is None
    assert acts(store)[-1] is Act.CAME_BACK


def test_a_complaint_is_not_undone(store: Store) -> None:
    number = joined(store).number
    store.readers.leave(number, CLICK, now=NOW + MINUTE)
    assert no(store, Ground.COMPLAINED, at=NOW + 2 * MINUTE)
    assert not store.readers.undo_leaving(number, CLICK, left_since=NOW, now=NOW + 3 * MINUTE)


@pytest.mark.parametrize("ground", [Ground.SOFT, Ground.BOUNCED, Ground.UNSUBSCRIBED])
def test_a_new_yes_lifts_it_and_outlives_what_comes_late(store: Store, ground: Ground) -> None:
    joined(store)
    assert no(store, ground, at=NOW + DAY)
    reader = joined(store, now=NOW + 2 * DAY)
    assert reader.gets_letters
    assert not no(store, ground, at=NOW + DAY)
    assert no(store, ground, at=NOW + 3 * DAY)


@pytest.mark.parametrize("ground", [Ground.BY_HAND, Ground.COMPLAINED])
def test_a_new_yes_does_not_lift_what_is_the_operators(store: Store, ground: Ground) -> None:
    joined(store)
    assert no(store, ground, at=NOW + DAY)
    assert joined(store, now=NOW + 2 * DAY).ground is ground
    assert store.readers.allow(ANA, DESK, now=NOW + 3 * DAY)
    assert not store.readers.allow(ANA, DESK, now=NOW + 3 * DAY)
    assert not no(store, ground, at=NOW + DAY)
    assert store.readers.ground_of(ANA) is None
    assert acts(store)[-1] is Act.ALLOWED


def test_words_that_come_in_any_order_come_to_the_same(store: Store) -> None:
    joined(store)
    assert no(store, Ground.UNSUBSCRIBED, at=NOW + 2 * DAY)
    assert not no(store, Ground.UNSUBSCRIBED, at=NOW + DAY)
    assert not no(store, Ground.BOUNCED, at=NOW + DAY)
    reader = store.readers.find(ANA)
    assert reader and (reader.ground, reader.suppressed_since) == (Ground.UNSUBSCRIBED, NOW + DAY)


def test_a_word_from_the_future_is_one_of_now(store: Store) -> None:
    assert store.readers.suppress(ANA, Ground.BOUNCED, "", MAIL, at=NOW + DAY, now=NOW)
    assert joined(store, now=NOW + MINUTE).gets_letters


def test_a_no_about_somebody_unknown_is_on_record(store: Store) -> None:
    assert no(store, Ground.BY_HAND)
    reader = store.readers.find(ANA)
    assert reader and not reader.is_on_the_list
    assert acts(store) == [Act.SUPPRESSED]


def test_a_choice_is_the_readers_own(store: Store) -> None:
    listed(store, [row(1, address=ANA)])
    store.readers.choose(1, COURTS, PAGE, now=NOW)
    store.readers.choose(77, COURTS, PAGE, now=NOW)
    reader = store.readers.find(ANA)
    assert reader and reader.is_listed and reader.own_choice
    assert reader.choice == COURTS
    assert acts(store) == [Act.CHOSE]


def test_what_a_form_does_not_ask_stays_as_it_was(store: Store) -> None:
    joined(store)
    assert joined(store, choice=Choice(), now=NOW + DAY).choice == Choice(name="Ana", language="es")


def test_an_import_is_no_yes_of_the_readers(store: Store) -> None:
    ben, cyd = "ben@reader.example", "cyd@reader.example"
    listed(store, [row(1, address=cyd, reason="disabled")])
    store.readers.suppress(ben, Ground.UNSUBSCRIBED, "", MAIL, at=NOW, now=NOW)
    people = [(ANA, COURTS), (ANA, Choice()), (ben, COURTS), (cyd, COURTS)]
    assert store.readers.add_all(people, Act.IMPORTED, DESK, now=NOW) == 2
    found = {reader.address: reader for reader in store.readers.iterate()}
    assert found[ANA].gets_letters
    assert found[ANA].choice == COURTS
    assert found[ben].is_on_the_list and found[ben].ground is Ground.UNSUBSCRIBED
    assert not found[cyd].is_on_the_list
    assert acts(store) == [Act.IMPORTED]


def test_an_import_leaves_a_readers_own_choice(store: Store) -> None:
    listed(store, [row(1, address=ANA)])
    store.readers.choose(1, COURTS, PAGE, now=NOW)
    assert store.readers.add(ANA, Choice(), Act.IMPORTED, DESK, now=NOW)
    reader = store.readers.find(ANA)
    assert reader and reader.choice == COURTS


def test_the_census(store: Store) -> None:
    ben = "ben@reader.example"
    listed(store, [row(1, address=ben), row(2), row(3, reason="disabled")])
    joined(store)
    joined(store, ben, Choice(sections=("Courts",)))
    store.readers.ask("cyd@reader.example", COURTS, PAGE, now=NOW)
    store.readers.suppress(row(2).address, Ground.BOUNCED, "", MAIL, at=NOW, now=NOW)
    store.readers.suppress("dee@reader.example", Ground.COMPLAINED, "", MAIL, at=NOW, now=NOW)
    assert store.readers.census() == Census(
        readers=2,
        listed=1,
        signed_up=1,
        pending=1,
        suppressed={Ground.BOUNCED: 1, Ground.COMPLAINED: 1},
        rhythms={Rhythm.WEEKLY: 1, Rhythm.MONTHLY: 1},
        languages={"": 1, "es": 1},
        sections={"Courts": 2, "National": 1},
    )
