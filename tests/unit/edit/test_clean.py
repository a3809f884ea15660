from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.edit.clean import is_visible, paragraphs, plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Plain & simple", "Plain & simple"),
        ("AT&amp;T &#8217;s", "AT&T ’s"),
        ("<p>One</p><p>Two<br/>three</p>", "One Two three"),
        ("<em>Smith</em> <b>v.</b> Jones", "Smith v. Jones"),
        ("a<script>alert(1)</script>b<style>x{}</style>", "ab"),
        ("&lt;b&gt; is a tag", "<b> is a tag"),
        ("Hello\r\nBcc: victim@example.com", "Hello Bcc: victim@example.com"),
        ("left \u202etfel\u202c \u2066x\u2069 \x00\x07\x1b", "left tfel x"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("Kaʻahu “quoted” — \U0001f41d", "Kaʻahu “quoted” — \U0001f41d"),
        ("<!-- hidden -->seen", "seen"),
        ("", ""),
    ],
)
def test_markup_becomes_words(markup: str, text: str) -> None:
    assert plain_text(markup) == text


def test_paragraphs_are_told_apart_and_figures_left_out() -> None:
    markup = "<p>First.</p><figure><img src='x'/><figcaption>Caption</figcaption></figure><div>Second.</div>"
    assert tuple(paragraphs(markup)) == ("First.", "Second.")


def test_two_hundred_thousand_nested_elements_are_survived() -> None:
    assert "word" in plain_text("<p>word</p>" + "<b>" * 200_000)


@given(st.text(max_size=200))
def test_no_text_leaves_with_control_characters_or_line_breaks(text: str) -> None:
    clean = plain_text(text)
    assert clean == clean.strip()
    assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in clean)
    assert not set(clean) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")


def test_heaped_marks_are_cleared_away_and_languages_keep_theirs() -> None:
    assert plain_text("Z" + "\u0301\u0316" * 20 + "algo") == "Z\u0301\u0316\u0301algo"
    for words in ("Vie\u0323\u0302t", "שָׁלוֹם", "ที่นี่", "कृत्रिम"):
        assert plain_text(words) == words


@pytest.mark.parametrize("text", ["", " ", "\u200b\u200d", "\u00ad\u2060", "\u3164", "\u2800", "\u0301"])
def test_what_shows_nothing_is_no_headline(text: str) -> None:
    assert not is_visible(text)
    assert is_visible(f"{text}A")


@pytest.mark.parametrize("text", ["👍", "…", "12", "判"])
def test_whatever_can_be_seen_is_visible(text: str) -> None:
    assert is_visible(text)
