"""Whose link it is that came back: the way from a letter's token to its reader."""

from __future__ import annotations

from enum import Enum
from threading import Lock

from digest.deliver.links import NOBODY, PREFERENCES, UNSUBSCRIBE, LinkKeys, key_of, number_in, token_of
from digest.errors import ConfigurationError
from digest.model.readers import Reader
from digest.office.keyring import Keyring
from digest.record.store import Store

__all__ = ["PREFERENCES", "UNSUBSCRIBE", "NoReader", "ReaderLinks", "address_by_link"]

_scanning = Lock()
_PATIENCE = 10.0  # seconds


class NoReader(Enum):
    """Why a token leads to no reader."""

    TEST = "it stands in a test copy or a sample"
    UNKNOWN = "it was not made here, or was altered, or its key was dropped, or its reader was forgotten"
    BUSY = "others are being looked for; this one was not looked up"


class ReaderLinks:
    """The links of one publication's letters. Threads may share it."""

    def __init__(self, keyring: Keyring, store: Store) -> None:
        self._keyring = keyring
        self._store = store

    def reader_of(self, token: str, purpose: str) -> Reader | NoReader:
        """Whose token it is, made for that purpose (UNSUBSCRIBE or PREFERENCES) under any key that is believed."""
        number = number_in(token)
        if number is None:
            return NoReader.UNKNOWN
        if number == NOBODY:
            return NoReader.TEST
        keys = LinkKeys(self._keyring.believed())
        reader = self._store.readers.numbered(number)
        if reader and keys.believe(token, purpose, reader.number, reader.address):
            return reader
        return self._reader_of_old(keys, token, purpose)

    def pair(self, reader: Reader) -> tuple[str, str]:
        """The tokens of a reader's links, to leave and to choose."""
        return key_of(self._keyring.believed()[0]).pair(reader.number, reader.address)

    def _reader_of_old(self, keys: LinkKeys, token: str, purpose: str) -> Reader | NoReader:
        """Letters of earlier versions: nobody but the hash of every address tells whose link it is. One at a time, so
        that made-up links do not keep the machine from its work."""
        last = self._store.keys.last_old_number()
        if not last:
            return NoReader.UNKNOWN
        if not _scanning.acquire(timeout=_PATIENCE):
            return NoReader.BUSY
        try:
            for number, address in self._store.keys.addresses_until(last):
                if keys.believe_old(token, purpose, address):
                    return self._store.readers.numbered(number) or NoReader.UNKNOWN
        finally:
            _scanning.release()
        return NoReader.UNKNOWN


def address_by_link(link: str, keyring: Keyring, store: Store) -> str:
    """The address that an unsubscribe link out of a letter was written for. Raises ConfigurationError."""
    found = ReaderLinks(keyring, store).reader_of(token_of(link), UNSUBSCRIBE)
    if isinstance(found, Reader):
        return found.address
    raise ConfigurationError(
        "no subscriber has this unsubscribe link", hint="give the address itself, if the letter names it"
    )
