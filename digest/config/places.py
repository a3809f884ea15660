"""Where things are: addresses on the web, time zones, files."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

_UNFIT = re.compile(r'[\s<>"\\^`{|}\x00-\x1f\x7f]')
_HOST = re.compile(r"(?!-)[^\s_/?#@:.]+(?:\.[^\s_/?#@:.]+)*\.?|\[[0-9A-Fa-f:.]+\]")

_DOMAIN = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})")


def is_web_address(text: str) -> bool:
    """Whether it is an absolute http(s) address with a host."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.netloc.rpartition("@")[2].removesuffix(f":{port}")
    return parts.scheme in {"http", "https"} and bool(_HOST.fullmatch(host)) and not _UNFIT.search(text)


def domain(text: str) -> str:
    """The domain as addresses in the store have it: lower case and ASCII. Empty when it is none, or not a whole one."""
    import idna

    try:
        name = idna.encode(text.strip().lower(), uts46=True).decode()
    except idna.IDNAError:
        return ""
    return name if _DOMAIN.fullmatch(name) else ""


def exists(path: Path, kind: Callable[[Path], bool]) -> bool:
    """Whether there is a file (`Path.is_file`) or a folder (`Path.is_dir`) that can be seen."""
    try:
        return kind(path)
    except (OSError, ValueError):  # no permission on the way, or a name that no file can have
        return False


def near_timezones(text: str) -> str:
    """Names of time zones that may be meant, to end a sentence with."""
    import zoneinfo

    zones = zoneinfo.available_timezones()
    spellings = {zone.lower(): zone for zone in sorted(zones)}
    spellings |= {zone.rpartition("/")[2].lower(): zone for zone in sorted(zones) if "/" in zone}
    wanted = text.strip().lower().replace(" ", "_")
    near = get_close_matches(wanted, spellings, n=6, cutoff=0.6)
    named = list(dict.fromkeys(spellings[spelling] for spelling in near))[:3] or ["America/New_York", "Europe/Madrid"]
    return " or ".join(f'"{zone}"' for zone in named)
