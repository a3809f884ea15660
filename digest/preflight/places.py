"""Where something stands in a letter, in words that an editor knows: `Courts & the law, third story: “…”`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property

from digest.model import Issue, Story
from digest.preflight.page import Page, selector_of

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_LONGEST = 60


class Places:
    """Names places of one letter by the number of their element, or by the address of a story or a picture."""

    def __init__(self, issue: Issue, html: str, page: Page) -> None:
        self._issue = issue
        self._html = html
        self._page = page

    def of_story(self, story: Story) -> str:
        """`National, second story: “…”`."""
        return self._names.get(story.address) or quoted(story.headline)

    def of_address(self, address: str, words: str = "") -> str:
        """The story that has the address or the picture; else the words of the link."""
        return self._names.get(address) or (f"the link {quoted(words)}" if words.strip() else address)

    def of_element(self, at: int, words: str = "") -> str:
        """The words themselves, and after which story they stand."""
        said = quoted(words) if words.strip() else ""
        starts, names = self._stories_met
        before = bisect_right(starts, at)
        near = names[before - 1] if before else ""
        return " in ".join(filter(None, (said, near))) if near else said or "at the top of the letter"

    def anchor(self, at: int) -> str:
        """A CSS selector of the element."""
        return selector_of(self._html, at)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        names: dict[str, str] = {}
        for name, story in self._named_stories():
            for address in (story.address, story.picture.address if story.picture else ""):
                names.setdefault(address, name)
        return names

    def _named_stories(self) -> list[tuple[str, Story]]:
        lead = self._issue.lead
        named = [(f"the lead: {quoted(lead.headline)}", lead)] if lead else []
        for section in self._issue.sections:
            for number, story in enumerate(section.stories):
                which = f"{_ORDINALS[number]} story" if number < len(_ORDINALS) else f"story {number + 1}"
                named.append((f"{section.name}, {which}: {quoted(story.headline)}", story))
        return named

    @cached_property
    def _stories_met(self) -> tuple[list[int], list[str]]:
        met = [(link.at, self._names[link.address]) for link in self._page.links if link.address in self._names]
        return [at for at, _ in met], [name for _, name in met]


def quoted(words: str) -> str:
    """The words in quotation marks, on one line, cut short."""
    line = " ".join(words.split())
    return f"“{line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + '…'}”"
