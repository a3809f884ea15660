"""Leaving: by one click, by the page, taken back within ten minutes, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from digest.audience.tokens import BadToken, Purpose
from digest.model.readers import Ground, Origin, Reader, Rhythm, WhyLeft
from digest.office.pages import Pages
from digest.office.reader_links import UNSUBSCRIBE, NoReader, ReaderLinks

__all__ = ["Leaver", "Leaving", "NoReader"]

UNDO_LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """Somebody who came with the link of a letter, as they stand. `choices` is the token of their choices; `undo` takes
    leaving back, and is empty when there is nothing to take back or it is too late."""

    reader: Reader
    choices: str
    undo: str = ""


class Leaving:
    """The ways out of one publication's letters. Threads may share it."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._links = ReaderLinks(pages.keyring, pages.store)

    def look(self, token: str) -> Leaver | NoReader:
        """Who came, by the token of their link. Changes nothing."""
        with self._pages.store.at_one_moment():
            found = self._links.reader_of(token, UNSUBSCRIBE)
            return found if isinstance(found, NoReader) else self._leaver(found)

    def leave(self, token: str, origin: Origin) -> Leaver | NoReader:
        """They get no letter any more. Who had left before stays so."""
        found = self.leave_at_once(token, origin)
        return found if isinstance(found, NoReader) else self._leaver(self._now(found))

    def leave_at_once(self, token: str, origin: Origin) -> Reader | NoReader:
        """The same, for a mail program, which is shown nothing. Gives the reader as they were."""
        with self._pages.store.at_one_moment():
            found = self._links.reader_of(token, UNSUBSCRIBE)
        if isinstance(found, Reader):
            self._pages.store.readers.leave(found.number, origin, now=self._pages.clock())
        return found

    def undo(self, undo: str, origin: Origin) -> Reader | None:
        """Takes leaving back; None where the token is forged or too old, or something else was said since."""
        now = self._pages.clock()
        try:
            number = self._pages.tokens.read(Purpose.UNDO, undo, lasts=UNDO_LASTS, now=now).get("number")
        except BadToken:
            return None
        if not isinstance(number, int):
            return None
        readers = self._pages.store.readers
        if readers.undo_leaving(number, origin, left_since=now - UNDO_LASTS, now=now):
            return readers.numbered(number)
        return None

    def get_monthly(self, token: str, origin: Origin) -> Leaver | NoReader:
        """They stay, and get one issue a month."""
        found = self._links.reader_of(token, UNSUBSCRIBE)
        if isinstance(found, NoReader):
            return found
        choice = replace(found.choice, rhythm=Rhythm.MONTHLY)
        self._pages.store.readers.choose(found.number, choice, origin, now=self._pages.clock())
        return self._leaver(self._now(found))

    def say_why(self, token: str, why: str) -> Leaver | NoReader:
        """Keeps why they left. What is none of our reasons is not kept."""
        found = self._links.reader_of(token, UNSUBSCRIBE)
        if isinstance(found, NoReader):
            return found
        if why in tuple(WhyLeft):
            self._pages.store.readers.say_why(found.number, WhyLeft(why))
        return self._leaver(found)

    def _now(self, reader: Reader) -> Reader:
        return self._pages.store.readers.numbered(reader.number) or reader

    def _leaver(self, reader: Reader) -> Leaver:
        return Leaver(reader=reader, choices=self._links.pair(reader)[1], undo=self._undo_token(reader))

    def _undo_token(self, reader: Reader) -> str:
        now, since = self._pages.clock(), reader.suppressed_since
        if reader.ground is not Ground.UNSUBSCRIBED or since is None or since < now - UNDO_LASTS:
            return ""
        return self._pages.tokens.make(Purpose.UNDO, {"number": reader.number}, now=now)
