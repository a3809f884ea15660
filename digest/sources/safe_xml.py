"""XML of strangers that is no feed (sitemaps, OPML), as safe to read as a feed: no DOCTYPE, no entity, no depth.

What `feeds.document` does for feeds stands behind it. Names count without their namespaces: sites misspell those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from lxml import etree

from digest.errors import SourceUnreadable
from digest.sources.feeds.document import DECLARATION, bare, root_of, without_doctype
from digest.sources.feeds.encodings import in_utf8
from digest.sources.feeds.mend import with_known_entities

_WELL_KNOWN = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")


@dataclass(frozen=True, slots=True)
class SafeXml:
    """XML in UTF-8 without a DOCTYPE; the name of its root in lower case; what was odd about it."""

    xml: bytes
    root: str
    warnings: tuple[str, ...] = ()


def read_safely(body: bytes, content_type: str = "") -> SafeXml:
    """The XML in these bytes. Its root is empty when they hold none. SourceUnreadable for a DOCTYPE without an end."""
    converted, misnamed = in_utf8(body, content_type)
    xml, entities, declares = without_doctype(bare(converted))
    if _WELL_KNOWN.search(xml):
        xml = with_known_entities(xml, entities)
    return SafeXml(DECLARATION + xml, root_of(xml), tuple(filter(None, (misnamed, declares))))


def each(xml: bytes, *names: str) -> Iterator[etree._Element]:
    """The whole elements of these names, one by one as they end; what is broken is passed over.

    An element is emptied after its turn, so that a document of any size takes the memory of one of them.
    """
    whole = _without_broken_end(xml, names)
    tags = tuple(f"{{*}}{name}" for name in names)
    parsing = etree.iterparse(
        BytesIO(whole), tag=tags, recover=True, resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        for _, element in parsing:
            yield element
            element.clear()
    except etree.XMLSyntaxError:  # not even the parser that passes over faults goes on here
        return


def name_of(element: etree._Element) -> str:
    """The element's name in lower case, without prefix or namespace; empty for a comment."""
    return _bare_name(element.tag) if isinstance(element.tag, str) else ""


def named_children(element: etree._Element) -> dict[str, etree._Element]:
    """The first child of each name."""
    return {name_of(child): child for child in reversed(element)}


@lru_cache(maxsize=256)
def _bare_name(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _without_broken_end(xml: bytes, names: tuple[str, ...]) -> bytes:
    """The XML without its last element, if the document breaks off inside it: half an address leads nowhere."""
    named = rb"(?:[\w.-]+:)?(?:" + "|".join(map(re.escape, names)).encode() + rb")"
    last_end = max((end.end() for end in re.finditer(rb"</" + named + rb"\s*>", xml)), default=0)
    cut = re.compile(rb"<" + named + rb"(?=[\s>])[^>]*+(?:(?<!/)>|\Z)").search(xml, last_end)
    return xml[: cut.start()] if cut else xml


def refused(found: SafeXml, wanted: str, hint: str) -> SourceUnreadable:
    """The complaint about a document that is not what was `wanted`."""
    if found.root == "html":
        return SourceUnreadable(f"an HTML page, not {wanted}", hint=hint)
    if found.root:
        return SourceUnreadable(f"XML, but not {wanted}: its root is <{found.root[:60]}>", hint=hint)
    beginning = found.xml.removeprefix(DECLARATION)[:40].decode(errors="replace")
    said = f"not {wanted}: it starts with {beginning!r}" if beginning.strip() else "the answer was empty"
    return SourceUnreadable(said, hint=hint)
