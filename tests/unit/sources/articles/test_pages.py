"""Stories that an editor named: addresses, saved pages, and lists of these."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.errors import SourceUnreadable
from digest.model import FetchedSource, KnownSource, SourceKind, SourceStatus, Wanted
from digest.settings import Source
from digest.sources.articles import pages
from digest.sources.seam import Asking
from digest.sources.web.fetch import Fetcher
from tests.unit.sources.scripted_site import Site, page, status

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WANTED = Wanted(since=datetime(2026, 11, 13, tzinfo=UTC), now=NOW)
SAVED = '<link rel="canonical" href="https://docket.example/a-bridge"><h1>A bridge opens</h1>'
Read = Callable[..., FetchedSource]


@pytest.fixture
def read(fetcher: Fetcher) -> Read:
    def read_pages(*named: str | Path, known: KnownSource = KnownSource()) -> FetchedSource:  # noqa: B008 - frozen
        places = tuple(map(str, named))
        source = Source(name="Extras", feed=places[0], kind=SourceKind.PAGES, pages=places)
        return pages.read(source, known, Asking(fetcher, source, known), WANTED)

    return read_pages


def known_after(found: FetchedSource) -> KnownSource:
    return KnownSource(pages={one.address: one for one in found.pages})


def test_each_address_is_a_story(site: Site, read: Read) -> None:
    site.acts |= {f"/{number}": page(f"<h1>Story {number}</h1>") for number in range(2)}
    found = read(site.at("/0"), site.at("/1"))
    assert [(entry.title, entry.link, entry.source) for entry in found.entries] == [
        (f"Story {number}", site.at(f"/{number}"), "Extras") for number in range(2)
    ]
    assert found.complete
    assert found.why == "2 named pages"


def test_pages_that_have_not_changed_are_no_news(site: Site, read: Read) -> None:
    site.acts["/0"] = page("<h1>Story</h1>")
    found = read(site.at("/0"))
    again = read(site.at("/0"), known=known_after(found))
    assert again.status is SourceStatus.UNCHANGED
    assert again.entries == ()


def test_a_saved_page_stands_where_it_says(tmp_path: Path, read: Read) -> None:
    saved = tmp_path / "saved.html"
    saved.write_text(SAVED, encoding="utf-8")
    (entry,) = read(saved).entries
    assert (entry.title, entry.link) == ("A bridge opens", "https://docket.example/a-bridge")
    assert entry.identity == entry.link


def test_a_list_names_pages_a_line(site: Site, tmp_path: Path, read: Read) -> None:
    site.acts["/0"] = page("<h1>Story</h1>")
    (tmp_path / "saved.html").write_text(SAVED, encoding="utf-8")
    (tmp_path / "list.txt").write_text(f"# For this week\n\n{site.at('/0')}\nsaved.html\n", encoding="utf-8")
    found = read(tmp_path / "list.txt")
    assert [entry.title for entry in found.entries] == ["Story", "A bridge opens"]
    site.acts["/0"] = page("<h1>Story, corrected</h1>")
    again = read(tmp_path / "list.txt", known=known_after(found))
    assert [entry.title for entry in again.entries] == ["Story, corrected"]


def test_a_page_that_cannot_be_read_costs_the_others_nothing(site: Site, tmp_path: Path, read: Read) -> None:
    (tmp_path / "nowhere.html").write_text("<h1>A headline</h1>", encoding="utf-8")
    site.acts |= {"/0": page("<h1>Story</h1>"), "/1": status(404)}
    found = read(site.at("/1"), tmp_path / "nowhere.html", tmp_path / "missing.html", site.at("/0"))
    assert [entry.title for entry in found.entries] == ["Story"]
    assert not found.complete
    assert [warning.partition(": ")[2][:30] for warning in found.warnings] != []
    assert len(found.warnings) == 3
    assert "does not say where it is from" in " ".join(found.warnings)


def test_nothing_that_can_be_read_is_a_failure(site: Site, read: Read) -> None:
    site.acts["/1"] = status(404)
    with pytest.raises(SourceUnreadable, match="404"):
        read(site.at("/1"))
