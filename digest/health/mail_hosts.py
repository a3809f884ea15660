"""Where mail for a domain goes (RFC 5321, section 5; RFC 7505), and what names the sending addresses have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from digest.health.answers import Answer, Ask
from digest.health.sender import Address, Sender
from digest.model.health import Diagnosis, DnsRecord, Verdict

MX, REVERSE = "dns.mx", "dns.reverse"
_READ_ON_MX = "https://www.rfc-editor.org/rfc/rfc5321#section-5"
_READ_ON_REVERSE = "https://support.google.com/a/answer/81126"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailHosts:
    """The answers for a domain's mail servers, and for the addresses of each."""

    domain: str
    mx: Answer
    own: Answer
    addresses: Mapping[str, tuple[Answer, ...]]

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(each.split()[-1].rstrip(".") for each in self.mx.found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse:
    """The names of an address, and the addresses of each of those."""

    address: Address
    names: Answer
    back: Mapping[str, tuple[Answer, ...]]


def look_up(domain: str, ask: Ask) -> MailHosts:
    """Asks for a domain's mail servers, and their addresses."""
    mx = ask(domain, "MX")
    hosts = [each.split()[-1].rstrip(".") for each in mx.found]
    own = Answer() if mx.found or mx.trouble else ask(domain, "A")
    return MailHosts(domain=domain, mx=mx, own=own, addresses={host: _addresses(host, ask) for host in hosts if host})


def look_back(address: Address, host_of: Callable[[str], Answer], ask: Ask) -> Reverse:
    """Asks for the names of an address, and whether they lead back to it."""
    names = host_of(str(address))
    return Reverse(address=address, names=names, back={name: _addresses(name, ask) for name in names.found})


def judge_mx(found: MailHosts, use: str) -> Diagnosis:
    """Whether mail gets to a domain; `use` says what for (`answers`, `bounces`)."""
    domain = found.domain
    if found.mx.trouble:
        return _said(Verdict.NOT_ASKED, f"{domain}: {found.mx.trouble}")
    if not found.mx.found:
        return _without_mx(found, use)
    if found.hosts == ("",):
        return _said(Verdict.WRONG, f"{domain} takes no mail (its MX is “.”), so {use} are lost", _NAME_A_SERVER)
    missing = [host for host in found.hosts if not _has_address(found.addresses.get(host, ()))]
    unknown = [each.trouble for host in missing for each in found.addresses[host] if each.trouble]
    if unknown:
        return _said(Verdict.NOT_ASKED, f"the addresses of {', '.join(missing)}: {unknown[0]}")
    if missing:
        verdict = Verdict.WRONG if len(missing) == len(found.hosts) else Verdict.LOOK
        return _said(verdict, f"{', '.join(missing)}, where mail for {domain} goes, has no address", _NAME_A_SERVER)
    return _said(Verdict.OK, f"{use} to {domain} go to {', '.join(found.hosts)}")


_NAME_A_SERVER = "Enter an MX record that names a mail server"


def _without_mx(found: MailHosts, use: str) -> Diagnosis:
    domain = found.domain
    record = DnsRecord(host=domain, kind="MX", value=f"10 mail.{domain}")
    if found.own.trouble:
        return _said(Verdict.NOT_ASKED, f"{domain}: {found.own.trouble}")
    if found.own.found:
        words = f"{domain} has no MX record, so {use} go to the host of that name itself"
        return _said(Verdict.LOOK, words, "If it takes no mail, enter a record like this one", (record,))
    words = f"{domain} has no mail server: {use} are lost, and receivers may refuse its letters"
    return _said(Verdict.WRONG, words, "Enter a record like this one, with your mail server's name", (record,))


def judge_reverse(found: Reverse) -> Diagnosis:
    """Whether an address has a name that leads back to it."""
    address, names = found.address, found.names.found
    if found.names.trouble:
        return _reverse(Verdict.NOT_ASKED, f"{address}: {found.names.trouble}")
    if not names:
        words = f"{address} has no name, and Gmail and others refuse letters from there"
        return _reverse(Verdict.WRONG, words, "Have whoever owns the address give it the mail server's name (PTR)")
    for name in names:
        if any(str(address) in answer.found for answer in found.back[name]):
            return _reverse(Verdict.OK, f"{address} is {name}, and {name} is {address}")
    troubles = [answer.trouble for answers in found.back.values() for answer in answers if answer.trouble]
    if troubles:
        return _reverse(Verdict.NOT_ASKED, f"{names[0]}: {troubles[0]}")
    words = f"{address} is called {names[0]}, and {names[0]} is not {address}: receivers do not believe such a name"
    kind = "AAAA" if address.version == 6 else "A"
    record = DnsRecord(host=names[0], kind=kind, value=str(address))
    return _reverse(Verdict.WRONG, words, "Enter this record, or have the address called otherwise", (record,))


def judge_no_address(sender: Sender) -> Diagnosis:
    """Nobody knows from which address letters leave."""
    words = f"from which addresses letters leave is not known ({sender.reason})"
    return _reverse(Verdict.NOT_ASKED, words, 'Name them in digest.toml: doctor.addresses = ["192.0.2.10"]')


def _addresses(host: str, ask: Ask) -> tuple[Answer, ...]:
    return tuple(ask(host, kind) for kind in ("A", "AAAA"))


def _has_address(answers: tuple[Answer, ...]) -> bool:
    return any(answer.found for answer in answers)


def _reverse(verdict: Verdict, words: str, do: str = "", records: tuple[DnsRecord, ...] = ()) -> Diagnosis:
    return Diagnosis(check=REVERSE, verdict=verdict, words=words, do=do, records=records, read_on=_READ_ON_REVERSE)


def _said(verdict: Verdict, words: str, do: str = "", records: tuple[DnsRecord, ...] = ()) -> Diagnosis:
    return Diagnosis(check=MX, verdict=verdict, words=words, do=do, records=records, read_on=_READ_ON_MX)
