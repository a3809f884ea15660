"""`digest sources add` and `export`, by the real command, against a real local site."""

from __future__ import annotations

import os
import pty
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.acceptance.publication import Publication
from tests.unit.sources.scripted_site import Act, Site, page, status

LOCAL = {"DIGEST_FETCH_PRIVATE": '["127.0.0.1"]'}
TEXT = "<p>" + "The court upheld it. " * 60 + "</p>"


def feed(title: str, *stories: str) -> Act:
    """A feed of stories of today, yesterday and so on."""
    now = datetime.now(UTC)
    items = "".join(
        f"<item><guid>{title} {at}</guid><title>{story}</title><link>https://harbor.example/{at}/</link>"
        f"<pubDate>{format_datetime(now - timedelta(days=at, hours=1))}</pubDate>"
        f"<description><![CDATA[{TEXT}]]></description></item>"
        for at, story in enumerate(stories)
    )
    return page(f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>")


HOME = page(
    "<!DOCTYPE html><html><head><title>The Harbor Mail</title>"
    "<link rel=alternate type=application/rss+xml title='The Harbor Mail » Feed' href='/feed/'></head></html>",
    content_type="text/html",
)


@pytest.fixture
def harbor(site: Site) -> Site:
    site.acts |= {"/": HOME, "/feed/": feed("The Harbor Mail", "Ferry fares &amp; tolls", "Quay closed", "Old pier")}
    return site


def text(publication: Publication) -> str:
    return (publication.folder / "digest.toml").read_bytes().decode()


def test_a_site_is_looked_at_told_and_written(sample: Publication, harbor: Site) -> None:
    before = text(sample)
    (sample.folder / "digest.toml").chmod(0o600)
    told = sample.run("sources", "add", harbor.at("/"), "--yes").stdout
    assert f"feed       {harbor.at('/feed/')} ← chosen" in told
    assert "Chosen because a feed tells headline, date and text of its stories." in told
    assert told.index("Ferry fares & tolls") < told.index("Quay closed") < told.index("Old pier")
    section = f'\n[[sources]]\nname = "The Harbor Mail"\nfeed = "{harbor.at("/feed/")}"\n'
    assert section in told
    made = text(sample)
    assert made.replace(section, "", 1) == before
    assert stat.S_IMODE((sample.folder / "digest.toml").stat().st_mode) == 0o600
    gathered = {source["name"]: source for source in sample.json("gather")["sources"]}
    assert gathered["The Harbor Mail"]["new"] == 3


def test_a_dry_run_writes_nothing_and_json_tells_the_same(sample: Publication, harbor: Site) -> None:
    before = sample.state()
    assert "This would be added" in sample.run("sources", "add", harbor.at("/"), "--dry-run").stdout
    told = sample.json("sources", "add", harbor.at("/"), "--dry-run", "--name", "Harbor")
    assert (told["added"], told["known_as"]) == (False, None)
    assert told["section"] == {"name": "Harbor", "feed": harbor.at("/feed/")}
    assert [story["headline"] for story in told["chosen"]["stories"]] == [
        "Ferry fares & tolls",
        "Quay closed",
        "Old pier",
    ]
    assert sample.state() == before


def test_the_file_that_is_named_is_the_one_that_changes(sample: Publication, harbor: Site, tmp_path: Path) -> None:
    for at, before_add in enumerate((["--config"], [])):
        (tmp_path / f"{at}").mkdir()
        elsewhere = Publication(tmp_path / f"{at}")
        path = str(sample.folder / "digest.toml")
        words = ["sources", *before_add, *([path] if before_add else []), "add", harbor.at("/feed/"), "--yes"]
        told = elsewhere.run(*words, *([] if before_add else ["--config", path])).stdout
        assert ("reads the same" in told) is bool(at)
        assert list(elsewhere.folder.iterdir()) == []
    assert text(sample).count(harbor.at("/feed/")) == 1


def test_what_is_there_already_is_not_written_again(sample: Publication, harbor: Site) -> None:
    sample.run("sources", "add", harbor.at("/feed/"), "--yes")
    before = text(sample)
    told = sample.run("sources", "add", harbor.at("/feed/?utm_source=x"), "--yes").stdout
    assert "It is there already: “The Harbor Mail” reads the same." in told
    assert text(sample) == before


def test_names_are_kept_apart(sample: Publication, harbor: Site) -> None:
    harbor.acts["/courts/feed/"] = feed("The Harbor Mail", "Bail set")
    sample.run("sources", "add", harbor.at("/feed/"), "--yes")
    sample.run("sources", "add", harbor.at("/courts/feed/"), "--yes")
    assert 'name = "The Harbor Mail 2"' in text(sample)
    asked = len(harbor.asked)
    refused = sample.run("sources", "add", harbor.at("/"), "--yes", "--name", "the docket", expect=2)
    assert "there is a source named “The Docket” already" in refused.stderr
    assert len(harbor.asked) == asked


def test_nobody_is_asked_where_nobody_is(sample: Publication, harbor: Site) -> None:
    before = text(sample)
    refused = sample.run("sources", "add", harbor.at("/"), expect=2)
    assert "--yes" in refused.stderr
    assert (text(sample), harbor.asked) == (before, [])


def test_who_says_no_changes_nothing(sample: Publication, harbor: Site) -> None:
    before = text(sample)
    ours, theirs = pty.openpty()
    os.write(ours, b"n\n")
    done = subprocess.run(
        [sys.executable, "-m", "digest", "sources", "add", harbor.at("/")],
        cwd=sample.folder,
        env=sample.environment(),
        stdin=theirs,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    assert "Write it into digest.toml?" in done.stderr
    assert "Nothing was changed." in done.stdout
    assert text(sample) == before


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (status(404), "the server answered 404"),
        (page("<html><title>Hello</title></html>", content_type="text/html"), "offers neither a feed nor a sitemap"),
        (page("<!DOCTYPE x [<!ENTITY a 'b'>", content_type="text/xml"), "offers neither a feed nor a sitemap"),
    ],
)
def test_a_site_that_offers_nothing_says_so_and_what_to_do(
    sample: Publication, site: Site, act: Act, words: str
) -> None:
    site.acts["/"] = act
    before = text(sample)
    refused = sample.run("sources", "add", site.at("/"), "--yes", expect=9)
    assert words in refused.stderr
    assert text(sample) == before


