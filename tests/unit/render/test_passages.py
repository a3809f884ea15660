"""Letters that lack sections: what is cut out, and that the rest is the whole letter's."""

from dataclasses import replace
from html import escape

import pytest

from digest.model import Form, Section
from digest.render.languages import language_of
from digest.render.letter import render_issue
from digest.render.passages import Marks, with_sections

HASH = "0123456789abcdef"
FORMS = tuple(form for form in Form if form is not Form.LEAD)


@pytest.fixture
def sections(issue, story_called):
    """A section of each form, whose words name it."""
    return replace(
        issue,
        sections=tuple(
            Section(
                name=f"Part {form.value}",
                form=form,
                stories=tuple(story_called(f"Words of {form.value} {number}") for number in (1, 2, 3)),
            )
            for form in FORMS
        ),
    )


@pytest.fixture
def whole(sections, publication):
    return render_issue(sections, publication)


def without(whole, issue, *out):
    return with_sections(whole, issue, 1, lambda number: number not in out, language_of("en"))


def test_marks_leave_nothing_behind():
    marks = Marks(HASH)
    made = f"a\n{marks.begin('section-1')}\nb\n{marks.end('section-1')}\nc{marks.begin('x')}d{marks.end('x')}"
    clean, passages = marks.taken_out(made)
    assert clean == "a\nb\ncd"
    assert [(one.name, clean[one.start : one.end]) for one in passages] == [("section-1", "b\n"), ("x", "d")]


def test_a_mark_without_its_end_marks_nothing():
    marks = Marks(HASH)
    assert marks.taken_out(f"a{marks.begin('section-1')}b") == ("ab", ())


def test_no_mark_reaches_a_reader(whole):
    assert "digest-begin" not in whole.html + whole.text
    assert "digest-end" not in whole.html + whole.text
    names = {f"section-{number}" for number in range(1, len(FORMS) + 1)}
    assert {one.name for one in whole.html_passages} == names | {"preheader"}
    assert {one.name for one in whole.text_passages} == names


@pytest.mark.parametrize("out", range(len(FORMS)), ids=[form.value for form in FORMS])
def test_what_was_not_chosen_is_not_in_it(whole, sections, out):
    made = without(whole, sections, out)
    for number, form in enumerate(FORMS):
        for part in (made.html, made.text):
            assert (f"Words of {form.value} 3" in part.replace("\N{NO-BREAK SPACE}", " ")) == (number != out)
    assert "A quiet week in court" in made.text.replace("\n", " ")


def test_it_is_what_the_templates_make_of_those_sections(whole, sections, publication):
    """But for the markers, which hold another hash, and the numbers by which parts are found."""
    made = without(whole, sections, 0, 2)
    rendered = render_issue(
        replace(sections, sections=tuple(one for number, one in enumerate(sections.sections) if number not in (0, 2))),
        publication,
    )
    text = rendered.text
    for slot, marker in rendered.slots.items():
        text = text.replace(marker, whole.slots[slot])
    assert made.text == text
    assert made.preheader == rendered.preheader
    assert escape(made.preheader) in made.html


def test_all_sections_cut_leaves_lead_and_note(whole, sections):
    made = without(whole, sections, *range(len(FORMS)))
    assert "Words of" not in made.html + made.text
    assert "A quiet week" in made.html
    assert made.html.count("<table") == made.html.count("</table>")
    assert made.html.count("<!--[if") == made.html.count("<![endif]-->")


def test_letters_of_two_bodies_are_told_apart(whole, sections):
    one, other = (
        with_sections(whole, sections, variant, lambda number: number == 0, language_of("en")) for variant in (1, 2)
    )
    assert len({whole.fingerprint, one.fingerprint, other.fingerprint}) == 3


def test_a_section_that_templates_do_not_mark_goes_to_everybody(whole, sections):
    unmarked = replace(whole, html_passages=(), text_passages=())
    made = without(unmarked, sections, 0)
    assert (made.html, made.text) == (whole.html, whole.text)
