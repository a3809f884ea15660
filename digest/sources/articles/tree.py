"""A page's bytes as a tree that can be asked, whatever the bytes are."""

from __future__ import annotations

import re

import lxml.html
from lxml import etree

from digest.sources.feeds.encodings import in_utf8

MOST_BYTES = 3_000_000
"""What stands further down is not looked at: the head and the first paragraphs are long past."""

_SNIFFED = 4096
_CHARSET = re.compile(rb"<meta\b[^>]{0,200}\bcharset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)


def tree_of(body: bytes, content_type: str = "") -> lxml.html.HtmlElement | None:
    """The page as a tree; None where there is nothing in it. Scripts stay: some of them hold data.

    The encoding is the server's, else the one that the page names in its first bytes (HTML, section 13.2.3.2).
    """
    text, _ = in_utf8(body[:MOST_BYTES], _named(body, content_type))
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return lxml.html.document_fromstring(text.replace(b"\0", b""), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def words_in(element: etree._Element | None, most: int) -> str:
    """The text in an element, at most so many characters."""
    return "" if element is None else "".join(map(str, element.itertext()))[:most]


def attribute(element: etree._Element, name: str) -> str:
    """An attribute's text; empty without it."""
    return str(element.get(name) or "")


def _named(body: bytes, content_type: str) -> str:
    if "charset" in content_type.lower():
        return content_type
    named = _CHARSET.search(body[:_SNIFFED])
    return f"text/html; charset={named[1].decode('ascii')}" if named else content_type
