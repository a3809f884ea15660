"""Asks the name servers, with a deadline for each question."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import dns.exception
import dns.name
import dns.nameserver
import dns.resolver
import dns.reversename
from dns.rdtypes.ANY.TXT import TXT
from dns.rdtypes.txtbase import TXTBase

from digest.health.answers import Answer

SECONDS = 5.0
_LARGEST = 1232
"""Bytes of an answer over UDP that no network cuts into pieces (dnsflagday.net/2020)."""


class Names:
    """The name servers of this machine, or those that are given (`192.0.2.1`, `192.0.2.1:5353`, `[2001:db8::1]:53`).

    A name is asked once. Where nobody has ever answered, the rest is not asked: a machine without a network is not to
    wait for each question. For as many threads as one likes.
    """

    def __init__(self, servers: Sequence[str] = (), *, seconds: float = SECONDS) -> None:
        self._servers, self._seconds = tuple(servers), seconds
        self._known: dict[tuple[str, str], Answer] = {}
        self._lock = threading.Lock()
        self._has_answered = False
        self._silent = ""

    def ask(self, name: str, kind: str) -> Answer:
        """The records of a name. Raises nothing."""
        key = (name.lower().rstrip("."), kind)
        with self._lock:
            known = self._known.get(key)
        if known is None:
            known = Answer(trouble=self._silent) if self._silent and not self._has_answered else self._asked(*key)
            with self._lock:
                self._known[key] = known
        return known

    def host_of(self, address: str) -> Answer:
        """The names that an IP address has."""
        return self.ask(dns.reversename.from_address(address).to_text(), "PTR")

    def _asked(self, name: str, kind: str) -> Answer:
        try:
            answer = self._resolver().resolve(name, kind, raise_on_no_answer=False, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            self._has_answered = True
            return Answer()
        except dns.resolver.NoResolverConfiguration:
            return self._nobody("this machine knows no name server")
        except dns.exception.Timeout:
            return self._nobody(f"no answer from the name servers within {self._seconds:g} s")
        except dns.resolver.NoNameservers as error:
            return self._unusable(name, error)
        except (dns.exception.DNSException, UnicodeError, OSError, ValueError) as error:
            return Answer(trouble=f"{name} could not be asked: {str(error) or type(error).__name__}")
        self._has_answered = True
        alias = str(answer.canonical_name).rstrip(".").lower()
        return Answer(
            found=tuple(sorted(map(_written, answer.rrset or ()))), alias=alias if alias != name.lower() else ""
        )

    def _unusable(self, name: str, error: dns.resolver.NoNameservers) -> Answer:
        """Every server failed: with words of its own (SERVFAIL), or because there is no way to it."""
        if all(isinstance(each[3], OSError) for each in error.kwargs.get("errors", ())):
            return self._nobody("no way leads to the name servers; is there a network?")
        self._has_answered = True
        return Answer(trouble=f"the name servers have no usable answer for {name}")

    def _nobody(self, trouble: str) -> Answer:
        self._silent = trouble
        return Answer(trouble=trouble)

    def _resolver(self) -> dns.resolver.Resolver:
        resolver = dns.resolver.Resolver(configure=not self._servers)
        if self._servers:
            resolver.nameservers = [_server(each) for each in self._servers]
        resolver.lifetime, resolver.timeout = self._seconds, self._seconds / 2
        resolver.use_edns(0, 0, _LARGEST)
        return resolver


def _written(record: object) -> str:
    """A record as one would write it; the strings of a text put together (RFC 7208, section 3.3)."""
    if isinstance(record, TXTBase | TXT):
        return b"".join(record.strings).decode("utf-8", "replace")
    text = str(record).lower()
    return text if text.endswith(" .") else text.removesuffix(".")  # “0 .” is an MX that takes no mail (RFC 7505)


def _server(written: str) -> dns.nameserver.Nameserver:
    host, separator, port = written.rpartition(":")
    if written.startswith("["):
        host, _, port = written[1:].partition("]")
        return dns.nameserver.Do53Nameserver(host, int(port.removeprefix(":") or 53))
    if separator and ":" not in host:
        return dns.nameserver.Do53Nameserver(host, int(port))
    return dns.nameserver.Do53Nameserver(written)
