from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from digest.errors import RecordError
from digest.model.pictures import Crop, Developed, KnownPicture, Print
from digest.record.location import url_of
from digest.record.shelf import Shelf, put
from digest.record.store import Store
from tests.unit.record.newsroom import NOW

RIVER, BRIDGE = "https://docket.example/river.jpg", "https://docket.example/bridge.jpg"
MADE = Print(name=f"{'a' * 64}.jpg", width=640, height=427, size=4000)
DEVELOPED = Developed(kind="webp", width=900, height=700, prints={Crop.STORY: MADE}, reasons={Crop.LEAD: "too narrow"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(url_of(tmp_path / "digest.db")) as opened:
        yield opened


def named(content: bytes) -> str:
    return f"{sha256(content).hexdigest()[:32]}.jpg"


def test_what_a_picture_came_to_is_known_again(store: Store) -> None:
    store.pictures.keep(RIVER, DEVELOPED, now=NOW)
    assert store.pictures.known([RIVER, BRIDGE]) == {
        RIVER: KnownPicture(
            address=RIVER,
            kind="webp",
            width=900,
            height=700,
            prints={Crop.STORY: MADE},
            reasons={Crop.LEAD: "too narrow"},
        )
    }


def test_a_picture_that_cannot_be_shown_has_the_reason_for_both_crops(store: Store) -> None:
    store.pictures.keep(RIVER, Developed(refused="a banner"), now=NOW)
    known = store.pictures.known([RIVER])[RIVER]
    assert known.reasons == {Crop.LEAD: "a banner", Crop.STORY: "a banner"}
    assert not known.passing


def test_a_site_that_did_not_answer_is_no_last_word(store: Store) -> None:
    store.pictures.refuse(RIVER, "no answer", now=NOW)
    assert store.pictures.known([RIVER])[RIVER].passing
    store.pictures.keep(RIVER, DEVELOPED, now=NOW)
    assert store.pictures.known([RIVER])[RIVER].prints == {Crop.STORY: MADE}


def test_many_addresses_can_be_asked_for_at_once(store: Store) -> None:
    store.pictures.keep(RIVER, DEVELOPED, now=NOW)
    assert set(store.pictures.known([f"https://docket.example/{n}.jpg" for n in range(2000)] + [RIVER])) == {RIVER}


def test_what_is_old_is_forgotten_and_a_file_that_another_row_names_is_not(store: Store) -> None:
    other = Print(name=f"{'b' * 64}.jpg", width=640, height=427, size=4000)
    store.pictures.keep(RIVER, Developed(kind="jpeg", prints={Crop.STORY: MADE, Crop.LEAD: other}), now=NOW)
    later = NOW + timedelta(days=90)
    store.pictures.keep(BRIDGE, DEVELOPED, now=later)
    assert store.pictures.forget(before=later) == {other.name}
    assert set(store.pictures.known([RIVER, BRIDGE])) == {BRIDGE}


def test_a_file_is_on_the_shelf_whole(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "pictures")
    shelf.keep({named(b"river"): b"river"})
    assert shelf.read(named(b"river")) == b"river"
    assert shelf.read(named(b"bridge")) is None
    assert [file.name for file in shelf.folder.iterdir()] == [named(b"river")]


def test_a_file_that_rotted_is_not_read(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "pictures")
    shelf.keep({named(b"river"): b"river"})
    (shelf.folder / named(b"river")).write_bytes(b"rive")
    assert shelf.read(named(b"river")) is None
    shelf.keep({named(b"river"): b"river"})
    assert shelf.read(named(b"river")) == b"river"


def test_what_lies_behind_is_read_and_never_written(tmp_path: Path) -> None:
    Shelf(tmp_path / "behind").keep({named(b"river"): b"river"})
    shelf = Shelf(tmp_path / "pictures", tmp_path / "behind")
    assert shelf.read(named(b"river")) == b"river"
    shelf.keep({named(b"bridge"): b"bridge"})
    shelf.remove([named(b"river"), named(b"bridge")])
    assert [file.name for file in (tmp_path / "behind").iterdir()] == [named(b"river")]
    assert shelf.read(named(b"bridge")) is None


def test_files_are_added_to_a_folder_and_none_is_taken_away(tmp_path: Path) -> None:
    put(tmp_path / "cdn", {named(b"river"): b"river"})
    put(tmp_path / "cdn", {named(b"bridge"): b"bridge"})
    assert {file.read_bytes() for file in (tmp_path / "cdn").iterdir()} == {b"river", b"bridge"}


def test_a_file_in_the_way_is_explained(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("in the way")
    with pytest.raises(RecordError, match="cannot be read or written"):
        Shelf(tmp_path / "pictures").keep({named(b"river"): b"river"})
