"""An account at SendGrid, by the answers that its own description has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from digest.health import account, sendgrid
from digest.health.account import Account
from digest.health.answers import HostAnswer
from digest.health.sender import Selector
from digest.model.health import Diagnosis, DnsRecord, Verdict

CONTRACTS = Path(__file__).resolve().parents[4] / "shared/contracts/sendgrid"
ADDRESS, HOOK, KEY = "letters@docket.example", "https://letters.docket.example/hooks/sendgrid", "MFkwKey=="
SCOPES = ["mail.send", "mail.batch.create", "user.scheduled_sends.create", "user.scheduled_sends.read"]
KINDS = ("bounce", "dropped", "spam_report", "deferred", "delivered")
WEBHOOK = {"enabled": True, "url": HOOK, "public_key": KEY, **dict.fromkeys(KINDS, True)}


def cname(host: str, value: str, valid: bool) -> dict[str, Any]:
    return {"valid": valid, "type": "cname", "host": host, "data": value}


def authenticated(*, valid: bool = True, domain: str = "docket.example") -> dict[str, Any]:
    return {
        "id": 1,
        "domain": domain,
        "valid": valid,
        "dns": {
            "mail_cname": cname(f"em1.{domain}", "u7.wl.sendgrid.net", True),
            "dkim1": cname(f"s1._domainkey.{domain}", "s1._domainkey.u7.wl.sendgrid.net", valid),
            "dkim2": cname(f"s2._domainkey.{domain}", "s2._domainkey.u7.wl.sendgrid.net", valid),
        },
    }


def good() -> dict[str, HostAnswer]:
    return {
        "/v3/scopes": HostAnswer(status=200, told={"scopes": SCOPES}),
        "/v3/whitelabel/domains": HostAnswer(status=200, told=[authenticated()]),
        "/v3/verified_senders": HostAnswer(status=200, told={"results": []}),
        "/v3/user/webhooks/event/settings/all": HostAnswer(status=200, told={"webhooks": [WEBHOOK]}),
    }


def examined(answers: Mapping[str, HostAnswer], *, public_key: str = KEY, holds: bool = True) -> Account:
    return sendgrid.examine(
        lambda path: answers[path.partition("?")[0]], address=ADDRESS, holds=holds, hook=HOOK, public_key=public_key
    )


def of(found: Account, check: str) -> Diagnosis:
    return next(each for each in found.diagnoses if each.check == check)


def test_everything_is_right() -> None:
    found = examined(good())
    assert [each.verdict for each in found.diagnoses] == [Verdict.OK] * 3
    assert found.return_path == "em1.docket.example"
    assert found.selectors == (
        Selector(name="s1", domain="docket.example"),
        Selector(name="s2", domain="docket.example"),
    )
    assert DnsRecord(host="em1.docket.example", kind="CNAME", value="u7.wl.sendgrid.net") in found.records


@pytest.mark.parametrize(
    ("answer", "holds", "verdict", "words"),
    [
        (
            HostAnswer(status=401, told={"errors": [{"message": "authorization required"}]}),
            True,
            Verdict.WRONG,
            "not know",
        ),
        (HostAnswer(status=403), True, Verdict.WRONG, "not know"),
        (HostAnswer(status=200, told={"scopes": SCOPES[1:]}), True, Verdict.WRONG, "mail.send"),
        (HostAnswer(status=200, told={"scopes": SCOPES[:1]}), True, Verdict.WRONG, "mail.batch.create"),
        (HostAnswer(status=200, told={"scopes": SCOPES[:1]}), False, Verdict.OK, "may send"),
        (HostAnswer(status=200, told={"scopes": [*SCOPES, "api_keys.create"]}), True, Verdict.LOOK, "everything"),
        (HostAnswer(status=500), True, Verdict.NOT_ASKED, "500"),
        (HostAnswer(status=200, told="<html>"), True, Verdict.NOT_ASKED, "200"),
        (HostAnswer(trouble="no answer within 5 s"), True, Verdict.NOT_ASKED, "no answer within 5 s"),
    ],
)
def test_keys(answer: HostAnswer, holds: bool, verdict: Verdict, words: str) -> None:
    found = of(examined({**good(), "/v3/scopes": answer}, holds=holds), account.KEY)
    assert found.verdict is verdict, found.words
    assert words in found.words


def test_with_a_key_that_is_refused_nothing_more_is_asked() -> None:
    assert len(examined({"/v3/scopes": HostAnswer(status=401)}).diagnoses) == 1


@pytest.mark.parametrize(
    ("domains", "senders", "verdict", "records"),
    [
        ([authenticated(domain="example")], [], Verdict.OK, 0),  # that of a domain above counts as well
        ([authenticated(valid=False)], [], Verdict.WRONG, 2),
        ([authenticated(valid=False), authenticated()], [], Verdict.OK, 0),
        ([authenticated(domain="otherdocket.example")], [], Verdict.WRONG, 0),
        ([], [{"from_email": "Letters@Docket.example", "verified": True}], Verdict.LOOK, 0),
        ([], [{"from_email": ADDRESS, "verified": False}], Verdict.WRONG, 0),
        ([], [{"from_email": "others@docket.example", "verified": True}], Verdict.WRONG, 0),
    ],
)
def test_senders(domains: list[Any], senders: list[Any], verdict: Verdict, records: int) -> None:
    answers = {
        **good(),
        "/v3/whitelabel/domains": HostAnswer(status=200, told=domains),
        "/v3/verified_senders": HostAnswer(status=200, told={"results": senders}),
    }
    found = of(examined(answers), account.SENDER)
    assert (found.verdict, len(found.records)) == (verdict, records), found.words


@pytest.mark.parametrize("path", ["/v3/whitelabel/domains", "/v3/verified_senders"])
@pytest.mark.parametrize("status", [403, 500])
def test_senders_that_the_key_may_not_see(path: str, status: int) -> None:
    answers = {**good(), "/v3/whitelabel/domains": HostAnswer(status=200, told=[]), path: HostAnswer(status=status)}
    assert of(examined(answers), account.SENDER).verdict is Verdict.NOT_ASKED


@pytest.mark.parametrize(
    ("webhooks", "public_key", "verdict", "words"),
    [
        ([WEBHOOK], KEY, Verdict.OK, "signed"),
        ([{**WEBHOOK, "url": HOOK + "/"}], KEY, Verdict.OK, "signed"),
        ([{}], KEY, Verdict.LOOK, "no webhook"),
        ([{**WEBHOOK, "url": "https://elsewhere.example/"}], KEY, Verdict.LOOK, "no webhook"),
        ([{**WEBHOOK, "public_key": ""}], KEY, Verdict.WRONG, "not signed"),
        ([WEBHOOK], "", Verdict.WRONG, "has no key"),
        ([WEBHOOK], "Other==", Verdict.WRONG, "another key"),
        ([{**WEBHOOK, "enabled": False}], KEY, Verdict.LOOK, "switched off"),
        ([{**WEBHOOK, "bounce": False, "spam_report": False}], KEY, Verdict.LOOK, "bounce, spam_report"),
    ],
)
def test_webhooks(webhooks: list[Any], public_key: str, verdict: Verdict, words: str) -> None:
    told = HostAnswer(status=200, told={"webhooks": webhooks})
    answers = {**good(), "/v3/user/webhooks/event/settings/all": told}
    found = of(examined(answers, public_key=public_key), account.WEBHOOK)
    assert found.verdict is verdict, found.words
    assert words in found.words


@pytest.mark.skipif(not CONTRACTS.exists(), reason="the description of the service is not at hand")
def test_what_the_description_gives_as_examples_is_understood() -> None:
    def example(name: str, path: str) -> Any:
        description = json.loads((CONTRACTS / name).read_text(encoding="utf-8"))
        content = description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        return next(iter(content["examples"].values()))["value"]

    domains = json.loads((CONTRACTS / "tsg_domain_authentication_v3.json").read_text(encoding="utf-8"))
    told = domains["components"]["schemas"]["AuthenticatedDomain"]["example"]
    answers = {
        "/v3/scopes": example("tsg_scopes_v3.json", "/v3/scopes"),
        "/v3/whitelabel/domains": [told],
        "/v3/verified_senders": example("tsg_verified_senders_v3.json", "/v3/verified_senders"),
        "/v3/user/webhooks/event/settings/all": example("tsg_webhooks_v3.json", "/v3/user/webhooks/event/settings/all"),
    }
    found = sendgrid.examine(
        lambda path: HostAnswer(status=200, told=answers[path.partition("?")[0]]),
        address="orders@example.com",
        holds=False,
        hook="https://emaildelivery.example.com",
        public_key="123publickeydef",
    )
    assert [each.verdict for each in found.diagnoses] == [Verdict.OK, Verdict.OK, Verdict.LOOK]
    assert "spam_report" in of(found, account.WEBHOOK).words
    assert [selector.host for selector in found.selectors] == ["s1._domainkey.example.com", "s2._domainkey.example.com"]
