"""Any HTML to plain text, without markup, control characters and invisible direction changes."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator

import nh3

_TEXT_BLOCKS = {"address", "blockquote", "br", "figcaption", "figure", "hr", "p", "pre", "td", "th", "tr", "table"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LISTS = {"dd", "dl", "dt", "li", "ol", "ul"}
_REGIONS = {"article", "aside", "div", "footer", "header", "main", "section"}
_BLOCKS = _TEXT_BLOCKS | _HEADINGS | _LISTS | _REGIONS
_SILENT = {"script", "style", "noscript", "template", "iframe", "object", "svg", "math", "title", "textarea"}
_BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS, key=len, reverse=True))})\b[^>]*>")
_FIGURE = re.compile(r"<figure\b.*?</figure>", re.DOTALL)
# Unicode category Cc without tab and line breaks, the direction overrides and isolates that could turn a line
# around (UAX 9), the noncharacters and the byte order mark.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SPACES = re.compile(r"\s+")
# Marks that fit over and under any letter: more than a language needs are heaped up to run over the lines around.
_HEAPED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
# Letters and symbols by their category that show nothing: the Hangul fillers, and Braille without dots.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def plain_text(markup: str) -> str:
    """The words of `markup` on one line: tags off, entities decoded once, scripts and styles dropped."""
    return _one_line(" ".join(_fragments(markup)))


def paragraphs(markup: str) -> Iterator[str]:
    """The words of `markup`, block by block. Figures are left out: their captions are not running text."""
    return filter(None, map(_one_line, _fragments(markup, figures=False)))


def _fragments(markup: str, *, figures: bool = True) -> Iterable[str]:
    if "<" not in markup:
        return (html.unescape(markup),)
    clean = nh3.clean(
        markup, tags=_BLOCKS, clean_content_tags=_SILENT, attributes={}, strip_comments=True, link_rel=None
    )
    if not figures:
        clean = _FIGURE.sub("<p></p>", clean)
    return map(html.unescape, _BLOCK_TAG.split(clean))


def _one_line(text: str) -> str:
    text = _SPACES.sub(" ", _FORBIDDEN.sub("", text)).strip()
    return text if text.isascii() else _HEAPED.sub(r"\1", text)


def is_visible(text: str) -> bool:
    """Whether a reader would see anything of it: a link of joiners and soft hyphens can be neither read nor hit."""
    return any(unicodedata.category(each)[0] not in "CZM" and each not in _BLANK for each in text)
