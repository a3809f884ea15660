"""The pictures of an issue, from a web site to the letter: a real store, a real archive, and a site on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from digest.config.load import load
from digest.model import Entry, FetchedSource, Picture, SourceStatus, Story
from digest.model.pictures import Crop, Developed, Print
from digest.office.composing import Composing
from digest.office.illustrating import _ROUNDS, picture_folders
from digest.pipeline import Composed
from digest.record.archive import Archive
from digest.record.location import url_of
from digest.record.store import Store
from digest.settings import PictureSettings, SectionRule, Settings
from tests.unit.pictures.darkroom import as_file, scene
from tests.unit.sources.scripted_site import Site, page, status

NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
DAY = date(2026, 11, 20)
REPOSITORY = Path(__file__).resolve().parents[3]


class Desk:
    """A publication whose entries name pictures on the site."""

    def __init__(self, home: Path, store: Store, site: Site, **pictures: Any) -> None:
        self.store, self.site, self.now = store, site, NOW
        self.archive = Archive(home / "issues")
        base = load(REPOSITORY / "digest.toml", {})
        self.settings: Settings = replace(
            base,
            archive=self.archive.folder,
            store_url=url_of(store.path),
            fetching=replace(base.fetching, private=("127.0.0.1",), pause=0, timeout=2),
            week=replace(base.week, min_stories=1),
            sections=(SectionRule(name="This week", max=9),),
            preview_folders=(),
            pictures=PictureSettings(**pictures),
        )

    def report(self, *stories: tuple[Picture, ...]) -> None:
        entries = tuple(
            Entry(
                source="The Docket",
                identity=str(number),
                title=f"Story {number} about a bridge and a river",
                link=f"https://docket.example/{number}/",
                content=f"<p>What happened at bridge number {number} on Monday, in some words.</p>",
                published=NOW - timedelta(hours=number),
                pictures=pictures,
            )
            for number, pictures in enumerate(stories, 1)
        )
        kept = FetchedSource(
            name="The Docket", url="https://docket.example/feed/", status=SourceStatus.OK, entries=entries
        )
        self.store.sources.keep(kept, now=NOW - timedelta(hours=12), retry_at=NOW)

    def picture(self, name: str, **fields: Any) -> Picture:
        return Picture(address=self.site.at(f"/{name}"), **fields)

    def compose(self, *, illustrate: bool = True) -> Composed:
        composing = Composing(self.settings, self.store, self.archive, self.archive, lambda: self.now)
        return composing.compose(DAY, since=None, lead=None, keep=(), illustrate=illustrate)

    def asked(self) -> list[str]:
        return [path for path, _ in self.site.asked if path != "/robots.txt"]

    def serve(self, **files: bytes) -> None:
        self.site.acts |= {f"/{name}.jpg": page(content) for name, content in files.items()}


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(url_of(tmp_path / "var" / "digest.db")) as opened:
        yield opened


@pytest.fixture
def desk(tmp_path: Path, store: Store, site: Site) -> Desk:
    return Desk(tmp_path, store, site)


def lead(made: Composed) -> Story:
    assert made.issue.lead is not None
    return made.issue.lead


OLD = Developed(kind="jpeg", prints={Crop.STORY: Print(name=f"{'0' * 32}.jpg", width=640, height=427, size=3)})
PHOTOGRAPH, OTHER = as_file(scene(1300, 900)), as_file(scene(1200, 800))


def test_the_prints_that_an_issue_uses_are_kept_with_it(desk: Desk) -> None:
    desk.serve(river=PHOTOGRAPH, bridge=OTHER)
    desk.report((desk.picture("river.jpg"),), (desk.picture("bridge.jpg"),))
    made = desk.compose()
    names = {story.print for story in made.issue.stories}
    assert set(desk.archive.pictures("2026-11-20")) == names
    assert len(names) == 2
    assert "" not in names


def test_a_letter_links_to_the_site_s_own_picture_and_knows_its_size(desk: Desk) -> None:
    desk.serve(river=PHOTOGRAPH)
    desk.report((desk.picture("river.jpg"),))
    assert lead(desk.compose()).picture == desk.picture("river.jpg", width=1300, height=900)


def test_what_is_known_is_not_fetched_again(desk: Desk) -> None:
    desk.serve(river=PHOTOGRAPH)
    desk.report((desk.picture("river.jpg"),))
    first, second = desk.compose(), desk.compose()
    assert desk.asked() == ["/river.jpg"]
    assert first.rendered.fingerprint == second.rendered.fingerprint


def test_without_illustrating_nothing_is_asked_for(desk: Desk) -> None:
    desk.report((desk.picture("river.jpg"),))
    assert lead(desk.compose(illustrate=False)).picture == desk.picture("river.jpg")
    assert desk.site.asked == []


def test_the_first_that_can_be_shown_wins(desk: Desk) -> None:
    desk.serve(banner=as_file(scene(1400, 200)), river=PHOTOGRAPH)
    desk.report((desk.picture("gone.jpg"), desk.picture("banner.jpg"), desk.picture("river.jpg")))
    made = desk.compose()
    assert lead(made).picture == desk.picture("river.jpg", width=1300, height=900)
    assert [(each.address, each.alone) for each in made.passed_over] == [
        (desk.site.at("/gone.jpg"), False),
        (desk.site.at("/banner.jpg"), False),
    ]


def test_a_story_whose_picture_cannot_be_had_has_none_and_says_why(desk: Desk) -> None:
    desk.serve(page=b"<!doctype html><p>Sign in")
    desk.report((desk.picture("page.jpg"),))
    made = desk.compose()
    assert lead(made).picture is None
    (said,) = made.passed_over
    assert (said.reason, said.alone) == ("a web page, not a picture", True)


def test_a_week_without_a_picture_that_can_be_shown_is_not_gone_through_for_ever(desk: Desk) -> None:
    desk.report(tuple(desk.picture(f"gone-{number}.jpg") for number in range(30)))
    desk.compose()
    assert len(desk.asked()) == _ROUNDS


def test_a_site_that_did_not_answer_is_asked_for_the_next_issue(desk: Desk) -> None:
    desk.site.acts["/river.jpg"] = status(404)
    desk.report((desk.picture("river.jpg"),))
    assert lead(desk.compose()).picture is None
    assert lead(desk.compose(illustrate=False)).picture is None
    desk.serve(river=PHOTOGRAPH)
    assert lead(desk.compose()).picture is not None


def test_an_agency_s_picture_is_not_even_fetched(desk: Desk) -> None:
    desk.report((desk.picture("river.jpg", credit="Jane Doe/AP"),))
    made = desk.compose()
    assert lead(made).picture is None
    assert desk.site.asked == []
    assert "AP" in made.passed_over[0].reason


def test_a_print_that_rotted_is_made_again(desk: Desk) -> None:
    desk.serve(river=PHOTOGRAPH)
    desk.report((desk.picture("river.jpg"),))
    name = lead(desk.compose()).print
    (desk.store.path.parent / "pictures" / name).write_bytes(b"rot")
    assert lead(desk.compose()).print == name
    assert desk.asked() == ["/river.jpg", "/river.jpg"]


def test_old_prints_leave_the_shelf_and_stay_with_their_issue(desk: Desk) -> None:
    desk.serve(river=PHOTOGRAPH)
    desk.report((desk.picture("river.jpg"),))
    name = lead(desk.compose()).print
    desk.store.pictures.keep(desk.site.at("/old.jpg"), OLD, now=NOW - timedelta(days=90))
    shelf = desk.store.path.parent / "pictures"
    (shelf / f"{'0' * 32}.jpg").write_bytes(b"old")
    desk.compose()
    assert not (shelf / f"{'0' * 32}.jpg").exists()
    assert (shelf / name).exists()
    assert name in desk.archive.pictures("2026-11-20")


def test_without_copies_letters_are_as_they_were(tmp_path: Path, store: Store, site: Site) -> None:
    desk = Desk(tmp_path, store, site, keep=False)
    desk.report((desk.picture("river.jpg"),))
    assert lead(desk.compose()).picture == desk.picture("river.jpg")
    assert site.asked == []
    assert desk.archive.pictures("2026-11-20") == {}


def test_letters_can_show_the_prints_from_the_archive(tmp_path: Path, store: Store, site: Site) -> None:
    desk = Desk(tmp_path, store, site, from_="archive")
    desk.serve(river=PHOTOGRAPH)
    desk.report((desk.picture("river.jpg"),))
    made = desk.compose()
    picture, name = lead(made).picture, lead(made).print
    assert picture is not None
    assert picture.address == f"https://letters.docket.example/issues/2026-11-20/pictures/{name}"
    assert (picture.width, picture.height) == (1120, 630)
    assert picture.address in made.rendered.html
    ((prefix, folder),) = picture_folders(desk.settings, desk.archive, store)
    assert (folder / picture.address.removeprefix(prefix)).read_bytes() == desk.archive.pictures("2026-11-20")[name]


def test_letters_can_show_them_from_a_folder_that_is_served(tmp_path: Path, store: Store, site: Site) -> None:
    served = tmp_path / "served"
    served.mkdir()
    (served / "other.jpg").write_bytes(b"of somebody else")
    desk = Desk(tmp_path, store, site, from_="https://pictures.docket.example/", folder=served)
    desk.serve(river=PHOTOGRAPH)
    desk.report((desk.picture("river.jpg"),))
    made = desk.compose()
    picture, name = lead(made).picture, lead(made).print
    assert picture is not None
    assert picture.address == f"https://pictures.docket.example/{name}"
    assert {file.name for file in served.iterdir()} == {name, "other.jpg"}
    assert (served / name).read_bytes() == desk.archive.pictures("2026-11-20")[name]


def test_a_dry_run_puts_nothing_into_that_folder(tmp_path: Path, store: Store, site: Site) -> None:
    desk = Desk(tmp_path, store, site, from_="https://pictures.docket.example/", folder=tmp_path / "served")
    desk.serve(river=PHOTOGRAPH)
    desk.report((desk.picture("river.jpg"),))
    elsewhere = Archive(tmp_path / "dry-run")
    composing = Composing(desk.settings, store, elsewhere, desk.archive, lambda: NOW)
    made = composing.compose(DAY, since=None, lead=None, keep=(), illustrate=True)
    assert elsewhere.pictures("2026-11-20")
    assert lead(made).print
    assert not (tmp_path / "served").exists()
