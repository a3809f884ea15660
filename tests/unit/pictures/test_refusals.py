"""Files that are no pictures, pictures that nobody wants to see, and what is said of them."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from digest.model.pictures import Crop
from digest.pictures.develop import develop
from tests.unit.pictures import darkroom
from tests.unit.pictures.darkroom import as_file, scene


def said(content: bytes) -> str:
    developed = develop(content)
    assert not developed.prints
    return developed.refused


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_bomb(width: int, height: int) -> bytes:
    """A small file that says it is very large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(64))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"<!DOCTYPE html><html><body>Not found", "a web page, not a picture"),
        (b"\xef\xbb\xbf\n<html lang='en'>", "a web page, not a picture"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"%PDF-1.7 and so on", "no picture of a kind that is known"),
        (b"\x00" * 500, "no picture of a kind that is known"),
    ],
)
def test_what_is_no_picture_says_what_it_is(content: bytes, words: str) -> None:
    assert words in said(content)


def test_the_content_decides_and_not_a_name() -> None:
    """A file is only bytes here: a PNG that a site calls .jpg is a PNG."""
    assert develop(as_file(scene(), "PNG")).kind == "png"


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "ICO", "PPM"])
def test_kinds_that_sites_do_not_use_are_not_opened(kind: str) -> None:
    assert "no picture of a kind" in said(as_file(scene(400, 300), kind))


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (100_000, 700), (9000, 7000)])
def test_a_bomb_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    assert "more" in said(png_bomb(width, height))
    assert "million" in said(png_bomb(width, height))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_half_a_file_is_refused(kind: str) -> None:
    content = as_file(darkroom.noise(900, 600), kind)
    assert "broken" in said(content[: len(content) // 2])


def test_icons_and_pixels_are_refused() -> None:
    assert said(as_file(Image.new("RGB", (1, 1)), "GIF")) == "1 × 1 px: a pixel or an icon"
    assert "an icon" in said(as_file(scene(32, 32), "PNG"))


def test_a_banner_is_refused() -> None:
    assert said(as_file(scene(1456, 180))) == "1456 × 180 px: a banner"


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_an_empty_ground_is_refused(shade: int) -> None:
    assert said(as_file(Image.new("RGB", (1200, 800), (shade, shade, shade)))) == "it shows one colour only"


def test_a_placeholder_of_almost_one_colour_is_refused() -> None:
    image = Image.new("L", (1200, 800), 200)
    image.paste(203, (0, 400, 1200, 800))
    assert said(as_file(image)) == "it shows one colour only"


def test_a_logo_is_refused() -> None:
    image = Image.new("P", (1000, 700), 0)
    image.putpalette([255, 255, 255, 120, 20, 40])
    ImageDraw.Draw(image).rectangle((400, 300, 600, 400), fill=1)
    assert said(as_file(image, "PNG")) == "a logo on an empty ground"


def test_a_drawing_that_is_mostly_transparent_is_a_logo() -> None:
    image = Image.new("RGBA", (1000, 700), (0, 0, 0, 0))
    image.paste(scene(500, 350, "RGBA"), (250, 175))
    assert said(as_file(image, "PNG")) == "a logo on an empty ground"


def test_a_dark_photograph_with_a_bright_face_is_a_picture() -> None:
    image = Image.new("RGB", (1200, 800), (8, 8, 10))
    image.paste(scene(300, 300), (450, 200))
    assert not develop(as_file(image)).refused


def test_a_thumbnail_is_too_narrow_for_anything() -> None:
    developed = develop(as_file(scene(150, 100)))
    assert developed.reasons[Crop.STORY] == "150 px wide where at least 240 are needed"
    assert not developed.prints


WHOLE = {kind: as_file(scene(300, 200), kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "AVIF")}


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(sorted(WHOLE)),
    at=st.integers(0, 5000),
    instead=st.binary(min_size=1, max_size=12),
    kept=st.integers(1, 20_000),
)
def test_no_broken_file_stops_the_work(kind: str, at: int, instead: bytes, kept: int) -> None:
    content = WHOLE[kind][:kept]
    at %= len(content)
    developed = develop(content[:at] + instead + content[at + len(instead) :])
    assert developed.refused or developed.kind


@given(st.binary(max_size=400))
def test_no_bytes_at_all_stop_the_work(content: bytes) -> None:
    assert develop(content).refused
