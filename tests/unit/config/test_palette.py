"""The colours of the letter: whose they are, and which are refused."""

import pytest

from digest import shipped
from digest.config.colour import READABLE, contrast
from digest.config.palette import palettes, twice, unreadable
from digest.model import DARK, LIGHT


def told(document):
    return [(".".join(one.path), one.words) for one in unreadable(document)]


@pytest.mark.parametrize("name", shipped.themes())
def test_every_word_of_a_shipped_theme_can_be_read(name):
    for palette in palettes({"theme": {"name": name}}):
        for ground in (palette.paper, palette.panel):
            for words in (palette.ink, palette.text, palette.muted, palette.accent):
                assert contrast(words, ground) >= READABLE
        assert contrast("#FFFFFF", palette.button) >= READABLE


def test_the_theme_s_own_colours_stand_where_nothing_is_said():
    assert palettes({}) == (LIGHT, DARK)
    assert palettes({"theme": {"name": "plain"}})[0].accent == "#1F4E6B"


def test_an_accent_is_the_button_s_too_and_lightened_for_the_dark():
    light, dark = palettes({"publication": {"accent": "#1d2b7d"}})
    assert (light.accent, light.button, dark.button) == ("#1D2B7D", "#1D2B7D", "#1D2B7D")
    assert contrast(dark.accent, dark.panel) >= READABLE
    assert dark.accent != DARK.accent


def test_the_theme_s_accent_says_the_same():
    of_theme = palettes({"theme": {"light": {"accent": "#1D2B7D"}}})
    assert of_theme == palettes({"publication": {"accent": "#1D2B7D"}})


def test_a_button_of_its_own_is_the_dark_one_too_unless_that_has_one():
    assert palettes({"theme": {"light": {"button": "#333333"}}})[1].button == "#333333"
    both = {"light": {"button": "#333333"}, "dark": {"button": "#444444"}}
    assert palettes({"theme": both})[1].button == "#444444"


@pytest.mark.parametrize(
    ("document", "key", "words"),
    [
        (
            {"theme": {"light": {"ink": "#AAAAAA"}}},
            "theme.light.ink",
            "its contrast on #F3EEE4 is 2.0:1; take a darker",
        ),
        (
            {"theme": {"dark": {"text": "#555555"}}},
            "theme.dark.text",
            "its contrast on #22201C is 2.2:1; take a lighter",
        ),
        ({"publication": {"accent": "#C08080"}}, "publication.accent", "take a darker one, with 4.5:1 or more"),
        ({"theme": {"light": {"paper": "#777777"}}}, "theme.light.paper", "(#625B50) on it is 1.5:1; take a lighter"),
        ({"theme": {"dark": {"panel": "#777777"}}}, "theme.dark.panel", "take a darker one, with 4.5:1 or more"),
        ({"theme": {"light": {"button": "#EEEEEE"}}}, "theme.light.button", "to the white words on it is 1.2:1"),
    ],
)
def test_a_colour_that_is_hard_to_read_is_refused_by_its_key(document, key, words):
    ((path, said),) = told(document)
    assert path == key
    assert words in said


def test_a_pair_that_goes_together_is_taken():
    night = {"paper": "#102030", "panel": "#182838", "ink": "#F0F0F0", "text": "#D0D0D0", "muted": "#B0B0B0"}
    assert told({"theme": {"light": {**night, "accent": "#9CC8E6", "button": "#1F4E6B"}}}) == []


def test_what_is_no_colour_is_left_to_the_schema():
    assert told({"theme": {"light": {"ink": "oxblood", "text": 5}, "dark": "black"}, "publication": []}) == []


def test_the_accent_is_said_once():
    document = {"publication": {"accent": "#7D1D2B"}, "theme": {"light": {"accent": "#7D1D2B"}}}
    ((path, words),) = [(one.path, one.words) for one in twice(document)]
    assert path == ("publication", "accent")
    assert "theme.light.accent says it too" in words
