"""Which sitemaps of an index can list the week's stories, and which addresses of a sitemap are no stories.

Pure rules about names and dates. Where a name says nothing, the sitemap is read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from digest.sources.site.sitemap_document import Listed

_SLACK = timedelta(days=1)
"""A day without an hour stands for its noon, in whatever time zone it was meant."""
_LAST_OF_A_SERIES = 2
"""New addresses go to the end; when one sitemap is full its successor begins, so the last but one counts too."""

# WordPress's own sitemaps (`wp-sitemap-taxonomies-category-1.xml`) and those of plugins (`page-sitemap.xml`).
_NO_STORIES = re.compile(
    r"(?:^|[/_.-])(?:taxonom(?:y|ies)|categor(?:y|ies)|post_tags?|tags?|users?|authors?|pages?|static|images?|videos?)"
    r"(?=[/_.-]|\d|$)",
    re.IGNORECASE,
)
_NEWS = re.compile(r"news", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?=\D*$)")
_DAY = re.compile(r"(?<!\d)(20\d\d)[-_/]?(0[1-9]|1[0-2])(?:[-_/]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
_DAY_BY_NAME = re.compile(r"(?:yyyy|year)=(20\d\d)&(?:mm|month)=(\d\d?)(?:&(?:dd|day)=(\d\d?))?")

# The front page, and lists of stories.
_LIST = re.compile(r"/(?:(?:index\.html?)?|(?:category|tag|author|topic|section|page)/.*)", re.IGNORECASE)


def to_read(sitemaps: Sequence[Listed], *, since: datetime) -> tuple[Listed, ...]:
    """Of an index's sitemaps those that can list something published after `since`, the most promising first.

    Left out are what was last changed before, months and days before, all but the end of a numbered series without
    dates, and what is by its name of something else than stories (unless nothing else is there).
    """
    recent = [one for one in sitemaps if not _is_past(one, since)]
    of_stories = [one for one in recent if not _NO_STORIES.search(_name(one.address))] or recent
    return tuple(sorted(_ends_of_series(of_stories), key=_promise, reverse=True))


def is_story(address: str) -> bool:
    """Whether an address may be a story's: not a front page, nor a list of stories."""
    parts = urlsplit(address)
    return bool(parts.query) or not _LIST.fullmatch(parts.path or "/")


def _is_past(sitemap: Listed, since: datetime) -> bool:
    if sitemap.updated:
        return sitemap.updated < since - _SLACK
    ends = _ends(sitemap.address)
    return ends is not None and ends < since - _SLACK


def _ends(address: str) -> datetime | None:
    """The end of the day or month that an address names; None where it names none."""
    named = _DAY_BY_NAME.search(address) or _DAY.search(urlsplit(address).path)
    if named is None:
        return None
    year, month, day = (int(part) if part else 0 for part in named.groups())
    try:
        last = date(year, month, day) if day else date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    except ValueError:
        return None
    return datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)


def _ends_of_series(sitemaps: Iterable[Listed]) -> list[Listed]:
    kept: list[Listed] = []
    series: defaultdict[str, list[Listed]] = defaultdict(list)
    for one in sitemaps:
        number = _NUMBER.search(_name(one.address))
        if one.updated or _ends(one.address) or not number:
            kept.append(one)
        else:
            series[_NUMBER.sub("#", one.address)].append(one)
    for members in series.values():
        kept += sorted(members, key=_number)[-_LAST_OF_A_SERIES:]
    return kept


def _promise(sitemap: Listed) -> tuple[bool, float, int]:
    when = sitemap.updated or _ends(sitemap.address)
    return bool(_NEWS.search(_name(sitemap.address))), when.timestamp() if when else 0.0, _number(sitemap)


def _number(sitemap: Listed) -> int:
    number = _NUMBER.search(_name(sitemap.address))
    return int(number[0]) if number else 0


def _name(address: str) -> str:
    """The address without its host, whose name may hold any word."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
