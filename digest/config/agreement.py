"""What no key can tell alone: whether values go together, and with what lies in the folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from digest.config import palette
from digest.config.complaints import Complaint, shown
from digest.config.places import exists

_ADDRESSES = ("feed", "wordpress", "sitemap", "pages")
Member = tuple[int, Mapping[str, Any]]

_LEAST, _MOST = 5, 20
"""What the week holds when digest.toml does not say."""


def disagreements(document: Mapping[str, Any], home: Path) -> list[Complaint]:
    """Every place in which values contradict each other. Those of a wrong kind are left to the schema."""
    sections, sources = _members(document, "sections"), _members(document, "sources")
    return [
        *_counts(document),
        *_same_names("sections", sections),
        *_fallbacks(sections),
        *_categories(sections),
        *_same_names("sources", sources),
        *_one_address(sources),
        *_same_feeds(sources),
        *_files(document, home),
        *_pictures(document),
        *palette.unreadable(document),
        *palette.twice(document),
    ]


def _counts(document: Mapping[str, Any]) -> Iterator[Complaint]:
    least, most = _value(document, "week", "min_stories", _LEAST), _value(document, "week", "max_stories", _MOST)
    if not (type(least) is int and type(most) is int and least > most >= 1):
        return
    if "max_stories" in document["week"]:
        yield Complaint(
            path=("week", "max_stories"), value=most, words=f"it is less than min_stories; write {least} or more"
        )
    else:
        words = f"it is more than max_stories, which is {most} when it is not given; write {most} or less"
        yield Complaint(path=("week", "min_stories"), value=least, words=words)


def _same_names(table: str, members: list[Member]) -> Iterator[Complaint]:
    seen: set[str] = set()
    for at, member in members:
        name = _folded(member.get("name"))
        if name and name in seen:
            yield Complaint(
                path=(table, at, "name"), value=member["name"], words=f"two {table} have this name; give each its own"
            )
        seen.add(name)


def _fallbacks(sections: list[Member]) -> Iterator[Complaint]:
    for at, section in [(at, section) for at, section in sections if not section.get("categories")][1:]:
        words = "a second section without categories; only one can take the rest, so name the categories of this one"
        yield Complaint(path=("sections", at, "categories"), value=section.get("categories", []), words=words)


def _categories(sections: list[Member]) -> Iterator[Complaint]:
    owners: dict[str, int] = {}
    names = {at: section.get("name") for at, section in sections}
    for at, section in sections:
        for category in _texts(section.get("categories")):
            owner = owners.setdefault(_folded(category), at)
            if owner != at:
                yield _twice(at, category, f"section {shown(names[owner])} takes it already; keep it in one of them")
        for category in _repeated(_texts(section.get("categories"))):
            yield _twice(at, category, "this section names it twice; once is enough")


def _repeated(texts: list[str]) -> list[str]:
    folded = list(map(_folded, texts))
    return [text for at, text in enumerate(texts) if folded.index(folded[at]) < at]


def _twice(at: int, category: str, words: str) -> Complaint:
    return Complaint(path=("sections", at, "categories"), value=category, words=words)


def _one_address(sources: list[Member]) -> Iterator[Complaint]:
    for at, source in sources:
        given = [key for key in _ADDRESSES if source.get(key)]
        if not given:
            words = "it is missing; write the address of the feed, or the path of a file"
            yield Complaint(path=("sources", at, "feed"), words=words)
        for key in given[1:]:
            words = f"the source has {given[0]} already; make it a source of its own, or take one out"
            yield Complaint(path=("sources", at, key), value=source[key], words=words)


def _same_feeds(sources: list[Member]) -> Iterator[Complaint]:
    seen: set[str] = set()
    for at, source in sources:
        for key in _ADDRESSES[:-1]:
            address = source.get(key)
            if not isinstance(address, str) or not address.strip():
                continue
            if address.strip() in seen:
                words = f"another source has this {key} already; take one out"
                yield Complaint(path=("sources", at, key), value=address, words=words)
            seen.add(address.strip())


def _files(document: Mapping[str, Any], home: Path) -> Iterator[Complaint]:
    templates = _value(document, "theme", "templates", "")
    if _names_something(templates) and not exists(home / templates, Path.is_dir):
        yield Complaint(path=("theme", "templates"), value=templates, words=_nothing_there("folder", home / templates))
    ca_file = _value(_value(document, "delivery", "smtp", {}), "", "ca_file", "")
    if _names_something(ca_file) and not exists(home / ca_file, Path.is_file):
        yield Complaint(
            path=("delivery", "smtp", "ca_file"), value=ca_file, words=_nothing_there("file", home / ca_file)
        )


def _pictures(document: Mapping[str, Any]) -> Iterator[Complaint]:
    """An address at which nothing is put, and a folder that nobody serves."""
    from_, folder = _value(document, "pictures", "from", ""), _value(document, "pictures", "folder", "")
    if _names_something(from_) and "://" in from_ and not _names_something(folder):
        words = "nothing says which folder is served there; name it in pictures.folder"
        yield Complaint(path=("pictures", "from"), value=from_, words=words)
    if _names_something(folder) and not (isinstance(from_, str) and "://" in from_):
        words = "nothing says at which address it is served; write that in pictures.from"
        yield Complaint(path=("pictures", "folder"), value=folder, words=words)


def _nothing_there(kind: str, path: Path) -> str:
    return f"there is no {kind} {path}; make it, or name the right one"


def _names_something(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\0" not in value


def _members(document: Mapping[str, Any], table: str) -> list[Member]:
    """The members of a list of tables that are tables, with their places."""
    members = document.get(table)
    return [(at, one) for at, one in enumerate(members) if isinstance(one, dict)] if isinstance(members, list) else []


def _value(document: object, table: str, key: str, default: object) -> Any:
    """A value of a table, or of `document` itself when no table is named."""
    inside = document.get(table) if table and isinstance(document, dict) else document
    return inside.get(key, default) if isinstance(inside, dict) else default


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str) and text.strip()] if isinstance(value, list) else []


def _folded(text: object) -> str:
    """A name as it is compared: white space and letter case do not count."""
    return " ".join(text.split()).casefold() if isinstance(text, str) else ""
