"""From the bytes of a feed to XML that is safe to parse and, where that can be, well-formed.

No DOCTYPE is left in it: nothing can expand and nothing is fetched. It holds a bounded number of items and tags.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from digest.errors import SourceUnreadable
from digest.sources.feeds.encodings import in_utf8
from digest.sources.feeds.mend import declared_entities, with_known_entities, without_cut_item
from digest.sources.feeds.newest import with_newest_items

MAX_TAGS = 1_000_000
DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>'

_NO_XML_CHARACTERS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_START = re.compile(rb"<(?:\?xml\s|!DOCTYPE\s|(?:[\w.-]+:)?(?:rss|rdf|feed|channel|html)[\s>])", re.IGNORECASE)
_XML_DECLARATION = re.compile(rb"\A<\?xml\s[^>]*\?>")
_MISCELLANY = re.compile(rb"(?>\s+|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)
_QUOTED = rb"\"[^\"]*\"|'[^']*'"
_DOCTYPE = re.compile(
    rb"<!DOCTYPE(?>[^\[>\"']|" + _QUOTED + rb")*+(?:\[((?>" + _QUOTED + rb"|<!--.*?-->|[^\]\"'])*+)\]\s*+)?>",
    re.DOTALL | re.IGNORECASE,
)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
_HTML = re.compile(rb"<(?:!DOCTYPE\s+)?html[\s>]", re.IGNORECASE)
_HTML_TITLE = re.compile(rb"<title[^>]*>([^<]*)</title>", re.IGNORECASE)
_LOOK_FOR_FEED = "look for the address of its feed, often the page's with feed/ added"
_FEED_ROOTS = ("rss", "rdf", "feed", "channel")


@dataclass(frozen=True, slots=True)
class Document:
    """XML in UTF-8 with its declaration, and its tree where it is well-formed."""

    xml: bytes
    tree: etree._Element | None
    warnings: tuple[str, ...] = ()


def read_document(body: bytes, content_type: str = "") -> Document:
    """The feed in these bytes as a safe document. SourceUnreadable when they are HTML, other XML or no XML at all."""
    converted, misnamed = in_utf8(body, content_type)
    whole = _from_its_start(converted)
    _refuse_html(whole)
    xml, entities, declares = without_doctype(whole)
    _check_root(xml)
    xml, too_many = with_newest_items(xml)
    document = _mended(xml, entities)
    if document.xml.count(b"<") > 2 * MAX_TAGS:
        raise SourceUnreadable(f"it holds more than {MAX_TAGS:,} tags", hint="no feed of a newsroom is as large")
    return Document(document.xml, document.tree, (*filter(None, (misnamed, declares, too_many)), *document.warnings))


def _from_its_start(xml: bytes) -> bytes:
    """From the declaration or root on, without characters that XML does not have."""
    xml = _NO_XML_CHARACTERS.sub(b"", xml)
    start = _START.search(xml, 0, 4096)
    return _XML_DECLARATION.sub(b"", xml[start.start() if start else 0 :].lstrip())


def bare(xml: bytes) -> bytes:
    """The XML without its declaration and without characters that XML does not have."""
    return _XML_DECLARATION.sub(b"", _NO_XML_CHARACTERS.sub(b"", xml).lstrip())


def without_doctype(xml: bytes) -> tuple[bytes, dict[bytes, bytes], str]:
    """The XML without its DOCTYPE, the harmless entities declared there, and a warning if there were others."""
    start = _content_start(xml)
    if xml[start : start + 9].upper() != b"<!DOCTYPE":
        return xml, {}, ""
    doctype = _DOCTYPE.match(xml, start)
    if doctype is None:
        raise SourceUnreadable("its DOCTYPE is broken", hint="ask the site to send plain RSS or Atom")
    subset = doctype[1] or b""
    entities = declared_entities(subset)
    warning = "declares entities that were not expanded" if subset.count(b"<!ENTITY") > len(entities) else ""
    lines = b"\n" * doctype[0].count(b"\n")
    return lines + xml[doctype.end() :], entities, warning


def _content_start(xml: bytes) -> int:
    """Where comments, processing instructions and white space at the start end."""
    miscellany = _MISCELLANY.match(xml)
    return miscellany.end() if miscellany else 0


def _refuse_html(xml: bytes) -> None:
    if not _HTML.match(xml, _content_start(xml)):
        return
    title = _HTML_TITLE.search(xml)
    words = f" (its title is “{' '.join(title[1].decode().split())[:100]}”)" if title else ""
    raise SourceUnreadable(f"an HTML page, not a feed{words}", hint=_LOOK_FOR_FEED)


def root_of(xml: bytes) -> str:
    """The name of the root element in lower case, without its prefix; empty where the XML does not begin with one."""
    root = _ROOT.match(xml, _content_start(xml))
    return root[1].decode().lower() if root else ""


def _check_root(xml: bytes) -> None:
    name = root_of(xml)
    if not name:
        raise SourceUnreadable(f"not a feed: it starts with {_beginning(xml)!r}", hint="check the feed's address")
    if name not in _FEED_ROOTS:
        raise SourceUnreadable(f"XML, but not a feed: its root is <{name}>", hint="check the feed's address")


def _beginning(xml: bytes) -> str:
    return xml[:40].decode(errors="replace")


def _mended(xml: bytes, entities: dict[bytes, bytes]) -> Document:
    """The document as it is if it is well-formed, else mended as far as that goes."""
    tree, fault = _tree(xml)
    if not fault:
        return Document(DECLARATION + xml, tree)
    xml = with_known_entities(xml, entities)
    tree, fault_left = _tree(xml)
    if fault_left:
        warning = f"not well-formed ({fault_left}); what could be read was kept"
        return Document(DECLARATION + without_cut_item(xml), None, (warning,))
    return Document(DECLARATION + xml, tree, () if entities else (f"not well-formed ({fault}); mended",))


def _tree(xml: bytes) -> tuple[etree._Element | None, str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False)
    try:
        return etree.fromstring(DECLARATION + xml, parser), ""
    except etree.XMLSyntaxError as error:
        return None, (error.msg or "broken XML").rstrip(".")
