"""A list that a site gives in pieces while it changes: no story that was there all the time is ever lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import SourceUnreadable
from digest.sources.site.wordpress_listing import ATTEMPTS, Listed, Piece, listed


def posts(*numbers: int) -> tuple[dict[str, int], ...]:
    return tuple({"id": number} for number in numbers)


def numbers(found: Listed) -> list[int]:
    return [post["id"] for post in found.posts]


class Shelf:
    """A site's list in the order of ids, of which an editor changes something after each question."""

    def __init__(self, *ids: int, size: int = 3, tells: bool = True) -> None:
        self.ids = list(ids)
        self.size, self.tells = size, tells
        self.asked: list[int] = []
        self.then: list[Callable[[], None]] = []

    def __call__(self, offset: int) -> Piece:
        self.asked.append(offset)
        piece = Piece(posts=posts(*self.ids[offset : offset + self.size]), total=len(self.ids) if self.tells else None)
        if self.then:
            self.then.pop(0)()
        return piece

    def without(self, number: int) -> Callable[[], None]:
        return lambda: self.ids.remove(number) if number in self.ids else None

    def with_(self, number: int) -> Callable[[], None]:
        return lambda: self.ids.extend([number] if number not in self.ids else [])


def test_each_piece_begins_with_the_last_post_of_the_one_before() -> None:
    shelf = Shelf(1, 2, 3, 4, 5, 6)
    found = listed(shelf, most=9)
    assert (numbers(found), found.total, found.is_whole) == ([1, 2, 3, 4, 5, 6], 6, True)
    assert shelf.asked == [0, 2, 4]


def test_a_list_that_fits_costs_one_question_and_so_does_none() -> None:
    for ids in ((), (7,), (7, 8, 9)):
        shelf = Shelf(*ids)
        assert numbers(listed(shelf, most=9)) == list(ids)
        assert shelf.asked == [0]


def test_a_site_that_does_not_count_is_asked_until_it_has_no_more() -> None:
    shelf = Shelf(1, 2, 3, 4, tells=False)
    assert numbers(listed(shelf, most=9)) == [1, 2, 3, 4]
    assert shelf.asked == [0, 2, 3]


def test_a_deleted_post_draws_no_other_one_out_of_sight() -> None:
    shelf = Shelf(1, 2, 3, 4, 5, 6)
    shelf.then = [shelf.without(2)]
    assert numbers(listed(shelf, most=9)) == [1, 3, 4, 5, 6]


def test_one_that_is_published_meanwhile_is_found_as_well() -> None:
    shelf = Shelf(1, 2, 3, 4)
    shelf.then = [shelf.with_(9)]
    assert numbers(listed(shelf, most=9)) == [1, 2, 3, 4, 9]


def test_one_published_and_one_deleted_do_not_hide_each_other() -> None:
    shelf = Shelf(1, 2, 3, 4, 5, 6)
    shelf.then = [lambda: (shelf.ids.remove(2), shelf.ids.append(7), None)[2]]
    assert numbers(listed(shelf, most=9)) == [1, 3, 4, 5, 6, 7]


def test_a_limit_ends_it_and_says_so() -> None:
    found = listed(Shelf(1, 2, 3, 4, 5, 6), most=2)
    assert (numbers(found), found.is_whole) == ([1, 2, 3, 4, 5], False)


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param(lambda offset: Piece(posts=posts(1, 2), total=9), id="offset ignored"),
        pytest.param(lambda offset: Piece(posts=posts(1, 1), total=9), id="the same twice"),
        pytest.param(lambda offset: Piece(posts=posts(1, 2, 3), total=2), id="more than counted"),
        pytest.param(lambda offset: Piece(posts=posts(1, 2)[offset:], total=9), id="less than counted"),
        pytest.param(lambda offset: Piece(posts=posts() if offset else posts(1, 2), total=9), id="nothing more"),
    ],
)
def test_pieces_that_never_fit_are_no_list(piece: Callable[[int], Piece]) -> None:
    asked: list[int] = []

    def ask(offset: int) -> Piece:
        asked.append(offset)
        return piece(offset)

    with pytest.raises(SourceUnreadable, match="was another one with each page"):
        listed(ask, most=9)
    assert asked.count(0) == ATTEMPTS


changes = st.lists(st.tuples(st.booleans(), st.integers(1, 40)), max_size=30)


@given(ids=st.sets(st.integers(1, 40), max_size=25), edits=changes, size=st.integers(2, 6), tells=st.booleans())
def test_what_was_there_all_the_time_is_read_whatever_an_editor_does(
    ids: set[int], edits: list[tuple[bool, int]], size: int, tells: bool
) -> None:
    """A back-dated post may come in anywhere, a deleted one may go from anywhere, after every question."""
    shelf = Shelf(*sorted(ids), size=size, tells=tells)
    lasting = set(ids)

    def edit(is_new: bool, number: int) -> None:
        lasting.discard(number) if not is_new else None
        shelf.ids = sorted({*shelf.ids, number} if is_new else {*shelf.ids} - {number})

    shelf.then = [lambda edit_=edit_: edit(*edit_) for edit_ in edits]  # type: ignore[misc]
    try:
        found = listed(shelf, most=99)
    except SourceUnreadable:
        return
    assert len(set(numbers(found))) == len(numbers(found))
    assert lasting <= set(numbers(found))
