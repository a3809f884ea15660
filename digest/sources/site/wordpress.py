"""WordPress's REST interface as a source: the whole week in a question or two, and what was changed of older stories.

It never says "not modified". A site that is named as a source is asked first what was changed last; a feed has told by
itself whether there is anything new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import cached_property

from digest.errors import SourceUnreadable
from digest.model import FetchedSource, KnownSource, SourceKind, SourceStatus, Wanted
from digest.settings import Source
from digest.sources.coverage import coverage
from digest.sources.entries import Item, cuts_of, entries_of
from digest.sources.feeds import history
from digest.sources.seam import Asking, found_in
from digest.sources.site.wordpress_interface import SIZES, Interface, Question
from digest.sources.site.wordpress_listing import Listed, listed
from digest.sources.site.wordpress_posts import Post, is_story, item, moment
from digest.sources.site.wordpress_scope import root_in, scope_of
from digest.sources.web.fetch import Fetched

MOST_PAGES = 60
_EARLIER = timedelta(hours=1, seconds=1)
"""How much earlier than the week's beginning is asked: `after` is exclusive, and WordPress compares its own clock's
times, of which the one hour at the end of summer time comes twice."""
_OVERLAP = timedelta(days=1)
"""How far questions for what was changed reach into the time before the last one: clocks and caches differ."""
_MOST_CHANGED = 10


def read(
    source: Source,
    known: KnownSource,
    asking: Asking,
    wanted: Wanted,
    *,
    most_pages: int = MOST_PAGES,
    first: Fetched | None = None,
) -> FetchedSource:
    """Every story of the week, and those older ones that were changed since the source was last read whole. `first` is
    what was found at the source's address, where that was asked for.

    Raises OtherFeed for an address whose stories cannot be told from the site's others, and SourceUnreadable, also when
    the interface breaks half-way: then the site's feed has to be read.
    """
    desk = _desk(source, known, asking, first)
    if _has_not_changed(desk, source, known, wanted):
        found = found_in(source, asking, status=SourceStatus.UNCHANGED)
        why = "nothing was changed on the site"
        return replace(found, through="REST", complete=True, why=why, covered_since=known.covered_since, api=desk.root)
    week = desk.published(wanted.since - _EARLIER, most_pages)
    inside = desk.since(wanted.since, week.posts)
    changed = desk.changed(known, wanted)
    posts = (*inside, *changed.posts)
    items = desk.items(posts)
    entries = entries_of(items, source.name)
    return replace(
        found_in(source, asking),
        through="REST",
        entries=entries,
        items=len(posts),
        oldest=min(filter(None, (entry.published for entry in entries)), default=None),
        covered_since=_covered_since(known, wanted) if week.is_whole else None,
        complete=week.is_whole,
        why=_why(week, len(inside)),
        whole=week.is_whole,
        whole_since=wanted.since if week.is_whole else None,
        api=desk.root,
        warnings=(*desk.warnings(posts), *changed.warnings, *cuts_of(items)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changed:
    posts: tuple[Post, ...] = ()
    warnings: tuple[str, ...] = ()


class _Desk:
    """What one source asks of its site's interface."""

    def __init__(self, interface: Interface, scope: Question) -> None:
        self.root = interface.root
        self._interface = interface
        self._scope = scope

    def newest_change_is_known(self) -> bool:
        return self._interface.newest_change(self._scope).unchanged

    def published(self, since: datetime, most: int) -> Listed:
        """All posts that were published after that instant."""
        question = {**self._scope, "after": _written(since), "orderby": "id", "order": "asc"}
        return listed(lambda offset: self._interface.posts(question, offset), most=most)

    def since(self, since: datetime, posts: Sequence[Post]) -> tuple[Post, ...]:
        """Those of them that were published after that instant, or do not say when."""
        dated = ((post, moment(post, "date", self._site_zone)) for post in posts)
        return tuple(post for post, date in dated if date is None or date > since)

    def changed(self, known: KnownSource, wanted: Wanted) -> _Changed:
        """The posts older than the week, of those that are in the store, that were changed since the last whole look.

        Others stay out: to us they would be new, and an editor who mends a comma in a story of last year publishes
        nothing. That this fails costs no story of the week.
        """
        if not (known.whole_at and known.covered_since and known.covered_since < wanted.since):
            return _Changed()
        since = known.whole_at - _OVERLAP
        question = {
            **self._scope,
            "after": _written(known.covered_since),
            "before": _written(wanted.since),
            "modified_after": _written(since),
            "orderby": "modified",
            "order": "desc",
        }
        try:
            return self._changed_after(since, question)
        except SourceUnreadable as error:
            return _Changed(warnings=(f"whether older stories were changed could not be asked: {error}",))

    def items(self, posts: Sequence[Post]) -> tuple[Item, ...]:
        return tuple(item(post, self.root, self._site_zone) for post in posts if is_story(post))

    def warnings(self, posts: Sequence[Post]) -> tuple[str, ...]:
        """What was left out of what the site gave."""
        locked = sum(not is_story(post) for post in posts)
        return (f"{locked} posts are behind a password, or no articles, and were left out",) if locked else ()

    def _changed_after(self, since: datetime, question: Question) -> _Changed:
        """Newest change first, so that a WordPress older than 5.7, which does not know `modified_after` and gives all
        its posts, is read up to the first one that was not changed."""
        found: dict[int, Post] = {}
        for _ in range(_MOST_CHANGED):
            piece = self._interface.posts(question, len(found), SIZES[-1])
            fresh = {post["id"]: post for post in piece.posts if self._was_changed_after(since, post)}
            new = fresh.keys() - found.keys()
            found |= fresh
            if len(fresh) < len(piece.posts) or not new:
                return _Changed(posts=tuple(found.values()))
        many = f"more than {len(found)} older stories were changed; the last ones were read"
        return _Changed(posts=tuple(found.values()), warnings=(many,))

    def _was_changed_after(self, since: datetime, post: Post) -> bool:
        changed = moment(post, "modified", self._site_zone)
        return changed is not None and changed > since

    def _site_zone(self) -> tzinfo:
        return self._zone

    @cached_property
    def _zone(self) -> tzinfo:
        return self._interface.zone()


