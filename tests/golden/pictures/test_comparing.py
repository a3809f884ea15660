"""The comparison sees a letter that moved, and a line that changed its colour; it does not see what nobody would."""

from __future__ import annotations

from PIL import Image, ImageDraw

from tests.golden.pictures.comparing import TOLERATED, difference

PAPER, INK, HAIRLINE, ACCENT = (252, 250, 246), (28, 26, 23), (222, 214, 200), (125, 29, 43)


def page(word: str = "Verdict", at: int = 20, ink: tuple[int, int, int] = INK, height: int = 4000) -> Image.Image:
    made = Image.new("RGB", (600, height), PAPER)
    drawn = ImageDraw.Draw(made)
    drawn.text((at, 2000), word, fill=ink, font_size=19)
    drawn.line([(20, 2100), (580, 2100)], fill=HAIRLINE)
    return made


def test_a_page_is_like_itself() -> None:
    assert difference(page(), page()) == 0


def test_one_word_in_a_long_letter_is_seen() -> None:
    assert difference(page(), page("Verdicts")) > TOLERATED
    assert difference(page(), page(at=21)) > TOLERATED
    assert difference(page(), page(ink=ACCENT)) > TOLERATED


def test_a_line_that_is_gone_is_seen() -> None:
    bare = page()
    ImageDraw.Draw(bare).line([(20, 2100), (580, 2100)], fill=PAPER)
    assert difference(page(), bare) > TOLERATED


def test_a_taller_page_is_another() -> None:
    assert difference(page(), page(height=4001)) == 1


def test_a_shade_is_not_seen() -> None:
    assert difference(page(), page(ink=(40, 40, 30))) == 0
