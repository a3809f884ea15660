"""SPF (RFC 7208): a domain's record and all that it refers to, as a tree; and whom it lets send."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

from digest.health.answers import Ask

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MOST_LOOKUPS, MOST_VOIDS = 10, 2
"""Section 4.6.4: terms that ask the name servers, and those of them to which there is no answer."""
_GIVES_UP = 2 * MOST_LOOKUPS
_MOST_HOSTS = 10
"""Of one `mx` term, section 4.6.4."""

_IP = re.compile(r"(?P<qualifier>[+?~-]?)(?P<name>ip[46]):(?P<value>\S+)", re.IGNORECASE)
_MECHANISM = re.compile(
    r"(?P<qualifier>[+?~-]?)(?:(?P<bare>all)|(?P<name>include|a|mx|ptr|exists)(?::(?P<value>[^\s/:]+))?"
    r"(?:/(?P<length>\d{1,2}))?(?://(?P<length6>\d{1,3}))?)",
    re.IGNORECASE,
)
_MODIFIER = re.compile(r"(?P<name>[a-z][a-z0-9_.-]*)=(?P<value>\S*)", re.IGNORECASE)
_WANTS_VALUE = frozenset({"include", "ip4", "ip6", "exists"})
_LOOKS_UP = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A mechanism or the `redirect` of a record, as `text` has it; `value` is a domain or a network, empty for none."""

    text: str
    name: str
    qualifier: str = "+"
    value: str = ""
    lengths: tuple[int, int] = (32, 128)

    @property
    def looks_up(self) -> bool:
        return self.name in _LOOKS_UP


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A term, and what the name servers say of it: the networks that it stands for, or the record that it names.

    `void` tells that there was no answer, `trouble` that nobody could say. What depends on each letter (macros,
    `exists`, `ptr`) is not looked into.
    """

    term: Term
    networks: tuple[Network, ...] = ()
    record: SpfRecord | None = None
    void: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfRecord:
    """The SPF record of a domain. `texts` are all that it has, and one is right; `faults` are what the record says
    wrong, in words."""

    domain: str
    texts: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    faults: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def text(self) -> str:
        return self.texts[0] if self.texts else ""

    def walk(self) -> Iterator[SpfRecord]:
        """The record, and all that it refers to."""
        yield self
        for step in self.steps:
            if step.record:
                yield from step.record.walk()

    @property
    def lookups(self) -> int:
        return sum(step.term.looks_up for record in self.walk() for step in record.steps)

    @property
    def voids(self) -> int:
        return sum(step.void for record in self.walk() for step in record.steps)

    @property
    def troubles(self) -> tuple[str, ...]:
        """Why parts of it are not known."""
        found = [record.trouble for record in self.walk()]
        found += [step.trouble for record in self.walk() for step in record.steps]
        return tuple(dict.fromkeys(filter(None, found)))

    @property
    def last_word(self) -> str:
        """What becomes of those whom no term names: `+`, `?`, `~` or `-` (section 4.7: `?` where nothing is said)."""
        for step in self.steps:
            if step.term.name == "all":
                return step.term.qualifier
        redirects = [step.record for step in self.steps if step.term.name == "redirect" and step.record]
        return redirects[0].last_word if redirects else "?"

    def says_of(self, address: Address) -> str:
        """The qualifier that an address gets: `+` may send. `?` too where that depends on the letter."""
        for step in self.steps:
            if _matches(step, address):
                return step.term.qualifier
        redirects = [step.record for step in self.steps if step.term.name == "redirect" and step.record]
        return redirects[0].says_of(address) if redirects else "?"


def _matches(step: Step, address: Address) -> bool:
    if step.term.name == "all":
        return True
    if step.term.name == "include":
        return step.record is not None and step.record.says_of(address) == "+"
    return any(address.version == network.version and address in network for network in step.networks)


def look_up(domain: str, ask: Ask) -> SpfRecord:
    """The domain's record, with all that it refers to, as far as the limit of lookups lets one see."""
    return _Reading(ask).record(domain, ())


