"""RSS 0.9x, 1.0 and 2.0, RDF and Atom, by feedparser: one item of a feed to an `Item`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import feedparser

from digest.errors import SourceUnreadable
from digest.model import Picture
from digest.sources.dates import parsed_instant
from digest.sources.entries import Feed, Item, cuts_of, entries_of
from digest.sources.feeds import media
from digest.sources.feeds.document import Document, read_document
from digest.sources.feeds.durations import seconds_of
from digest.sources.pictures import is_picture, pixels
from digest.sources.texts import absolute, is_web_address, name_of_person

# RFC 5005, section 2: a feed that is the whole of what there is.
_COMPLETE = re.compile(rb"<(?:[\w.-]+:)?complete\s[^>]*purl\.org/syndication/history|<fh:complete\s*/?>")
_HEAD = 20_000
_KIND_SCHEME = "http://schemas.google.com/g/2005#kind"


def read_xml(body: bytes, *, source: str, address: str = "", content_type: str = "") -> Feed:
    """The feed in these bytes, fetched from `address`. SourceUnreadable when they are no feed."""
    document = read_document(body, content_type)
    found, xml = _without_media(document)
    parsed = _parsed(xml)
    if not parsed.get("version") and not parsed.entries:
        raise SourceUnreadable("not a feed that can be read: it holds neither a title nor entries")
    bases = _bases(parsed, address)
    items = tuple(
        _item(entry, about, parsed, bases) for entry, about in zip(parsed.entries, _media(parsed, found), strict=True)
    )
    return Feed(
        title=str(parsed.feed.get("title", "")),
        entries=entries_of(items, source),
        items=len(items),
        warnings=(*document.warnings, *cuts_of(items)),
        older=_older(parsed, address),
        generator=str(parsed.feed.get("generator", "")),
        is_whole=_COMPLETE.search(document.xml[:_HEAD]) is not None,
    )


def _older(parsed: Any, address: str) -> str:
    """The next page back in time: of a paged feed, else of an archived one (RFC 5005, sections 3 and 4)."""
    links = {str(link.get("rel", "")): str(link.get("href", "")) for link in reversed(parsed.feed.get("links", ()))}
    return next((absolute(links[rel], address) for rel in ("next", "prev-archive") if links.get(rel)), "")


def _without_media(document: Document) -> tuple[tuple[media.Media, ...], bytes]:
    if document.tree is None or media.MARK not in document.xml:
        return (), document.xml
    return media.take_media(document.tree)


def _parsed(xml: bytes) -> Any:
    """feedparser's reading. The bytes come as a stream: a name in them must never be opened as a file."""
    try:
        return feedparser.parse(BytesIO(xml), sanitize_html=False, resolve_relative_uris=False)
    except (KeyError, AttributeError, IndexError, TypeError, ValueError) as error:
        # feedparser stumbles over elements that stand where none belongs, such as a link in a textinput.
        raise SourceUnreadable("not a feed that can be read: its elements are in disorder") from error


def _media(parsed: Any, found: tuple[media.Media, ...]) -> Iterable[media.Media]:
    """What Media RSS says of each entry; from feedparser where the document had no tree to take it from."""
    if len(found) == len(parsed.entries):
        return found
    return [_media_by_feedparser(entry) for entry in parsed.entries]


def _media_by_feedparser(entry: Any) -> media.Media:
    return media.from_attributes(entry.get("media_content", ()), entry.get("media_thumbnail", ()))


def _bases(parsed: Any, address: str) -> tuple[str, ...]:
    """What relative links stand on: in Atom the feed's own address (RFC 4287, section 2), in RSS the site's."""
    site = absolute(str(parsed.feed.get("link", "")), address)
    bases = (address, site) if _is_atom(parsed) else (site, address)
    return tuple(base for base in bases if is_web_address(base))


def _is_atom(parsed: Any) -> bool:
    return str(parsed.get("version") or "").startswith("atom")


