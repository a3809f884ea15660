from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.edit.address import canonical_address, clean_address


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("https://docket.example/a/", "https://docket.example/a/"),
        (" HTTPS://Docket.Example/A/ ", "https://docket.example/A/"),
        ("https://docket.example/a/?utm_source=rss&p=2&fbclid=x", "https://docket.example/a/?p=2"),
        ("https://docket.example/?p=12&utm_medium=feed", "https://docket.example/?p=12"),
        ("https://docket.example/a?cid=7&share=1", "https://docket.example/a?cid=7&share=1"),
        ("https://docket.example/a#comments", "https://docket.example/a"),
        ("https://docket.example/a#xtor=RSS-1", "https://docket.example/a"),
        ("https://docket.example/#!/story/1", "https://docket.example/#!/story/1"),
        ("https://docket.example/live?utm_source=x#entry-7", "https://docket.example/live#entry-7"),
        ("https://docket.example", "https://docket.example/"),
        ("https://docket.example/caf\u00e9 au lait", "https://docket.example/caf%C3%A9%20au%20lait"),
        ("https://docket.example/?a=1&a=2", "https://docket.example/?a=1&a=2"),
    ],
)
def test_a_reader_gets_a_clean_link(address: str, clean: str) -> None:
    assert clean_address(address) == clean


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:someone@example.com",
        "//docket.example/a",
        "/a/b",
        "https://",
        "https://editor@evil.example/",
        "https://docket.example\\@evil.example/",
        "https://docket.example/a\r\nBcc: x",
        "java\tscript:alert(1)",
        "https://[::1",
        "https://docket.example:port/",
        "https://docket.example/" + "a" * 2000,
    ],
)
def test_what_must_not_become_a_link_is_refused(address: str) -> None:
    assert clean_address(address) == ""
    assert canonical_address(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "http://docket.example/2026/11/story/",
        "https://www.docket.example/2026/11/story",
        "https://docket.example/2026/11/story/?utm_source=rss&utm_campaign=x",
        "https://docket.example/2026/11/story/?amp",
        "https://docket.example/2026/11/story/?amp=1",
        "https://docket.example/2026/11/story/amp/",
        "https://amp.docket.example/2026/11/story/",
        "HTTPS://DOCKET.EXAMPLE:443/2026/11/story/#top",
    ],
)
def test_all_spellings_of_a_story_are_one(address: str) -> None:
    assert canonical_address(address) == "docket.example/2026/11/story"


def test_other_stories_stay_others() -> None:
    addresses = [
        "https://docket.example/?p=1",
        "https://docket.example/?p=2",
        "https://docket.example/Story",
        "https://docket.example/story",
        "https://sister.example/story",
        "https://docket.example/live#1",
        "https://docket.example/live#2",
        "https://docket.example/#!/story/1",
    ]
    assert len(set(map(canonical_address, addresses))) == len(addresses)


@given(st.text(max_size=80))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    clean = clean_address(f"https://docket.example/{text}")
    assert clean_address(clean) == clean
