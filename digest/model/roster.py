"""The words of the list: a row as it is read, and what a whole reading came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from digest.model.letters import LeftOut, Subscriber

BAD_ADDRESS = "bad address"
BAD_ROW = "bad row"
DUPLICATE = "duplicate"
DISABLED = "disabled"
SUPPRESSED = "suppressed"

ERASED = "erased at their own wish; please take this row out"
"""The detail of a row, suppressed, of somebody of whom nothing else may be kept."""


class RosterRow(NamedTuple):
    """A row of the list, judged by itself: a reader if it has no `reason`, else left out for that.

    `address` is normalised, except for a bad row or a bad address, which is shown as written, short and harmless.
    `categories` are joined by line ends. `detail` explains the reason, or what was passed over in a reader's row. What
    only other rows tell (`duplicate`, `disabled` by another row) is found where they come together. `language` is a
    code like `es`, `rhythm` empty or `monthly`. `column` names the column at fault, and `ground` is what a refusing row
    says no for, a `Ground`; empty where it only says that nobody has confirmed. A tuple, because a list has a million
    of them.
    """

    line: int
    address: str
    name: str = ""
    categories: str = ""
    timezone: str = ""
    domain: str = ""
    reason: str = ""
    detail: str = ""
    language: str = ""
    rhythm: str = ""
    column: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterReport:
    """What a reading of the list came to: how many readers (`joined` of them are not in the file: they signed up, or
    were imported), how many rows left out for which reason, and the first of those rows by line. `changed` is False
    when the list is as it was, and so nothing was read."""

    readers: int = 0
    joined: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[LeftOut, ...] = ()
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What the import of a list came to.

    Counted in addresses: `added` are on the list now and were not before; of those `suppressed` get no letter all the
    same; `noes` are suppressed since, because the list itself says no to them, by `Ground`. In rows of the file:
    `known` are of people who were on our list by their own word or an earlier import, `refused` of those to whom the
    operator's own file says no, `forgotten` of those who were erased, `unconfirmed` of those who never said yes where
    the list comes from. `left_out` counts bad rows by reason, `faults` are the first of them.
    """

    added: int = 0
    known: int = 0
    suppressed: int = 0
    refused: int = 0
    forgotten: int = 0
    unconfirmed: int = 0
    noes: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[LeftOut, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the store is another since."""
        return bool(self.added or self.noes)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberRecord:
    """The store's line on one address. `listed` says whether the file has it as a reader, as it was last read; `reason`
    why not, if the list says so, and `detail` more of that. `line` is where it last stood. `joined` is when they came
    on the list beside the file."""

    key: int
    subscriber: Subscriber
    listed: bool
    joined: datetime | None = None
    line: int = 0
    reason: str = ""
    detail: str = ""


def subscriber_of(row: RosterRow) -> Subscriber:
    """The reader of a row that has no reason."""
    categories = tuple(row.categories.split("\n")) if row.categories else ()
    return Subscriber(address=row.address, name=row.name, categories=categories, timezone=row.timezone)


def left_out(row: RosterRow) -> LeftOut:
    """A row that is left out for its own sake."""
    return LeftOut(reason=row.reason, line=row.line, address=row.address, detail=row.detail, column=row.column)


def repeated(row: RosterRow, first: int) -> LeftOut:
    """A row of a reader who stands in line `first` already."""
    return LeftOut(reason=DUPLICATE, line=row.line, address=row.address, detail=f"already in line {first}")


def refused_later(line: int, refusal: RosterRow) -> LeftOut:
    """The row of a reader in `line` to whom a later one says no."""
    detail = f"line {refusal.line} says so: {refusal.detail}"
    return LeftOut(reason=DISABLED, line=line, address=refusal.address, detail=detail)


def refused_before(row: RosterRow) -> LeftOut:
    """A row of an address to which an earlier one said no."""
    return LeftOut(reason=DISABLED, line=row.line, address=row.address, detail="another line of the list says so")
