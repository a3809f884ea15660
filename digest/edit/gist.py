"""The gist of an entry: the words by which it is compared with others, worked out once and kept as text."""

from __future__ import annotations

from collections.abc import Iterator

from digest.edit import copy
from digest.edit.clean import paragraphs
from digest.edit.common_words import OF_THE_LANGUAGE
from digest.edit.words import stems, stems_with_names
from digest.model import ArticlePage, Entry

_BEGINNING = 20_000
_LONGEST = 120
"""So many words of a story's beginning tell what it is about; what follows is the past, and what people said."""


def gist_of(entry: Entry, page: ArticlePage | None = None) -> str:
    """The stems of headline and opening: a line with those that tell something, one for the headline, and one for
    each sentence.

    The opening is out of the entry's text or summary; of an entry without either, what its `page` says.
    """
    lines = [" ".join(stems(copy.headline(entry)))]
    lines += (" ".join(stems_with_names(sentence)) for sentence in _opening(entry, page))
    words = {word.lower() for line in lines for word in line.split()}
    return "\n".join([" ".join(sorted(words - OF_THE_LANGUAGE)), *lines])


def _opening(entry: Entry, page: ArticlePage | None) -> Iterator[str]:
    length = 0
    said = entry.content or entry.summary
    told = paragraphs(said[:_BEGINNING]) if said or page is None else page.opening.split("\n")
    for paragraph in told:
        for sentence in copy.sentences(copy.without_dateline(copy.without_boilerplate(paragraph))[1]):
            yield sentence
            length += len(sentence.split())
        if length >= _LONGEST:
            return
