"""Many sign-ups from one network: whom they reach, with a real store and the clock turned by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from digest.model.errands import Averted, AvertedCount, ErrandKind
from digest.office.pages import Pages
from digest.office.signing_up import Outcome, SigningUp, Visit
from tests.unit.web.site.house import ANA, House, open_house

_ROBOT, _READER = "203.0.113.7", "198.51.100.7"
_MINUTE = timedelta(minutes=1)
_AT_WHICH_SOMETHING_COULD_CHANGE = (*range(60), *range(1000, 10_000, 1000))
"""Of ten thousand; between them the network stays full. Each costs milliseconds."""


class Door:
    """The sign-up, and letters that leave when they are due."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.signing_up = SigningUp(Pages(house.pages.settings, house.store, house.pages.archive, lambda: house.now))
        self.reached: list[str] = []

    def ask(self, address: str, network: str) -> Outcome:
        form = {"address": (address,), "token": (self._token,)} if self._token else {"address": (address,)}
        return self.signing_up.ask(form, Visit(how="page", network=network, page="", language="en")).outcome

    def pass_(self, time: timedelta) -> None:
        """What is due meanwhile leaves."""
        self.house.pass_(time)
        while claimed := self.house.store.errands.claim(now=self.house.now):
            self.reached.append(claimed.address)
            self.house.store.errands.left(claimed)

    def show_form(self) -> None:
        """From now on forms are those of our page."""
        self._token = self.signing_up.form_token(self.signing_up.terms("en"), is_short=True)
        self.house.pass_(timedelta(hours=1))

    _token = ""


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with open_house(tmp_path) as house:
        yield Door(house)


@pytest.mark.parametrize("plain", [True, False])
def test_ten_thousand_in_a_minute_reach_nobody(door: Door, plain: bool) -> None:
    if not plain:
        door.show_form()
    began, outcomes = door.house.now, []
    for number in _AT_WHICH_SOMETHING_COULD_CHANGE:
        door.pass_(began + number * _MINUTE / 10_000 - door.house.now)
        outcomes.append(door.ask(f"stranger{number}@list.example", _ROBOT))
    door.pass_(timedelta(hours=3))
    assert door.reached == []
    assert door.house.store.errands.waiting() == 0
    taken = 5 if plain else 20
    assert outcomes == [Outcome.ASKED] * taken + [Outcome.NETWORK_FULL] * (len(outcomes) - taken)
    averted = door.house.store.attempts.averted(since=began)
    assert averted[Averted.SIGN_UP] == AvertedCount(count=len(outcomes) - taken, since=began)
    assert averted[Averted.LETTER] == AvertedCount(count=taken, since=began)


def test_a_reader_elsewhere_gets_their_letter_meanwhile(door: Door) -> None:
    for number in range(100):
        if number == 50:
            assert door.ask("cleo@reader.example", _READER) is Outcome.ASKED
        door.ask(f"stranger{number}@list.example", _ROBOT)
    door.pass_(timedelta(seconds=3))
    assert door.reached == ["cleo@reader.example"]


def test_a_class_at_school_that_is_a_little_too_large_gets_its_letters(door: Door) -> None:
    door.show_form()
    for number in range(25):
        door.ask(f"pupil{number}@school.example", _READER)
    door.pass_(_MINUTE)
    assert door.reached == [f"pupil{number}@school.example" for number in range(20)]


def test_a_flood_takes_back_nothing_that_others_asked_for_long_ago_from_there(door: Door) -> None:
    """The provider was away, say."""
    door.show_form()
    door.ask("cleo@reader.example", _ROBOT)
    door.house.pass_(timedelta(hours=2))
    for number in range(100):
        door.ask(f"stranger{number}@list.example", _ROBOT)
    assert door.house.store.errands.waiting() == 1


def test_letters_that_nobody_strange_asked_for_are_not_held(door: Door) -> None:
    door.house.pages.letters_to_one.data_link(door.house.reader().number, ANA)
    for number in range(100):
        door.ask(f"stranger{number}@list.example", _ROBOT)
    claimed = door.house.store.errands.claim(now=door.house.now)
    assert claimed
    assert claimed.kind is ErrandKind.DATA
