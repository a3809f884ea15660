"""Opening a picture's file: what it is, how large, and its upright pixels in sRGB on white.

Pillow reads the header first; a picture that would take too much room is refused before a pixel is decoded. The file's
own name and the server's Content-Type are not asked: both lie.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageCms, UnidentifiedImageError

from digest.pictures.refusal import Refused

KINDS = {"JPEG": "jpeg", "MPO": "jpeg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}
"""Pillow's names. Cameras write MPO: a JPEG with another one behind it."""

MOST_PIXELS = 60_000_000
MOST_PIXELS_WHOLE = 25_000_000
"""Of kinds that cannot be decoded at a smaller size, as JPEG can, and of CMYK, which takes twice the room."""
_REDUCED = ("JPEG", "MPO")
_HUGE_PROFILE = 4_000_000
_FEW_COLOURS = 256
_WHOLE = "whole size"
BROKEN = "the file is broken, or not all of it came"

_ORIENTATION = 0x0112
"""Exif 2.32, 4.6.4, table 4. 1 is upright; from 5 on the sides change places."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_ITS_SIDE = 5
_AVERAGED = ("RGB", "RGBA", "L", "LA", "CMYK")
_SIXTEEN_BITS = ("I", "I;16", "I;16B", "I;16L", "I;16N")
Reduction = Callable[[int, int], float]

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
Image.init()
_READERS = tuple(name for name in KINDS if name in Image.OPEN)
"""JPEG's reader opens MPO too. A Pillow that was built without a library lacks its reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An upright picture in RGB on white. `kind`, width and height are the file's; `image` may be a reduced one.

    `colours` counts the file's colours where they are few, else 0; `bare` is the share of it that is transparent.
    """

    image: Image.Image
    kind: str
    width: int
    height: int
    colours: int
    bare: float


def opened(content: bytes, *, reduction: Reduction = lambda width, height: 1.0) -> Opened:
    """The picture in a file. `reduction` says for its width and height at which scale it may be opened, because a large
    JPEG opens several times as fast at half its size. Raises Refused."""
    if not content:
        raise Refused("the file is empty")
    image = _decoded(content, reduction)
    turn, whole = _orientation(image), image.info[_WHOLE]
    width, height = _upright_size(whole, turn)
    colours = _few_colours(image)
    reduced = _reduced(image, reduction(width, height) * whole[0] / image.width)
    upright = reduced.transpose(_TURNS[turn]) if turn in _TURNS else reduced
    return Opened(
        image=_in_srgb(upright),
        kind=KINDS[str(image.format)],
        width=width,
        height=height,
        colours=colours,
        bare=_bareness(upright),
    )


def _decoded(content: bytes, reduction: Reduction) -> Image.Image:
    """The picture as it lies in the file, perhaps at a smaller size; its whole one is noted in its `info`."""
    with _explained(content):
        image = Image.open(io.BytesIO(content), formats=_READERS)
        _check_size(image)
        whole = image.size
        _draft(image, reduction(*_upright_size(whole, _orientation(image))))
        image.load()
        image.info[_WHOLE] = whole
        return image


def _upright_size(size: tuple[int, int], turn: int) -> tuple[int, int]:
    return size[::-1] if turn >= _ON_ITS_SIDE else size


def _check_size(image: Image.Image) -> None:
    most = MOST_PIXELS if image.format in _REDUCED and image.mode != "CMYK" else MOST_PIXELS_WHOLE
    width, height = image.size
    if width * height > most:
        raise Refused(f"{width} × {height} px are more than are opened ({most // 1_000_000} million)")


def _draft(image: Image.Image, scale: float) -> None:
    """Lets a JPEG be decoded at a half, a quarter or an eighth of its size, and never at less than `scale`."""
    image.draft(None, (math.ceil(image.width * scale), math.ceil(image.height * scale)))


def _reduced(image: Image.Image, scale: float) -> Image.Image:
    """A picture that is larger than wanted, by whole numbers smaller: what follows takes less time and room."""
    factor = int(1 / scale)
    return image.reduce(factor) if factor > 1 and image.mode in _AVERAGED else image


def _few_colours(image: Image.Image) -> int:
    if image.format in _REDUCED or image.mode in _SIXTEEN_BITS:
        return 0
    return len(image.getcolors(_FEW_COLOURS) or ())


def _orientation(image: Image.Image) -> int:
    try:
        turn = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # what cameras, phones and editors write there is often broken, and the picture is not
        return 1
    return turn if isinstance(turn, int) else 1


def _bareness(image: Image.Image) -> float:
    """The share of a picture that is transparent."""
    if not image.has_transparency_data:
        return 0.0
    alpha = image.convert("RGBA").getchannel("A")
    return sum(alpha.histogram()[:128]) / (image.width * image.height)


def _in_srgb(image: Image.Image) -> Image.Image:
    """The picture in RGB: its colours as its profile means them, what is transparent on white."""
    profile = image.info.get("icc_profile", b"")
    flat = _on_white(image)
    if profile and len(profile) < _HUGE_PROFILE:
        flat = _converted(flat, profile)
    return flat.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in _SIXTEEN_BITS:
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        ground = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(ground, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB") if image.mode not in {"RGB", "L", "CMYK"} else image


def _converted(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        means = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        result = ImageCms.profileToProfile(image, means, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (
        ImageCms.PyCMSError,
        OSError,
        ValueError,
        TypeError,
    ):  # a profile for another kind of picture, or a broken one
        return image
    return result or image


@contextmanager
def _explained(content: bytes) -> Iterator[None]:
    """Turns what Pillow raises into a refusal. Its readers, some of them in C, raise anything on a broken file."""
    try:
        yield
    except Refused:
        raise
    except UnidentifiedImageError:
        raise Refused(_what_else(content)) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(f"more pixels than are opened ({MOST_PIXELS // 1_000_000} million)") from None
    except Exception:
        raise Refused(BROKEN) from None


def _what_else(content: bytes) -> str:
    beginning = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content[4:8] == b"ftyp":
        return BROKEN
    if b"<svg" in beginning:
        return "an SVG drawing, which mail programs do not show"
    if beginning.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "a web page, not a picture"
    return "no picture of a kind that is known (JPEG, PNG, WebP, GIF, AVIF)"
