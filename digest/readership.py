"""Who is a reader: the file's rows and those who joined beside it, without those who must not be written to."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from digest.audience.roster import stamp_of, stream_roster
from digest.model import RosterReport
from digest.model.roster import SUPPRESSED
from digest.record.store import Store
from digest.settings import Settings


def read_list(settings: Settings, store: Store, *, now: datetime) -> RosterReport:
    """Reads the list of subscribers into the store, if it has changed, and counts whoever joined beside it; who is
    suppressed is no reader.

    A publication that never had a file, and whose readers all signed up, needs none. Once one was read, its absence is
    an accident: without it nobody could tell whom it refuses. Raises ConfigurationError.
    """
    report = _read_file(settings.subscribers, store, now)
    listed, beside = store.suppressions.on_the_list()
    if not listed + beside:
        return report
    left_out = Counter(report.left_out) + Counter({SUPPRESSED: listed + beside})
    readers = report.readers - listed - beside
    return replace(report, readers=readers, joined=report.joined - beside, left_out=left_out)


def _read_file(path: Path, store: Store, now: datetime) -> RosterReport:
    if not path.exists() and not store.subscribers.was_read():
        report = store.subscribers.report()
        if report.joined:
            return report
    return store.subscribers.keep(stream_roster(path), path=str(path), stamp=stamp_of(path), now=now)
