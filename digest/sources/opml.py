"""OPML: lists of feeds, as feed readers give and take them (https://opml.org/spec2.opml; 1.0 reads the same)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from digest.errors import SourceUnreadable
from digest.sources.safe_xml import name_of, read_safely, refused
from digest.sources.texts import is_web_address, on_one_line

_HINT = "export the list from your feed reader anew, as OPML"
MOST_FEEDS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A feed in a list: its address, what the list calls it, its site, and the folders it lies in, outermost first."""

    feed: str
    name: str = ""
    site: str = ""
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedList:
    """The feeds of an OPML document in its order, each address once, and what could not be taken from it."""

    title: str
    subscriptions: tuple[Subscription, ...]
    warnings: tuple[str, ...] = ()


def read_opml(body: bytes, content_type: str = "") -> FeedList:
    """The feeds in these bytes. SourceUnreadable when they are no OPML.

    Attributes count whatever their case, `feed:` addresses as http; of a broken document what can be read.
    """
    found = read_safely(body, content_type)
    if found.root != "opml":
        raise refused(found, "a list of feeds (OPML)", _HINT)
    tree = _tree(found.xml)
    title = next((on_one_line(each.text or "") for each in tree.iter("{*}title")), "")
    warnings: list[str] = list(found.warnings)
    unique: dict[str, Subscription] = {}
    for subscription in _subscriptions(tree, warnings):
        unique.setdefault(subscription.feed, subscription)
    if len(unique) > MOST_FEEDS:
        warnings.append(f"holds {len(unique):,} feeds; the first {MOST_FEEDS:,} were read")
    return FeedList(title=title, subscriptions=tuple(unique.values())[:MOST_FEEDS], warnings=tuple(warnings))


def write_opml(title: str, subscriptions: Sequence[Subscription], *, created: datetime) -> str:
    """An OPML 2.0 document that names the feeds, each in its folders."""
    root = etree.Element("opml", version="2.0")
    head, body = etree.SubElement(root, "head"), etree.SubElement(root, "body")
    etree.SubElement(head, "title").text = on_one_line(title)
    etree.SubElement(head, "dateCreated").text = format_datetime(created)
    for subscription in subscriptions:
        parent = _folder(body, [on_one_line(folder) for folder in subscription.folders])
        name = on_one_line(subscription.name) or subscription.feed
        outline = etree.SubElement(parent, "outline", type="rss", text=name, title=name, xmlUrl=subscription.feed)
        if subscription.site:
            outline.set("htmlUrl", subscription.site)
    etree.indent(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True).decode() + "\n"


def named_apart(subscriptions: Iterable[Subscription]) -> Iterator[tuple[str, Subscription]]:
    """Each with a name of its own: its own name, where several share it their folders before it, else a number."""
    taken: set[str] = set()
    for subscription in subscriptions:
        name = next(name for name in _names(subscription) if name.casefold() not in taken)
        taken.add(name.casefold())
        yield name, subscription


def _names(subscription: Subscription) -> Iterator[str]:
    name = subscription.name or subscription.feed
    yield name
    if subscription.folders:
        yield ": ".join((*subscription.folders, name))
    number = 2
    while True:
        yield f"{name} {number}"
        number += 1


def _tree(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    tree = etree.fromstring(xml, parser)
    if tree is None:
        raise SourceUnreadable("a list of feeds (OPML) that is too broken to be read", hint=_HINT)
    return tree


def _subscriptions(tree: etree._Element, warnings: list[str]) -> Iterator[Subscription]:
    for outline in tree.iter("{*}outline"):
        said = _attributes(outline)
        if said.get("type", "").lower() == "include" or not said.get("xmlurl"):
            continue
        feed = _address(said["xmlurl"])
        if not feed:
            warnings.append(f"{_name(said) or 'a feed'}: {said['xmlurl'][:200]!r} is no address of the web")
            continue
        yield Subscription(
            feed=feed, name=_name(said), site=_address(said.get("htmlurl", "")), folders=_folders(outline)
        )


def _attributes(outline: etree._Element) -> dict[str, str]:
    return {str(name).rpartition("}")[2].lower(): on_one_line(str(value)) for name, value in outline.attrib.items()}


def _name(said: dict[str, str]) -> str:
    return said.get("text", "") or said.get("title", "")


def _folders(outline: etree._Element) -> tuple[str, ...]:
    above = (_name(_attributes(each)) for each in outline.iterancestors() if name_of(each) == "outline")
    return tuple(filter(None, above))[::-1]


def _address(written: str) -> str:
    """The address of the web that is meant, `feed://docket.example/` and `feed:https://…` included; else empty."""
    scheme, _, rest = written.partition(":")
    if scheme.lower() == "feed":
        written = f"http:{rest}" if rest.startswith("//") else rest
    return written if is_web_address(written) else ""


def _folder(parent: etree._Element, folders: Sequence[str]) -> etree._Element:
    for name in folders:
        last = parent[-1] if len(parent) else None
        same = last is not None and last.get("text") == name and not last.get("xmlUrl")
        parent = last if same and last is not None else etree.SubElement(parent, "outline", text=name)
    return parent
