"""Which sections of an issue a reader gets: those that they chose, and all of them by default. Pure.

The sections of an issue are numbered from 0 in their order. A set of them is written as a number with their bits set,
so that readers who chose the same get the same body: its `variant`. No bits stand for everything: 0 is the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

WHOLE = 0
_MOST = 62
"""Bits that the store's whole numbers have to spare. A section after so many goes to everybody."""


def variants(
    chosen: Iterable[tuple[str, ...]],
    in_issue: Sequence[tuple[str, int]],
    known: Mapping[str, Sequence[str]],
    *,
    least: int,
) -> dict[tuple[str, ...], int | None]:
    """The body for each of the choices; None where it would have fewer than `least` stories beside the lead.

    `in_issue` are the issue's sections with their numbers of stories. `known` are all sections of the publication, with
    the site's categories that each takes: a reader may have named either. Who named none of them chose nothing.
    """
    words = words_of(known)
    return {choice: _variant(_sections(choice, words), in_issue, least) for choice in chosen}


def sections_of(choice: Iterable[str], known: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The publication's sections that a choice comes to, in their order; all of them where it names none."""
    sections = _sections(choice, words_of(known)) or known.keys()
    return tuple(name for name in known if name in sections)


def that_get(
    section: str, chosen: Iterable[tuple[str, ...]], known: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, ...], ...]:
    """Those of the choices that come to a section, among others or by naming none that is known."""
    words = words_of(known)
    return tuple(choice for choice in chosen if gets(section, choice, words))


def gets(section: str, choice: Iterable[str], words: Mapping[str, set[str]]) -> bool:
    """Whether a choice comes to a section; `words` are those of `words_of`."""
    found = _sections(choice, words)
    return section in found or not found


def words_of(known: Mapping[str, Sequence[str]]) -> Mapping[str, set[str]]:
    """The sections that a word stands for. A section's own name comes before a category of the same name."""
    words: dict[str, set[str]] = {}
    for section, categories in known.items():
        for category in categories:
            words.setdefault(category.casefold(), set()).add(section)
    return words | {section.casefold(): {section} for section in known}


def is_in(variant: int, section: int) -> bool:
    """Whether a body has that section."""
    return variant == WHOLE or section >= _MOST or bool(variant >> section & 1)


def _sections(choice: Iterable[str], words: Mapping[str, set[str]]) -> set[str]:
    return {section for word in choice for section in words.get(word.casefold(), ())}


def _variant(sections: set[str], in_issue: Sequence[tuple[str, int]], least: int) -> int | None:
    if not sections:
        return WHOLE
    chosen = [number for number, (name, _) in enumerate(in_issue) if name in sections or number >= _MOST]
    if len(chosen) == len(in_issue):
        return WHOLE
    if sum(in_issue[number][1] for number in chosen) < max(1, least):
        return None
    return sum(1 << number for number in chosen if number < _MOST)
