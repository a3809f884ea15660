"""Policies of DMARC, and whether letters count as the domain's own."""

from __future__ import annotations

import pytest

from digest.health import dmarc
from digest.health.answers import Answer
from digest.health.sender import Selector, Sender
from digest.model.health import Verdict
from tests.unit.health.naming import SERVFAIL, naming

DOMAIN = "letters.docket.example"
ORGANISATION = "docket.example"


def policy(told: Answer | str | tuple[str, ...] = (), above: Answer | str | tuple[str, ...] = ()) -> dmarc.Policy:
    names = {f"_dmarc.{DOMAIN} TXT": told, f"_dmarc.{ORGANISATION} TXT": above}
    return dmarc.look_up(DOMAIN, naming(names))


@pytest.mark.parametrize(
    ("told", "above", "verdict", "words", "paste"),
    [
        ("v=DMARC1; p=reject", (), Verdict.OK, "reject", ""),
        ("v=DMARC1;p=quarantine;rua=mailto:a@docket.example", (), Verdict.OK, "quarantine", ""),
        ("v = DMARC1 ; p = reject ;", (), Verdict.OK, "reject", ""),
        ((), "v=DMARC1; p=reject", Verdict.OK, "_dmarc.docket.example", ""),
        ((), "v=DMARC1; p=reject; sp=none", Verdict.LOOK, "p=none", "v=DMARC1; p=reject; sp=quarantine"),
        ((), "v=DMARC1; p=none; sp=reject", Verdict.OK, "reject", ""),
        ("v=DMARC1; p=none; sp=none", (), Verdict.LOOK, "p=none", "v=DMARC1; p=quarantine; sp=quarantine"),
        ("v=DMARC1; p=reject; pct=20", (), Verdict.LOOK, "20 of 100", ""),
        ((), (), Verdict.WRONG, "no DMARC record", "v=DMARC1; p=none; rua=mailto:editors@docket.example"),
        ("v=spf1 -all", (), Verdict.WRONG, "no DMARC record", "v=DMARC1; p=none; rua=mailto:editors@docket.example"),
        (
            ("v=DMARC1; p=none", "v=DMARC1; p=reject"),
            (),
            Verdict.WRONG,
            "2 DMARC records",
            "v=DMARC1; p=quarantine; rua=mailto:editors@docket.example",
        ),
        (
            "v=DMARC1; p=block",
            (),
            Verdict.WRONG,
            "“p=block”",
            "v=DMARC1; p=quarantine; rua=mailto:editors@docket.example",
        ),
        ("v=DMARC1; rua=x", (), Verdict.WRONG, "(p=)", "v=DMARC1; p=quarantine; rua=mailto:editors@docket.example"),
        ("v=DMARC1; p", (), Verdict.WRONG, "no tag", "v=DMARC1; p=quarantine; rua=mailto:editors@docket.example"),
        (
            "v=DMARC1; p=none; pct=all",
            (),
            Verdict.WRONG,
            "“pct=all”",
            "v=DMARC1; p=quarantine; rua=mailto:editors@docket.example",
        ),
        (SERVFAIL, (), Verdict.NOT_ASKED, SERVFAIL.trouble, ""),
    ],
)
def test_policies(
    told: Answer | str | tuple[str, ...], above: str | tuple[str, ...], verdict: Verdict, words: str, paste: str
) -> None:
    found = dmarc.judge_policy(policy(told, above), Sender(domain=DOMAIN, report_to="editors@docket.example"))
    assert found.verdict is verdict, found.words
    assert words in found.words
    assert [record.value for record in found.records] == ([paste] if paste else [])


@pytest.mark.parametrize(
    ("told", "signing", "return_path", "verdict"),
    [
        ("v=DMARC1; p=reject", DOMAIN, DOMAIN, Verdict.OK),
        ("v=DMARC1; p=reject", DOMAIN, "bounces.service.example", Verdict.OK),
        ("v=DMARC1; p=reject", "docket.example", "", Verdict.OK),
        ("v=DMARC1; p=reject", "news.docket.example", "", Verdict.OK),
        ("v=DMARC1; p=reject; adkim=s", "docket.example", "", Verdict.WRONG),
        ("v=DMARC1; p=reject; adkim=s", DOMAIN, "", Verdict.OK),
        ("v=DMARC1; p=reject", "", "em1.docket.example", Verdict.LOOK),
        ("v=DMARC1; p=reject; aspf=s", "", "em1.docket.example", Verdict.WRONG),
        ("v=DMARC1; p=reject", "service.example", "service.example", Verdict.WRONG),
        ("v=DMARC1; p=reject", "otherdocket.example", "", Verdict.WRONG),
        ("v=DMARC1; p=reject", "", "", Verdict.NOT_ASKED),
        (SERVFAIL, DOMAIN, DOMAIN, Verdict.NOT_ASKED),
        ((), DOMAIN, DOMAIN, Verdict.OK),
    ],
)
def test_alignment(told: Answer | str | tuple[str, ...], signing: str, return_path: str, verdict: Verdict) -> None:
    selectors = (Selector(name="mail", domain=signing),) if signing else ()
    above = "" if told == () else told
    sender = Sender(domain=DOMAIN, selectors=selectors, return_path=return_path)
    assert dmarc.judge_alignment(policy(above=above or ()), sender).verdict is verdict


def test_an_organisation_is_the_highest_that_has_a_policy() -> None:
    assert policy("v=DMARC1; p=none", "v=DMARC1; p=none").organisation == ORGANISATION
    assert policy("v=DMARC1; p=none").organisation == DOMAIN
