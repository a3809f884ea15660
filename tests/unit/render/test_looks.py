import pytest

from digest.model.preview import GMAIL_CLIPS_AT, Look, View
from digest.render.looks import as_seen, clipped, in_scheme, without_pictures

ALWAYS, NEVER = "(min-width:0px)", "(max-width:0px)"


@pytest.mark.parametrize(("scheme", "dark", "light"), [("dark", ALWAYS, NEVER), ("light", NEVER, ALWAYS)])
def test_a_scheme_is_chosen_wherever_it_is_asked_for(scheme, dark, light):
    html = (
        "<style>@media (prefers-color-scheme: dark) and (max-width:480px){p{}} "
        '@media ( prefers-color-scheme:light ){p{}}</style><source media="(prefers-color-scheme:dark)">'
    )
    made = in_scheme(html, scheme)
    assert made == (
        f'<style>@media {dark} and (max-width:480px){{p{{}}}} @media {light}{{p{{}}}}</style><source media="{dark}">'
    )


def test_the_browsers_own_scheme_follows():
    html = '<meta name="color-scheme" content="light dark"><style>:root{color-scheme:light dark}</style>'
    assert in_scheme(html, "dark") == '<meta name="color-scheme" content="dark"><style>:root{color-scheme:dark}</style>'


def test_mailboxes_that_turn_letters_over_do_not_ask_the_letter():
    html = '<style>@media (prefers-color-scheme:dark){p{color:#fff}}</style><p style="color:#000">'
    for look in (Look.GMAIL, Look.OUTLOOK):
        made = as_seen(html, View(look=look))
        assert NEVER in made
        assert '<p style="color:#ffffff">' in made
    assert as_seen(html, View()).endswith('<p style="color:#000">')


def test_without_pictures_the_words_stay():
    html = (
        '<img alt="A court" src="a.jpg" srcset="b.jpg 2x" width="9"><source srcset=\'b.jpg 2x\' media="all"><a src="x">'
    )
    assert without_pictures(html) == '<img alt="A court" width="9"><source media="all"><a src="x">'


def test_a_short_letter_is_not_clipped():
    html = "<p>" + "x" * (GMAIL_CLIPS_AT - 7) + "</p>"
    assert clipped(html) == html


def test_a_long_letter_ends_with_a_whole_element():
    html = "<p>é</p>" * 20_000
    made = clipped(html)
    kept, _, notice = made.partition("<div")
    assert kept == "<p>é</p>" * (len(kept) // 8) or kept.endswith("<p>é")
    assert len(kept.encode()) <= GMAIL_CLIPS_AT
    assert len(kept.encode()) > GMAIL_CLIPS_AT - 20
    assert "[Message clipped]" in notice
