import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.render import typography
from digest.render.languages import language_of, shipped_languages

_ = "\u00a0"
NARROW = "\u202f"
CODES = st.sampled_from(shipped_languages())
# What the rules look at, thrown together.
MARKS = list("'\"„“”’«»-().,!?:;`= ")
TRAPS = st.lists(
    st.sampled_from(
        [
            *MARKS,
            *(_, NARROW, "--", " - ", "...", "a", "word", "7", "é", "س", "12 km", "3 to 2", "May 3"),
            *("http://a.example/x'y", "a@b.example", "5'11\"", "&amp;", "<b>"),
        ]
    ),
    max_size=14,
).map("".join)


def rules(code="en"):
    return language_of(code).rules


@pytest.mark.parametrize(
    ("raw", "language", "bound"),
    [
        ("on Dec. 1 and November 20, 2026", "en", f"on Dec.{_}1 and November{_}20, 2026"),
        ("in May 3 of us", "en", f"in May{_}3 of us"),
        ("on 20 November and 3 März", "de", f"on 20{_}November and 3{_}März"),
        ("awards $212 million to 38 patients", "en", f"awards $212{_}million to 38 patients"),
        ("114 degrees, 2.5 percent, 11 p.m.", "en", f"114{_}degrees, 2.5{_}percent, 11{_}p.m."),
        ("the board said, 3 to 2.", "en", f"the board said, 3{_}to{_}2."),
        ("from 1971 to 1980", "en", "from 1971 to 1980"),
        ("5 minutest", "en", "5 minutest"),
        ("dismay 5", "en", "dismay 5"),
        ("el 20 de noviembre, 2 millones, 5 a 4", "es", f"el 20{_}de{_}noviembre, 2{_}millones, 5{_}a{_}4"),
        ("le 20 novembre, 3 ans, 5 contre 4", "fr", f"le 20{_}novembre, 3{_}ans, 5{_}contre{_}4"),
        ("am 20. November, 5 Jahre, 6 zu 3", "de", f"am 20.{_}November, 5{_}Jahre, 6{_}zu{_}3"),
        ("في 20 نوفمبر بعد 3 سنوات", "ar", f"في 20{_}نوفمبر بعد 3{_}سنوات"),
        ("", "en", ""),
    ],
)
def test_what_belongs_together_in_running_text(raw, language, bound):
    assert typography.running(raw, rules(language)) == bound


@pytest.mark.parametrize(
    ("raw", "set_"),
    [
        ("Rail workers may sue", f"Rail workers may{_}sue"),
        ("Jurisprudence considered misunderstood", "Jurisprudence considered misunderstood"),
        ("Alone", "Alone"),
        ("Panel rules 3 to 2", f"Panel rules 3{_}to{_}2"),
    ],
)
def test_a_short_ending_of_a_headline_stays_together(raw, set_):
    assert typography.headline(raw, rules()) == set_


@pytest.mark.parametrize(
    ("raw", "set_"),
    [
        ("The courthouse at dusk", "The courthouse at dusk."),
        ("The courthouse at dusk.", "The courthouse at dusk."),
        ("“Guilty!”", "“Guilty!”"),
        ("هل انتهى؟", "هل انتهى؟"),
        ("  ", ""),
    ],
)
def test_a_caption_ends_with_its_full_stop(raw, set_):
    assert typography.caption(raw, rules()) == set_


def test_a_short_credit_stays_together_and_a_long_one_may_break():
    assert typography.credit("Ingrid Solano/The Docket") == f"(Ingrid{_}Solano/The{_}Docket)"
    assert typography.credit("Ingrid Solano for The Docket and others") == "(Ingrid Solano for The Docket and others)"


@pytest.mark.parametrize(
    ("code", "set_"),
    [
        ("en", "She said “go to ‘No. 5’ now”; he didn’t"),
        ("es", "She said “go to ‘No. 5’ now”; he didn’t"),
        ("fr", f"She said «{NARROW}go to “No. 5” now{NARROW}»{NARROW}; he didn’t"),
        ("de", "She said „go to ‚No. 5‘ now“; he didn’t"),
        ("ar", "She said «go to “No. 5” now»; he didn’t"),
    ],
)
def test_typewriter_quotes_become_those_of_the_language(code, set_):
    assert typography.marked("She said \"go to 'No. 5' now\"; he didn't", rules(code)) == set_


