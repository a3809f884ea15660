"""The configured hour in each reader's own time zone, as instants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo


def hours(
    day: date, hour: time | None, *, home: ZoneInfo, zones: Iterable[str]
) -> tuple[datetime | None, Mapping[str, datetime]]:
    """From when letters may leave on `day`: for readers without a time zone (that of `home`), and by time zone.

    None and nothing when there is no such hour: then they may leave at once. An hour that a clock change leaves out is
    the one after it; of one that comes twice it is the first (PEP 495).
    """
    if hour is None:
        return None, {}
    wall = datetime.combine(day, hour)
    return wall.replace(tzinfo=home), {zone: wall.replace(tzinfo=ZoneInfo(zone)) for zone in zones if zone}
