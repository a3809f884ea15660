"""The first look at the week's entries: which belong to this issue, which are stories, and which say the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from digest.edit import copy
from digest.edit.address import canonical_address, clean_address
from digest.edit.clean import plain_text
from digest.edit.completed import completed, house_of, own_address
from digest.model import Cut, Entry, NearStory, SeenEntry, Window
from digest.settings import Exclusions

# Servers' clocks differ; a story dated minutes ahead of its first sight is not dated wrongly.
_CLOCK_SKEW = timedelta(hours=1)
# How long after its publication a story may come into a sitemap and still be new.
_LATE = timedelta(days=7)
# Headlines shorter than this many words ("Corrections", "This week in court") recur and prove nothing.
_TELLING_HEADLINE = 4
_TELLING_OPENING = 12
_NONE: Mapping[int, Sequence[NearStory]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An entry that may become a story: read and checked once, so that later decisions compare plain values."""

    seen: SeenEntry
    title: str
    address: str
    canonical: str
    categories: tuple[str, ...]
    dated: datetime

    @property
    def entry(self) -> Entry:
        return self.seen.entry

    def cut(self, reason: str, *, settled: bool = True, other: str = "") -> Cut:
        return Cut(
            title=self.title, address=self.address, reason=reason, entry_key=self.seen.key, settled=settled, other=other
        )


def candidate(seen: SeenEntry) -> Candidate:
    """Reads an entry. Title and address are empty where the entry has none that can be used."""
    address = clean_address(seen.entry.link)
    return Candidate(
        seen=seen,
        title=copy.headline(seen.entry),
        address=address,
        canonical=canonical_address(address),
        categories=tuple(filter(None, map(plain_text, seen.entry.categories))),
        dated=effective_date(seen),
    )


def effective_date(seen: SeenEntry) -> datetime:
    """When a story counts as published: its own date, or its first sight when it has none or one in the future.

    Atom feeds may give only the date of the last change (RFC 4287, section 4.2.15), which is better than none.
    """
    published = seen.entry.published or seen.entry.updated
    if published is None or published > seen.first_seen + _CLOCK_SKEW:
        return seen.first_seen
    return published


def sift(
    entries: Iterable[SeenEntry],
    *,
    window: Window,
    exclusions: Exclusions,
    ran: Mapping[str, str],
    sources: Sequence[str],
    near: Mapping[int, Sequence[NearStory]] = _NONE,
    kept: Collection[str] = (),
) -> tuple[tuple[Candidate, ...], tuple[Cut, ...]]:
    """The week's candidates, newest first and each story once, and the cuts among its entries with their reasons.

    `ran` gives the issue in which an address (canonical) ran; `sources` are source names, the preferred first; `near`
    what an entry (by its row) is near to. A near duplicate stays nevertheless when its address (canonical) is `kept`.
    """
    fit: list[Candidate] = []
    cuts: list[Cut] = []
    entries = tuple(entries)
    house = house_of(entries)
    for seen in entries:
        one = candidate(completed(seen, house))
        reason = _has_run(one, ran) or _listed(seen, window) or _untimely(one, window) or _why_not(one, exclusions)
        if reason:
            cuts.append(one.cut(reason, settled=reason not in _FOR_NOW))
        else:
            fit.append(one)
    unique, duplicates = _each_once(fit, sources)
    told_once, near_duplicates = without_near(unique, near, kept)
    return tuple(sorted(told_once, key=_newest_first)), (*cuts, *duplicates, *near_duplicates)


_EARLY = "after the week closed"
_GONE = "no longer on the site"
NO_HEADLINE = "no headline"
_FOR_NOW = {_EARLY, _GONE}
"""Reasons that may pass: the entry is looked at again."""


def _why_not(one: Candidate, exclusions: Exclusions) -> str:
    return (_GONE if one.seen.is_gone else "") or _unusable(one) or _excluded(one, exclusions)


def _untimely(one: Candidate, window: Window) -> str:
    """Why an entry is of another week: what a source held at its first reading is its past, what came later is new."""
    if one.dated > window.closes:
        # Without a usable date of its own, an entry seen only after the closing hour belongs to the week just closed.
        return "" if _dated_by_sight(one) and one.seen.source_since > window.closes else _EARLY
    if one.dated <= window.opens and one.seen.first_seen <= one.seen.source_since:
        return f"published before the week ({one.dated:%Y-%m-%d}) and its source is new"
    return ""


