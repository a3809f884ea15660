from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model import Entry
from digest.sources.identity import identity_of, with_own_identities

A = Entry(source="s", identity="1", title="A", link="https://x.example/a")
B = Entry(source="s", identity="1", title="B", link="https://x.example/b")


@pytest.mark.parametrize(
    ("guid", "link", "expected"),
    [
        ("tag:x.example,2026:1", "https://x.example/1", "tag:x.example,2026:1"),
        ("", "https://x.example/1", "https://x.example/1"),
    ],
)
def test_an_entry_is_known_by_guid_then_link(guid: str, link: str, expected: str) -> None:
    assert identity_of(guid, link, "title") == expected


def test_without_either_it_is_known_by_its_content() -> None:
    assert identity_of("", "", "title", "text") == identity_of("", "", "title", "text")
    assert identity_of("", "", "title", "text") != identity_of("", "", "titlet", "ext")


def test_an_identity_is_never_too_long_to_keep() -> None:
    assert len(identity_of("x" * 100_000, "")) < 100
    assert identity_of("x" * 100_000, "") != identity_of("x" * 100_001, "")


def test_an_identity_of_one_story_stays_as_it_is() -> None:
    corrected = replace(A, title="A, corrected")
    assert with_own_identities([A]) == (A,)
    assert with_own_identities([corrected]) == (corrected,)


def test_two_stories_under_one_guid_are_told_apart_by_their_links() -> None:
    assert [entry.identity for entry in with_own_identities([A, B])] == [
        "1 https://x.example/a",
        "1 https://x.example/b",
    ]


def test_the_same_story_twice_is_there_once_in_its_latest_state() -> None:
    earlier = replace(A, summary="Early", published=datetime(2026, 11, 20, tzinfo=UTC))
    later = replace(A, summary="Late", published=datetime(2026, 11, 21, tzinfo=UTC))
    assert with_own_identities([A, A]) == (A,)
    assert with_own_identities([earlier, later]) == with_own_identities([later, earlier]) == (later,)


def test_stories_that_share_guid_and_link_are_told_apart_by_title_then_by_text() -> None:
    home = "https://x.example/news"
    titles = [Entry(source="s", identity=home, link=home, title=title) for title in ("One", "Two")]
    texts = [Entry(source="s", identity=home, link=home, title="Report", content=text) for text in ("April", "May")]
    found = with_own_identities([*titles, *texts, texts[0]])
    assert [entry.title for entry in found] == ["One", "Two", "Report", "Report"]
    assert len({entry.identity for entry in found}) == 4


def test_an_identity_that_looks_like_a_longer_one_does_no_harm() -> None:
    sly = Entry(source="s", identity="1 https://x.example/a", title="Sly", link="https://x.example/sly")
    found = with_own_identities([A, B, sly])
    assert len({entry.identity for entry in found}) == len(found)


ENTRIES = st.lists(
    st.builds(
        Entry,
        source=st.just("s"),
        identity=st.sampled_from(["1", "2", "3"]),
        title=st.sampled_from(["", "A", "B"]),
        link=st.sampled_from(["", "https://x.example/a", "https://x.example/b"]),
        summary=st.sampled_from(["", "x"]),
    ),
    max_size=8,
)


@given(ENTRIES, st.randoms())
def test_identities_differ_and_do_not_depend_on_the_order(entries: list[Entry], random: st.DataObject) -> None:
    found = with_own_identities(entries)
    assert len({entry.identity for entry in found}) == len(found)
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = with_own_identities(shuffled)
    assert {entry.identity for entry in again} == {entry.identity for entry in found}
    assert with_own_identities(entries) == found


@given(ENTRIES)
def test_no_story_is_swallowed(entries: list[Entry]) -> None:
    stories = {(entry.identity, entry.link, entry.title) for entry in entries}
    kept = {(entry.link, entry.title) for entry in with_own_identities(entries)}
    assert {(link, title) for _, link, title in stories} == kept


def test_ten_thousand_stories_under_one_guid_are_told_apart() -> None:
    many = [Entry(source="s", identity="1", title=str(number)) for number in range(10_000)]
    assert len(with_own_identities(many)) == 10_000