def _item(entry: Any, about: media.Media, parsed: Any, bases: tuple[str, ...]) -> Item:
    content, is_atom = _content(entry), _is_atom(parsed)
    summary = str(entry.get("summary", ""))
    return Item(
        guid=str(entry.get("id", "")),
        link=_link(entry),
        bases=(*_own_base(entry, bases), *bases),
        title=str(entry.get("title", "")),
        summary=summary if summary or content else about.description,
        content=content,
        author=_authors(entry, is_atom=is_atom) or (_authors(parsed.feed, is_atom=True) if is_atom else ()),
        categories=tuple(_categories(entry)),
        **_dates(entry, is_atom=is_atom),
        pictures=(*about.pictures, *_enclosed(entry)),
        thumbnails=(*about.thumbnails, *_image(entry)),
        seconds=seconds_of(str(entry.get("itunes_duration") or "")),
    )


def _link(entry: Any) -> str:
    """The story's address: the one behind a FeedBurner link, else the link; the guid only where it is an address."""
    guid, link = entry.get("id"), str(entry.get("link") or "").strip()
    named = (entry.get("feedburner_origlink"), link if link != guid else "", _alternate(entry))
    return next((str(address) for address in named if address), link if is_web_address(link) else "")


def _alternate(entry: Any) -> str:
    return next((str(link.get("href", "")) for link in entry.get("links", ()) if link.get("rel") == "alternate"), "")


def _own_base(entry: Any, bases: tuple[str, ...]) -> tuple[str, ...]:
    """The xml:base of the entry's texts, if it has one."""
    details = (*entry.get("content", ()), entry.get("summary_detail") or {}, entry.get("title_detail") or {})
    base = next((str(detail.get("base")) for detail in details if detail.get("base")), "")
    return (absolute(base, *bases),) if base and absolute(base, *bases) else ()


def _content(entry: Any) -> str:
    """The fullest of the entry's contents that is text."""
    contents = (str(content.get("value") or "") for content in entry.get("content", ()) if _is_text(content))
    return max(contents, key=len, default="")


def _is_text(content: Mapping[str, Any]) -> bool:
    return str(content.get("type") or "text/").startswith(("text/", "application/xhtml"))


def _authors(thing: Any, *, is_atom: bool) -> tuple[str, ...]:
    """The names of an entry's or feed's authors.

    In RSS an author may be mailbox and name in one, which feedparser takes apart wrongly where the address ends in more
    than four letters; there the last one's name is taken from what is written.
    """
    people = [person for person in thing.get("authors", ()) if is_atom or not person.get("email")]
    written = "" if is_atom else str(thing.get("author") or "")
    named = (*(str(person.get("name") or "") for person in people), written)
    return tuple(filter(None, map(name_of_person, named)))


def _categories(entry: Any) -> Iterable[str]:
    tags = (tag for tag in entry.get("tags", ()) if tag.get("scheme") != _KIND_SCHEME)
    return (str(tag.get("label") or tag.get("term") or "") for tag in tags)


def _dates(entry: Any, *, is_atom: bool) -> dict[str, Any]:
    """When it was published and changed. The one date of an RSS item is its publication, also as `dc:date`."""
    written = {name: str(dict.get(entry, name) or "") for name in ("published", "updated")}
    instants = {name: parsed_instant(text, dict.get(entry, f"{name}_parsed")) for name, text in written.items()}
    if not is_atom:
        instants["published"] = instants["published"] or instants["updated"]
    return {**instants, "written": written["published"] or written["updated"]}


def _enclosed(entry: Any) -> Iterable[Picture]:
    enclosures = [link for link in entry.get("links", ()) if link.get("rel") == "enclosure" and link.get("href")]
    return (
        Picture(address=str(link["href"]), width=pixels(link.get("width")), height=pixels(link.get("height")))
        for link in enclosures
        if is_picture(str(link["href"]), str(link.get("type", "")))
    )


def _image(entry: Any) -> Iterable[Picture]:
    """iTunes' cover of an episode."""
    image = entry.get("image")
    address = str(image.get("href") or "") if isinstance(image, Mapping) else ""
    return (Picture(address=address),) if address else ()
