"""Where a site's REST interface is, and which of its posts an address stands for: all, or those of a category."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

from lxml import etree

from digest.errors import SourceUnreadable
from digest.sources.site.wordpress_interface import Interface, Question
from digest.sources.texts import absolute
from digest.sources.web.fetch import Fetched

API = "https://api.w.org/"
"""The relation under which pages and feeds name the interface:
https://developer.wordpress.org/rest-api/using-the-rest-api/discovery/."""

ALL: Question = {}

_FEED = re.compile(r"/feed(?:/(?:rss2?|rdf|atom))?/?$", re.IGNORECASE)
_FEEDS = {"feed", "rss", "rss2", "rdf", "atom"}


class OtherFeed(SourceUnreadable):
    """An address of WordPress whose stories cannot be asked for by themselves: a search, a podcast, a misspelt one."""


def root_in(page: Fetched) -> str:
    """The root of the REST interface as a page or feed names it, in its headers or in itself; else where WordPress has
    it by default."""
    named = page.links.get(API) or _named_in(page.body, page.address)
    return named or urljoin(page.address.rstrip("/") + "/", "wp-json/")


def scope_of(address: str, interface: Interface, page: Fetched | None) -> Question:
    """What to ask for so that the stories of that address come and no others. `page` is what was found there, if that
    was asked for.

    The front page and the main feed stand for all posts; the page or feed of a category for those of it and of its
    children, as WordPress itself has it; that of a tag or author likewise. Raises OtherFeed for anything else.
    """
    named = _NAMED.search(page.links.get("alternate", "")) if page else None
    if named:
        return _KINDS[named[1]](named[2])
    place, query = _page_of(address)
    if not query and _place(place) == _place(interface.home()):
        return ALL
    category = _category_at(place, interface) if not query else 0
    if not category:
        raise OtherFeed(
            f"{address} is neither the site's front page nor one of its categories",
            hint="check the address; other feeds are read as feeds",
        )
    return _of_category(str(category))


def _of_category(id_: str) -> Question:
    return {"categories[terms]": id_, "categories[include_children]": "true"}


_KINDS: Mapping[str, Callable[[str], Question]] = {
    "categories": _of_category,
    "tags": lambda id_: {"tags": id_},
    "users": lambda id_: {"author": id_},
}
_NAMED = re.compile(rf"/wp/v2/({'|'.join(_KINDS)})/(\d+)$")
"""The same list of posts as the interface has it, which WordPress names from version 5.5 on."""


def _page_of(address: str) -> tuple[str, str]:
    """The page to which a feed belongs, and what its query asks for beside being a feed."""
    parts = urlsplit(address)
    asked = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _asks_for_feed(*pair)]
    return parts._replace(path=_FEED.sub("/", parts.path), query="", fragment="").geturl(), urlencode(asked)


def _asks_for_feed(name: str, value: str) -> bool:
    return name == "feed" and value in _FEEDS


def _category_at(page: str, interface: Interface) -> int:
    """The id of the category whose page this is; 0 where there is none."""
    slug = unquote(urlsplit(page).path.rstrip("/").rpartition("/")[2])
    found = interface.category(slug) if slug else []
    ids = (one.get("id") for one in found if _place(str(one.get("link", ""))) == _place(page))
    return next((id_ for id_ in ids if isinstance(id_, int)), 0)


def _place(address: str) -> tuple[str, int | None, str]:
    """What two ways to write one address share: not scheme, `www.`, last slash and the coding of letters."""
    try:
        parts = urlsplit(address)
        return (parts.hostname or "").removeprefix("www."), parts.port, unquote(parts.path).rstrip("/").casefold()
    except ValueError:
        return "", None, address


def _named_in(page: bytes, address: str) -> str:
    """The interface as an HTML page names it in its head."""
    try:
        tree = (
            etree.fromstring(page[:500_000], etree.HTMLParser(no_network=True, recover=True)) if page.strip() else None
        )
    except etree.XMLSyntaxError:
        return ""
    links = tree.iter("link") if tree is not None else ()
    return next((absolute(str(link.get("href", "")), address) for link in links if link.get("rel") == API), "")
