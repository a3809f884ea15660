"""What is said of a domain's SPF record, and the record that is offered in its place."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from digest.health import spf
from digest.health.answers import Answer
from digest.health.sender import Sender
from digest.health.spf_judge import judge_spf
from digest.model.health import Diagnosis, DnsRecord, Verdict
from tests.unit.health.naming import SERVFAIL, naming

DOMAIN = "docket.example"
TEN = tuple(f"include:s{number}.example" for number in range(11))
SERVICES = {f"s{number}.example TXT": "v=spf1 ip4:198.51.100.1 -all" for number in range(11)}
NAMED = Sender(domain=DOMAIN, return_path=DOMAIN, addresses=(ip_address("192.0.2.10"),), named=True)
GUESSED = Sender(
    domain=DOMAIN, return_path=DOMAIN, addresses=(ip_address("192.0.2.10"),), mail_server="mail.docket.example"
)
UNKNOWN = Sender(domain=DOMAIN, return_path=DOMAIN)


def judged(
    told: Answer | str | tuple[str, ...], sender: Sender = UNKNOWN, others: dict[str, str] | None = None
) -> Diagnosis:
    return judge_spf(spf.look_up(DOMAIN, naming({f"{DOMAIN} TXT": told, **(others or {})})), sender)


@pytest.mark.parametrize(
    ("told", "sender", "verdict", "words", "paste"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", NAMED, Verdict.OK, "lets 192.0.2.10 send", ""),
        ((), UNKNOWN, Verdict.WRONG, "no SPF record", "v=spf1 mx ~all"),
        ((), NAMED, Verdict.WRONG, "no SPF record", "v=spf1 ip4:192.0.2.10 ~all"),
        ((), GUESSED, Verdict.WRONG, "no SPF record", "v=spf1 a:mail.docket.example ~all"),
        (
            ("v=spf1 mx -all", "v=spf1 ip4:192.0.2.1 ~all"),
            UNKNOWN,
            Verdict.WRONG,
            "2 SPF records",
            "v=spf1 mx ip4:192.0.2.1 ~all",
        ),
        ("v=spf1 ip4:192.0.2.1 +all", UNKNOWN, Verdict.WRONG, "anybody", "v=spf1 ip4:192.0.2.1 ~all"),
        ("v=spf1 ip4:192.0.2.1 all", UNKNOWN, Verdict.WRONG, "anybody", "v=spf1 ip4:192.0.2.1 ~all"),
        ("v=spf1 ip4:192.0.2.1", UNKNOWN, Verdict.LOOK, "does not say", "v=spf1 ip4:192.0.2.1 ~all"),
        ("v=spf1 ip4:192.0.2.1 ?all", UNKNOWN, Verdict.LOOK, "does not say", "v=spf1 ip4:192.0.2.1 ~all"),
        ("v=spf1 ip4:192.0.2.1 -al", UNKNOWN, Verdict.WRONG, "“-al” is no term", ""),
        ("v=spf1 ip4:192.0.2.1 -all", NAMED, Verdict.WRONG, "does not let", "v=spf1 ip4:192.0.2.10 ip4:192.0.2.1 -all"),
        (
            "v=spf1 ip4:192.0.2.1 -all",
            GUESSED,
            Verdict.LOOK,
            "does not name",
            "v=spf1 ip4:192.0.2.10 ip4:192.0.2.1 -all",
        ),
        ("v=spf1 ip4:192.0.2.1 ptr -all", UNKNOWN, Verdict.LOOK, "“ptr”", ""),
        (" ".join(("v=spf1", *("ip4:192.0.2.1",) * 40, "-all")), UNKNOWN, Verdict.LOOK, "bytes", ""),
        ("v=spf1 a:x.example a:y.example a:z.example -all", UNKNOWN, Verdict.WRONG, "lead nowhere", ""),
        (SERVFAIL, NAMED, Verdict.NOT_ASKED, SERVFAIL.trouble, ""),
    ],
)
def test_verdicts(
    told: Answer | str | tuple[str, ...], sender: Sender, verdict: Verdict, words: str, paste: str
) -> None:
    found = judged(told, sender)
    assert (found.verdict, [record.value for record in found.records]) == (verdict, [paste] if paste else [])
    assert words in found.words


@pytest.mark.parametrize(("includes", "verdict"), [(TEN[:10], Verdict.OK), (TEN, Verdict.WRONG)])
def test_ten_lookups_and_no_more(includes: tuple[str, ...], verdict: Verdict) -> None:
    assert judged(" ".join(("v=spf1", *includes, "-all")), others=SERVICES).verdict is verdict


def test_the_offered_record_is_right() -> None:
    offered = judged(("v=spf1 mx a:a.example -all", "v=spf1 +all")).records[0]
    assert (
        judge_spf(
            spf.look_up(
                DOMAIN,
                naming({f"{DOMAIN} TXT": offered.value, f"{DOMAIN} MX": "10 a.example", "a.example A": "192.0.2.1"}),
            ),
            UNKNOWN,
        ).verdict
        is Verdict.OK
    )


def test_several_things_are_told_the_worst_first() -> None:
    found = judged("v=spf1 ptr +all")
    assert found.verdict is Verdict.WRONG
    assert found.words.index("anybody") < found.words.index("“ptr”")


def test_a_providers_record_comes_before_one_of_ours() -> None:
    wanted = DnsRecord(host=DOMAIN, kind="CNAME", value="u7.wl.sendgrid.net")
    assert judged((), Sender(domain=DOMAIN, return_path=DOMAIN, records=(wanted,))).records == (wanted,)
