"""The journal: what a sender notes of each letter, between the claim of a batch and its settling.

A line a letter that starts, and one for what became of it, in the order in which it happens:

    S   batch   key                                                 it is about to leave
    D   batch   key   answer   wait   provider's id   words         it was answered

Each line is handed to the system before the letter goes on, so that it survives the end of the process, however that
comes: after `kill -9` the letters in doubt are those that were started and not answered, one a connection. A line that
the power took with it is made up for by the claim itself, which was durable before: see `Notes.whole`.

Room is made ahead, so that a full disk is found out before a letter starts and never after it has left. The file is
locked while its sender lives, so that anybody on the machine can tell whether it does.
"""

from __future__ import annotations

import fcntl
import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from digest.errors import RecordError
from digest.model import Answer, Receipt

_ROOM = 1 << 20
_LONGEST_LINE = 1024
_LONGEST_FIELD = 300
_SPARE = 64 * _LONGEST_LINE
"""Kept free for the answers of letters that are on the wire: one a connection, and there are 32 at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What a journal tells of one batch.

    `whole` says that nothing of it can be missing, because the machine has not stopped since it was written.
    """

    started: frozenset[int] = frozenset()
    receipts: Mapping[int, Receipt] = field(default_factory=dict)
    whole: bool = False


class Journal:
    """The journal of one living sender. Threads may share it. Every method raises RecordError when it cannot write."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.path = path_of(folder, name)
        self._lock = threading.Lock()
        self._end = 0
        self._room = 0
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
            self._make_room()
        except OSError as error:
            raise _cannot_write(self.path, error) from error

    def started(self, batch: int, key: int) -> None:
        """Notes that a letter is about to leave. It must not when this raises."""
        with self._lock:
            if self._room - self._end < _SPARE:
                self._make_room()
            self._write(b"S\t%d\t%d\n" % (batch, key))

    def answered(self, batch: int, receipt: Receipt) -> None:
        """Notes what became of a letter that had started."""
        provider_id, words = _field(receipt.provider_id), _field(receipt.words)
        line = f"D\t{batch}\t{receipt.key}\t{receipt.answer.value}\t{receipt.wait:g}\t".encode()
        with self._lock:
            self._write(line + provider_id + b"\t" + words + b"\n")

    def make_durable(self) -> None:
        """Writes through to the disk what was noted so far."""
        try:
            os.fdatasync(self._file)
        except OSError as error:
            raise _cannot_write(self.path, error) from error

    def close(self, *, keep: bool) -> None:
        """Ends it; without `keep` nothing of it is needed any more."""
        if not keep:
            self.path.unlink(missing_ok=True)
        with self._lock:
            # Whoever still writes must fail: the system gives the number of a closed file to the next one.
            closed, self._file = self._file, -1
        os.close(closed)

    def _write(self, line: bytes) -> None:
        try:
            os.pwrite(self._file, line, self._end)
        except OSError as error:
            raise _cannot_write(self.path, error) from error
        self._end += len(line)

    def _make_room(self) -> None:
        try:
            os.posix_fallocate(self._file, self._room, _ROOM)
        except OSError as error:
            raise _cannot_write(self.path, error) from error
        self._room += _ROOM


def _field(text: str) -> bytes:
    """A text as a field of a line."""
    return text.encode("utf-8", "replace")[:_LONGEST_FIELD].replace(b"\t", b" ").replace(b"\n", b" ")


def path_of(folder: Path, name: str) -> Path:
    """The file of a sender's journal."""
    return folder / f"{name}.journal"


def is_alive(folder: Path, name: str) -> bool:
    """Whether the sender of that journal lives, on this machine: it holds the lock as long as it does."""
    try:
        descriptor = os.open(path_of(folder, name), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _cannot_write(path_of(folder, name), error) from error
    try:
        # Shared, so that two who look at once do not take each other for the living.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def read_notes(folder: Path, name: str, *, same_boot: bool) -> dict[int, Notes]:
    """What the journal of a dead sender tells, by batch; None of its lines that are not whole counts."""
    try:
        lines = path_of(folder, name).read_bytes().split(b"\n")[:-1]
    except OSError:
        return {}
    started: dict[int, set[int]] = {}
    receipts: dict[int, dict[int, Receipt]] = {}
    for line in lines:
        _take(line.split(b"\t"), started, receipts)
    return {
        batch: Notes(started=frozenset(keys), receipts=receipts.get(batch, {}), whole=same_boot)
        for batch, keys in started.items()
    }


def _take(fields: list[bytes], started: dict[int, set[int]], receipts: dict[int, dict[int, Receipt]]) -> None:
    try:
        kind, batch, key = fields[0], int(fields[1]), int(fields[2])
        if kind == b"S":
            started.setdefault(batch, set()).add(key)
            _begin_again(receipts.get(batch, {}), key)
        elif kind == b"D":
            receipts.setdefault(batch, {})[key] = _receipt(key, fields)
    except (ValueError, IndexError):  # a line that the power cut in two
        return


def _begin_again(receipts: dict[int, Receipt], key: int) -> None:
    """What was answered before says nothing of an attempt that begins; under the key 0 every letter begins anew."""
    if key:
        receipts.pop(key, None)
    else:
        receipts.clear()


def _receipt(key: int, fields: list[bytes]) -> Receipt:
    _, _, _, answer, wait, provider_id, words = (part.decode("utf-8", "replace") for part in fields)
    return Receipt(key=key, answer=Answer(answer), wait=float(wait), provider_id=provider_id, words=words)


def forget(folder: Path, name: str) -> None:
    """Takes the journal of a sender away whose letters are all settled."""
    path_of(folder, name).unlink(missing_ok=True)


def blot_out(folder: Path, address: str) -> None:
    """Writes over an address in the words of servers, in every journal of a folder. Raises RecordError.

    The bytes keep their places, and a living sender writes only at the end: so nothing of it is disturbed.
    """
    wanted = re.compile(re.escape(address.encode()), re.IGNORECASE)
    for path in folder.glob("*.journal"):
        try:
            with path.open("r+b") as file:
                for found in wanted.finditer(file.read()):
                    file.seek(found.start())
                    file.write(b"*" * len(found.group()))
        except FileNotFoundError:  # its sender has just ended
            continue
        except OSError as error:
            raise _cannot_write(path, error) from error


def _cannot_write(path: Path, error: OSError) -> RecordError:
    return RecordError(
        f"the journal {path} cannot be written: {error.strerror or error}",
        hint="make room on the disk, or look at the rights of the folder; what was sent is on record",
    )
