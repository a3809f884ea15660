"""A picture's file made into the letter's prints: cut, reduced, without metadata, as light as its limit wants."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from hashlib import sha256

from PIL import Image

from digest.model.pictures import Crop, Developed, Print
from digest.pictures.crops import MEASURES, Measures, cut, print_width, reduction
from digest.pictures.opening import BROKEN, Opened, opened
from digest.pictures.refusal import Refused
from digest.pictures.worth import check_worth

_log = logging.getLogger(__name__)

_QUALITIES = (80, 72, 64, 56, 48, 40)
"""JPEG qualities, the best first. Above 80 bytes are not seen; below 40 blocks are."""
_SIZES = (1.0, 0.8, 0.64, 0.5)
"""Of a picture that is too heavy at every quality, a smaller print is made: noise, grass, gravel."""
_GRAPHIC_COLOURS = 64
NAME_LETTERS = 32
"""Of the hash in a file's name: 128 bits, because letters carry the name once for each picture."""


def develop(content: bytes) -> Developed:
    """The prints of the picture in a file, or the reason why there are none. Never raises, whatever the bytes are.

    Holds 200 MB for the largest photographs that are opened (400 MB for a progressive JPEG in full colour), and keeps
    one processor busy.
    """
    try:
        picture = opened(content, reduction=reduction)
        check_worth(picture)
        return _printed(picture)
    except Refused as refused:
        return Developed(refused=str(refused))
    except Exception:
        _log.debug("a picture of %d bytes: unexpected", len(content), exc_info=True)
        return Developed(refused=BROKEN)


def _printed(picture: Opened) -> Developed:
    prints: dict[Crop, Print] = {}
    reasons: dict[Crop, str] = {}
    contents: dict[str, bytes] = {}
    for crop, measures in MEASURES.items():
        try:
            made, content = _print(picture, measures)
        except Refused as refused:
            reasons[crop] = str(refused)
        else:
            prints[crop] = made
            contents[made.name] = content
    return Developed(
        kind=picture.kind,
        width=picture.width,
        height=picture.height,
        prints=prints,
        reasons=reasons,
        contents=contents,
    )


def _print(picture: Opened, measures: Measures) -> tuple[Print, bytes]:
    """The print for a crop, and its content. Raises Refused for a picture that is too narrow or too heavy."""
    widest = print_width(picture.width, picture.height, measures)
    if widest < measures.narrowest:
        raise Refused(f"{widest} px wide where at least {measures.narrowest} are needed")
    for size in _SIZES:
        width = max(round(widest * size), min(widest, measures.narrowest))
        image = _cut_out(picture.image, measures, width)
        for ending, content in _encodings(image, graphic=bool(picture.colours)):
            if len(content) <= measures.heaviest:
                return _named(image, ending, content), content
    raise Refused(f"it stays heavier than {measures.heaviest // 1000} kB")


def _cut_out(image: Image.Image, measures: Measures, width: int) -> Image.Image:
    size = (width, measures.height(width))
    box = cut(image.width, image.height, measures)
    return image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)


def _encodings(image: Image.Image, *, graphic: bool) -> Iterator[tuple[str, bytes]]:
    """The picture's files, the best first: of a drawing in few colours the lighter of PNG and JPEG."""
    drawing = _as_png(image) if graphic else b""
    for quality in _QUALITIES:
        photograph = _as_jpeg(image, quality)
        if drawing and len(drawing) <= len(photograph):
            yield "png", drawing
        yield "jpg", photograph


def _as_jpeg(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    _bare(image).save(file, "JPEG", quality=quality, optimize=True, progressive=True)
    return file.getvalue()


def _as_png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    reduced = image.quantize(_GRAPHIC_COLOURS, dither=Image.Dither.NONE)
    _bare(reduced).save(file, "PNG", optimize=True)
    return file.getvalue()


def _bare(image: Image.Image) -> Image.Image:
    """The picture without what its file said beside it: Pillow would write comments and profiles again."""
    image.info = {}
    return image


def _named(image: Image.Image, ending: str, content: bytes) -> Print:
    name = f"{sha256(content).hexdigest()[:NAME_LETTERS]}.{ending}"
    return Print(name=name, width=image.width, height=image.height, size=len(content))
