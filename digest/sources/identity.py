"""Identities: every entry of a source has one of its own, and keeps it from one gather to the next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from digest.model import Entry

_LONGEST = 1_000
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def identity_of(guid: str, link: str, *content: str) -> str:
    """The guid, else the link, else a hash of the content. One that is too long to be kept becomes a hash of itself."""
    named = guid or link
    if named:
        return named if len(named) <= _LONGEST else _hash(named)
    return _hash(*content)


def with_own_identities(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries, in order, with identities that differ.

    An identity that only one story has stays as it is, so that a corrected story remains itself; of that story's
    states the latest is kept. An identity under which several stories stand says nothing: they are told apart by their
    links, else titles, else texts, whatever their order.
    """
    shared: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        shared[entry.identity].append(entry)
    chosen = {identity: _chosen(group) for identity, group in shared.items() if len(group) > 1}
    told_apart = (chosen[entry.identity].get(entry) if entry.identity in chosen else entry for entry in entries)
    return tuple({entry.identity: entry for entry in told_apart if entry}.values())


def _chosen(group: list[Entry]) -> dict[Entry, Entry]:
    """What stands for each of several entries of one identity; nothing for one that a later state replaces."""
    if len({_story(entry) for entry in group}) == 1:
        latest = max(group, key=_last_touched)
        return {latest: latest}
    different = set(group)
    links, stories = Counter(entry.link for entry in different), Counter(map(_story, different))
    return {entry: replace(entry, identity=_longer_identity(entry, links, stories)) for entry in different}


def _longer_identity(entry: Entry, links: Counter[str], stories: Counter[tuple[str, str]]) -> str:
    if entry.link and links[entry.link] == 1:
        return identity_of(f"{entry.identity} {entry.link}", "")
    if stories[_story(entry)] == 1:
        return f"{entry.identity} {_hash(*_story(entry))}"
    return f"{entry.identity} {_hash(*_story(entry), entry.summary, entry.content, str(entry.published))}"


def _story(entry: Entry) -> tuple[str, str]:
    return entry.link, entry.title or entry.summary or entry.content


def _last_touched(entry: Entry) -> datetime:
    return entry.updated or entry.published or _LONG_AGO


def _hash(*texts: str) -> str:
    return "sha256:" + sha256("\0".join(texts).encode()).hexdigest()
