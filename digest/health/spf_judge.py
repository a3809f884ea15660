"""What there is to say of an SPF record."""

from __future__ import annotations

from collections.abc import Iterator

from digest.health.sender import Address, Sender
from digest.health.spf import MOST_LOOKUPS, MOST_VOIDS, SpfRecord
from digest.model.health import Diagnosis, DnsRecord, Verdict

CHECK = "dns.spf"
READ_ON = "https://www.rfc-editor.org/rfc/rfc7208"
_LONGEST = 450
"""Bytes. Section 3.4 wants answers within 512, and the name and other texts take their part."""

Fault = tuple[Verdict, str, str]
"""How bad it is, what it is, and the record that would be right (empty: nobody can say)."""


def judge_spf(record: SpfRecord, sender: Sender) -> Diagnosis:
    """The worst that there is to say of the record of the return path's domain."""
    faults = sorted(_faults(record, sender), key=lambda fault: _SEVERITY.index(fault[0]))
    if not faults:
        return Diagnosis(check=CHECK, verdict=Verdict.OK, words=_fine(record, sender), read_on=READ_ON)
    verdict, words, right = faults[0]
    others = "".join(f"; {other}" for _, other, _ in faults[1:])
    wanted = sender.record_at(record.domain)
    records = wanted or ((DnsRecord(host=record.domain, kind="TXT", value=right),) if right else ())
    return Diagnosis(
        check=CHECK,
        verdict=verdict,
        words=f"{record.domain}: {words}{others}",
        do=_DO[bool(records), len(record.texts) > 1] if verdict is not Verdict.NOT_ASKED else "",
        records=records,
        read_on=READ_ON,
    )


_SEVERITY = (Verdict.WRONG, Verdict.NOT_ASKED, Verdict.LOOK)
_DO = {
    (True, True): "Enter this one record in the place of all others that begin with v=spf1",
    (True, False): "Enter this record, in the place of one that begins with v=spf1",
    (False, True): "Take out all but one of the records that begin with v=spf1",
    (False, False): "Correct the record at the domain's name servers",
}


def _faults(record: SpfRecord, sender: Sender) -> Iterator[Fault]:
    if record.trouble:
        yield Verdict.NOT_ASKED, record.trouble, ""
    elif not record.texts:
        yield Verdict.WRONG, "there is no SPF record, so any server's letters look like forgeries", _first(sender)
    elif len(record.texts) > 1:
        words = f"there are {len(record.texts)} SPF records, and receivers then count none of them"
        yield Verdict.WRONG, words, _merged(record)
    else:
        yield from _of_one(record, sender)


def _of_one(record: SpfRecord, sender: Sender) -> Iterator[Fault]:
    if record.faults:
        yield Verdict.WRONG, f"receivers cannot use it: {'; '.join(record.faults)}", ""
    if record.lookups > MOST_LOOKUPS:
        words = f"it takes {_at_least(record.lookups)} lookups, and receivers give up after {MOST_LOOKUPS}"
        yield Verdict.WRONG, f"{words}; take out includes that you no longer need", ""
    if record.voids > MOST_VOIDS:
        yield Verdict.WRONG, f"{record.voids} of its terms lead nowhere, and receivers allow {MOST_VOIDS}", ""
    yield from _of_the_end(record)
    for trouble in record.troubles:
        yield Verdict.NOT_ASKED, f"a part of it could not be read ({trouble})", ""
    yield from _of_the_addresses(record, sender)
    if any(step.term.name == "ptr" for each in record.walk() for step in each.steps):
        yield Verdict.LOOK, "it uses “ptr”, which receivers may leave out of account", ""
    if len(record.text.encode()) > _LONGEST:
        yield (
            Verdict.LOOK,
            f"it has {len(record.text.encode())} bytes; more than {_LONGEST} do not always get through",
            "",
        )


def _of_the_end(record: SpfRecord) -> Iterator[Fault]:
    if record.last_word == "+":
        yield Verdict.WRONG, "it ends in “+all”: anybody may send in your name", _ended(record.text, "~all")
    elif record.last_word == "?" and not record.troubles:
        words = "it does not say what becomes of letters from elsewhere (“~all” or “-all” at its end)"
        yield Verdict.LOOK, words, _ended(record.text, "~all")


def _of_the_addresses(record: SpfRecord, sender: Sender) -> Iterator[Fault]:
    refused = [address for address in sender.addresses if record.says_of(address) != "+"]
    if not refused or record.troubles:
        return
    named = ", ".join(map(str, refused))
    if sender.named:
        words = f"it does not let {named} send"
        yield Verdict.WRONG, words, _with_addresses(record.text, refused)
    else:
        words = f"it does not name {named}, the address of delivery.smtp.host; if that sends from others, name those"
        words = f"{words} in doctor.addresses"
        yield Verdict.LOOK, words, _with_addresses(record.text, refused)


def _fine(record: SpfRecord, sender: Sender) -> str:
    lets = f", lets {', '.join(map(str, sender.addresses))} send" if sender.addresses else ""
    return f"{record.domain} has an SPF record{lets}, and takes {record.lookups} of {MOST_LOOKUPS} lookups"


def _at_least(lookups: int) -> str:
    return f"at least {lookups}" if lookups > 2 * MOST_LOOKUPS else str(lookups)


def _first(sender: Sender) -> str:
    server = f"a:{sender.mail_server}" if sender.mail_server else "mx"
    return " ".join(("v=spf1", *(map(_term, sender.addresses) if sender.named else (server,)), "~all"))


def _term(address: Address) -> str:
    return f"ip{address.version}:{address}"


def _merged(record: SpfRecord) -> str:
    """One record of several: every term once, the most lenient end (a stricter one would cut somebody off)."""
    terms = [term for text in record.texts for term in text.split()[1:]]
    ends = [term for term in terms if term.lower().endswith("all") and len(term) <= 4]
    others = dict.fromkeys(term for term in terms if term not in ends)
    end = next((end for end in ("?all", "~all", "-all") if end in ends), "~all")
    return " ".join(("v=spf1", *others, end))


def _with_addresses(text: str, addresses: list[Address]) -> str:
    """The record with the addresses at its front: there nothing comes before them, and no end has to be known."""
    return " ".join(("v=spf1", *map(_term, addresses), *text.split()[1:]))


def _ended(text: str, end: str) -> str:
    kept = [term for term in text.split() if term.lower().lstrip("+?~-") != "all"]
    return " ".join((*kept, end))
