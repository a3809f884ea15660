"""A file of text, line by line, whatever its encoding and its size: no more of it is in memory than a block."""

from __future__ import annotations

import codecs
import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BufferedReader
from pathlib import Path

from digest.audience.encoding import SAMPLE, eight_bit, given_away, is_utf8
from digest.errors import ConfigurationError

Block = list[str]
"""Some neighbouring lines, with their ends."""

_BLOCK = 1 << 14
"""Small, because the rows of a block live together, and the more of them do, the more Python's collector looks at them:
of a block of 256 KB it makes ten times the work, a quarter of the whole."""
_PIECE = 1 << 18

_OTHER_FILES = {
    b"PK\x03\x04": "a workbook of Excel or Numbers",
    b"\xd0\xcf\x11\xe0": "a workbook of an old Excel",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A file, and how its bytes are to be read.

    `eight_bit` is the encoding of those lines that are no UTF-8, in a file put together out of lists of two encodings;
    empty for any other. `mark` is what tells whether the file is still the one that was examined.
    """

    path: Path
    encoding: str
    eight_bit: str
    mark: tuple[int, ...]

    @contextmanager
    def opened(self) -> Iterator[Iterator[Block]]:
        """The lines, their ends as they are, in blocks of about 16 KB; what cannot be read becomes U+FFFD.

        Raises ConfigurationError when the file changed while it was read: half a list would take readers off it.
        """
        with _explained(self.path), _open(self.path) as file:
            self._check(file)
            text = io.TextIOWrapper(file, self.encoding, errors="replace", newline="")
            yield self._mixed(file) if self.eight_bit else iter(partial(text.readlines, _BLOCK), [])
            self._check(file)

    def _check(self, file: BufferedReader) -> None:
        if _mark(file) != self.mark:
            raise ConfigurationError(
                f"{self.path} changed while it was read", hint="Do this again when whatever writes it has finished."
            )

    def _mixed(self, file: BufferedReader) -> Iterator[Block]:
        while raw := file.readlines(_BLOCK):
            lines = (line.decode("utf-8" if is_utf8(line) else self.eight_bit, "replace") for line in raw)
            yield list(io.StringIO("".join(lines), newline=""))


def examine(path: Path) -> TextFile:
    """Finds out how a file is to be read; goes through it once or twice.

    Raises ConfigurationError when it is missing, cannot be read, or is another kind of file.
    """
    with _explained(path), _open(path) as file:
        mark = _mark(file)
        start = file.read(SAMPLE)
        _check_kind(path, start)
        encoding, of_lines = _encoding(file, start)
    return TextFile(path=path, encoding=encoding, eight_bit=of_lines, mark=mark)


def content_of(path: Path) -> str:
    """A short text that stands for the bytes of a file, another one after any change. Raises ConfigurationError."""
    with _explained(path), _open(path) as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]


def _open(path: Path) -> BufferedReader:
    try:
        file = path.open("rb")
    except ValueError as error:  # a zero in the name
        raise OSError(str(error)) from error
    if file.seekable():
        return file
    file.close()
    raise ConfigurationError(f"{path} is no file but a pipe", hint="Save the list to a file and name that.")


def _check_kind(path: Path, start: bytes) -> None:
    kind = next((words for magic, words in _OTHER_FILES.items() if start.startswith(magic)), "")
    if kind:
        raise ConfigurationError(
            f"{path} is {kind}, not a CSV file", hint='Save the list as "CSV UTF-8" and name that.'
        )


def _encoding(file: BufferedReader, start: bytes) -> tuple[str, str]:
    """The encoding of the whole, and of lines that are no UTF-8 where the rest is; the second is empty for others."""
    encoding = given_away(start)
    if encoding:
        return encoding, ""
    file.seek(0)
    return ("utf-8", "") if _is_utf8_throughout(file) else _odd_encoding(file)


def _is_utf8_throughout(file: BufferedReader) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in iter(partial(file.read, _PIECE), b""):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _odd_encoding(file: BufferedReader) -> tuple[str, str]:
    """By majority of the lines that are not ASCII: another encoding throughout, or UTF-8 with foreign lines."""
    strange = foreign = 0
    sample = bytearray()
    file.seek(0)
    for line in file:
        strange += not line.isascii()
        if not is_utf8(line):
            foreign += 1
            sample += line if len(sample) < SAMPLE else b""
    encoding = eight_bit(bytes(sample[:SAMPLE]))
    return (encoding, "") if 2 * foreign >= strange else ("utf-8", encoding)


def _mark(file: BufferedReader) -> tuple[int, ...]:
    status = os.fstat(file.fileno())
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        text, hint = f"{path}: there is no such file", "Make it, or name the right one as audience.subscribers."
    except IsADirectoryError:
        text, hint = f"{path} is a folder, not a file", "Name the CSV file in it as audience.subscribers."
    except OSError as error:
        text, hint = f"{path} cannot be read: {error.strerror or error}", "See to its permissions, or name another."
    else:
        return
    raise ConfigurationError(text, hint=hint)
