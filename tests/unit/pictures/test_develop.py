"""What becomes of a picture's file: the prints, their limits, and what is not in them."""

from __future__ import annotations

import io
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from digest.model.pictures import Crop, Developed
from digest.pictures.crops import MEASURES
from digest.pictures.develop import develop
from tests.unit.pictures import darkroom
from tests.unit.pictures.darkroom import BLUE, GREEN, RED, YELLOW, as_file, scene


def made(developed: Developed, crop: Crop = Crop.LEAD) -> Image.Image:
    return darkroom.read(developed.contents[developed.prints[crop].name])


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours near the four corners: left and right above, left and right below."""
    across, down = image.width // 5, image.height // 5
    places = [(across, down), (-across, down), (across, -down), (-across, -down)]
    rgb = image.convert("RGB")
    found = []
    for x, y in places:
        left, top = x % image.width - 15, y % image.height - 15
        average = rgb.crop((left, top, left + 30, top + 30)).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
        assert isinstance(average, tuple)
        found.append(tuple(int(value) for value in average))
    return found


def near(image: Image.Image, *expected: tuple[int, int, int]) -> bool:
    return all(
        abs(one - other) < 45
        for found, wanted in zip(corners(image), expected, strict=True)
        for one, other in zip(found, wanted, strict=True)
    )


def test_a_photograph_becomes_two_prints_named_by_their_content() -> None:
    developed = develop(as_file(scene(3000, 2000)))
    lead, story = developed.prints[Crop.LEAD], developed.prints[Crop.STORY]
    assert (developed.kind, developed.width, developed.height) == ("jpeg", 3000, 2000)
    assert (lead.width, lead.height, story.width, story.height) == (1120, 630, 640, 427)
    assert lead.name == f"{sha256(developed.contents[lead.name]).hexdigest()[:32]}.jpg"
    assert lead.size == len(developed.contents[lead.name])
    assert not developed.reasons


def test_the_same_file_gives_the_same_prints() -> None:
    content = as_file(scene())
    assert develop(content) == develop(content)


def test_a_print_is_a_progressive_jpeg() -> None:
    assert made(develop(as_file(scene()))).info.get("progressive")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_every_kind_is_read(kind: str) -> None:
    developed = develop(as_file(scene(), kind))
    assert developed.kind == kind.lower()
    assert near(made(developed), RED, GREEN, BLUE, YELLOW)


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "RGBA", "1"])
def test_every_mode_is_read(mode: str) -> None:
    kind = {"CMYK": "JPEG"}.get(mode, "PNG")
    developed = develop(as_file(scene(mode=mode), kind))
    assert made(developed).mode == "RGB" or developed.prints[Crop.LEAD].name.endswith(".png")
    if mode in {"P", "CMYK", "RGBA"}:
        assert near(made(developed), RED, GREEN, BLUE, YELLOW)


def test_sixteen_bits_are_reduced_to_eight_and_not_cut_off() -> None:
    grey = scene(mode="L").convert("I").point(lambda value: value * 257).convert("I;16")
    shades = [value[0] for value in corners(made(develop(as_file(grey, "PNG"))))]
    expected = [value[0] for value in corners(scene(mode="L"))]
    assert all(abs(one - other) < 20 for one, other in zip(shades, expected, strict=True))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright(orientation: int) -> None:
    """However the camera was held, the print shows what its owner saw."""
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = scene(1600, 900)
    lying = upright.transpose(turns[orientation]) if orientation in turns else upright
    developed = develop(as_file(lying, exif=darkroom.exif(orientation)))
    assert (developed.width, developed.height) == (1600, 900)
    assert near(made(developed), RED, GREEN, BLUE, YELLOW)


def test_nothing_that_a_camera_noted_is_left() -> None:
    noted = {"exif": darkroom.exif(place=True), "icc_profile": darkroom.srgb(), "comment": b"of a private person"}
    developed = develop(as_file(scene(), **noted))
    for content in developed.contents.values():
        image = darkroom.read(content)
        assert not dict(image.getexif())
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert b"Photographer" not in content
        assert b"private" not in content


def test_words_in_a_png_are_not_kept() -> None:
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_text("Comment", "of a private person")
    developed = develop(as_file(scene(1200, 800), "PNG", pnginfo=words, dpi=(300, 300)))
    assert all(b"private" not in content for content in developed.contents.values())


def test_of_a_film_the_first_picture_is_shown() -> None:
    first, second = scene(800, 600), Image.new("RGB", (800, 600), "black")
    developed = develop(as_file(first, "GIF", save_all=True, append_images=[second], duration=100))
    assert near(made(developed), RED, GREEN, BLUE, YELLOW)


def test_what_is_transparent_becomes_white() -> None:
    image = scene(1200, 800, "RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 1200, 160))
    shown = made(develop(as_file(image, "PNG")), Crop.STORY).convert("RGB")
    assert min(shown.getpixel((320, 30))) > 240  # type: ignore[type-var,arg-type]


def test_a_drawing_in_few_colours_stays_a_png_where_that_is_lighter() -> None:
    image = Image.new("RGB", (1200, 800), "white")
    for at in range(0, 1200, 60):
        image.paste((20 + at // 8, 40, 160), (at, 800 - at // 2, at + 30, 800))
    image = image.quantize(32)
    developed = develop(as_file(image, "PNG"))
    assert developed.prints[Crop.STORY].name.endswith(".png")
    assert not made(developed, Crop.STORY).info.keys() - {"transparency"}


def test_a_photograph_that_came_as_png_becomes_a_jpeg() -> None:
    noisy = Image.blend(scene(1200, 800), darkroom.noise(1200, 800), 0.2)
    assert develop(as_file(noisy, "PNG")).prints[Crop.STORY].name.endswith(".jpg")


def test_a_picture_too_narrow_for_a_lead_may_stand_beside_a_story() -> None:
    developed = develop(as_file(scene(500, 400)))
    assert set(developed.prints) == {Crop.STORY}
    assert developed.prints[Crop.STORY].width == 500
    assert developed.reasons[Crop.LEAD] == "500 px wide where at least 560 are needed"


def test_a_print_that_stays_too_heavy_is_made_smaller() -> None:
    developed = develop(as_file(darkroom.noise(640, 427), "PNG"))
    for crop, made_print in developed.prints.items():
        assert made_print.size <= MEASURES[crop].heaviest
    assert developed.prints[Crop.STORY].width < 640


def test_a_profile_of_srgb_changes_no_colour() -> None:
    """A profile that says what everybody takes for granted leaves the colours alone."""
    plain = develop(as_file(scene()))
    told = develop(as_file(scene(), icc_profile=darkroom.srgb()))
    assert near(made(told), *corners(made(plain)))


def test_a_broken_profile_changes_nothing() -> None:
    developed = develop(as_file(scene(), icc_profile=b"no profile at all"))
    assert near(made(developed), RED, GREEN, BLUE, YELLOW)


MODES = {
    "JPEG": ["RGB", "L", "CMYK"],
    "PNG": ["RGB", "RGBA", "P", "L", "LA", "1"],
    "WEBP": ["RGB", "RGBA"],
    "GIF": ["P"],
}
FORMS = st.sampled_from([(kind, mode) for kind, modes in MODES.items() for mode in modes])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(form=FORMS, width=st.integers(1, 1500), height=st.integers(1, 1500), turn=st.integers(0, 9), loud=st.booleans())
def test_whatever_comes_in_prints_keep_the_limits(
    form: tuple[str, str], width: int, height: int, turn: int, loud: bool
) -> None:
    kind, mode = form
    image = (darkroom.noise(width, height) if loud else scene(width, height)).convert(mode)
    noted = {} if kind == "GIF" else {"exif": darkroom.exif(turn, place=True)}
    developed = develop(as_file(image, kind, **noted))
    assert "broken" not in developed.refused
    assert developed.refused or set(developed.prints) | set(developed.reasons) == set(Crop)
    for crop, made_print in developed.prints.items():
        measures, content = MEASURES[crop], developed.contents[made_print.name]
        shown = Image.open(io.BytesIO(content))
        shown.load()
        assert shown.format in {"JPEG", "PNG"}
        assert len(content) == made_print.size <= measures.heaviest
        assert shown.size == (made_print.width, made_print.height)
        assert measures.narrowest <= shown.width <= min(measures.width, developed.width)
        assert abs(shown.height - shown.width * measures.down / measures.across) <= 0.5
        assert not dict(shown.getexif())
        assert not {"exif", "icc_profile", "comment", "xmp", "dpi"} & set(shown.info)
