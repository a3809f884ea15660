"""What stands in an attribute is what a reader gets, whatever its characters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as browser

from digest.render.attributes import referenced
from digest.render.characters import printable
from digest.render.mjml import compiled

LETTER = (
    '<mjml><mj-body><mj-section><mj-column><mj-text><img src="x" alt="{}" /> {}</mj-text>'
    "</mj-column></mj-section></mj-body></mjml>"
)


def description(words):
    escaped = words.replace("&", "&amp;").replace('"', "&#34;").replace("<", "&lt;")
    page = browser.fromstring(compiled(LETTER.format(escaped, "\u00a0")).encode())
    return next(page.iter("img")).get("alt")


@pytest.mark.parametrize(
    "words",
    [
        "خالٍ من الركاب",
        "12\u00a0km",
        "cafe\u0301",
        "👩‍👩‍👧",
        "a\u200eb",
        "C:\\folder",
        "कि",
        "ไทย",
        "1\u202f000",
        '="a\u00a0b" <i>',
    ],
)
def test_a_description_is_not_garbled(words):
    assert description(words) == words


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_no_description_is(words):
    words = " ".join(printable(words).split(" "))
    assert description(words) == words


def test_what_is_plain_stays_as_it_is():
    source = LETTER.format("“é” &amp; س", "12\u00a0km")
    assert referenced(source) == source
