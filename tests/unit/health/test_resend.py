"""An account at Resend, by answers of the kind that its reference shows."""

from __future__ import annotations

from typing import Any

import pytest

from digest.health import account, resend
from digest.health.account import Account
from digest.health.answers import HostAnswer
from digest.health.sender import Selector
from digest.model.health import DnsRecord, Verdict

ADDRESS = "news@letters.docket.example"


def records(status: str, base: str) -> list[dict[str, Any]]:
    return [
        {
            "record": "SPF",
            "name": f"send{base}",
            "type": "MX",
            "status": status,
            "value": "feedback.example",
            "priority": 10,
        },
        {"record": "SPF", "name": f"send{base}", "type": "TXT", "status": status, "value": "v=spf1 -all"},
        {"record": "DKIM", "name": f"resend._domainkey{base}", "type": "TXT", "status": status, "value": "p=abc"},
    ]


def examined(status: str = "verified", base: str = ".letters", *, domains: HostAnswer | None = None) -> Account:
    domain = {"id": "d/1", "name": "letters.docket.example", "status": status}
    answers = {
        "/domains": domains or HostAnswer(status=200, told={"data": [{"name": "other.example"}, domain]}),
        "/domains/d%2F1": HostAnswer(status=200, told={**domain, "records": records(status, base)}),
    }
    return resend.examine(answers.__getitem__, address=ADDRESS)


@pytest.mark.parametrize("base", ["", ".letters", ".letters.docket.example"])
def test_everything_is_right_however_hosts_are_named(base: str) -> None:
    found = examined(base=base)
    assert [each.verdict for each in found.diagnoses] == [Verdict.OK] * 2
    assert found.return_path == "send.letters.docket.example"
    assert set(found.selectors) == {Selector(name="resend", domain="letters.docket.example")}
    assert found.records[0] == DnsRecord(host="send.letters.docket.example", kind="MX", value="10 feedback.example")
    assert found.records[2].host == "resend._domainkey.letters.docket.example"


def test_a_domain_that_is_not_verified_has_its_records_shown() -> None:
    found = examined("not_started")
    assert (found.diagnoses[1].verdict, len(found.diagnoses[1].records)) == (Verdict.WRONG, 3)


@pytest.mark.parametrize(
    ("answer", "verdicts"),
    [
        (HostAnswer(status=200, told={"data": []}), [Verdict.OK, Verdict.WRONG]),
        (HostAnswer(status=401, told={"name": "restricted_api_key"}), [Verdict.OK, Verdict.NOT_ASKED]),
        (HostAnswer(status=401, told={"name": "missing_api_key"}), [Verdict.WRONG]),
        (HostAnswer(status=400, told={"name": "validation_error"}), [Verdict.WRONG]),
        (HostAnswer(status=500), [Verdict.NOT_ASKED]),
        (HostAnswer(trouble="no answer within 5 s"), [Verdict.NOT_ASKED]),
    ],
)
def test_accounts_that_do_not_answer_like_that(answer: HostAnswer, verdicts: list[Verdict]) -> None:
    found = examined(domains=answer)
    assert [each.verdict for each in found.diagnoses] == verdicts
    assert found.diagnoses[0].check == account.KEY
