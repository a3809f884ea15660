"""What a picture costs to develop: `python -m bench.pictures`. Medians of five runs that take turns.

A photograph of 6000 × 4000 px is made into the letter's two prints, against bare Pillow doing just that: opened at a
quarter of its size, cut, reduced and written twice.
"""

from __future__ import annotations

import io
import random
import statistics
import time
from collections.abc import Callable
from functools import partial

from PIL import Image

from bench.measuring import HEAD, Row
from digest.pictures.develop import develop

RUNS = 5
SIZE = (6000, 4000)
PRINTS = ((1120, 630), (640, 427))


def photograph(*, progressive: bool) -> bytes:
    """Soft shapes and some grain, about 4 MB."""
    chance = random.Random(1)
    shapes = Image.frombytes("RGB", (30, 20), chance.randbytes(30 * 20 * 3)).resize(SIZE, Image.Resampling.BICUBIC)
    grain = Image.frombytes("RGB", (1500, 1000), chance.randbytes(1500 * 1000 * 3)).resize(SIZE)
    file = io.BytesIO()
    Image.blend(shapes, grain, 0.1).save(file, "JPEG", quality=88, progressive=progressive)
    return file.getvalue()


def bare(content: bytes) -> None:
    image = Image.open(io.BytesIO(content))
    image.draft("RGB", PRINTS[0])
    image.load()
    for width, height in PRINTS:
        down = min(image.height, round(image.width * height / width))
        top = (image.height - down) // 2
        reduced = image.resize((width, height), Image.Resampling.LANCZOS, box=(0, top, image.width, top + down))
        reduced.save(io.BytesIO(), "JPEG", quality=80, optimize=True, progressive=True)


def milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def row(what: str, content: bytes) -> Row:
    taken = [(milliseconds(partial(develop, content)), milliseconds(partial(bare, content))) for _ in range(RUNS)]
    ours, floor = (statistics.median(column) for column in zip(*taken, strict=True))
    ratio = statistics.median(one / other for one, other in taken)
    return Row(what, f"{ours:.0f} ms", f"{floor:.0f} ms", f"{ratio:.2f} ×")


def main() -> None:
    print(HEAD)
    for name, progressive in (("baseline", False), ("progressive", True)):
        content = photograph(progressive=progressive)
        print(row(f"a {name} JPEG of {SIZE[0]} × {SIZE[1]} px, {len(content) / 1e6:.1f} MB", content))


if __name__ == "__main__":
    main()
