"""The list of subscribers, row by row: who is on it, and which rows get no letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice, repeat, starmap
from operator import itemgetter
from pathlib import Path

from digest.audience.addresses import BadAddress, are_plain, is_plain, normalise
from digest.audience.columns import Columns, find_columns, split_mailbox
from digest.audience.formulas import unguarded
from digest.audience.lines import content_of
from digest.audience.records import Row
from digest.audience.refusals import ground_of
from digest.audience.table import Table, read_table
from digest.errors import ConfigurationError
from digest.model.roster import BAD_ADDRESS, BAD_ROW, DISABLED, RosterRow

RULES = 2
"""Goes up when the same file comes to other readers than before, so that it is read again."""

_MAKE = partial(tuple.__new__, RosterRow)
"""A row of its fields. What the class offers for it is written in Python, and takes five times as long."""
_NOTHING = repeat("")
_NOTHING_ELSE = (_NOTHING,) * 6
_FEW = 64
"""How many rows are looked at together: a few more in a row are seldom all ordinary."""
_LONGEST_NAME = 200
_LONGEST_SHOWN = 100
_TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b\u00ad"))
"""Invisible marks that turn the text after them around, or stand for nothing; joiners stay, Persian names need them."""


def stream_roster(path: Path) -> Iterator[RosterRow]:
    """The rows of a CSV file in its order, each judged by itself; memory does not grow with the list.

    Reasons for which a row is left out: `bad row` (no address, or one with a line break in it), `bad address`,
    `disabled` (the list says that they want no letter, or cannot be reached). A time zone that nobody knows is no
    reason: the reader has none then, and `detail` says so. An empty list has no rows.

    Raises ConfigurationError when the file cannot be read, holds no column of addresses, or changes while it is read;
    the rows that came before do not count then.
    """
    table = read_table(path)
    columns = find_columns(table.header, table.sample)
    if columns is None:
        _check_empty(path, table)
        return
    judge = _Judge(table.header, columns)
    with table.opened() as rows:
        yield from judge.rows(rows)


def stamp_of(path: Path) -> str:
    """A short text that is the same as long as the file would come to the same rows. Raises ConfigurationError.

    Of the content, because size and time of a file can stay the same when it changes; half a second for 200 MB.
    """
    return f"{RULES}:{content_of(path)}"


def _check_empty(path: Path, table: Table) -> None:
    if not table.sample:
        return
    found = ", ".join(shown(name) or '""' for name in table.header[:8]) or "no names of columns"
    raise ConfigurationError(
        f"{path}: there is no column of addresses; its first line has {found}",
        hint='Name the column in the first line "email", as in: email,name',
    )


class _Judge:
    """Makes a row of the list out of the cells of a line."""

    def __init__(self, header: Sequence[str], columns: Columns) -> None:
        self._header = header
        self._columns = columns
        self._address = columns.address
        self._guarded = bool(columns.no_letter or columns.letter or columns.status)

    def rows(self, rows: Iterator[Row]) -> Iterator[RosterRow]:
        """The rows of readers, and those left out. Lines that are no row of anybody are passed over."""
        are_named = self._columns.are_bare and len(self._columns.name) == 1
        while few := list(islice(rows, _FEW)):
            quick = self._ordinary(few) if are_named else None
            yield from filter(None, starmap(self._row, few)) if quick is None else quick

    def _row(self, line: int, cells: Sequence[str]) -> RosterRow | None:
        written = cells[self._address] if self._address < len(cells) else ""
        return self._judged(line, cells, written, "") if is_plain(written) else self._unusual(line, cells, written)

    def _ordinary(self, few: Sequence[Row]) -> Iterator[RosterRow] | None:
        """Rows with nothing but an address and a name that need nothing done to them, as nearly all do; None where one
        of them is different. Taken together they need a third of the time, and a list has a million."""
        lines, cells = zip(*few, strict=True)
        try:
            addresses = list(map(itemgetter(self._address), cells))
            names = list(map(itemgetter(self._columns.name[0]), cells))
        except IndexError:  # a row that is too short
            return None
        if not (are_plain(addresses) and _are_clean(names)):
            return None
        domains = [address.partition("@")[2] for address in addresses]
        fields = zip(lines, addresses, names, _NOTHING, _NOTHING, domains, *_NOTHING_ELSE, strict=False)
        return map(_MAKE, fields)

    def _unusual(self, line: int, cells: Sequence[str], written: str) -> RosterRow | None:
        """A row whose address has to be put right, or cannot be."""
        trimmed = (written if written.isprintable() else written.strip(" \t").translate(_TURNING)).strip(" ")
        if not trimmed:
            return self._bad_row(line, written, "the row has no address") if any(map(str.strip, cells)) else None
        if any(ord(letter) < 32 or letter in "\x7f\x85\u2028\u2029" for letter in trimmed):
            return self._bad_row(line, written, "a line break or control character stands in the address")
        return self._with_address(line, cells, trimmed.strip())

    def _with_address(self, line: int, cells: Sequence[str], written: str) -> RosterRow:
        name, mailbox = split_mailbox(written)
        try:
            address = normalise(mailbox)
        except BadAddress as bad:
            title = self._title(self._address)
            return RosterRow(line, shown(mailbox), reason=BAD_ADDRESS, detail=str(bad), column=title)
        return self._judged(line, cells, address, name)

    def _judged(self, line: int, cells: Sequence[str], address: str, name: str) -> RosterRow:
        columns = self._columns
        refusing = columns.refusing(cells) if self._guarded else None
        if refusing is not None:
            return self._refused(line, cells, address, refusing)
        name = clean_name(columns.whole_name(cells) or name)
        categories = columns.chosen(cells) if columns.categories is not None else ""
        zone, unknown = columns.zone(cells) if columns.timezone is not None else ("", "")
        detail = f'there is no time zone "{shown(unknown)}"' if unknown else ""
        domain, language, rhythm = address.partition("@")[2], columns.language_of(cells), columns.rhythm_of(cells)
        return RosterRow(line, address, name, categories, zone, domain, "", detail, language, rhythm)

    def _refused(self, line: int, cells: Sequence[str], address: str, column: int) -> RosterRow:
        title, said = self._title(column), cells[column]
        return RosterRow(
            line,
            address,
            domain=address.partition("@")[2],
            reason=DISABLED,
            detail=f'{title} is "{shown(said)}"',
            column=title,
            ground=ground_of(title, said),
        )

    def _bad_row(self, line: int, written: str, detail: str) -> RosterRow:
        return RosterRow(line, shown(written), reason=BAD_ROW, detail=detail, column=self._title(self._address))

    def _title(self, column: int) -> str:
        """What a column is called; its number where the file names none."""
        return shown(self._header[column]) if column < len(self._header) else f"column {column + 1}"


def clean_name(written: str) -> str:
    """A name fit for a mail header: one line, no control characters, single spaces, and not endless."""
    if written.startswith("'"):
        written = unguarded(written)
    if len(written) <= _LONGEST_NAME and written.isprintable():
        return " ".join(written.split())
    name = " ".join("".join(map(_visible, written.translate(_TURNING))).split())
    return name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME].rstrip()


def _are_clean(names: Sequence[str]) -> bool:
    """Whether `clean_name` would leave all of them as they are."""
    together = "\n".join(["", *names, ""])
    return (
        "".join(names).isprintable()
        and not any(odd in together for odd in ("  ", "\n ", " \n", "\n'"))
        and max(map(len, names)) <= _LONGEST_NAME
    )


def shown(text: str) -> str:
    """A cell as a report may print it: short, and nothing in it that a terminal would obey."""
    visible = " ".join("".join(map(_visible, text[: _LONGEST_SHOWN * 4])).split())
    return visible if len(visible) <= _LONGEST_SHOWN else visible[: _LONGEST_SHOWN - 1] + "…"


def _visible(letter: str) -> str:
    return letter if letter.isprintable() or letter in "\u200c\u200d" else " "
