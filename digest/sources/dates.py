"""Dates of feeds: aware instants in UTC, or nothing where a date is impossible."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from time import struct_time

_ISO_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?!\d)")
_OFFSET = re.compile(r"\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s*[+-](\d\d):?(\d\d)$")
_YEAR_OR_MONTH = re.compile(r"\d{4}|[^\W\d_]{3}")
_LONGEST_OFFSET_HOURS = 15


def parsed_instant(written: str, parsed: struct_time | None) -> datetime | None:
    """feedparser's reading of a date, as far as the written date allows it.

    feedparser rolls `2026-13-45` over into 2027, takes an offset of 99 hours and fills a missing year from the clock;
    these are no dates here.
    """
    if parsed is None or not _is_possible(written.strip()):
        return None
    try:
        return datetime(*parsed[:6], tzinfo=UTC)
    except ValueError:
        return None


def instant(written: str) -> datetime | None:
    """The instant of a date as RFC 3339 or RFC 5322 has it; one without an offset is taken as UTC."""
    return _read(datetime.fromisoformat, written.strip()) or _read(parsedate_to_datetime, written.strip())


def _read(reader: Callable[[str], datetime], written: str) -> datetime | None:
    try:
        found = reader(written)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _is_possible(written: str) -> bool:
    if written.isdigit() and len(written) > len("20261120"):
        return False
    return bool(_YEAR_OR_MONTH.search(written)) and _has_possible_day(written) and _has_possible_offset(written)


def _has_possible_day(written: str) -> bool:
    day = _ISO_DAY.match(written)
    if day is None:
        return True
    try:
        date(*map(int, day.groups()))
    except ValueError:
        return False
    return True


def _has_possible_offset(written: str) -> bool:
    offset = _OFFSET.search(written)
    return offset is None or (int(offset[1]) < _LONGEST_OFFSET_HOURS and int(offset[2]) < 60)
