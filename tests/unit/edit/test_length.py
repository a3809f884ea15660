import pytest

from digest.edit.length import minutes_to_hear, minutes_to_read
from digest.model import Entry


def entry(**texts):
    return Entry(source="The Docket", identity="1", **texts)


@pytest.mark.parametrize(("words", "minutes"), [(1, 1), (230, 1), (344, 1), (346, 2), (3220, 14)])
def test_minutes_to_read_follow_the_words(words, minutes):
    assert minutes_to_read(entry(content=f"<p>{'word ' * words}</p>")) == minutes


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<figure><figcaption>A hall.</figcaption></figure>",
        f"<p>{'word ' * 400}[&#8230;]</p>",
        f"<p>{'word ' * 400}…</p>",
        f"<p>{'word ' * 400}[...] <a href='https://docket.example/'>More</a></p>",
        f"<p>{'裁判所は水曜日に長い判決を言い渡した。' * 40}</p>",
        f"<p>{'word ' * 100_000}</p>",
    ],
)
def test_minutes_are_not_known_of_what_is_not_the_whole_text(content):
    assert minutes_to_read(entry(content=content, summary="A summary of some words.")) == 0


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (20, 1), (1628, 27), (1650, 28)])
def test_minutes_to_hear(seconds, minutes):
    assert minutes_to_hear(entry(seconds=seconds)) == minutes
