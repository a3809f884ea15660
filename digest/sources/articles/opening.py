"""The first paragraphs of a story, out of a page that holds much else."""

from __future__ import annotations

import copy
import logging
import re
from collections.abc import Iterable, Iterator
from itertools import islice

import lxml.html

from digest.sources.texts import on_one_line

MOST = 1_000
"""Characters, at most: enough for a deck and to tell one story from another."""

_MOST_ELEMENTS = 10_000
_MOST_LINES = 40
_SHORTEST = 40
# Sentences end so, in the scripts that feeds come in; what does not is a byline, a heading, or a button.
_SENTENCE_END = re.compile(r"[.!?…:。！？؟۔।॥][\"”’'»)\]]*$")
_NO_TEXT = ("script", "style", "noscript", "template", "svg", "iframe", "form", "button", "figure")


def opening_of(tree: lxml.html.HtmlElement, title: str, body: str = "") -> str:
    """The first paragraphs as plain text, an empty line between them. `body` is the text, where the page names it.

    A page of more than 10,000 elements is no article, and would keep the extractor busy for seconds.
    """
    return _within(_paragraphs(body.splitlines(), title)) or _within(_paragraphs(_lines(tree), title))


def _lines(tree: lxml.html.HtmlElement) -> list[str]:
    if sum(1 for _ in islice(tree.iter(), _MOST_ELEMENTS + 1)) > _MOST_ELEMENTS:
        return []
    # 0.3 s to import, which only who looks at pages is to pay.
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    bare = copy.deepcopy(tree)
    for element in [*bare.iter(*_NO_TEXT)]:
        element.drop_tree()
    found = trafilatura.extract(bare, fast=True, include_comments=False, include_tables=False, favor_precision=True)
    return (found or "").splitlines()


def _paragraphs(lines: Iterable[str], title: str) -> Iterator[str]:
    plain = map(on_one_line, islice(filter(str.strip, lines), _MOST_LINES))
    return (line for line in plain if len(line) >= _SHORTEST and line != title and _SENTENCE_END.search(line))


def _within(paragraphs: Iterable[str]) -> str:
    """As many whole paragraphs as fit; of a first one that is longer, its beginning."""
    kept = ""
    for paragraph in paragraphs:
        longer = f"{kept}\n\n{paragraph}" if kept else paragraph[:MOST]
        if len(longer) > MOST:
            break
        kept = longer
    return kept
