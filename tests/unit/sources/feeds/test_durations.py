import pytest

from digest.sources.feeds.durations import seconds_of
from digest.sources.feeds.parse import parse_feed

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>
<title>The Adjournment</title><item><title>Episode 31</title><link>https://docket.example/31/</link>
<itunes:duration>{}</itunes:duration></item></channel></rss>"""
JSON = """{{"version": "https://jsonfeed.org/version/1.1", "title": "The Adjournment", "items": [{{"id": "31",
"attachments": [{{"url": "https://docket.example/31.jpg", "mime_type": "image/jpeg"}},
{{"url": "https://docket.example/31.mp3", "mime_type": "audio/mpeg", "duration_in_seconds": {}}}]}}]}}"""


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1634", 1634),
        (" 27:14 ", 1634),
        ("1:02:03", 3723),
        ("90:00", 5400),
        ("1634.5", 1634),
        ("0", 0),
        ("", 0),
        ("27 minutes", 0),
        ("27:75", 0),
        ("1634000", 0),
        ("-5", 0),
        ("99:59:59", 0),
    ],
)
def test_seconds_of(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(("body", "value"), [(RSS, "27:14"), (JSON, "1634"), (JSON, "1634.2")])
def test_a_feed_says_how_long_an_episode_runs(body, value):
    (entry,) = parse_feed(body.format(value).encode(), source="The Docket").entries
    assert entry.seconds == 1634


@pytest.mark.parametrize(("body", "value"), [(RSS, "soon"), (JSON, "null"), (JSON, "[1]")])
def test_a_length_that_is_none_says_nothing(body, value):
    (entry,) = parse_feed(body.format(value).encode(), source="The Docket").entries
    assert entry.seconds == 0