def _desk(source: Source, known: KnownSource, asking: Asking, first: Fetched | None) -> _Desk:
    """With the interface as it is known, else as the site's page names it."""
    page = first if first or known.api else asking.page(source.feed, whole=True)
    root = known.api or (root_in(page) if page else "")
    interface = Interface(root, asking)
    return _Desk(interface, scope_of(asking.moved_to or source.feed, interface, page))


def _has_not_changed(desk: _Desk, source: Source, known: KnownSource, wanted: Wanted) -> bool:
    """Whether a site says that nothing was changed since the week was covered. Of a feed that is known already. What
    this hides, a deletion and a story dated back, is looked for once a day."""
    if source.kind is not SourceKind.WORDPRESS:
        return False
    is_known = desk.newest_change_is_known()
    covered, _ = coverage(known.covered_since, wanted)
    return is_known and covered and not wanted.whole and not history.is_stale(known, wanted)


def _covered_since(known: KnownSource, wanted: Wanted) -> datetime:
    """Since when all stories are in the store: further back than the week where what was known reaches into it."""
    before = known.covered_since
    if before and known.newest and known.newest >= wanted.since:
        return min(before, wanted.since)
    return wanted.since


def _why(week: Listed, inside: int) -> str:
    if not week.is_whole:
        return f"{inside} posts of the week were read before the limit of pages was reached"
    counted = "as the site counts them" if week.total is not None else "until the site had no more"
    if inside < 2:
        return f"the only post since the week began, {counted}" if inside else "the site has no posts of the week"
    return f"all {inside} posts since the week began, {counted}"


def _written(instant: datetime) -> str:
    """In UTC and with its offset: WordPress takes a date without one for its own time."""
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
