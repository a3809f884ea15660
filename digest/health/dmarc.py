"""DMARC: what a domain wants done with letters that are not its own, and whether ours count as its own (RFC 7489)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from digest.health.answers import Ask
from digest.health.sender import Sender
from digest.health.tags import BadTags, tags_of
from digest.model.health import Diagnosis, DnsRecord, Verdict

CHECK, ALIGNMENT = "dns.dmarc", "dns.alignment"
READ_ON = "https://www.rfc-editor.org/rfc/rfc7489"
_POLICIES = ("none", "quarantine", "reject")
_DEEPEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The policy of a domain. `texts` are its records, and one is right; `at` is the domain that has them.

    `organisation` is the highest domain above (or the domain itself) that has a policy: domains below it belong
    together. It is found by walking up the names, and so needs no list of public suffixes.
    """

    domain: str
    at: str = ""
    texts: tuple[str, ...] = ()
    organisation: str = ""
    trouble: str = ""

    @property
    def host(self) -> str:
        return f"_dmarc.{self.at or self.domain}"

    def tag(self, name: str, default: str = "") -> str:
        """A tag of the record; empty where it cannot be read."""
        try:
            return tags_of(self.texts[0]).get(name, default).strip().lower() if len(self.texts) == 1 else default
        except BadTags:
            return default

    @property
    def action(self) -> str:
        """What is done with letters that are not the domain's own: `none`, `quarantine`, `reject`."""
        own = self.tag("p")
        return own if self.at == self.domain else self.tag("sp", own) or own


def look_up(domain: str, ask: Ask) -> Policy:
    """The policy that counts for a domain: its own, else that of the nearest domain above it."""
    found: list[tuple[str, tuple[str, ...]]] = []
    labels = domain.split(".")
    for at in range(min(len(labels) - 1, _DEEPEST)):
        above = ".".join(labels[at:])
        answer = ask(f"_dmarc.{above}", "TXT")
        if answer.trouble and not found:
            return Policy(domain=domain, trouble=answer.trouble)
        texts = tuple(text for text in answer.found if re.match(r"v\s*=\s*DMARC1\s*(;|$)", text))
        found += [(above, texts)] if texts else []
    if not found:
        return Policy(domain=domain)
    return Policy(domain=domain, at=found[0][0], texts=found[0][1], organisation=found[-1][0])


def judge_policy(policy: Policy, sender: Sender) -> Diagnosis:
    """How the policy stands."""
    if policy.trouble:
        return _said(CHECK, Verdict.NOT_ASKED, f"{policy.host}: {policy.trouble}")
    if not policy.texts:
        return _absent(policy, sender)
    for words, right in _wrong(policy, sender):
        do = "Enter this record in the place of the one that is there" if right else "Correct the record"
        return _said(CHECK, Verdict.WRONG, f"{policy.host}: {words}", do, _record(policy.host, right))
    if policy.action == "none":
        words = f"{policy.host} has everything let through (p=none): forgers may use your name"
        do = "Once the reports show that your own letters pass, ask for more"
        return _said(CHECK, Verdict.LOOK, words, do, _record(policy.host, _stricter(policy.texts[0])))
    if policy.tag("pct", "100") != "100":
        words = f"{policy.host} counts for {policy.tag('pct')} of 100 letters only"
        return _said(CHECK, Verdict.LOOK, words, "Take “pct” out of the record when nothing of yours is caught")
    return _said(CHECK, Verdict.OK, f"{policy.host} has forgeries treated: {policy.action}")


def judge_alignment(policy: Policy, sender: Sender) -> Diagnosis:
    """Whether signature or return path are of the From address's own domain, of which one is enough."""
    if policy.trouble:
        return _said(ALIGNMENT, Verdict.NOT_ASKED, f"{policy.host}: {policy.trouble}")
    signing = tuple(dict.fromkeys(selector.domain for selector in sender.selectors))
    if not signing and not sender.return_path:
        words = "neither the domain that signs nor the one that bounces go to is known"
        return _said(ALIGNMENT, Verdict.NOT_ASKED, words)
    signed = [domain for domain in signing if _aligned(domain, policy, policy.tag("adkim"))]
    returned = bool(sender.return_path) and _aligned(sender.return_path, policy, policy.tag("aspf"))
    if not signed and not returned:
        told = " and ".join(dict.fromkeys(filter(None, (*signing, sender.return_path))))
        words = f"letters from {sender.domain} go out under the name of {told}, and so count as forgeries"
        return _said(ALIGNMENT, Verdict.WRONG, words, f"Have letters signed by {sender.domain} (DKIM)")
    if not signed:
        known = "" if signing else ", as far as is known"
        words = f"only the return path is of {sender.domain}{known}; letters that are forwarded count as forgeries"
        return _said(ALIGNMENT, Verdict.LOOK, words, f"Have letters signed by {sender.domain} (DKIM) too")
    both = " and the return path" if returned else ""
    return _said(ALIGNMENT, Verdict.OK, f"the signature of {signed[0]}{both} belong to {sender.domain}")


def _aligned(domain: str, policy: Policy, mode: str) -> bool:
    """Section 3.1: the very domain where the record is strict, else one of the same organisation."""
    if domain == policy.domain:
        return True
    if mode == "s":
        return False
    organisation = policy.organisation or policy.domain
    return any(domain == above or domain.endswith(f".{above}") for above in (organisation, policy.domain)) or (
        not policy.organisation and policy.domain.endswith(f".{domain}")
    )


def _absent(policy: Policy, sender: Sender) -> Diagnosis:
    words = f"{policy.domain} has no DMARC record; Gmail and Yahoo ask for one of whoever writes to many"
    first = f"v=DMARC1; p=none; rua=mailto:{sender.report_to}"
    return _said(CHECK, Verdict.WRONG, words, "Enter this record to begin with", _record(policy.host, first))


def _wrong(policy: Policy, sender: Sender) -> Iterator[tuple[str, str]]:
    """What makes the record count for nothing, and what would be right."""
    right = f"v=DMARC1; p=quarantine; rua=mailto:{sender.report_to}"
    if len(policy.texts) > 1:
        yield f"there are {len(policy.texts)} DMARC records, and receivers then count none of them", right
        return
    try:
        tags = tags_of(policy.texts[0])
    except BadTags as bad:
        yield f"the record cannot be read: {bad}", right
        return
    if "p" not in tags:
        yield "the record says nothing of what is to be done (p=)", right
    elif policy.tag("p") not in _POLICIES or policy.action not in _POLICIES:
        yield f"“p={tags['p']}” or “sp={tags.get('sp', '')}” is nothing that receivers know", right
    elif not re.fullmatch(r"100|\d{1,2}", policy.tag("pct", "100")):
        yield f"“pct={tags['pct']}” is no share of 100", right


def _stricter(text: str) -> str:
    return re.sub(r"\b(s?p)\s*=\s*none\b", r"\1=quarantine", text)


def _record(host: str, value: str) -> tuple[DnsRecord, ...]:
    return (DnsRecord(host=host, kind="TXT", value=value),) if value else ()


def _said(check: str, verdict: Verdict, words: str, do: str = "", records: tuple[DnsRecord, ...] = ()) -> Diagnosis:
    return Diagnosis(check=check, verdict=verdict, words=words, do=do, records=records, read_on=READ_ON)
