"""`digest sources add` with a real WordPress: what it offers, and its sitemap as a source."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.publication import Publication
from tests.acceptance.wordpress import WordPress
from tests.acceptance.wordpress_week import STORIES


@pytest.fixture(autouse=True)
def as_it_was(wordpress: WordPress) -> Iterator[None]:
    yield
    wordpress.do("rest", "on")


def test_its_interface_is_chosen_and_the_feed_named(sample: Publication, wordpress: WordPress) -> None:
    before = len(wordpress.asked())
    told = sample.json("sources", "add", wordpress.url, "--yes")
    assert told["section"] == {"name": "The Docket 2", "wordpress": f"{wordpress.url}/"}
    assert (told["chosen"]["complete"], len(told["chosen"]["stories"])) == (True, 5)
    assert told["not_tried"] == [{"kind": "feed", "address": f"{wordpress.url}/feed/"}]
    assert len(wordpress.asked()) - before < 10
    gathered = {source["url"]: source for source in sample.json("gather")["sources"]}
    assert gathered[f"{wordpress.url}/"]["new"] == STORIES


@pytest.mark.parametrize("closed", ["401", "403", "404"])
def test_where_it_is_closed_the_feed_is_chosen(sample: Publication, wordpress: WordPress, closed: str) -> None:
    wordpress.do("rest", closed)
    told = sample.run("sources", "add", wordpress.url, "--yes").stdout
    assert f"feed       {wordpress.url}/feed/ ← chosen" in told
    assert ("WordPress did not serve, and a feed" in told) is (closed != "404")
    again = sample.run("sources", "add", wordpress.url, "--yes").stdout
    assert "It is there already" in again
    wordpress.do("rest", "on")
    assert "It is there already" in sample.run("sources", "add", wordpress.url, "--yes").stdout


def test_its_sitemap_without_dates_lists_the_past_and_tells_the_new(sample: Publication, wordpress: WordPress) -> None:
    address = f"{wordpress.url}/sitemap.xml"
    told = sample.json("sources", "add", address, "--yes", "--name", "By its sitemap")
    assert told["section"] == {"name": "By its sitemap", "sitemap": address}
    assert "its stories have no dates" in told["chosen"]["warnings"][0]
    first = {source["name"]: source for source in sample.json("gather")["sources"]}["By its sitemap"]
    assert (first["through"], first["complete"], first["new"]) == ("sitemap without dates", False, STORIES)
    assert "has no dates" in first["why"]
    wordpress.load([{"slug": "new-bridge", "title": "New bridge opens", "content": "<p>It does.</p>", "excerpt": ""}])
    second = {source["name"]: source for source in sample.json("gather")["sources"]}["By its sitemap"]
    wordpress.do("delete", "new-bridge")
    assert (second["new"], second["unchanged"]) == (1, STORIES)
