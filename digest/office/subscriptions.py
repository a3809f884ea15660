"""The two lists, who asked and who must not be written to, and what an operator does to them."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from digest.audience.addresses import typed_address
from digest.audience.export import lines
from digest.audience.near_misses import near_misses
from digest.audience.roster import stream_roster
from digest.clock import Clock
from digest.errors import ConfigurationError
from digest.model import RosterReport
from digest.model.readers import OPERATOR, Act, Census, Ground, Reader
from digest.model.roster import ImportReport
from digest.office.forgetting import forget, line_of
from digest.office.keyring import Keyring
from digest.office.own_data import own_data
from digest.office.reader_links import address_by_link
from digest.readership import read_list
from digest.record.store import Store
from digest.settings import Settings

WEEKS = 8
"""So many weeks back `statistics` tells who came and went."""

_ONLY_ASCII = frozenset({"sendgrid", "resend"})
"""Providers that take no address with letters beyond ASCII before the @."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A reader whose domain looks like a slip of the fingers, and the domain that was probably meant."""

    line: int
    address: str
    meant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCheck:
    """What a look at the list found. `beyond_ascii` readers have addresses that the provider cannot take."""

    roster: RosterReport
    near_misses: tuple[NearMiss, ...]
    beyond_ascii: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """How the readership stands, and what was said in the last weeks, by their Mondays, the newest first."""

    census: Census
    weeks: Mapping[date, Mapping[Act, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What erasing somebody came to. `line` is where the operator's own file still has them, 0 where it does not."""

    known: bool
    line: int


class Subscriptions:
    """The lists of one publication."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock

    def check(self) -> ListCheck:
        """Reads the list and looks at every row. Raises ConfigurationError when it cannot be read."""
        roster = self._read()
        meant = near_misses(self._store.domains.counts())
        found = self._store.domains.lines(meant) if meant else ()
        takes_all = self._settings.delivery.provider not in _ONLY_ASCII
        return ListCheck(
            roster=roster,
            near_misses=tuple(NearMiss(line=line, address=who, meant=meant[domain]) for line, who, domain in found),
            beyond_ascii=0 if takes_all else self._store.domains.beyond_ascii(),
        )

    def take(self, path: Path, *, reason: str) -> ImportReport:
        """Puts the readers of another list on ours: all of them, or nobody when it raises. See `Importing.take`.

        Raises ConfigurationError for a file that cannot be read, and for the publication's own list.
        """
        if path.exists() and self._settings.subscribers.exists() and path.samefile(self._settings.subscribers):
            raise ConfigurationError(
                f"{path} is the publication's own list, which is read by itself", hint="name another file"
            )
        self._read()
        origin = replace(OPERATOR, form=path.name, words=reason)
        return self._store.importing.take(stream_roster(path), origin, now=self._clock())

    def export(self, *, everybody: bool) -> Iterator[str]:
        """The lines of a CSV file of who gets letters; or of everybody, with how they stand. Close it."""
        self._read()
        return lines(self._everybody() if everybody else self._readers(), standing=everybody)

    def suppress_all(self, addresses: Sequence[str], *, reason: str) -> int:
        """Never write to these addresses again; how many that is new for.

        An unsubscribe link out of a letter stands for the reader it was written for. Raises ConfigurationError, and
        changes nothing then.
        """
        self._read()
        keyring = Keyring(self._settings, self._store)
        normal = [
            address_by_link(one, keyring, self._store) if "://" in one else typed_address(one) for one in addresses
        ]
        now, desk = self._clock(), replace(OPERATOR, words=reason)
        return sum(
            self._store.readers.suppress(one, Ground.BY_HAND, reason, desk, at=now, now=now)
            for one in dict.fromkeys(normal)
        )

    def allow(self, address: str) -> bool:
        """Takes every ground back. False when there was none. Raises ConfigurationError."""
        return self._store.readers.allow(typed_address(address), OPERATOR, now=self._clock())

    def known_of(self, address: str) -> Mapping[str, Any] | None:
        """All that is known of an address, and the line of the list that has it; None if that is nothing.

        Raises ConfigurationError.
        """
        self._read()
        told = own_data(self._settings, self._store, address)
        return {**told, "line": line_of(self._store, typed_address(address))} if told else None

    def forget(self, address: str) -> Forgotten:
        """Erases somebody. Raises ConfigurationError."""
        self._read()
        normal = typed_address(address)
        line = line_of(self._store, normal)
        return Forgotten(known=forget(self._settings, self._store, normal, self._clock()), line=line)

    def statistics(self) -> Statistics:
        """How the readership stands. Raises ConfigurationError."""
        self._read()
        today = self._clock().astimezone(UTC).date()
        mondays = [today - timedelta(days=today.weekday() + 7 * week) for week in range(WEEKS)]
        said = self._store.traces.acts_since(datetime.combine(mondays[-1], time(), UTC))
        weeks = {monday: Counter({act: said[monday, act] for act in Act if said[monday, act]}) for monday in mondays}
        return Statistics(census=self._store.readers.census(), weeks=weeks)

    def _read(self) -> RosterReport:
        return read_list(self._settings, self._store, now=self._clock())

    def _readers(self) -> Iterator[Reader]:
        with contextlib.closing(self._store.readers.iterate()) as readers:
            yield from (reader for reader in readers if reader.gets_letters)

    def _everybody(self) -> Iterator[Reader]:
        with contextlib.closing(self._store.readers.iterate()) as readers:
            yield from readers
        yield from self._store.suppressions.strangers()
