"""Domains that look like a slip of the fingers, and those that only look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.audience.near_misses import PROVIDERS, near_misses


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmial.con", "gmail.com"),
        ("gmail.comm", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("yaho.com", "yahoo.com"),
        ("yahooo.com", "yahoo.com"),
        ("yhaoo.co.uk", "yahoo.co.uk"),
        ("hotmial.com", "hotmail.com"),
        ("hotmail.cmo", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("iclod.com", "icloud.com"),
        ("aol.con", "aol.com"),
        ("comcast.nte", "comcast.net"),
        ("protonmial.com", "protonmail.com"),
        ("docket-news.ogr", "docket-news.org"),
    ],
)
def test_a_slip_is_told_with_what_was_meant(written: str, meant: str) -> None:
    assert near_misses({written: 1}) == {written: meant}


@pytest.mark.parametrize(
    "domain",
    [
        "email.com", "fmail.com", "qmail.com", "love.com", "line.com", "mail.de", "gmx.fr", "web.com", "outlook.at",
        "hotmail.at", "yahoo.co.nz", "protonmail.ch", "grange.fr", "docket.example", "colt.co", "alot.com", "bar.bet",
    ],
)  # fmt: skip
def test_a_domain_that_only_looks_alike_is_left_alone(domain: str) -> None:
    assert near_misses({domain: 1, "docket.com": 500, "alto.com": 500}) == {}


@given(st.dictionaries(st.sampled_from(sorted(PROVIDERS)), st.integers(1, 1_000_000)))
def test_no_provider_is_a_slip(readers: dict[str, int]) -> None:
    assert near_misses(readers) == {}


def test_the_list_itself_tells_what_is_meant() -> None:
    readers = {"springfield-court.example": 200, "springfeild-court.example": 2, "springfield-courts.example": 11}
    assert near_misses(readers) == {"springfeild-court.example": "springfield-court.example"}


def test_a_domain_with_many_readers_is_one() -> None:
    assert near_misses({"gmail.com": 10_000, "gmaill.com": 500}) == {"gmaill.com": "gmail.com"}
    assert near_misses({"gmail.com": 10_000, "gmaill.com": 501}) == {}
