"""The time zone that a reader names."""

from __future__ import annotations

import zoneinfo
from pathlib import Path

import pytest

from tests.unit.audience.reading import stream


@pytest.mark.parametrize("heading", ["timezone", "Time Zone", "TIMEZONE", "tz", "Zeitzone", "Fuseau horaire"])
@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" America/New_york ", "America/New_York"),
        ("america/los angeles", "America/Los_Angeles"),
        ("UTC", "UTC"),
        ("", ""),
    ],
)
def test_a_time_zone_is_found_by_its_name(tmp_path: Path, heading: str, written: str, zone: str) -> None:
    (row,) = stream(tmp_path, f"email,{heading}\nana@example.com,{written}\n")
    assert row.timezone == zone
    assert not row.detail
    assert not zone or zoneinfo.ZoneInfo(row.timezone).key == zone


@pytest.mark.parametrize("written", ["Mars/Olympus", "localtime", "Factory", "../../etc/passwd", "GMT+25", "\x1b[2J"])
def test_a_time_zone_that_nobody_knows_is_said_and_costs_no_letter(tmp_path: Path, written: str) -> None:
    (row,) = stream(tmp_path, f"email,timezone\nana@example.com,{written}\n")
    assert (row.address, row.timezone, row.reason) == ("ana@example.com", "", "")
    assert row.detail.startswith('there is no time zone "')
    assert row.detail.isprintable()
