"""A reader's choices, as the page shows them and takes them back."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from functools import cache

from digest.audience.choices import sections_of
from digest.audience.wishes import Unclear, wished
from digest.model.forms import Form
from digest.model.readers import Choice, Origin, Reader
from digest.office.pages import Pages
from digest.office.reader_links import PREFERENCES, NoReader, ReaderLinks

__all__ = ["ChoosingPage", "NoReader", "Options", "Unclear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What there is to choose from."""

    sections: tuple[str, ...]
    languages: tuple[str, ...]
    timezones: tuple[str, ...]


class ChoosingPage:
    """The choices of one publication's readers. Threads may share it."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._links = ReaderLinks(pages.keyring, pages.store)
        self._categories = {rule.name: rule.categories for rule in pages.settings.sections}

    @property
    def options(self) -> Options:
        """What there is to choose from."""
        return Options(sections=tuple(self._categories), languages=self._pages.languages, timezones=_timezones())

    def look(self, token: str) -> Reader | NoReader:
        """Whose choices a token leads to. Changes nothing."""
        return self._links.reader_of(token, PREFERENCES)

    def leave_token(self, reader: Reader) -> str:
        """The token of their way out."""
        return self._links.pair(reader)[0]

    def sections(self, choice: Choice) -> tuple[str, ...]:
        """The sections that a choice comes to."""
        return sections_of(choice.sections, self._categories)

    def choose(self, token: str, form: Form, origin: Origin) -> Reader | NoReader:
        """Keeps what the form says. Raises Unclear, and changes nothing, for one that cannot be taken as it is."""
        found = self.look(token)
        if isinstance(found, NoReader):
            return found
        choice = wished(form, sections=self.options.sections, languages=self._pages.languages)
        if choice != found.choice:
            self._pages.store.readers.choose(found.number, choice, origin, now=self._pages.clock())
        return self._pages.store.readers.numbered(found.number) or found


@cache
def _timezones() -> tuple[str, ...]:
    """Names of places; those of the database that are only other words for one are left out."""
    return tuple(sorted(name for name in zoneinfo.available_timezones() if _names_a_place(name)))


def _names_a_place(name: str) -> bool:
    return "/" in name and not name.startswith(("Etc/", "SystemV/", "US/", "posix", "right"))