def test_a_file_in_the_folder_is_named_from_there(sample: Publication) -> None:
    (sample.folder / "mine.xml").write_text(
        "<rss version='2.0'><channel><title>Mine</title><item><guid>1</guid><title>One</title></item></channel></rss>"
    )
    told = sample.run("sources", "add", "mine.xml", "--yes").stdout
    assert "its stories have no dates" in told
    assert 'name = "Mine"\nfeed = "mine.xml"' in text(sample)


def test_the_environment_s_sources_count_and_it_is_said(sample: Publication, harbor: Site) -> None:
    sources = '[{name = "Only", feed = "sample/feeds/main.xml"}]'
    told = sample.run("sources", "add", harbor.at("/"), "--yes", DIGEST_SOURCES=sources)
    assert "DIGEST_SOURCES names the sources, so those in digest.toml do not count" in told.stderr
    assert "The Harbor Mail" in text(sample)


def opml(site: Site, *paths: str) -> str:
    outlines = "".join(f'<outline text="Feed {path}" xmlUrl="{site.at(path)}"/>' for path in paths)
    return f'<opml version="2.0"><head/><body><outline text="Folder">{outlines}</outline></body></opml>'


def test_of_a_list_what_can_be_read_is_added_and_the_rest_named(sample: Publication, harbor: Site) -> None:
    good = [f"/feeds/{number}" for number in range(40)]
    harbor.acts |= {path: feed(f"Title of {path}", f"Story of {path}") for path in good}
    harbor.acts["/html"] = page("<html><title>Sorry</title></html>")
    (sample.folder / "list.opml").write_text(opml(harbor, *good[:20], "/gone", "/html", *good[20:], good[0]))
    told = sample.run("sources", "add", "list.opml", "--yes", expect=9, **LOCAL)
    assert "Added 40 sources to digest.toml" in told.stdout
    assert "2 of the 42 feeds could not be read and were not added" in told.stderr
    assert "Feed /gone: the server answered 404" in told.stdout
    assert "ok        Feed /feeds/7: " in told.stdout
    assert text(sample).count("[[sources]]") == 44
    again = sample.json("sources", "add", "list.opml", "--yes", expect=9, **LOCAL)
    assert (again["added"], {one["known_as"] for one in again["feeds"]} - {None}) == (
        False,
        {f"Feed {path}" for path in good},
    )
    assert text(sample).count("[[sources]]") == 44


def test_a_list_goes_out_and_comes_in_again(sample: Publication, harbor: Site) -> None:
    sample.run("sources", "add", harbor.at("/"), "--yes", "--name", "Harbor & “Mail”")
    exported = sample.run("sources", "export").stdout
    assert "<title>Closing Arguments</title>" in exported
    (sample.folder / "list.opml").write_text(exported)
    told = sample.json("sources", "add", "list.opml", "--yes", **LOCAL)
    assert [one["known_as"] for one in told["feeds"]] == ["Harbor & “Mail”"]


def test_a_list_that_is_broken_is_refused(sample: Publication, tmp_path: Path) -> None:
    (sample.folder / "list.opml").write_text("a, b, c")
    assert "not a list of feeds (OPML)" in sample.run("sources", "add", "list.opml", "--yes", expect=9).stderr


def test_a_missing_file_is_no_site(sample: Publication) -> None:
    refused = sample.run("sources", "add", "lists/missing.opml", "--yes", expect=9)
    assert f"{sample.folder / 'lists' / 'missing.opml'}: there is no such file" in refused.stderr


def test_init_chooses_as_sources_add_does(empty: Publication, harbor: Site) -> None:
    options = ("--name", "Closing", "--site", harbor.at("/"), "--postal-address", "1 Quay", "--timezone", "UTC")
    told = empty.run("init", *options, "--from", "Letters <letters@harbor.example>").stdout
    assert f"Found the feed: {harbor.at('/feed/')}" in told
    assert f'name = "Closing"\nfeed = "{harbor.at("/feed/")}"' in text(empty)
