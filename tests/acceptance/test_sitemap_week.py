"""A week out of a sitemap alone: addresses in, stories with the headlines of their pages out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.acceptance.wordpress_week import publication
from tests.unit.sources.scripted_site import Act, Site, page

NOW = datetime.now(UTC)


def article(title: str, published: datetime) -> Act:
    text = "".join(
        f"<p>{title}: the council heard it on its {line}th evening, and nobody left.</p>" for line in range(4, 9)
    )
    head = (
        f'<title>{title} - The Harbor Mail</title><meta property="og:title" content="{title}">'
        f'<meta property="og:type" content="article"><meta property="article:published_time" '
        f'content="{published.isoformat()}"><meta property="og:description" content="What {title} means for you.">'
    )
    return page(
        f"<!DOCTYPE html><html><head>{head}</head><body><article><h1>{title}</h1>{text}</article></body></html>"
    )


def test_a_plain_sitemap_makes_an_issue(site: Site, tmp_path: Path) -> None:
    stories = {f"/2026/{name}/": f"The {name} is moved" for name in ("pier", "dam", "tower", "school", "bridge")}
    lastmod = NOW - timedelta(hours=2)
    site.acts |= {path: article(title, lastmod) for path, title in stories.items()}
    site.acts["/2019/old/"] = article("An old story with a comma more", NOW - timedelta(days=2000))
    urls = "".join(
        f"<url><loc>{site.at(path)}</loc><lastmod>{lastmod.isoformat()}</lastmod></url>"
        for path in (*stories, "/2019/old/", "/")
    )
    site.acts["/sitemap.xml"] = page(
        f"<urlset>{urls}<url><loc>{site.at('/2018/')}</loc><lastmod>2018-01-01</lastmod></url></urlset>"
    )
    made = publication(tmp_path / "week", f'name = "Harbor"\nsitemap = "{site.at("/sitemap.xml")}"')
    (report,) = made.json("gather")["sources"]
    assert (report["through"], report["new"], report["complete"]) == ("sitemap", 6, True)
    issue = made.json("compose")
    told = [story["title"] for section in issue["sections"] for story in section["stories"]]
    told += [issue["lead"]["title"]] if issue["lead"] else []
    assert sorted(told) == sorted(stories.values())
    (cut,) = issue["cuts"]
    assert cut["reason"].endswith("says its page")
