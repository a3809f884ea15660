"""All posts of a list that a site gives in pieces, although the list may change meanwhile.

Pages by their number slip: a post that is deleted while page 1 is read pulls one from page 2 to page 1, and nobody sees
it. So the list is asked for in the order of ids, which are never the same, and each piece begins with the last post of
the one before. Where it does not, something was published or deleted in front of it, and the reading begins again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from digest.errors import SourceUnreadable
from digest.sources.site.wordpress_posts import Post, number

ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some posts of a list in its order, and how many the whole list has; None where the site does not say."""

    posts: tuple[Post, ...]
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The posts of a list, each once. `is_whole` is False where the limit of pieces ended the reading too early."""

    posts: tuple[Post, ...]
    total: int | None
    is_whole: bool = True


Ask = Callable[[int], Piece]
"""Asks for the posts from that place of the list on, counted from 0."""


class _Moved(Exception):
    """The list is another one than when its reading began."""


def listed(ask: Ask, *, most: int) -> Listed:
    """Every post of the list, in `most` pieces at most.

    Raises SourceUnreadable when a piece cannot be read, or when the pieces never fit together: half a list is none.
    """
    for _ in range(ATTEMPTS):
        try:
            return _listed_once(ask, most)
        except _Moved:
            continue
    raise SourceUnreadable(
        f"its list of posts was another one with each page, {ATTEMPTS} times over", hint="try again later"
    )


def _listed_once(ask: Ask, most: int) -> Listed:
    posts: list[Post] = []
    for _ in range(most):
        piece = ask(max(0, len(posts) - 1))
        fresh = _following(posts, piece)
        posts.extend(fresh)
        if _is_at_its_end(posts, fresh, piece):
            return Listed(posts=tuple(posts), total=piece.total)
    return Listed(posts=tuple(posts), total=piece.total, is_whole=False)


def _following(posts: list[Post], piece: Piece) -> tuple[Post, ...]:
    """The posts of the piece after those that were read. They overlap by one."""
    if not posts:
        return piece.posts
    if not piece.posts or number(piece.posts[0]) != number(posts[-1]):
        raise _Moved
    return piece.posts[1:]


def _is_at_its_end(posts: list[Post], fresh: tuple[Post, ...], piece: Piece) -> bool:
    if piece.total is None:
        return not fresh
    if len({number(post) for post in posts}) != len(posts) or len(posts) > piece.total:
        raise _Moved
    if len(posts) < piece.total and not fresh:
        raise _Moved
    return len(posts) == piece.total
