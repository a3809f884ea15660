"""The machine that the publication lives on: room on its disks, its clock, its time zones."""

from __future__ import annotations

import importlib.metadata
import shutil
import zoneinfo
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from digest.health.answers import HostAnswer
from digest.model.health import Diagnosis, Verdict

DISK, CLOCK, ZONES = "machine.disk", "machine.clock", "machine.time_zones"
_MEGABYTE = 1_000_000
_LITTLE, _NOTHING = 1000 * _MEGABYTE, 100 * _MEGABYTE
"""An issue with its pictures takes some 5 MB, the ledger of a million letters some 300."""
_OFF, _FAR_OFF = timedelta(seconds=20), timedelta(minutes=5)
"""Signatures of mail and webhooks are refused from some minutes on."""
_OLD = timedelta(days=540)
"""Governments change their time zones several times a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """What is left on the disk of a folder, in bytes."""

    folder: Path
    free: int


def look_at_disks(folders: Iterable[Path]) -> tuple[Disk, ...]:
    """The room on the disks of folders, each disk once. A folder that is yet to be made is one of the folder above."""
    found: dict[int, Disk] = {}
    for folder in folders:
        there = next((each for each in (folder, *folder.parents) if each.is_dir()), None)
        if there:
            found.setdefault(there.stat().st_dev, Disk(folder=there, free=shutil.disk_usage(there).free))
    return tuple(found.values())


def judge_disks(disks: Iterable[Disk]) -> Diagnosis:
    """Whether there is room for some issues more."""
    least = min(disks, key=lambda disk: disk.free)
    words = f"{least.free / 1e9:.1f} GB are free on the disk of {least.folder}"
    if least.free < _NOTHING:
        return _said(DISK, Verdict.WRONG, words, "Make room: nothing is sent that cannot be recorded")
    if least.free < _LITTLE:
        return _said(DISK, Verdict.LOOK, words, "Make room before it is needed")
    return _said(DISK, Verdict.OK, words)


def judge_clock(answers: Iterable[HostAnswer]) -> Diagnosis:
    """Our clock against that of a host that answered just now, whose own is to the second."""
    told = [answer.asked_at - answer.at for answer in answers if answer.at and answer.asked_at]
    if not told:
        return _said(CLOCK, Verdict.NOT_ASKED, "no host answered that would have told the time")
    off = min(told, key=abs)
    if abs(off) < _OFF:
        return _said(CLOCK, Verdict.OK, "the clock is right")
    words = f"the clock is {_spoken(abs(off))} {'fast' if off > timedelta() else 'slow'}"
    do = "Have it set by the network: on Debian, apt-get install systemd-timesyncd"
    return _said(CLOCK, Verdict.WRONG if abs(off) >= _FAR_OFF else Verdict.LOOK, words, do)


def _spoken(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} minutes"


def edition_of_zones() -> str:
    """The edition of the time zones that count, `2026a`; empty where nobody says. The system's come before ours."""
    for folder in map(Path, zoneinfo.TZPATH):
        if not folder.is_dir():
            continue
        with suppress(OSError, IndexError), (folder / "tzdata.zi").open(encoding="utf-8") as file:
            return file.readline().split()[-1]
        return ""
    with suppress(importlib.metadata.PackageNotFoundError):
        year, _, number = importlib.metadata.version("tzdata").partition(".")
        return f"{year}{chr(ord('a') - 1 + int(number))}" if number.isdecimal() else year
    return ""


def judge_zones(edition: str, *, zone: str, now: datetime) -> Diagnosis:
    """Whether the rules of time zones are of lately."""
    if not edition[:4].isdecimal():
        return _said(
            ZONES, Verdict.LOOK, f"{zone} is known; of when its rules are is not", "Keep the system up to date"
        )
    letter = edition[4:5]
    month = min(12, 1 + 2 * (ord(letter) - ord("a"))) if letter.isalpha() else 1
    made = datetime(int(edition[:4]), month, 1, tzinfo=now.tzinfo)
    if now - made > _OLD:
        words = f"the rules of time zones are of {edition}, and the hour of {zone} may have changed since"
        return _said(ZONES, Verdict.LOOK, words, "Bring the system's time zones up to date: on Debian, tzdata")
    return _said(ZONES, Verdict.OK, f"{zone} is known, by the rules of {edition}")


def _said(check: str, verdict: Verdict, words: str, do: str = "") -> Diagnosis:
    return Diagnosis(check=check, verdict=verdict, words=words, do=do)
