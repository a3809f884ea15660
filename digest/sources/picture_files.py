"""The files of pictures: several at once from their sites, or out of the folders that stand for addresses."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from digest.errors import SourceUnreadable
from digest.settings import Fetching
from digest.sources.web.fetch import Fetcher
from digest.sources.web.patience import Monotonic

_log = logging.getLogger(__name__)

MOST_BYTES = 32 * 1024 * 1024
Folders = Sequence[tuple[str, Path]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFile:
    """What came of asking for a picture: its bytes, or in words why there are none."""

    address: str
    content: bytes = b""
    error: str = ""


class PictureReader:
    """Reads pictures' files until `fetching.deadline` seconds have gone by since it was made.

    Their addresses are strangers': feeds and pages named them. They lead to no private network, robots.txt is obeyed,
    and each host is asked as gently as for feeds. `folders` are pairs of an address's beginning and the folder that
    stands for it; what begins so is read there and never asked for. `configured` are the sources' addresses.
    """

    def __init__(
        self,
        fetching: Fetching,
        *,
        folders: Folders = (),
        configured: tuple[str, ...] = (),
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        self._fetching = replace(fetching, max_bytes=min(fetching.max_bytes, MOST_BYTES))
        self._folders = folders
        until = monotonic() + fetching.deadline
        self._fetcher = Fetcher(self._fetching, until=until, configured=configured, monotonic=monotonic)

    def read(self, addresses: Sequence[str]) -> Iterator[PictureFile]:
        """What is at each address, as it comes. What cannot be had is a value, never an exception."""
        pool = ThreadPoolExecutor(max_workers=max(1, self._fetching.at_once), thread_name_prefix="picture")
        try:
            for done in as_completed([pool.submit(self._read, address) for address in addresses]):
                yield done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._fetcher.close()

    def _read(self, address: str) -> PictureFile:
        folders = [(prefix, folder) for prefix, folder in self._folders if address.startswith(prefix)]
        try:
            content = _out_of(folders, address) if folders else self._fetched(address)
        except SourceUnreadable as error:
            return PictureFile(address=address, error=str(error))
        except OSError as error:
            return PictureFile(address=address, error=error.strerror or type(error).__name__)
        except Exception as error:
            _log.debug("%s: unexpected", address, exc_info=True)
            return PictureFile(address=address, error=f"could not be read: {type(error).__name__}")
        return PictureFile(address=address, content=content)

    def _fetched(self, address: str) -> bytes:
        return self._fetcher.fetch(address, stranger=True, robots=True).body


def _out_of(folders: Folders, address: str) -> bytes:
    """The file that stands for an address. Raises SourceUnreadable when no folder has it."""
    for prefix, folder in folders:
        file = _below(folder, address[len(prefix) :])
        if file:
            return file.read_bytes()
    raise SourceUnreadable(f"it is not in {folders[0][1].name}")


def _below(folder: Path, rest: str) -> Path | None:
    """The existing file at `rest`, a URL's path, in the folder; None for one that lies outside it."""
    try:
        root = folder.resolve()
        file = (root / unquote(urlsplit(f"///{rest}").path).lstrip("/")).resolve()
        return file if file.is_relative_to(root) and file.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None
