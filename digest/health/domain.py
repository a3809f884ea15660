"""What there is to look at of the domain that letters come from."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator

from digest.health import dkim, dmarc, mail_hosts, spf, spf_judge
from digest.health.names import Names
from digest.health.sender import Address, Selector, Sender
from digest.health.visit import Look
from digest.model.health import Diagnosis, Verdict


def looks(sender: Callable[[], Sender], names: Names) -> tuple[Look, ...]:
    """Everything about the domain. `sender` may take its time: a provider is asked first what it knows."""
    return (
        Look(check=spf_judge.CHECK, act=lambda: _spf(sender(), names)),
        Look(check=dkim.CHECK, act=lambda: _dkim(sender(), names)),
        Look(check=dmarc.CHECK, act=lambda: _policy(sender(), names)),
        Look(check=dmarc.ALIGNMENT, act=lambda: _alignment(sender(), names)),
        Look(check=mail_hosts.MX, act=lambda: _mail_hosts(sender(), names)),
    )


def look_at_addresses(sender: Callable[[], Sender], names: Names) -> Look:
    """The names of the addresses that letters leave from, where that is a server of the operator's."""
    return Look(check=mail_hosts.REVERSE, act=lambda: _reverse(sender(), names))


def addresses_of(host: str, names: Names) -> tuple[tuple[Address, ...], str]:
    """The public addresses of a mail server, or why there are none."""
    if "." not in host and ":" not in host:
        return (), f"{host} is this machine, or one beside it"
    try:
        found: tuple[str, ...] = (str(ipaddress.ip_address(host)),)
    except ValueError:
        answers = [names.ask(host, kind) for kind in ("A", "AAAA")]
        found = tuple(address for answer in answers for address in answer.found)
        if not found:
            return (), next((each.trouble for each in answers if each.trouble), f"{host} has no address")
    public = tuple(address for address in map(ipaddress.ip_address, found) if address.is_global)
    return public, "" if public else f"{host} is on this machine or in a private network"


def _spf(sender: Sender, names: Names) -> Iterator[Diagnosis]:
    if sender.return_path:
        yield spf_judge.judge_spf(spf.look_up(sender.return_path, names.ask), sender)
        return
    words = f"which domain bounces go to is not known, so {sender.domain}'s record was not looked at"
    yield Diagnosis(check=spf_judge.CHECK, verdict=Verdict.NOT_ASKED, words=words, read_on=spf_judge.READ_ON)


def _dkim(sender: Sender, names: Names) -> Iterator[Diagnosis]:
    if not sender.selectors:
        yield from _usual(sender, names)
    for selector in sender.selectors:
        yield _judged(selector, sender, names)


def _usual(sender: Sender, names: Names) -> Iterator[Diagnosis]:
    """The keys under selectors that many use: nobody said which it is."""
    selectors = [Selector(name=name, domain=sender.domain) for name in dkim.USUAL]
    answers = {selector: names.ask(selector.host, "TXT") for selector in selectors}
    there = [selector for selector, answer in answers.items() if answer.found]
    for selector in there:
        yield _judged(selector, sender, names)
    if not there:
        yield dkim.judge_unknown(sender, tuple(filter(None, (each.trouble for each in answers.values()))))


def _judged(selector: Selector, sender: Sender, names: Names) -> Diagnosis:
    answer = names.ask(selector.host, "TXT")
    alias = names.ask(selector.host, "CNAME")
    return dkim.judge_selector(selector, answer, alias, sender)


def _policy(sender: Sender, names: Names) -> Iterator[Diagnosis]:
    yield dmarc.judge_policy(dmarc.look_up(sender.domain, names.ask), sender)


def _alignment(sender: Sender, names: Names) -> Iterator[Diagnosis]:
    yield dmarc.judge_alignment(dmarc.look_up(sender.domain, names.ask), sender)


def _mail_hosts(sender: Sender, names: Names) -> Iterator[Diagnosis]:
    yield mail_hosts.judge_mx(mail_hosts.look_up(sender.domain, names.ask), "answers")
    if sender.return_path not in {"", sender.domain}:
        yield mail_hosts.judge_mx(mail_hosts.look_up(sender.return_path, names.ask), "bounces")


def _reverse(sender: Sender, names: Names) -> Iterator[Diagnosis]:
    if not sender.addresses:
        yield mail_hosts.judge_no_address(sender)
    for address in sender.addresses:
        yield mail_hosts.judge_reverse(mail_hosts.look_back(address, names.host_of, names.ask))
