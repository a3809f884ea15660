"""The doctor's words: what was looked at, how it stands, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How one thing stands."""

    OK = "ok"
    LOOK = "look"
    """It works, and should be looked at all the same."""
    WRONG = "wrong"
    """Letters do not arrive, readers cannot leave, or something is about to be lost."""
    NOT_ASKED = "not asked"
    """It could not be found out, or there was nothing to ask with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsRecord:
    """A record as one enters it at the domain's name servers: `docket.example`, `TXT`, `v=spf1 …`."""

    host: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What was found about one thing.

    `check` names it (`dns.spf`), `words` say in a sentence or two how it stands, `do` what to do; `records` are what to
    enter at the domain's name servers, `read_on` the address of a page that explains more.
    """

    check: str
    verdict: Verdict
    words: str
    do: str = ""
    records: tuple[DnsRecord, ...] = ()
    read_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """All that one visit came to, in the order of the checks."""

    diagnoses: tuple[Diagnosis, ...] = ()

    @property
    def wrong(self) -> tuple[Diagnosis, ...]:
        return tuple(each for each in self.diagnoses if each.verdict is Verdict.WRONG)

    def counted(self, verdict: Verdict) -> int:
        """How many stand like that."""
        return sum(each.verdict is verdict for each in self.diagnoses)
