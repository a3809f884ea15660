"""From MJML to HTML, with the checks that the compiler does not make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from mjml import mjml2html

from digest.render.attributes import referenced
from digest.render.grammar import ANY_ATTRIBUTE, DEEPEST, DEFAULTS, ELEMENTS

_STYLE = ' style="'


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a piece of MJML, and at which byte of it (as UTF-8)."""

    offset: int
    words: str


class FaultyMjml(Exception):
    """The MJML does not hold. `faults` is in the order of the text and never empty."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults[0].words)
        self.faults = faults


def compiled(source: str) -> str:
    """The HTML of `source`, neighbouring Outlook comments merged. Raises FaultyMjml."""
    faults = faults_of(source)
    if faults:
        raise FaultyMjml(faults)
    try:
        html: str = mjml2html(referenced(source))
    except ValueError as error:
        raise FaultyMjml((Fault(offset=0, words=f"the MJML compiler refuses it: {error}"),)) from error
    return _lean(html)


def _lean(html: str) -> str:
    """The same page in fewer bytes.

    Outlook's neighbouring comments become one (Internet Explorer has read none since its version 10), tags go that HTML
    lets one leave out (https://html.spec.whatwg.org/#optional-tags), and so does the semicolon at the end of a style.
    """
    html = html.replace("<![endif]--><!--[if mso | IE]>", "").replace("[if mso | IE]", "[if mso]")
    html = html.replace("<tbody>", "").replace("</tbody>", "")
    return _without_last_semicolons(html).replace(' class=""', "")


def _without_last_semicolons(html: str) -> str:
    # Parting at the attribute costs a third of what a pattern does.
    first, *styled = html.split(_STYLE)
    return _STYLE.join((first, *map(_without_last_semicolon, styled)))


def _without_last_semicolon(styled: str) -> str:
    end = styled.find('"')
    return styled[: end - 1] + styled[end:] if end > 0 and styled[end - 1] == ";" else styled


def faults_of(source: str) -> tuple[Fault, ...]:
    """Everything that keeps `source` from being a letter: XML that is not well-formed, unknown elements and attributes,
    elements in the wrong place, and nesting that the compiler would not survive."""
    return _Check().faults_of(source.encode("utf-8"))


class _TooDeepError(Exception):
    pass


class _Open(NamedTuple):
    tag: str
    offset: int


@dataclass(slots=True)
class _Check:
    """One walk through a document, event by event; no tree is built, so that depth costs nothing."""

    faults: list[Fault] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    holder: str = ""
    """The open MJML element that takes HTML only, and how many are open around it."""
    held_at: int = 0
    classes: set[str] = field(default_factory=set)
    used_classes: list[tuple[int, str]] = field(default_factory=list)
    parser: expat.XMLParserType = field(default_factory=lambda: expat.ParserCreate("utf-8"))

    def faults_of(self, source: bytes) -> tuple[Fault, ...]:
        self.listen()
        try:
            self.parser.Parse(source, True)
        except expat.ExpatError as error:
            # What comes after an element that is not closed only seems to be in the wrong place.
            first = self.not_well_formed(source, error)
            self.faults = [fault for fault in self.faults if fault.offset < first.offset] + [first]
        except _TooDeepError:
            self.complain(f"more than {DEEPEST} elements inside each other")
        else:
            self.check_classes()
        return tuple(sorted(self.faults, key=lambda fault: fault.offset))

    def listen(self) -> None:
        parser = self.parser
        parser.StartElementHandler = self.on_start
        parser.EndElementHandler = self.on_end
        parser.CharacterDataHandler = self.on_text
        parser.StartDoctypeDeclHandler = lambda *_: self.complain("<!DOCTYPE> has no place in a template")
        parser.StartCdataSectionHandler = lambda: self.complain("<![CDATA[ is not understood: escape the text instead")
        parser.ProcessingInstructionHandler = lambda name, _: self.complain(f"<?{name} … ?> has no place in a template")

    def on_start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self.holder:
            if tag.startswith("mj"):
                self.complain(f"<{self.holder}> holds HTML only: close it before <{tag}>")
        elif self.parent() == "mj-attributes":
            self.check_default(tag, attributes)
        else:
            self.check_element(tag, attributes)
        if not self.holder and tag in ELEMENTS and ELEMENTS[tag].ending:
            self.holder, self.held_at = tag, len(self.open)
        self.open.append(_Open(tag, self.parser.CurrentByteIndex))
        if len(self.open) > DEEPEST:
            raise _TooDeepError

    def on_end(self, tag: str) -> None:
        self.open.pop()
        if self.holder and len(self.open) == self.held_at:
            self.holder = ""

    def on_text(self, text: str) -> None:
        if not self.holder and text.strip():
            self.complain(f"text directly in <{self.parent()}> would be lost: put it into <mj-text>")

    def check_element(self, tag: str, attributes: Mapping[str, str]) -> None:
        known = ELEMENTS.get(tag)
        if known is None:
            self.complain(_unknown(tag))
            return
        if self.parent() not in (known.parents or {""}):
            self.complain(f"<{tag}> has no place {f'in <{self.parent()}>' if self.open else 'outside <mjml>'}")
        self.check_attributes(tag, attributes, known.attributes)
        for name in attributes.get("mj-class", "").split():
            self.used_classes.append((self.parser.CurrentByteIndex, name))

    def check_default(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in DEFAULTS:
            self.check_attributes(tag, attributes, ANY_ATTRIBUTE)
        elif tag in ELEMENTS:
            self.check_attributes(tag, attributes, ELEMENTS[tag].attributes)
        else:
            self.complain(_unknown(tag))
        if tag == "mj-class":
            self.classes.add(attributes.get("name", ""))

    def check_attributes(self, tag: str, attributes: Mapping[str, str], known: frozenset[str]) -> None:
        if not known.issuperset(attributes):
            for name in attributes.keys() - known:
                self.complain(f'<{tag}> has no attribute "{name}"')

    def check_classes(self) -> None:
        for offset, name in self.used_classes:
            if name not in self.classes:
                self.faults.append(Fault(offset=offset, words=f'mj-class="{name}" is not defined in <mj-attributes>'))

    def parent(self) -> str:
        return self.open[-1].tag if self.open else ""

    def complain(self, words: str) -> None:
        self.faults.append(Fault(offset=self.parser.CurrentByteIndex, words=words))

    def not_well_formed(self, source: bytes, error: expat.ExpatError) -> Fault:
        words, offset = expat.ErrorString(error.code), self.parser.ErrorByteIndex
        if words == "mismatched tag":
            closing = re.match(rb"[^\s>]*", source[offset:])
            tag = closing.group().decode("utf-8", "replace") if closing else ""
            if tag not in [one.tag for one in self.open]:
                return Fault(offset=offset, words=f"</{tag}> closes nothing that is open")
        if self.open and words in {"mismatched tag", "no element found"}:
            return Fault(offset=self.open[-1].offset, words=f"<{self.open[-1].tag}> is never closed")
        if words == "undefined entity":
            words = "an entity that XML does not know: write the character itself, or its number (&#160; for &nbsp;)"
        return Fault(offset=offset, words=f"not well-formed: {words}")


def _unknown(tag: str) -> str:
    if tag == "mj-include":
        return "<mj-include> is not supported: write {% include %}"
    if not tag.startswith("mj"):
        return f"<{tag}> stands outside <mj-text> or <mj-raw>, which hold HTML"
    return f"<{tag}> is not an element of MJML that this program knows"