class _Reading:
    """One reading of a record; counts, so that a record without end is not read to it."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._lookups = 0

    def record(self, domain: str, above: tuple[str, ...]) -> SpfRecord:
        answer = self._ask(domain, "TXT")
        texts = tuple(text for text in answer.found if re.match(r"v=spf1(?: |$)", text, re.IGNORECASE))
        if answer.trouble or len(texts) != 1:
            return SpfRecord(domain=domain, texts=texts, trouble=answer.trouble)
        terms, faults = parse(texts[0])
        steps = tuple(self._step(term, domain, (*above, domain)) for term in terms)
        return SpfRecord(domain=domain, texts=texts, steps=steps, faults=(*faults, *_of_includes(steps)))

    def _step(self, term: Term, domain: str, above: tuple[str, ...]) -> Step:
        if term.name in {"ip4", "ip6"}:
            return Step(term=term, networks=(ipaddress.ip_network(term.value, strict=False),))
        self._lookups += term.looks_up
        if self._lookups > _GIVES_UP or "%" in term.value or term.name in {"all", "ptr", "exists"}:
            return Step(term=term)
        if term.name in {"include", "redirect"}:
            return self._reference(term, above)
        return self._hosts(term, term.value or domain)

    def _reference(self, term: Term, above: tuple[str, ...]) -> Step:
        if term.value.lower() in map(str.lower, above):
            return Step(term=term, record=SpfRecord(domain=term.value, faults=(f"{term.value} refers to itself",)))
        record = self.record(term.value, above)
        return Step(term=term, record=record, void=not record.texts and not record.trouble)

    def _hosts(self, term: Term, domain: str) -> Step:
        names: tuple[str, ...] = (domain,)
        trouble = ""
        if term.name == "mx":
            answer = self._ask(domain, "MX")
            names, trouble = tuple(each.split()[-1] for each in answer.found[:_MOST_HOSTS]), answer.trouble
        answers = [self._ask(name, kind) for name in names for kind in ("A", "AAAA")]
        trouble = trouble or next((each.trouble for each in answers if each.trouble), "")
        networks = tuple(_network(address, term) for each in answers for address in each.found)
        return Step(term=term, networks=networks, void=not networks and not trouble, trouble=trouble)


def _network(address: str, term: Term) -> Network:
    length = term.lengths[1] if ":" in address else term.lengths[0]
    return ipaddress.ip_network(f"{address}/{length}", strict=False)


def _of_includes(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """What is wrong with the records that are referred to, which makes this one wrong too (section 5.2)."""
    found = []
    for step in steps:
        record = step.record
        if record is None or record.trouble:
            continue
        if len(record.texts) > 1:
            found.append(f"“{step.term.text}” names a domain with {len(record.texts)} SPF records")
        elif not record.texts and not record.faults:
            found.append(f"“{step.term.text}” names a domain without an SPF record")
        found += record.faults
    return tuple(found)


def parse(text: str) -> tuple[tuple[Term, ...], tuple[str, ...]]:
    """The terms of a record, in the order in which they count, and what cannot be read, in words (section 12)."""
    terms, faults = [], []
    for written in text.split()[1:]:
        term = _term(written)
        if isinstance(term, str):
            faults.append(term)
        elif term is not None:
            terms.append(term)
    # Section 6.1: a redirect counts after all mechanisms, wherever it stands.
    return tuple(sorted(terms, key=lambda term: term.name == "redirect")), tuple(faults)


def _term(written: str) -> Term | str | None:
    """A term, or what is wrong with it; None for a modifier that decides nothing (`exp=`, unknown ones)."""
    if modifier := _MODIFIER.fullmatch(written):
        name, value = modifier["name"].lower(), modifier["value"]
        if name != "redirect":
            return None
        return Term(text=written, name=name, value=value.rstrip(".")) if value else f"“{written}” names no domain"
    name = re.match(r"[+?~-]?([a-z0-9]*)", written, re.IGNORECASE)
    kind = name[1].lower() if name else ""
    found = _IP.fullmatch(written) if kind in {"ip4", "ip6"} else _MECHANISM.fullmatch(written)
    return _mechanism(written, found) if found else f"“{written}” is no term of SPF"


def _mechanism(written: str, found: re.Match[str]) -> Term | str:
    parts = found.groupdict()
    name, value = (parts.get("bare") or parts["name"]).lower(), (parts["value"] or "").rstrip(".")
    if name in {"ip4", "ip6"} and not _is_network(value, 4 if name == "ip4" else 6):
        return f"“{written}” names no address"
    if name in _WANTS_VALUE and not value:
        return f"“{written}” names no domain"
    lengths = (int(parts.get("length") or 32), int(parts.get("length6") or 128))
    if lengths[0] > 32 or lengths[1] > 128:
        return f"“{written}” has a network that cannot be"
    return Term(text=written, name=name, qualifier=parts["qualifier"] or "+", value=value, lengths=lengths)


def _is_network(value: str, version: int) -> bool:
    try:
        return ipaddress.ip_network(value, strict=False).version == version
    except ValueError:
        return False
