"""Records of SPF: how they are read, how far, and whom they let send (RFC 7208)."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.health import spf
from digest.health.answers import Answer
from digest.health.spf import parse
from tests.unit.health.naming import SERVFAIL, naming

DOMAIN = "docket.example"


def record(text: str, **others: str) -> spf.SpfRecord:
    names = {f"{DOMAIN} TXT": text, **{name.replace("__", " "): told for name, told in others.items()}}
    return spf.look_up(DOMAIN, naming(names))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("v=spf1 -all", ["all"]),
        ("v=spf1 a mx ptr ~all", ["a", "mx", "ptr", "all"]),
        ("v=spf1 a:mail.docket.example/24//64 ip4:192.0.2.0/24 ip6:2001:db8::/32 ?all", ["a", "ip4", "ip6", "all"]),
        ("V=SPF1 INCLUDE:Other.Example exp=why.docket.example -ALL", ["include", "all"]),
        ("v=spf1 redirect=other.example", ["redirect"]),
        ("v=spf1 redirect=other.example mx", ["mx", "redirect"]),  # section 6.1: it counts after all others
        ("v=spf1 exists:%{i}._spf.docket.example -all", ["exists", "all"]),
        ("v=spf1", []),
    ],
)
def test_what_is_right_is_read(text: str, names: list[str]) -> None:
    terms, faults = parse(text)
    assert [term.name for term in terms] == names
    assert faults == ()


@pytest.mark.parametrize(
    "term",
    [
        "include:",
        "include",
        "ip4:192.0.2.300",
        "ip4:2001:db8::1",
        "ip6:192.0.2.1",
        "ipv4:192.0.2.1",
        "a:",
        "a/33",
        "mx//129",
        "192.0.2.1",
        "+",
        "redirect=",
        "ALL:x",
        "~al",
    ],
)
def test_what_is_wrong_is_named(term: str) -> None:
    faults = parse(f"v=spf1 {term} -all")[1]
    assert len(faults) == 1 and f"“{term}”" in faults[0]


@given(
    st.lists(
        st.one_of(
            st.builds("{}{}".format, st.sampled_from(["", "+", "~", "?", "-"]), st.sampled_from(["a", "mx", "all"])),
            st.builds("ip4:{}".format, st.ip_addresses(v=4)),
            st.builds("ip6:{}".format, st.ip_addresses(v=6)),
            st.builds("include:{}.example".format, st.from_regex(r"[a-z]{1,9}", fullmatch=True)),
        ),
        max_size=8,
    )
)
def test_every_term_is_read_in_its_order(terms: list[str]) -> None:
    read, faults = parse(" ".join(("v=spf1", *terms)))
    assert [term.text for term in read] == terms
    assert faults == ()


@pytest.mark.parametrize(
    ("text", "others", "address", "says"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", {}, "192.0.2.10", "+"),
        ("v=spf1 ip4:192.0.2.0/24 -all", {}, "192.0.3.10", "-"),
        ("v=spf1 ip4:192.0.2.0/24", {}, "192.0.3.10", "?"),
        ("v=spf1 -ip4:192.0.2.10 ip4:192.0.2.0/24 ~all", {}, "192.0.2.10", "-"),
        ("v=spf1 ip6:2001:db8::/32 ~all", {}, "2001:db8::1", "+"),
        ("v=spf1 a -all", {"docket.example__A": "192.0.2.10"}, "192.0.2.10", "+"),
        ("v=spf1 a/24 -all", {"docket.example__A": "192.0.2.10"}, "192.0.2.77", "+"),
        ("v=spf1 a//64 -all", {"docket.example__AAAA": "2001:db8::1"}, "2001:db8::77", "+"),
        ("v=spf1 mx -all", {"docket.example__MX": "10 m.example", "m.example__A": "192.0.2.1"}, "192.0.2.1", "+"),
        ("v=spf1 include:o.example -all", {"o.example__TXT": "v=spf1 ip4:192.0.2.1 -all"}, "192.0.2.1", "+"),
        # Section 5.2: what an included record refuses is no match, and the rest goes on.
        ("v=spf1 include:o.example ?all", {"o.example__TXT": "v=spf1 ip4:192.0.2.1 -all"}, "192.0.2.2", "?"),
        ("v=spf1 redirect=o.example", {"o.example__TXT": "v=spf1 ip4:192.0.2.1 -all"}, "192.0.2.2", "-"),
    ],
)
def test_whom_it_lets_send(text: str, others: dict[str, str], address: str, says: str) -> None:
    assert record(text, **others).says_of(ip_address(address)) == says


def test_lookups_are_counted_through_everything_that_is_named() -> None:
    others = {"a.example__TXT": "v=spf1 mx include:b.example -all", "b.example__TXT": "v=spf1 a exists:c.example -all"}
    found = record("v=spf1 include:a.example ip4:192.0.2.1 -all", **others)
    assert found.lookups == 5
    assert found.voids == 2  # the mx and the a, which lead nowhere


def test_a_record_that_names_itself_is_not_read_for_ever() -> None:
    found = record("v=spf1 include:a.example -all", **{"a.example__TXT": f"v=spf1 include:{DOMAIN} -all"})
    assert f"{DOMAIN} refers to itself" in found.faults


def test_a_record_without_end_is_left_at_some_point() -> None:
    def ask(name: str, kind: str) -> Answer:
        asked.append(name)
        return Answer(found=(f"v=spf1 include:x{len(asked)}.example include:y{len(asked)}.example -all",))

    asked: list[str] = []
    found = spf.look_up(DOMAIN, ask)
    assert found.lookups > spf.MOST_LOOKUPS
    assert len(asked) < 100


def test_what_an_include_lacks_makes_the_record_wrong() -> None:
    assert record("v=spf1 include:none.example -all").faults == (
        "“include:none.example” names a domain without an SPF record",
    )


def test_what_nobody_could_say_is_told_as_such() -> None:
    found = spf.look_up(DOMAIN, naming({f"{DOMAIN} TXT": "v=spf1 include:a.example -all", "a.example TXT": SERVFAIL}))
    assert found.troubles == (SERVFAIL.trouble,)
    assert found.faults == ()


def test_texts_that_only_begin_alike_are_no_records() -> None:
    names = {f"{DOMAIN} TXT": ("v=spf10 -all", "v=spf1 ~all", "spf2.0/pra -all", "google-site-verification=v=spf1")}
    assert spf.look_up(DOMAIN, naming(names)).texts == ("v=spf1 ~all",)
