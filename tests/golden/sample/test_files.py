"""The files of the sample: feeds as WordPress writes them, pictures as described, a configuration that holds."""

from __future__ import annotations

import csv
import re
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PIL import Image

from digest.config import load
from digest.model import Form
from tests.golden.sample.newsroom import MEDIA, REPOSITORY, SAMPLE, Newsroom, parsed

FEEDS = sorted(SAMPLE.glob("*/*.xml"))
UPLOADS = SAMPLE / "uploads"
WORDPRESS = REPOSITORY.parent / "shared" / "wordpress" / "examples" / "feed.xml.txt"
# Where formats are defined, and the program that WordPress says it is.
FORMATS = {
    "purl.org",
    "wellformedweb.org",
    "www.w3.org",
    "search.yahoo.com",
    "wordpress.org",
    "jsonfeed.org",
    "www.itunes.com",
}


def tags_of(item: Any) -> list[str]:
    """The names of an item's elements in their order, a run of the same one once."""
    return [name for name, _ in groupby(etree.QName(child).localname for child in item)]


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_feeds_are_well_formed(path: Path) -> None:
    etree.parse(path)
    assert not parsed(path).bozo
    assert parsed(path).version == ("atom10" if path.name == "sister.xml" else "rss20")


@pytest.mark.skipif(not WORDPRESS.exists(), reason="the folder `shared` with WordPress's own answers is not here")
@pytest.mark.parametrize("name", ["feeds/main.xml", "feeds/courts.xml", "corrected/main.xml"])
def test_feeds_are_built_as_wordpress_builds_them(name: str) -> None:
    answer = WORDPRESS.read_text(encoding="utf-8").partition("\n\n200\n")[2].partition("\n\n")[2]
    theirs, ours = etree.fromstring(answer.encode())[0], etree.parse(SAMPLE / name).getroot()[0]
    assert tags_of(ours) == tags_of(theirs)
    order = tags_of(theirs.find("item"))
    for item in ours.iter("item"):
        expected = [tag for tag in order if tag != "pubDate" or tag in tags_of(item)]
        assert [tag for tag in tags_of(item) if tag not in {"enclosure", "duration", "content"}] == expected
        (guid,) = item.iter("guid")
        assert re.fullmatch(r"https://docket\.example/\?p=\d{5}", guid.text or "")
        assert guid.get("isPermaLink") == "false"


def test_newest_first(newsroom: Newsroom) -> None:
    dates = [entry.published_parsed for entry in parsed(SAMPLE / "feeds/main.xml").entries if "published" in entry]
    assert dates == sorted(dates, reverse=True)


def test_every_picture_is_there_in_the_size_that_the_feed_gives(newsroom: Newsroom) -> None:
    assert len(newsroom.pictures) >= 12
    for picture in newsroom.pictures:
        path = UPLOADS / picture.name
        with Image.open(path) as image:
            assert (image.format, image.size) == ("JPEG", (picture.width, picture.height)), picture.name
        assert picture.width / picture.height == pytest.approx(1.5 if picture.width == 640 else 16 / 9, abs=0.01)
        assert 20_000 < path.stat().st_size < 85_000


def test_every_picture_is_used_and_described(newsroom: Newsroom) -> None:
    assert {picture.name for picture in newsroom.pictures} == {
        path.relative_to(UPLOADS).as_posix() for path in UPLOADS.rglob("*") if path.is_file()
    }
    for picture in newsroom.pictures:
        assert picture.alt.endswith(".")
        assert picture.alt != picture.caption
        assert picture.credit.endswith("/The Docket")


def test_the_newest_national_picture_is_fit_for_a_lead(newsroom: Newsroom) -> None:
    tree = etree.parse(SAMPLE / "feeds" / "main.xml")
    national = [
        item for item in tree.iter("item") if {"National", "Politics"} & {c.text for c in item.iter("category")}
    ]
    widths = [picture.get("width") for item in national for picture in item.iter(f"{MEDIA}content")]
    assert widths[0] == "1120"


@pytest.mark.parametrize(
    "path",
    [
        *FEEDS,
        SAMPLE / "feeds/sister.json",
        SAMPLE / "README.md",
        REPOSITORY / "digest.toml",
        REPOSITORY / "subscribers.csv",
    ],
    ids=lambda path: path.relative_to(REPOSITORY).as_posix(),
)
def test_no_name_belongs_to_anybody(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    hosts = {host.lower() for host in re.findall(r"(?:https?://|@)([\w-]+(?:\.[\w-]+)+)", text)}
    assert all(re.search(r"(?:^|\.)example(?:\.(?:com|net|org))?$", host) for host in hosts - FORMATS), hosts


def test_the_configuration_holds() -> None:
    settings = load(REPOSITORY / "digest.toml", {})
    assert settings.sections[0].name == "National"
    assert [section.name for section in settings.sections if not section.categories] == ["Also this week"]
    assert {section.form for section in settings.sections} == set(Form) - {Form.LEAD}
    assert settings.sponsor
    assert [Path(source.feed) for source in settings.sources] == [
        SAMPLE / "feeds" / name for name in ("main.xml", "courts.xml", "sister.xml", "sister.json")
    ]
    assert all(folder.is_dir() for _, folder in settings.preview_folders)


def test_the_list_of_readers() -> None:
    rows = list(csv.DictReader((REPOSITORY / "subscribers.csv").read_text(encoding="utf-8").splitlines()))
    names, addresses = [row["name"] for row in rows], [row["email"].casefold() for row in rows]
    assert len(rows) == 12
    assert len(set(addresses)) == 11
    assert sum("@" not in address for address in addresses) == 1
    for mark in ("'", '"', "’", ",", "Å", "ʻ", "恵"):
        assert any(mark in name for name in names), mark
    assert "" in names
