"""For search engines: a sitemap of the back issues (https://www.sitemaps.org/protocol.html), and what is none of
their business (RFC 9309)."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree
from lxml.builder import ElementMaker

from digest.model.back_issues import BackIssue
from digest.render.back_issues.feeds import address_of
from digest.render.back_issues.listing import place_of

SITEMAP, ROBOTS = "sitemap.xml", "robots.txt"
_MOST = 49_000
"""The protocol allows 50,000 addresses."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_map = ElementMaker(namespace=_NAMESPACE, nsmap={None: _NAMESPACE})

CLOSED = ("issues/search", "u/", "p/", "confirm/", "data/", "undo/", "embed", "api/", "events/")
"""Pages of single readers, and those that make no sense in a list of results."""


def sitemap(issues: Sequence[BackIssue], web: str, *, more: Sequence[str] = ()) -> bytes:
    """The addresses of every issue's page and of the lists, with the day of their last change; and `more` places."""
    years = dict.fromkeys(one.date.year for one in issues)
    newest = {year: next(one for one in issues if one.date.year == year) for year in years}
    urls = [_url(f"{web}{place}", None) for place in more]
    urls.append(_url(f"{web}issues/", issues[0] if issues else None))
    urls += [_url(f"{web}{place_of(year)}", newest[year]) for year in years]
    urls += [_url(address_of(one, web), one) for one in issues[:_MOST]]
    return bytes(etree.tostring(_map.urlset(*urls), xml_declaration=True, encoding="utf-8", pretty_print=True))


def robots(root: str, web: str) -> str:
    """What robots are asked to leave alone. They read it at a host's root, where the pages are if `root` is `/`."""
    lines = ["User-agent: *", *(f"Disallow: {root}{place}" for place in CLOSED), "", f"Sitemap: {web}{SITEMAP}"]
    return "\n".join(lines) + "\n"


def _url(address: str, changed: BackIssue | None) -> etree._Element:
    dates = [_map.lastmod(changed.went_out.date().isoformat())] if changed else []
    url: etree._Element = _map.url(_map.loc(address), *dates)
    return url
