"""The feeds of back issues: RSS 2.0 (https://www.rssboard.org/rss-specification) and JSON Feed 1.1
(https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from lxml import etree
from lxml.builder import ElementMaker

from digest.model.back_issues import BackIssue
from digest.render.characters import printable
from digest.settings import Publication

RSS, JSON_FEED = "issues/feed.xml", "issues/feed.json"
"""Where the feeds are, under the root of the pages."""

MOST = 20
"""Issues in a feed, the newest."""

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_rss = ElementMaker(nsmap={"atom": _ATOM, "content": _CONTENT})
_atom = ElementMaker(namespace=_ATOM)
_content = ElementMaker(namespace=_CONTENT)


def rss(issues: Sequence[BackIssue], publication: Publication) -> bytes:
    """The newest issues as RSS."""
    publication, web = printable(publication), publication.web
    own = _atom.link(rel="self", type="application/rss+xml", href=f"{web}{RSS}")
    dates = [_rss.lastBuildDate(format_datetime(issues[0].went_out))] if issues else []
    channel = _rss.channel(
        _rss.title(publication.name),
        _rss.link(f"{web}issues/"),
        _rss.description(publication.motto or publication.publisher),
        _rss.language(publication.language),
        *dates,
        own,
        *(_item(one, web) for one in issues[:MOST]),
    )
    made = _rss.rss(channel, version="2.0")
    return bytes(etree.tostring(made, xml_declaration=True, encoding="utf-8", pretty_print=True))


def json_feed(issues: Sequence[BackIssue], publication: Publication) -> bytes:
    """The newest issues as a JSON Feed."""
    publication, web = printable(publication), publication.web
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": publication.name,
        "home_page_url": f"{web}issues/",
        "feed_url": f"{web}{JSON_FEED}",
        **({"description": publication.motto} if publication.motto else {}),
        "language": publication.language,
        "authors": [{"name": publication.publisher, "url": publication.site}],
        "items": [_json_item(one, web) for one in issues[:MOST]],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def changed_at(issues: Sequence[BackIssue]) -> datetime | None:
    """When the feeds last changed; None while they are empty."""
    return issues[0].went_out if issues else None


def address_of(issue: BackIssue, web: str) -> str:
    """The address of an issue's page."""
    return f"{web}issues/{issue.id}/"


def picture_address(issue: BackIssue, web: str) -> str:
    """The address of an issue's picture; empty without one."""
    return f"{address_of(issue, web)}pictures/{issue.picture.name}" if issue.picture else ""


def _item(issue: BackIssue, web: str) -> etree._Element:
    address = address_of(issue, web)
    item: etree._Element = _rss.item(
        _rss.title(issue.subject),
        _rss.link(address),
        _rss.guid(address, isPermaLink="true"),
        _rss.pubDate(format_datetime(issue.went_out)),
        _rss.description(issue.deck or issue.preheader or issue.headline),
        _content.encoded(_told(issue)),
    )
    return item


def _json_item(issue: BackIssue, web: str) -> dict[str, object]:
    address, picture = address_of(issue, web), picture_address(issue, web)
    return {
        "id": address,
        "url": address,
        "title": issue.subject,
        "summary": issue.deck or issue.preheader or issue.headline,
        "content_html": _told(issue),
        **({"image": picture} if picture else {}),
        "date_published": issue.went_out.isoformat(),
    }


def _told(issue: BackIssue) -> str:
    """What an issue brings, as plain HTML."""
    deck = f"<p>{escape(issue.deck)}</p>" if issue.deck else ""
    further = "".join(f"<li>{escape(headline)}</li>" for headline in issue.further)
    return f"<p><strong>{escape(issue.headline)}</strong></p>{deck}{f'<ul>{further}</ul>' if further else ''}"
