"""Pictures made for tests: something to see, in every kind and with every fault."""

from __future__ import annotations

import io
import random
from typing import Any

from PIL import Image, ImageCms, ImageDraw

RED, GREEN, BLUE, YELLOW = (200, 30, 30), (30, 160, 30), (30, 30, 200), (220, 200, 30)


def scene(width: int = 1600, height: int = 900, mode: str = "RGB") -> Image.Image:
    """Four fields of colour (red, green over blue, yellow) and some circles: left and right, top and bottom differ."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    middle, centre = width // 2, height // 2
    for box, colour in (
        ((0, 0, middle, centre), RED),
        ((middle, 0, width, centre), GREEN),
        ((0, centre, middle, height), BLUE),
        ((middle, centre, width, height), YELLOW),
    ):
        draw.rectangle(box, fill=colour)
    chance = random.Random(width * 10_007 + height)
    for _ in range(24):
        x, y, radius = chance.randrange(width), chance.randrange(height), max(2, min(width, height) // 24)
        draw.ellipse((x, y, x + radius, y + radius), fill=tuple(chance.randrange(256) for _ in range(3)))
    return image.convert(mode)


def noise(width: int, height: int) -> Image.Image:
    """What compresses worst."""
    return Image.frombytes("RGB", (width, height), random.Random(7).randbytes(width * height * 3))


def as_file(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file of that kind (Pillow's name)."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def exif(orientation: int = 1, *, place: bool = False) -> Image.Exif:
    """What a camera notes: how it was held, who made it and, if wanted, where."""
    noted = Image.Exif()
    noted[0x0112] = orientation
    noted[0x010F] = "Camera maker"
    noted[0x013B] = "Jane Photographer"
    if place:
        noted.get_ifd(0x8825).update({1: "N", 2: (47.0, 22.0, 33.0), 3: "E", 4: (8.0, 32.0, 27.0)})
    return noted


def srgb() -> bytes:
    """A colour profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def read(content: bytes) -> Image.Image:
    """A made print, loaded."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image
