import pytest

from digest.model import Picture
from digest.render.picture import Frame, frame


@pytest.mark.parametrize(
    ("width", "height", "framed"),
    [
        (1120, 630, Frame(width=560, height=315)),
        (600, 1200, Frame(width=280, height=560)),
        (300, 200, Frame(width=300, height=200)),
        (20000, 3, Frame(width=560, height=1)),
        (0, 0, Frame(width=560, height=0)),
        (800, 0, Frame(width=560, height=0)),
        (-5, 10, Frame(width=560, height=0)),
    ],
)
def test_a_picture_keeps_its_shape_and_is_never_blown_up(width, height, framed):
    assert frame(Picture(address="https://docket.example/p.jpg", width=width, height=height), 560, 560) == framed
