"""Pictures in the letter: whether there are any, and how large.

Clients neither crop nor agree on scaling, so each keeps its own shape.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from digest.model import Issue, Picture, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Width and height in px; height 0 when the picture's shape is unknown."""

    width: int
    height: int


def frame(picture: Picture, width: int, tallest: int) -> Frame:
    """The largest frame in `width` by `tallest` with the picture's own shape, never larger than the picture."""
    if picture.width <= 0 or picture.height <= 0:
        return Frame(width=width, height=0)
    scale = min(width / picture.width, tallest / picture.height, 1.0)
    return Frame(width=max(1, round(picture.width * scale)), height=max(1, round(picture.height * scale)))


def without_pictures(issue: Issue) -> Issue:
    """The same issue in words only."""
    return replace(
        issue,
        lead=_without(issue.lead) if issue.lead else None,
        sections=tuple(replace(section, stories=tuple(map(_without, section.stories))) for section in issue.sections),
    )


def _without(story: Story) -> Story:
    return replace(story, picture=None)