def _listed(seen: SeenEntry, window: Window) -> str:
    """Why an address that a sitemap merely lists is of another week.

    Sitemaps list a site's whole past: without dates, and with that of the last change, so that a story of years ago
    comes up again when somebody mends a word in it.
    """
    entry, page = seen.entry, seen.page
    if entry.published or entry.title or entry.summary or entry.content:
        return ""
    if not entry.updated and seen.first_seen <= seen.source_since:
        return "listed without a date, and its source is new"
    if page and page.published and page.published <= window.opens - _LATE:
        return f"published before the week ({page.published:%Y-%m-%d}), says its page"
    return ""


def _dated_by_sight(one: Candidate) -> bool:
    return one.dated == one.seen.first_seen


def _unusable(one: Candidate) -> str:
    if not one.title:
        return NO_HEADLINE
    return "" if one.address else "no address that a reader could open"


def _excluded(one: Candidate, exclusions: Exclusions) -> str:
    unwanted = {category.casefold() for category in exclusions.categories}
    for category in one.categories:
        if category.casefold() in unwanted:
            return f"excluded: category {category}"
    for pattern in exclusions.titles:
        if fnmatchcase(one.title.casefold(), pattern.casefold().replace("[", "[[]")):
            return f"excluded: title {pattern}"
    return ""


def _has_run(one: Candidate, ran: Mapping[str, str]) -> str:
    issue = one.seen.ran_in or ran.get(one.canonical, "") or ran.get(own_address(one.seen), "")
    return f"ran in {issue}" if issue else ""


def _each_once(candidates: Iterable[Candidate], sources: Sequence[str]) -> tuple[list[Candidate], list[Cut]]:
    """Each story once: of several forms the one from the preferred source stays, then the one seen first."""
    rank = {name: position for position, name in enumerate(sources)}
    unique: list[Candidate] = []
    cuts: list[Cut] = []
    known: dict[tuple[str, ...], Candidate] = {}
    for one in sorted(candidates, key=lambda each: (rank.get(each.entry.source, len(rank)), each.seen.key)):
        marks = _marks(one)
        original = next((known[mark] for mark in marks if mark in known), None)
        if original is None:
            unique.append(one)
        else:
            cuts.append(one.cut(f"duplicate of {original.address}"))
        known.update({mark: original or one for mark in marks if mark not in known})
    return unique, cuts


def without_near(
    unique: Iterable[Candidate], near: Mapping[int, Sequence[NearStory]], kept: Collection[str]
) -> tuple[list[Candidate], list[Cut]]:
    """The stories without those that are near to one that ran, or to one that stays; `unique` has the preferred first.

    What is cut stands for no other: of three of which the second is near to both others, the first and the third stay.
    """
    staying: dict[int, Candidate] = {}
    cuts: list[Cut] = []
    for one in unique:
        others = () if one.canonical in kept else near.get(one.seen.key, ())
        cut = next(filter(None, (_near_cut(one, other, staying.get(other.key)) for other in others)), None)
        if cut is None:
            staying[one.seen.key] = one
        else:
            cuts.append(cut)
    return list(staying.values()), cuts


def _near_cut(one: Candidate, other: NearStory, staying: Candidate | None) -> Cut | None:
    if staying:
        return one.cut(f"near duplicate of {staying.address}", other=staying.address)
    if other.ran_in:
        address = clean_address(other.link)
        return one.cut(f"near duplicate of {address}, which ran in {other.ran_in}", other=address)
    return None


def _marks(one: Candidate) -> list[tuple[str, ...]]:
    """What gives a story away: its address, the one that its page calls its own, a guid that is one for the whole web,
    its headline with its opening."""
    addresses = dict.fromkeys((one.canonical, own_address(one.seen)))
    marks: list[tuple[str, ...]] = [("address", address) for address in addresses if address]
    if "://" in one.entry.identity or one.entry.identity.startswith(("urn:", "tag:")):
        marks.append(("guid", canonical_address(one.entry.identity) or one.entry.identity))
    words = copy.words_of(one.title)
    opening = copy.words_of(copy.opening(one.entry))[:_TELLING_OPENING]
    if len(words) >= _TELLING_HEADLINE and opening:
        marks.append(("words", *words, "", *opening))
    return marks


def _newest_first(one: Candidate) -> tuple[float, int]:
    return (-one.dated.timestamp(), one.seen.key)
