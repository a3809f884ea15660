"""An account at Resend: its key and its domain (https://resend.com/docs/api-reference/domains)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from digest.health.account import KEY, SENDER, Account, Get, listed, said, unanswered
from digest.health.answers import HostAnswer
from digest.health.sender import Selector
from digest.model.health import Diagnosis, DnsRecord, Verdict

_NAME = "Resend"
_SENDS_ONLY = "restricted_api_key"
_READ_ON = "https://resend.com/docs/dashboard/domains/introduction"
_KNOWN_BY = ("verified", "partially_verified")


def examine(get: Get, *, address: str) -> Account:
    """Asks for the account from which `address` writes."""
    domains = get("/domains")
    key = judge_key(domains)
    if domains.status != 200:
        return Account(diagnoses=(key, _unasked(domains)) if key.verdict is Verdict.OK else (key,))
    domain = address.rpartition("@")[2].lower()
    entered = _own(listed(domains.told, "data"), domain)
    whole = get(f"/domains/{quote(str(entered.get('id', '')), safe='')}") if entered else HostAnswer()
    records = listed(whole.told, "records")
    name = str(entered["name"]) if entered else domain
    return Account(
        diagnoses=(key, judge_sender(entered, records, domain)),
        selectors=tuple(_selectors(records, name)),
        return_path=next((_host(each, name) for each in records if each.get("record") == "SPF"), ""),
        records=tuple(_record(each, name) for each in records),
    )


def judge_key(answer: HostAnswer) -> Diagnosis:
    """Whether Resend takes the key."""
    if _only_sends(answer) or answer.status == 200:
        return said(KEY, Verdict.OK, f"{_NAME} takes the key, and it may send")
    if answer.status in {400, 401, 403}:
        do = "Make a key that may send, and put it into DIGEST_RESEND_API_KEY"
        return said(KEY, Verdict.WRONG, f"{_NAME} does not take the key (it answers {answer.status})", do)
    return unanswered(KEY, _NAME, answer)


def judge_sender(entered: dict[str, Any] | None, records: list[dict[str, Any]], domain: str) -> Diagnosis:
    """Whether Resend believes that the domain is ours."""
    if entered is None:
        do = f"Add {domain} at {_NAME} (Domains)"
        return said(
            SENDER, Verdict.WRONG, f"{_NAME} knows no domain {domain}, and refuses its letters", do, read_on=_READ_ON
        )
    name, status = str(entered["name"]), str(entered.get("status", ""))
    if status in _KNOWN_BY:
        return said(SENDER, Verdict.OK, f"{_NAME} signs for {name}")
    missing = tuple(_record(each, name) for each in records if each.get("status") != "verified")
    words = f"{name} is entered at {_NAME} and not verified ({status.replace('_', ' ')})"
    return said(
        SENDER, Verdict.WRONG, words, f"Enter these records, then verify at {_NAME}", records=missing, read_on=_READ_ON
    )


def _unasked(answer: HostAnswer) -> Diagnosis:
    words = "the key may send and nothing else, so the domain could not be asked for"
    return said(SENDER, Verdict.NOT_ASKED, words, f"Look at {_NAME} yourself (Domains)", read_on=_READ_ON)


def _only_sends(answer: HostAnswer) -> bool:
    return isinstance(answer.told, dict) and answer.told.get("name") == _SENDS_ONLY


def _own(domains: Iterable[dict[str, Any]], domain: str) -> dict[str, Any] | None:
    return next((each for each in domains if str(each.get("name", "")).lower() == domain), None)


def _selectors(records: list[dict[str, Any]], domain: str) -> list[Selector]:
    keys = [str(each.get("name", "")) for each in records if each.get("record") == "DKIM"]
    return [Selector(name=key.partition("._domainkey")[0], domain=domain) for key in keys]


def _record(told: dict[str, Any], domain: str) -> DnsRecord:
    value = str(told.get("value", ""))
    priority = told.get("priority")
    value = f"{priority} {value}" if told.get("type") == "MX" and priority is not None else value
    return DnsRecord(host=_host(told, domain), kind=str(told.get("type", "")), value=value)


def _host(told: dict[str, Any], domain: str) -> str:
    """Resend names hosts from the registered domain on (`send.letters` of letters.docket.example): the labels that the
    name and the domain share are said once."""
    labels, own = str(told.get("name", "")).lower().split("."), domain.split(".")
    shared = next(
        (length for length in range(min(len(labels), len(own)), 0, -1) if labels[-length:] == own[:length]), 0
    )
    return ".".join((*labels[: len(labels) - shared], *own))
