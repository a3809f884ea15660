"""Where mail for a domain goes, and what the sending addresses are called."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from digest.health.answers import Answer
from digest.health.mail_hosts import judge_mx, judge_reverse, look_back, look_up
from digest.model.health import Verdict
from tests.unit.health.naming import SERVFAIL, naming

ADDRESS = ip_address("192.0.2.10")
Told = Answer | str | tuple[str, ...]


@pytest.mark.parametrize(
    ("names", "verdict", "words"),
    [
        ({"docket.example MX": "10 m.docket.example", "m.docket.example A": "192.0.2.1"}, Verdict.OK, "go to m.docket"),
        ({"docket.example MX": "10 m.docket.example", "m.docket.example AAAA": "2001:db8::1"}, Verdict.OK, "go to"),
        ({}, Verdict.WRONG, "no mail server"),
        ({"docket.example A": "192.0.2.1"}, Verdict.LOOK, "no MX record"),
        ({"docket.example MX": "0 ."}, Verdict.WRONG, "takes no mail"),
        ({"docket.example MX": "10 m.docket.example"}, Verdict.WRONG, "has no address"),
        (
            {"docket.example MX": ("10 m.docket.example", "20 n.docket.example"), "n.docket.example A": "192.0.2.1"},
            Verdict.LOOK,
            "m.docket.example, where",
        ),
        ({"docket.example MX": SERVFAIL}, Verdict.NOT_ASKED, SERVFAIL.trouble),
        ({"docket.example A": SERVFAIL}, Verdict.NOT_ASKED, SERVFAIL.trouble),
        (
            {"docket.example MX": "10 m.docket.example", "m.docket.example A": SERVFAIL},
            Verdict.NOT_ASKED,
            SERVFAIL.trouble,
        ),
    ],
)
def test_mail_servers(names: dict[str, Told], verdict: Verdict, words: str) -> None:
    found = judge_mx(look_up("docket.example", naming(names)), "answers")
    assert found.verdict is verdict, found.words
    assert words in found.words


@pytest.mark.parametrize(
    ("called", "names", "verdict", "words"),
    [
        ("m.docket.example", {"m.docket.example A": "192.0.2.10"}, Verdict.OK, "is m.docket.example"),
        ("m.docket.example", {"m.docket.example A": "192.0.2.11"}, Verdict.WRONG, "is not 192.0.2.10"),
        ("m.docket.example", {}, Verdict.WRONG, "is not 192.0.2.10"),
        ((), {}, Verdict.WRONG, "has no name"),
        (("a.example", "m.docket.example"), {"m.docket.example A": "192.0.2.10"}, Verdict.OK, "is m.docket.example"),
        (SERVFAIL, {}, Verdict.NOT_ASKED, SERVFAIL.trouble),
        ("m.docket.example", {"m.docket.example A": SERVFAIL}, Verdict.NOT_ASKED, SERVFAIL.trouble),
    ],
)
def test_names_of_addresses(called: Told, names: dict[str, Told], verdict: Verdict, words: str) -> None:
    host_of = naming({f"{ADDRESS} PTR": called})
    found = judge_reverse(look_back(ADDRESS, lambda address: host_of(address, "PTR"), naming(names)))
    assert found.verdict is verdict, found.words
    assert words in found.words
