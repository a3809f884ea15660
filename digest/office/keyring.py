"""The keys that sign readers' links: which there are, new ones, and getting rid of old ones.

All keys are believed, so that a link works from any past issue; the first one signs. Configured keys come before the
store's own. They are read anew whenever they are asked for: what another process has dropped is believed no more.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import blake2b

from digest.config.key_file import read_keys, write_keys
from digest.errors import ConfigurationError
from digest.record.durable import only_writer
from digest.record.store import Store
from digest.settings import Settings

_MADE_BY_US = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)\.[\w-]{43}")


class Place(StrEnum):
    """Where a key is kept."""

    FILE = "the file of keys"
    VARIABLE = "DIGEST_SECRET"
    STORE = "the store"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """What may be told of a key. `fingerprint` is 8 hexadecimal digits; `made` is known of keys made by `rotate`."""

    fingerprint: str
    place: Place
    made: date | None
    signs: bool


class Keyring:
    """The keys of one publication. Threads may share it."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store

    def believed(self) -> tuple[str, ...]:
        """Every key, the newest first: it signs."""
        return tuple(self._placed())

    def records(self) -> tuple[KeyRecord, ...]:
        """What may be told of them, in the same order."""
        return tuple(
            KeyRecord(fingerprint=_fingerprint(key), place=place, made=_made(key), signs=number == 0)
            for number, (key, place) in enumerate(self._placed().items())
        )

    def rotate(self, *, now: datetime) -> KeyRecord:
        """Makes a key that signs from now on; the others are believed still. Raises ConfigurationError."""
        new = f"{now:%Y-%m-%d}.{secrets.token_urlsafe(32)}"
        path = self._settings.secrets_file
        if path:
            with only_writer(path.resolve().parent):
                write_keys(path, (new, *self._configured()))
        elif self._settings.secrets:
            raise ConfigurationError(
                "DIGEST_SECRET holds the key itself, and cannot be changed from here",
                hint="write it into a file, name that in DIGEST_SECRET_FILE instead, and rotate again",
            )
        else:
            self._store.keys.add(new)
        return self.records()[0]

    def drop(self, fingerprint: str) -> KeyRecord:
        """Gets rid of a key: links that it signed do nothing any more. Raises ConfigurationError."""
        for key, record in zip(self._placed(), self.records(), strict=True):
            if record.fingerprint == fingerprint.lower():
                self._drop(key, record)
                return record
        raise ConfigurationError(f"there is no key {fingerprint}", hint="`digest keys` lists those that there are")

    def _drop(self, key: str, record: KeyRecord) -> None:
        if record.signs:
            raise ConfigurationError(
                f"{record.fingerprint} signs the links of today", hint="run `digest keys rotate` first"
            )
        path = self._settings.secrets_file
        if record.place is Place.STORE:
            self._store.keys.drop(key, instead=secrets.token_urlsafe(32))
        elif path:
            with only_writer(path.resolve().parent):
                write_keys(path, [each for each in self._configured() if each != key])
        else:
            raise ConfigurationError("DIGEST_SECRET holds that key", hint="take it out of the environment")

    def _placed(self) -> Mapping[str, Place]:
        """Each key with its place; of one that stands in two the first counts."""
        place = Place.FILE if self._settings.secrets_file else Place.VARIABLE
        configured = dict.fromkeys(self._configured(), place)
        return configured | {key: Place.STORE for key in self._store.keys.of_links() if key not in configured}

    def _configured(self) -> tuple[str, ...]:
        path = self._settings.secrets_file
        return (read_keys(path) if path else ()) or self._settings.secrets


def _fingerprint(key: str) -> str:
    return blake2b(key.encode(), digest_size=4, person=b"fingerprint").hexdigest()


def _made(key: str) -> date | None:
    found = _MADE_BY_US.fullmatch(key)
    return date.fromisoformat(found["day"]) if found else None
