"""Passages: stretches of the letter that not every reader gets, and how a letter is made that lacks some of them.

Templates put a mark before and after each section, and around the preheader. The marks are taken out again and their
places kept; then the letter for readers who chose some sections is the whole letter with the others cut out: quick, and
word for word what was previewed. A section without marks (in templates of a publication's own) goes to everybody.
"""

from __future__ import annotations

import html as markup
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from digest.model import Issue, Passage, RenderedIssue
from digest.render.characters import printable
from digest.render.headlines import preheader_of
from digest.render.languages import Language

PREHEADER = "preheader"


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks that no story can contain, because they hold the hash of the issue's content."""

    content_hash: str

    def begin(self, passage: str) -> str:
        """What stands before a passage: `preheader`, `section-1` and so on."""
        return f"digest-begin-{passage}-{self.content_hash[:12]}"

    def end(self, passage: str) -> str:
        """What stands behind it."""
        return f"digest-end-{passage}-{self.content_hash[:12]}"

    def taken_out(self, made: str) -> tuple[str, tuple[Passage, ...]]:
        """What templates made, without the marks; and the passages that stood between them.

        A mark on a line of its own goes with its line.
        """
        pattern = re.compile(rf"digest-(begin|end)-([a-z0-9-]+?)-{self.content_hash[:12]}")
        clean: list[str] = []
        begun: dict[str, int] = {}
        found: list[Passage] = []
        length = position = 0
        for mark in pattern.finditer(made):
            clean.append(made[position : mark.start()])
            length += mark.start() - position
            position = _after(made, mark)
            if mark[1] == "begin":
                begun[mark[2]] = length
            elif mark[2] in begun:
                found.append(Passage(name=mark[2], start=begun.pop(mark[2]), end=length))
        return "".join((*clean, made[position:])), tuple(found)


def with_sections(
    rendered: RenderedIssue, issue: Issue, variant: int, is_in: Callable[[int], bool], language: Language
) -> RenderedIssue:
    """The letter with only the sections, counted from 0, that are in. It is told apart by its `variant`."""
    out = {f"section-{number + 1}" for number in range(len(issue.shown)) if not is_in(number)}
    sections = tuple(section for number, section in enumerate(issue.shown) if is_in(number))
    preheader = preheader_of(replace(printable(issue), sections=sections), language)
    return replace(
        rendered,
        preheader=preheader,
        html="".join(_pieces(rendered.html, rendered.html_passages, out, markup.escape(preheader))),
        text="".join(_pieces(rendered.text, rendered.text_passages, out, preheader)),
        html_passages=(),
        text_passages=(),
        fingerprint=f"{rendered.fingerprint}-{variant:x}",
    )


def _pieces(made: str, passages: Sequence[Passage], out: set[str], preheader: str) -> Iterator[str]:
    position = 0
    for passage in sorted(passages, key=lambda one: one.start):
        if passage.name in out or passage.name == PREHEADER:
            yield made[position : passage.start]
            yield preheader if passage.name == PREHEADER else ""
            position = passage.end
    yield made[position:]


def _after(made: str, mark: re.Match[str]) -> int:
    """The end of a mark, or of its line where nothing else stands on it."""
    starts_line = mark.start() == 0 or made[mark.start() - 1] == "\n"
    return mark.end() + 1 if starts_line and made[mark.end() : mark.end() + 1] == "\n" else mark.end()
