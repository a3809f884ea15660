"""What a real WordPress does that one would not expect, one by one, and what becomes of it in the store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.publication import Publication
from tests.acceptance.wordpress import WordPress, written
from tests.acceptance.wordpress_week import categories, gathered, identities, kept, publication

BOTH = pytest.mark.parametrize("rest", [False, True], ids=["feed", "REST"])
TEXTS = ("identity", "link", "title", "author", "summary", "published")


@pytest.fixture
def story(wordpress: WordPress) -> Iterator[str]:
    """A story between others, which a test may do anything to."""
    slug = "yard-sale"
    wordpress.load([_story(slug, hours=10)])
    yield slug
    if slug in {each["slug"] for each in wordpress.do("list")["stories"]}:
        wordpress.do("delete", slug)


@pytest.fixture(scope="module")
def both(wordpress: WordPress, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], ...]:
    """The entries of the whole week, from the feed and from REST."""
    folder = tmp_path_factory.mktemp("both")
    ways = [of(wordpress, folder / str(rest), rest=rest, days=6) for rest in (False, True)]
    for way in ways:
        gathered(way)
    return tuple(sorted(kept(way), key=lambda row: str(row["identity"])) for way in ways)


def _story(slug: str, *, hours: float, **more: object) -> dict[str, object]:
    date = written(datetime.now(UTC).replace(microsecond=0) - timedelta(hours=hours))
    return {
        "slug": slug,
        "title": "Yard sale",
        "content": "<p>Chairs.</p>",
        "author": "Ada Brandt",
        "date": date,
        **more,
    }


def of(wordpress: WordPress, folder: Path, *, rest: bool, days: int = 1) -> Publication:
    """A publication that reads the main feed, of a short week."""
    return publication(folder, f'feed = "{wordpress.url}/feed/"\nrest = {str(rest).lower()}', days=days)


def one(made: Publication, identity: str) -> dict[str, Any]:
    (row,) = (row for row in kept(made, also_gone=True) if row["identity"] == identity)
    return row


@BOTH
def test_a_304_hides_a_deleted_story_and_a_whole_look_finds_it(
    wordpress: WordPress, tmp_path: Path, story: str, rest: bool
) -> None:
    """All feeds of a site have one ETag, the date of the newest change; deleting an older story changes nothing."""
    made, guid = of(wordpress, tmp_path / "week", rest=rest), wordpress.guid(story)
    gathered(made)
    wordpress.do("delete", story)
    (hidden,) = gathered(made)
    assert (hidden["status"], hidden["gone"]) == ("unchanged", 0)
    (whole,) = gathered(made, "--whole")
    assert (whole["gone"], whole["complete"]) == (1, True)
    assert one(made, guid)["gone_since"] is not None


@BOTH
def test_a_304_hides_a_story_that_is_dated_back_and_a_whole_look_finds_it(
    wordpress: WordPress, tmp_path: Path, rest: bool
) -> None:
    """What an importer brings counts as changed on its own date."""
    made = of(wordpress, tmp_path / "week", rest=rest)
    gathered(made)
    wordpress.load([_story("dated-back", hours=14)])
    guid = wordpress.guid("dated-back")
    (hidden,) = gathered(made)
    known = identities(kept(made, also_gone=True))
    gathered(made, "--whole")
    wordpress.do("delete", "dated-back")
    assert (hidden["status"], guid in known) == ("unchanged", False)
    # Others may be new besides: a story more may push the last ones that are wanted to a page more.
    assert one(made, guid)["title"] == "Yard sale"


@BOTH
def test_a_corrected_story_stays_itself_whatever_of_it_is_changed(
    wordpress: WordPress, tmp_path: Path, story: str, rest: bool
) -> None:
    """Slug and date are in the link; the guid stays."""
    made, guid = of(wordpress, tmp_path / "week", rest=rest), wordpress.guid(story)
    gathered(made)
    before = one(made, guid)
    moved = datetime.fromtimestamp(before["published"] / 1e6, UTC) - timedelta(hours=3)
    wordpress.update(story, title="Yard sale & more", slug="yard-sale-moved", date=written(moved))
    (report,) = gathered(made, "--whole")
    after = one(made, guid)
    wordpress.update("yard-sale-moved", slug=story)
    assert (report["new"], report["updated"], report["gone"]) == (0, 1, 0)
    assert (after["title"], after["link"] == before["link"]) == ("Yard sale & more", False)
    assert after["link"].endswith("/yard-sale-moved/")
    assert before["published"] - after["published"] == timedelta(hours=3) / timedelta(microseconds=1)


def test_the_feed_and_rest_tell_a_story_in_the_same_words(both: tuple[list[dict[str, Any]], ...]) -> None:
    """REST escapes titles as HTML, wraps summaries in a paragraph and gives dates without an offset; the feed writes
    emoji as pictures. In the store a story is the same, so that it is not corrected by reading it the other way."""
    feed, rest = both
    assert [[row[name] for name in TEXTS] for row in feed] == [[row[name] for name in TEXTS] for row in rest]
    different = {row["identity"] for row, other in zip(feed, rest, strict=True) if row["content"] != other["content"]}
    assert different == {row["identity"] for row in rest if "👍" in row["content"]} != set()
    assert any(" & " in row["title"] for row in rest)
    assert any("“too small”" in row["title"] for row in rest)
    assert any(row["summary"].endswith("[&#8230;]") for row in rest)


def test_only_rest_knows_tags_from_categories(both: tuple[list[dict[str, Any]], ...]) -> None:
    feed, rest = both
    tags = {"long reads", "fish & fowl"}
    assert any(tags <= categories(row) for row in feed)
    for row, other in zip(feed, rest, strict=True):
        assert categories(row) - tags == categories(other) != set()


def test_only_rest_has_the_featured_picture_and_emoji_are_none(both: tuple[list[dict[str, Any]], ...]) -> None:
    feed, rest = both
    assert {row["pictures"] for row in feed} == {"[]"}
    shown = [row["pictures"] for row in rest if row["pictures"] != "[]"]
    assert len(shown) == 5
    assert all('"width": 1536' in each and '"caption": "Seen from Low Quay & drawn"' in each for each in shown)


def test_the_feed_s_own_address_lacks_the_port_and_is_not_followed(wordpress: WordPress, tmp_path: Path) -> None:
    made = publication(
        tmp_path / "week", f'feed = "{wordpress.url}/feed/"\nrest = false', fetch="most_pages = 2", days=6
    )
    for _ in range(2):
        before = len(wordpress.asked())
        (report,) = gathered(made, "--whole")
        assert (report["entries"] >= 20, report["error"]) == (True, None)
        assert len(wordpress.asked()) - before == report["pages_read"]


def test_a_misspelt_category_is_no_quiet_week(wordpress: WordPress, tmp_path: Path) -> None:
    """WordPress answers it with 200 and a feed without entries."""
    for rest in ("true", "false"):
        made = publication(tmp_path / rest, f'feed = "{wordpress.url}/category/shools/feed/"\nrest = {rest}')
        (report,) = gathered(made)
        assert (report["status"], report["entries"], report["complete"]) == ("ok", 0, False)
        assert report["why"] == "it holds no entries; is its address right?"


def test_where_the_feed_gives_summaries_only_rest_gives_the_text(wordpress: WordPress, tmp_path: Path) -> None:
    wordpress.do("option", "rss_use_excerpt", "1")
    ways = [of(wordpress, tmp_path / str(rest), rest=rest) for rest in (False, True)]
    for way in ways:
        gathered(way)
    wordpress.do("option", "rss_use_excerpt", "0")
    feed, rest = ({row["identity"]: row for row in kept(way)} for way in ways)
    assert rest.keys() <= feed.keys()
    assert {row["content"] for row in feed.values()} == {""}
    assert all(row["content"].startswith("<p>") for row in rest.values())
    assert all(row["summary"] for row in feed.values())


@pytest.mark.parametrize("path", ["/tag/long-reads/feed/", "/author/pat-oleary/feed/"])
def test_feeds_of_tags_and_authors_are_read_through_rest_as_well(
    wordpress: WordPress, tmp_path: Path, path: str
) -> None:
    ways = [
        publication(tmp_path / rest, f'feed = "{wordpress.url}{path}"\nrest = {rest}') for rest in ("true", "false")
    ]
    (through_rest,), (through_feed,) = map(gathered, ways)
    assert (through_rest["through"], through_feed["through"]) == ("REST", "feed and its older pages")
    assert identities(kept(ways[0])) == identities(kept(ways[1])) != []


def test_other_feeds_are_not_taken_for_the_main_one(wordpress: WordPress, tmp_path: Path) -> None:
    """A search has no list in REST that holds its stories alone: it stays a feed, and nothing is wrong with that."""
    made = publication(tmp_path / "week", f'feed = "{wordpress.url}/feed/?s=reservoir"')
    (report,) = gathered(made)
    assert (report["through"], report["warnings"]) == ("feed and its older pages", [])
    assert {"eservoir" in row["title"] for row in kept(made)} == {True}


def test_a_story_in_the_bin_is_gone(wordpress: WordPress, tmp_path: Path, story: str) -> None:
    made, guid = of(wordpress, tmp_path / "week", rest=True), wordpress.guid(story)
    gathered(made)
    wordpress.do("trash", story)
    (report,) = gathered(made, "--whole")
    assert report["gone"] == 1
    assert one(made, guid)["gone_since"] is not None


def test_a_story_that_is_changed_after_it_ran_is_noted_on_its_issue(
    wordpress: WordPress, tmp_path: Path, story: str
) -> None:
    """By then it is older than the week that is gathered: REST is asked for what was changed of such stories."""
    made = of(wordpress, tmp_path / "week", rest=True)
    (made.folder / "subscribers.csv").write_text("email,name\nada@readers.example,Ada\n")
    wordpress.update(story, date=written(datetime.now(UTC) - timedelta(minutes=10)))
    gathered(made)
    made.run("compose")
    made.run("send", "--yes")
    wordpress.update(story, title="Garage sale")
    (report,) = gathered(made)
    assert [(each["before"], each["after"]) for each in report["corrections"]] == [("Yard sale", "Garage sale")]
    assert (report["updated"], report["new"], report["gone"]) == (1, 0, 0)
