from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sources.texts import (
    MAX_NAME,
    absolute,
    is_web_address,
    name_of_person,
    names,
    on_one_line,
    plain_name,
    without_controls,
)


@given(st.text())
def test_no_text_keeps_what_no_document_may_hold(text: str) -> None:
    clean = without_controls(text)
    forbidden = (*range(9), *range(11, 32), *range(127, 160), 0xFFFE, 0xFFFF)
    assert not set(clean) & set(map(chr, forbidden))
    clean.encode()  # no half of a surrogate pair
    assert without_controls(clean) == clean


def test_texts_keep_lines_tabs_and_every_script() -> None:
    text = "a\tb\nc 👩‍👩‍👧 العربية ʻokina \u202e"
    assert without_controls(text) == text
    assert without_controls("a\r\nb\rc") == "a\nb\nc"


def test_one_line_is_one_line() -> None:
    assert on_one_line(" Hello\r\nBcc: victim@docket.example\x00 ") == "Hello Bcc: victim@docket.example"


@pytest.mark.parametrize(
    ("written", "name"), [("Courts &amp; the law", "Courts & the law"), ("&amp;amp;", "&amp;"), (" R&D\n", "R&D")]
)
def test_names_have_their_entities_decoded_once(written: str, name: str) -> None:
    assert plain_name(written) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Zoë Hartmann", "Zoë Hartmann"),
        ("desk@docket.example (Zoë Hartmann)", "Zoë Hartmann"),
        ("Zoë Hartmann (desk@docket.example)", "Zoë Hartmann"),
        ('"Zoë Hartmann" <desk@docket.example>', "Zoë Hartmann"),
        ("Zoë (Zee) Hartmann", "Zoë (Zee) Hartmann"),
        ("desk@docket.example", ""),
        ("<desk@docket.example>", ""),
        ("desk@docket.example and noon@docket.example", ""),
        ("", ""),
    ],
)
def test_a_person_is_a_name_and_never_an_email_address(written: str, name: str) -> None:
    assert name_of_person(written) == name


def test_names_are_bounded() -> None:
    assert len(plain_name("x" * 10_000)) == MAX_NAME


def test_names_come_in_order_and_once() -> None:
    assert names(["Courts", "", " Appeals ", "Courts", "courts"]) == ("Courts", "Appeals", "courts")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://docket.example/a", "https://docket.example/a"),
        ("/a?b=c#d", "https://site.example/a?b=c#d"),
        ("a", "https://site.example/news/a"),
        ("//cdn.example/a", "https://cdn.example/a"),
        (" https://docket.example/a b\n ", "https://docket.example/a%20b"),
        ("https://docket.example/\r\na", "https://docket.example/a"),
        ("https://docket.example/größe", "https://docket.example/größe"),
        ("HTTPS://docket.example/a", "HTTPS://docket.example/a"),
        ("", ""),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("mailto:desk@docket.example", ""),
        ("http://", ""),
        ("http://[::1", ""),
        ("https://docket.example/" + "a" * 5000, ""),
    ],
)
def test_links_are_absolute_web_addresses_or_nothing(address: str, expected: str) -> None:
    assert absolute(address, "", "https://site.example/news/feed") == expected


def test_links_stand_on_the_first_base_that_is_one() -> None:
    assert absolute("a", "/srv/feed.xml", "not a base", "https://docket.example/x/", "https://other.example/") == (
        "https://docket.example/x/a"
    )


@given(st.text(), st.text())
def test_no_link_comes_out_that_is_not_of_the_web(address: str, base: str) -> None:
    found = absolute(address, base)
    assert found == "" or is_web_address(found)
