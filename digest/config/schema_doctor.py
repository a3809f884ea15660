"""What digest.toml may say for `digest doctor`."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator, Field

from digest.config.kinds import Table, fault

_SELECTOR = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9_-]+)*")


def _selectors(texts: list[str]) -> list[str]:
    wrong = next((text for text in texts if not _is_selector(text.strip())), None)
    if wrong is not None:
        raise fault(f'"{wrong[:60]}" is no selector; write what stands before "._domainkey", like "mail"')
    return [text.strip().lower() for text in texts]


def _is_selector(text: str) -> bool:
    return bool(_SELECTOR.fullmatch(text)) and "_domainkey" not in text.lower()


def _addresses(texts: list[str]) -> list[str]:
    for text in texts:
        if not _is_address(text.strip()):
            raise fault(f'"{text[:60]}" is no IP address; write it like "192.0.2.10"')
    return [text.strip() for text in texts]


def _servers(texts: list[str]) -> list[str]:
    for text in texts:
        address, port = _parted(text.strip())
        if not _is_address(address) or not port.isdecimal() or not 0 < int(port) < 65536:
            raise fault(f'"{text[:60]}" is no name server; write its IP address, like "192.0.2.1" or "192.0.2.1:53"')
    return [text.strip() for text in texts]


def _parted(place: str) -> tuple[str, str]:
    """Address and port of `192.0.2.1:53`, `[2001:db8::1]:53`, or an address alone."""
    if place.startswith("["):
        address, _, port = place[1:].partition("]")
        return address, port.removeprefix(":") or "53"
    if place.count(":") == 1:
        address, _, port = place.partition(":")
        return address, port
    return place, "53"


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class DoctorTable(Table):
    selectors: Annotated[list[str], AfterValidator(_selectors)] = Field(
        default_factory=list, description="The DKIM selectors that your mail server signs with."
    )
    addresses: Annotated[list[str], AfterValidator(_addresses)] = Field(
        default_factory=list, description="The IP addresses it sends from; the mail server's own when not given."
    )
    name_servers: Annotated[list[str], AfterValidator(_servers)] = Field(
        default_factory=list, description="Name servers to ask; the system's when not given."
    )
