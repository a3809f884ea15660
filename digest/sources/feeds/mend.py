"""Mending XML that feeds commonly break: HTML entities that XML does not have, bare ampersands, a cut-off end."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from html.entities import html5

_CDATA = re.compile(rb"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_AMPERSAND = re.compile(rb"&(?:#(\d{1,7}|[xX][0-9a-fA-F]{1,6});|([A-Za-z][\w.-]{0,40});)?")
_ITEM_OPENS = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_ITEM_ENDS = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")
_ENTITY = re.compile(rb"""<!ENTITY\s+([A-Za-z][\w.-]*)\s+(?:"([^"]*)"|'([^']*)')\s*>""")
_HARMLESS = re.compile(rb"(?:[^&%<]|&#(?:\d+|x[0-9a-fA-F]+);)*")
_XML_ENTITIES = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_MOST_GROWTH = 1_000_000


def declared_entities(subset: bytes) -> dict[bytes, bytes]:
    """The entities of a DOCTYPE's internal subset that stand for plain characters, as those characters in XML.

    Entities made of other entities, of markup or of another file are left out: nothing here expands twice.
    """
    found = ((name, double or single) for name, double, single in _ENTITY.findall(subset))
    return {name: _as_xml(value.decode(errors="replace")) for name, value in found if _HARMLESS.fullmatch(value)}


def with_known_entities(xml: bytes, declared: Mapping[bytes, bytes]) -> bytes:
    """The XML with declared and HTML entities as characters, and with every ampersand that means nothing escaped.

    CDATA sections stay as they are. Entities that would make the document grow by more than a megabyte stay names.
    """
    entities = declared if _growth(xml, declared) <= _MOST_GROWTH else {}
    pieces = _CDATA.split(xml)
    pieces[::2] = [_AMPERSAND.sub(lambda found: _meant(found, entities), piece) for piece in pieces[::2]]
    return b"".join(pieces)


def without_cut_item(xml: bytes) -> bytes:
    """The XML without its last item, if the document breaks off inside it: half a story is none."""
    last_end = max((end.end() for end in _ITEM_ENDS.finditer(xml)), default=0)
    cut = _ITEM_OPENS.search(xml, last_end)
    return xml[: cut.start()] if cut else xml


def _growth(xml: bytes, declared: Mapping[bytes, bytes]) -> int:
    return sum(xml.count(b"&" + name + b";") * len(value) for name, value in declared.items())


def _meant(found: re.Match[bytes], entities: Mapping[bytes, bytes]) -> bytes:
    number, name = found.groups()
    if number:
        return found[0] if _is_character(number.decode()) else b""
    if not name:
        return b"&amp;"
    if name in _XML_ENTITIES:
        return found[0]
    return entities.get(name) or _html_entity(name.decode()) or b"&amp;" + found[0][1:]


def _html_entity(name: str) -> bytes:
    return _as_xml(html5.get(f"{name};", ""))


def _as_xml(text: str) -> bytes:
    return html.escape(html.unescape(text)).encode()


def _is_character(number: str) -> bool:
    """Whether XML 1.0 has a character of this number (section 2.2)."""
    code = int(number[1:], 16) if number[0] in "xX" else int(number)
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
