"""Time zones as lists name them."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from functools import cache, lru_cache

_NO_PLACES = {"localtime", "Factory"}
"""Files beside the zones: the zone of this machine, and the one for machines that were never told theirs."""


@lru_cache(maxsize=1024)
def known_zone(written: str) -> tuple[str, str]:
    """The zone's name in the IANA database, and the text again if there is no such zone; each empty if not the other.

    Letter case is ignored, and a space counts as the underscore that it stands for: some services write
    `America/New_york`.
    """
    text = written.strip()
    name = _names().get("_".join(text.casefold().split()), "")
    return name, "" if name else text


def zone_names() -> tuple[str, ...]:
    """Every zone's name, as the database spells it."""
    return tuple(sorted(_names().values()))


@cache
def _names() -> Mapping[str, str]:
    return {name.casefold(): name for name in zoneinfo.available_timezones() - _NO_PLACES}
