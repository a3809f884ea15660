"""What is kept of a reader: for them to see, to take away, and to have erased.

The link of a letter asks for it and no more, because letters are passed on, and links never expire. It has another
letter sent to the reader's own address, with a link that is good for an hour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from digest.audience.limits import counters
from digest.audience.tokens import BadToken, Purpose
from digest.model.errands import LASTS, Averted, ErrandKind
from digest.model.readers import Reader
from digest.office.forgetting import forget, line_of
from digest.office.limiting import used_up
from digest.office.own_data import own_data
from digest.office.pages import Pages
from digest.office.reader_links import PREFERENCES, NoReader, ReaderLinks
from digest.render.languages import language_of

__all__ = ["DataPage", "Erased", "NoData", "NoReader"]


class NoData(Enum):
    """Why a link leads to nobody's data."""

    LATE = "it is older than an hour, or was not made here"
    ERASED = "its reader was erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """Somebody was erased. `in_the_file` says that the operator's own list has them, which is never changed here."""

    in_the_file: bool


class DataPage:
    """The data of one publication's readers. Threads may share it."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._links = ReaderLinks(pages.keyring, pages.store)

    def ask(self, token: str, *, network: str, language: str) -> Reader | NoReader:
        """Has the link sent to the reader whom a letter's token for choices leads to; to who asked too often none.

        `network` is the visitor's IP address, `language` what the letter is written in. Raises RecordError.
        """
        found = self._links.reader_of(token, PREFERENCES)
        if isinstance(found, Reader) and self._may_be_sent(found.address, network):
            self._pages.letters_to_one.data_link(found.number, found.address, language)
        return found

    def look(self, token: str) -> Mapping[str, Any] | NoData:
        """All that is kept of a reader, as `own_data` tells it. Changes nothing. Raises RecordError."""
        number = self._number(token)
        if number is None:
            return NoData.LATE
        return own_data(self._pages.settings, self._pages.store, number) or NoData.ERASED

    def erase(self, token: str) -> Erased | NoData:
        """Erases a reader. Raises RecordError; and ConfigurationError where their letters cannot be taken out of the
        outbox, but then too nobody writes to them any more."""
        number, store = self._number(token), self._pages.store
        if number is None:
            return NoData.LATE
        reader = store.readers.numbered(number)
        if reader is None:
            return NoData.ERASED
        in_the_file = line_of(store, reader.address) > 0
        forget(self._pages.settings, store, reader.address, self._pages.clock())
        return Erased(in_the_file=in_the_file)

    def days(self, language: str) -> Callable[[str], str]:
        """Writes the day of an instant, or of an issue, as `own_data` tells it: `Nov. 20, 2026`."""
        settings = self._pages.settings
        spoken, zone = language_of(language, settings.templates), settings.publication.timezone

        def day(told: str) -> str:
            moment = datetime.fromisoformat(told)
            return spoken.short_date(moment.astimezone(zone) if moment.tzinfo else moment, year=True)

        return day

    def _may_be_sent(self, address: str, network: str) -> bool:
        """Whether no limit of the sign-up is used up: one set of counts holds for whatever strangers can have sent."""
        now, store = self._pages.clock(), self._pages.store
        settings, key = self._pages.settings.readers.sign_up, store.secret()
        counts = counters(settings, address, network, key=key, is_foreign=False, now=now)
        return used_up(store, counts, Averted.DATA_REQUEST, now=now) is None

    def _number(self, token: str) -> int | None:
        lasts, now = LASTS[ErrandKind.DATA], self._pages.clock()
        try:
            number = self._pages.tokens.read(Purpose.DATA, token, lasts=lasts, now=now).get("number")
        except BadToken:
            return None
        return number if isinstance(number, int) else None