@pytest.mark.parametrize(
    ("raw", "set_"),
    [
        ('"So," ("or")—"so"-called', "“So,” (“or”)—“so”-called"),
        ("\"'Twas he,\" the dogs' owner said", "“’Twas he,” the dogs’ owner said"),
        ("rock 'n' roll in the '90s and 1990's", "rock ’n’ roll in the ’90s and 1990’s"),
        ('"Route 66" is', "“Route 66” is"),
        ('"a 27" screen"', '“a 27" screen”'),
        ("say \"'go'\"", "say “‘go’”"),
        ('„Wort" und', "„Wort“ und"),
        ("l'eau et l\u2019air", "l’eau et l’air"),
        ("wait... what", "wait… what"),
        ("Ames--the clerk--left", "Ames—the clerk—left"),
        ("Ames - the clerk -- left", "Ames — the clerk — left"),
    ],
)
def test_what_was_typed_is_printed(raw, set_):
    assert typography.marked(raw, rules()) == set_


@pytest.mark.parametrize("code", shipped_languages())
@pytest.mark.parametrize(
    "text",
    [
        "6'",
        "5'11\" tall",
        "5' 11.5\"",
        'a 27" screen',
        "40° 26' 46\" N",
        'one " alone',
        'see https://docket.example/it\'s--a...b?c="d":',
        "write to o'hara--x@docket.example.",
        '<a href="x">',
        'x="y" and `a "b"`',
        "AT&amp;T",
        "git --force ../.. 5 - 3 x - y",
        "10:30",
        '""',
        "« »",
    ],
)
def test_what_is_no_text_stays_as_it_is(text, code):
    assert typography.marked(text, rules(code)) == text


@pytest.mark.parametrize(
    ("raw", "set_"),
    [
        ("Qui paie?", "Qui paie_?"),
        ("Qui paie ?!", "Qui paie_?!"),
        ("«Non», dit-il: «Jamais !»", "«_Non_», dit-il_: «_Jamais_!_»"),
        ("à 10:30; voir https://a.example/x?y=1: ici", "à 10:30_; voir https://a.example/x?y=1: ici"),
        ('Il a dit "oui".', "Il a dit «_oui_»."),
    ],
)
def test_french_marks_are_set_off(raw, set_):
    assert typography.marked(raw, rules("fr")) == set_.replace("_", NARROW)


def test_arabic_stays_as_it_is_written():
    text = "سأل القاضي: «من يدفع؟» ثم مضى؛ ولم يعد، قط! (20 %)"
    assert typography.marked(text, rules("ar")) == text


def letters(text):
    """Without marks and spaces."""
    return "".join(character for character in text if character.isalnum())


@settings(deadline=None)  # the first call reads a language
@given(st.one_of(st.text(), TRAPS), CODES)
def test_only_spaces_and_marks_change(text, code):
    for set_ in (typography.headline(text, rules(code)), typography.running(text, rules(code))):
        assert letters(set_) == letters(text)


@settings(deadline=None)  # the first call reads a language
@given(st.one_of(st.text(), TRAPS), CODES)
def test_what_is_set_stays_set(text, code):
    for setting in (typography.marked, typography.running, typography.headline, typography.caption):
        once = setting(text, rules(code))
        assert setting(once, rules(code)) == once


@settings(deadline=None)  # the first call reads a language
@given(TRAPS)
def test_addresses_stay_whole(text):
    addresses = [word for word in text.split() if word == "http://a.example/x'y"]
    assert [word for word in typography.running(text, rules("fr")).split() if word in addresses] == addresses


@pytest.mark.parametrize("code", ["en", "de", "es", "ar"])
def test_no_line_begins_with_a_mark_that_a_foreign_story_sets_off(code):
    assert (
        typography.marked("Fancy Input : donnez du style !", rules(code)) == "Fancy Input\u00a0: donnez du style\u00a0!"
    )
    assert typography.marked("a :-) b", rules(code)) == "a :-) b"
