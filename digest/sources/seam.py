"""The seam of the sources: what every kind of source is read by, and how it asks for its pages.

An adapter turns a source into a `FetchedSource`. It asks through `Asking`, which remembers each page's validators and
body, so that conditional requests and unchanged bodies are no adapter's concern.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Protocol

from digest.model import FetchedSource, KnownSource, PageKnown, SourceStatus, Validators, Wanted
from digest.settings import Source
from digest.sources.entries import Feed
from digest.sources.feeds.parse import parse_feed
from digest.sources.feeds.workers import Parse
from digest.sources.web.fetch import Fetched, Fetcher


class Asking:
    """The pages of one source as they are asked for: what is known goes out with the request, what is new is noted."""

    def __init__(
        self, fetcher: Fetcher, source: Source, known: KnownSource, *, parse: Parse = parse_feed, whole: bool = False
    ) -> None:
        self._fetcher = fetcher
        self._parse = parse
        self._source, self._known = source, known
        self._whole = whole
        self._pages: dict[str, PageKnown] = {}
        self.moved_to = known.moved_to
        self.count = 0
        """Answers so far, "not modified" among them."""

    @property
    def pages(self) -> tuple[PageKnown, ...]:
        """Every page that answered, as it is now."""
        return tuple(self._pages.values())

    def page(self, address: str, *, whole: bool = False, stranger: bool = False, remember: bool = True) -> Fetched:
        """What is at an address of the source now: `unchanged`, without a body, where it is what is known.

        A `whole` page is asked for without conditions. A `stranger`'s address was found in what somebody else wrote.
        One that will never be asked for again, because its address holds a date, need not be `remember`ed.
        Raises SourceUnreadable, and SourceRefused for an answer that is neither.
        """
        known = self._pages.get(address) or self._known.pages.get(address) or PageKnown(address=address)
        whole = whole or self._whole
        fetched = self._fetcher.fetch(address, self._validators(known, whole=whole), stranger=stranger)
        self.count += 1
        if address == self._source.feed:
            self.moved_to = fetched.validators.moved_to
        if not remember:
            return fetched
        if fetched.unchanged:
            self._note(known, fetched)
            return fetched
        body_hash = sha256(fetched.body).hexdigest()
        self._note(PageKnown(address=address, body_hash=body_hash), fetched)
        same = body_hash == known.body_hash and not whole
        return replace(fetched, body=b"", unchanged=True) if same else fetched

    def feed(self, fetched: Fetched) -> Feed:
        """The feed in an answer. Raises SourceUnreadable."""
        return self._parse(
            fetched.body, source=self._source.name, address=fetched.address, content_type=fetched.content_type
        )

    def _validators(self, known: PageKnown, *, whole: bool) -> Validators:
        moved_to = self._known.moved_to if known.address == self._source.feed else ""
        if whole:
            return Validators(moved_to=moved_to)
        return Validators(etag=known.etag, last_modified=known.last_modified, moved_to=moved_to)

    def _note(self, known: PageKnown, fetched: Fetched) -> None:
        given = fetched.validators
        self._pages[known.address] = replace(known, etag=given.etag, last_modified=given.last_modified)


class Adapter(Protocol):
    """Reads one kind of source. Raises SourceUnreadable."""

    def __call__(self, source: Source, known: KnownSource, asking: Asking, wanted: Wanted) -> FetchedSource: ...


def found_in(source: Source, asking: Asking, *, status: SourceStatus = SourceStatus.OK) -> FetchedSource:
    """A reading of the source so far: its name and pages. Adapters add to it."""
    return FetchedSource(
        name=source.name,
        url=source.feed,
        kind=source.kind,
        status=status,
        pages_read=asking.count,
        pages=asking.pages,
        moved_to=asking.moved_to,
    )
