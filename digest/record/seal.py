"""The seal: what tells the store that sends from a copy of it, and from a backup that was put back.

Beside the store lies a small file that is no part of it. With each sender both get the same new number, so that a store
that is older than its seal, or has none, or lies beside a file that is not the one it knows, is known for a copy. A
copy sends nothing: the letters that it believes to be owed may have gone out since it was taken.

The file has two slots, written in place and one after the other, so that at any instant one of them holds the store's
number; before the first claim both do:

    slot A  32 hexadecimal digits      slot B  32 hexadecimal digits
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from digest.errors import RecordError
from digest.record import machine
from digest.record.database import Database
from digest.record.durable import sync_folder
from digest.record.faults import explained
from digest.record.schema import instance

_KEY = "seal"
_SLOT = 32
_EMPTY = "-" * _SLOT


class NotTheStore(RecordError):
    """The store is a copy, or was put back from one; it does not send before it was adopted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the store knows of its seal: the number, the file's inode, and the machine."""

    number: str
    inode: int
    machine: str


class Seal:
    """The seal of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.path = database.path.with_name(f"{database.path.name}.seal")

    def renew(self) -> None:
        """Checks the seal and gives it a new number; every sender does so before its first claim.

        Raises NotTheStore, and changes nothing, when the store is not the one that was sent from.
        """
        with explained(self.path), self._database.writing() as connection:
            known, slots = _known(connection), self._slots()
            why = _objection(known, slots, self._inode())
            if why:
                raise NotTheStore(
                    f"{self._database.path} does not send: {why}; letters that it takes for owed may have gone out",
                    hint="go back to the store that was in use; or, if this one is to go on instead, `digest adopt`",
                )
            self._move_on(connection, known.number if known else "")
        self._confirm()

    def adopt(self) -> None:
        """Makes this store the one that sends from now on."""
        with explained(self.path), self._database.writing() as connection:
            self.path.unlink(missing_ok=True)
            self._move_on(connection, "")
        self._confirm()

    def _move_on(self, connection: Connection, number: str) -> None:
        """Writes the new number into the slot that does not hold `number`, then into the store."""
        new = secrets.token_hex(_SLOT // 2)
        slots = self._slots() or (_EMPTY, _EMPTY)
        self._write(1 if slots[0] == number else 0, new)
        _keep(connection, _Known(number=new, inode=self._inode(), machine=machine.identity()))

    def _confirm(self) -> None:
        """The number that the store has takes the place of the one before: from then on a store with that is a copy."""
        with explained(self.path), self._database.writing() as connection:
            known, slots = _known(connection), self._slots()
            if known and slots and known.number in slots and slots[0] != slots[1]:
                self._write(slots.index(known.number) ^ 1, known.number)

    def _write(self, slot: int, number: str) -> None:
        new = not self.path.exists()
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if new:
                os.pwrite(descriptor, (_EMPTY + _EMPTY).encode(), 0)
            os.pwrite(descriptor, number.encode(), slot * _SLOT)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if new:
            sync_folder(self.path.parent)

    def _slots(self) -> tuple[str, str] | None:
        """Both slots; None without a file."""
        try:
            text = self.path.read_bytes().decode("ascii", "replace").ljust(2 * _SLOT, "-")
        except FileNotFoundError:
            return None
        return text[:_SLOT], text[_SLOT : 2 * _SLOT]

    def _inode(self) -> int:
        return self.path.stat().st_ino if self.path.exists() else 0


def _objection(known: _Known | None, slots: tuple[str, str] | None, inode: int) -> str:
    """Why the store is not the one that was sent from; nothing if it is, or if none ever was."""
    if known is None:
        confirmed = slots is not None and slots[1] != _EMPTY
        return "it is older than the first letter that was sent from here" if confirmed else ""
    if slots is None:
        return "its seal is not beside it, so it is a copy, or was moved without it"
    if known.number not in slots:
        return "it was put back from a backup: its seal is newer than it is"
    if known.inode != inode or known.machine != machine.identity():
        return "it is a copy: its seal was made in another place"
    return ""


def _known(connection: Connection) -> _Known | None:
    value = connection.execute(select(instance.c.value).where(instance.c.key == _KEY)).scalar()
    if value is None:
        return None
    number, inode, name = value.split(" ", 2)
    return _Known(number=number, inode=int(inode), machine=name)


def _keep(connection: Connection, known: _Known) -> None:
    value = f"{known.number} {known.inode} {known.machine}"
    row = insert(instance).values(key=_KEY, value=value)
    connection.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": value}))
