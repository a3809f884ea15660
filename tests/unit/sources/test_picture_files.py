from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from digest.settings import Fetching
from digest.sources.picture_files import PictureFile, PictureReader
from tests.unit.sources.scripted_site import Site, page, redirect, status


@pytest.fixture
def reader(fetching: Fetching) -> Iterator[PictureReader]:
    with PictureReader(replace(fetching, private=("127.0.0.1",))) as opened:
        yield opened


def read(reader: PictureReader, *addresses: str) -> dict[str, PictureFile]:
    return {file.address: file for file in reader.read(addresses)}


def test_each_address_is_answered_for(site: Site, reader: PictureReader) -> None:
    site.acts = {"/a.jpg": page(b"river"), "/b.jpg": status(404)}
    found = read(reader, site.at("/a.jpg"), site.at("/b.jpg"))
    assert found[site.at("/a.jpg")].content == b"river"
    assert "404" in found[site.at("/b.jpg")].error


def test_robots_txt_is_obeyed(site: Site, reader: PictureReader) -> None:
    site.acts = {"/robots.txt": page("User-agent: *\nDisallow: /private/"), "/private/a.jpg": page(b"river")}
    assert "robots.txt" in read(reader, site.at("/private/a.jpg"))[site.at("/private/a.jpg")].error
    assert "/private/a.jpg" not in [path for path, _ in site.asked]


def test_a_private_address_is_not_asked(site: Site, fetching: Fetching) -> None:
    site.acts = {"/a.jpg": page(b"river")}
    with PictureReader(fetching) as reader:
        assert read(reader, site.at("/a.jpg"))[site.at("/a.jpg")].error
    assert site.asked == []


def test_a_picture_that_leads_into_a_file_is_not_read(site: Site, reader: PictureReader) -> None:
    site.acts = {"/a.jpg": redirect(302, "file:///etc/hostname")}
    found = read(reader, site.at("/a.jpg"), "/etc/hostname")
    assert all(file.error and not file.content for file in found.values())


def test_too_many_bytes_are_refused(site: Site, reader: PictureReader) -> None:
    site.acts = {"/a.jpg": page(b"x" * 1_100_000)}
    assert "larger than" in read(reader, site.at("/a.jpg"))[site.at("/a.jpg")].error


def test_after_the_deadline_nothing_is_asked(site: Site, fetching: Fetching) -> None:
    site.acts = {"/a.jpg": page(b"river")}
    now = [0.0]
    with PictureReader(replace(fetching, private=("127.0.0.1",)), monotonic=lambda: now[0]) as reader:
        now[0] = fetching.deadline + 1
        assert read(reader, site.at("/a.jpg"))[site.at("/a.jpg")].error
    assert "/a.jpg" not in [path for path, _ in site.asked]


class TestFolders:
    @pytest.fixture
    def reader(self, site: Site, fetching: Fetching, tmp_path: Path) -> Iterator[PictureReader]:
        (tmp_path / "uploads").mkdir()
        (tmp_path / "uploads" / "a b.jpg").write_bytes(b"river")
        (tmp_path / "secret.jpg").write_bytes(b"secret")
        with PictureReader(fetching, folders=[("https://docket.example/up/", tmp_path / "uploads")]) as opened:
            yield opened

    def test_a_folder_stands_for_addresses(self, reader: PictureReader) -> None:
        address = "https://docket.example/up/a%20b.jpg?w=300"
        assert read(reader, address)[address].content == b"river"

    @pytest.mark.parametrize("rest", ["gone.jpg", "../secret.jpg", "%2e%2e/secret.jpg", "", "a%00b.jpg"])
    def test_what_is_not_in_it_is_not_asked_for_anywhere(self, reader: PictureReader, rest: str) -> None:
        address = f"https://docket.example/up/{rest}"
        assert read(reader, address)[address] == PictureFile(address=address, error="it is not in uploads")
