import re
from dataclasses import replace
from itertools import combinations

import pytest

from digest.errors import TemplateError
from digest.model import DARK, ISSUE_SLOTS, LIGHT, Note, Slot, Theme
from digest.render.letter import links_of, render_issue


def test_every_slot_stands_in_both_parts(issue, publication):
    rendered = render_issue(issue, publication)
    assert set(rendered.slots) == set(ISSUE_SLOTS)
    for marker in rendered.slots.values():
        assert marker in rendered.html
        assert marker in rendered.text
    assert f'href="{rendered.slots[Slot.UNSUBSCRIBE]}"' in rendered.html


def test_the_same_issue_gives_the_same_letter(issue, publication):
    assert render_issue(issue, publication) == render_issue(issue, publication)


def test_a_row_of_the_store_is_not_content(issue, publication):
    moved = replace(issue, lead=replace(issue.lead, entry_key=99))
    assert render_issue(moved, publication).fingerprint == render_issue(issue, publication).fingerprint


def test_the_fingerprint_and_the_markers_follow_a_headline(issue, publication):
    changed = replace(issue, lead=replace(issue.lead, headline="Another headline"))
    one, other = render_issue(issue, publication), render_issue(changed, publication)
    assert one.fingerprint != other.fingerprint
    assert not set(one.slots.values()) & set(other.slots.values())


def test_the_fingerprint_follows_the_templates_even_where_they_make_the_same(issue, publication, tmp_path):
    (tmp_path / "unused.mjml").write_text("one")
    before = render_issue(issue, publication, templates=tmp_path)
    (tmp_path / "unused.mjml").write_text("two")
    after = render_issue(issue, publication, templates=tmp_path)
    assert (before.html, before.text) == (after.html, after.text)
    assert before.fingerprint != after.fingerprint


def test_a_changed_template_is_read_again(issue, publication, tmp_path):
    (tmp_path / "subscribe.mjml").write_text("")
    without = render_issue(issue, publication, templates=tmp_path)
    assert "Forwarded this letter?" not in without.html
    (tmp_path / "subscribe.mjml").unlink()
    assert "Forwarded this letter?" in render_issue(issue, publication, templates=tmp_path).html


def bare(story):
    return replace(story, deck="", kicker="", byline="", place="", picture=None)


def test_any_part_may_be_missing(issue, publication):
    thin = replace(
        issue,
        lead=bare(issue.lead),
        sections=tuple(replace(section, stories=(bare(section.stories[0]),)) for section in issue.sections),
    )
    parts = {
        "lead": None,
        "sections": (),
        "notice": None,
        "note": Note(paragraphs=()),
    }
    for start in (issue, thin):
        for names in combinations(parts, 2):
            rendered = render_issue(replace(start, **{name: parts[name] for name in names}), publication)
            assert rendered.slots[Slot.UNSUBSCRIBE] in rendered.html
            assert "\n\n\n\n" not in rendered.text
            assert "None" not in rendered.html


def test_a_publication_without_motto_and_with_a_long_name(issue, publication):
    rendered = render_issue(issue, replace(publication, motto="", name="The Long Letter of the County Bar"))
    assert 'class="ink long"' in rendered.html
    assert "The week in court" not in rendered.html + rendered.text


def test_the_full_stop_of_the_name_is_decoration(issue, publication):
    html = render_issue(issue, publication).html
    assert re.search(r'<h1[^>]*>Closing Arguments<span class="accent" aria-hidden="true"[^>]*>\.</span></h1>', html)
    html = render_issue(issue, replace(publication, name="Any Questions?")).html
    assert re.search(r"<h1[^>]*>Any Questions\?</h1>", html)


def test_a_postal_address_on_lines_becomes_one(issue, publication):
    rendered = render_issue(issue, replace(publication, postal_address="12 Court Street,\nSpringfield\n"))
    assert "The Docket, 12 Court Street, Springfield<" in rendered.html
    assert "The Docket, 12 Court Street, Springfield\n" in rendered.text


def test_links(issue, publication):
    links = links_of(issue, replace(publication, reply_to="Desk <desk+c@docket.example>"), "A & B?")
    assert links.back_issues == "https://letters.docket.example/issues/"
    assert links.browser == "https://letters.docket.example/issues/2026-11-20/"
    assert links.subscribe == "https://letters.docket.example/"
    assert links.forward == (
        "mailto:?subject=A%20%26%20B%3F&body=https%3A%2F%2Fletters.docket.example%2Fissues%2F2026-11-20%2F"
    )
    assert links.write == "mailto:desk+c@docket.example"


def test_a_language_from_right_to_left_turns_the_letter_round(issue, publication):
    html = render_issue(issue, replace(publication, language="ar")).html
    assert '<html lang="ar" dir="rtl"' in html
    assert "border-right:3px solid" in html
    assert "direction:ltr" not in html
    assert "text-transform:uppercase" not in html


def test_a_publications_accent_is_used_in_light_and_dark(issue, publication):
    theme = Theme(
        light=replace(LIGHT, accent="#123456", button="#123456"), dark=replace(DARK, accent="#ABCDEF", button="#123456")
    )
    html = render_issue(issue, replace(publication, theme=theme)).html
    assert "#7D1D2B" not in html
    assert "#A63A47" not in html
    assert ".accent{color:#ABCDEF!important}" in html


@pytest.mark.parametrize(
    ("name", "source", "told"),
    [
        ("note.mjml", "{# one #}\n\n{{ nonsense }}", "note.mjml:3: 'nonsense' is undefined"),
        ("note.mjml", "\n{{ issue.nonsense.more }}", "note.mjml:2: 'digest.model.stories.Issue object' has no"),
        ("note.mjml", "\n\n\n{{ 1 // 0 }}", "note.mjml:4: "),
        ("note.mjml", "\n{% if %}", "note.mjml:2: Expected an expression"),
        ("note.mjml", "\n{% include 'nowhere.mjml' %}", "note.mjml:2: there is no template 'nowhere.mjml'"),
        ("letter.txt", "{{ slots.unsubscribe }}\n{{ nonsense }}", "letter.txt:2: 'nonsense' is undefined"),
        ("note.mjml", "{% include 'note.mjml' %}", "note.mjml:1: "),
        ("note.mjml", "<mj-section>\n<mj-colum>\n</mj-colum>\n</mj-section>", "note.mjml:2: <mj-colum> is not an"),
        (
            "sections/standard.mjml",
            "{% set x = 1 %}\n<mj-section>\n{% for one in section.stories %}\n<mj-column\n  widht='1'>\n</mj-column>\n"
            "{% endfor %}\n</mj-section>",
            'sections/standard.mjml:4: <mj-column> has no attribute "widht"',
        ),
        ("note.mjml", "<mj-section>\n<mj-column>\n", "note.mjml:2: <mj-column> is never closed"),
        ("note.mjml", "<mj-section>\n<mj-text>x</mj-text></mj-section>", "note.mjml:2: <mj-text> has no place in"),
        ("note.mjml", "\n<p>{{ 'x' }} &nbsp;</p>", "note.mjml:2: <p> stands outside"),
    ],
)
def test_a_broken_template_is_named_with_its_line(issue, publication, tmp_path, name, source, told):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(source)
    with pytest.raises(TemplateError) as error:
        render_issue(issue, publication, templates=tmp_path)
    assert told in str(error.value).splitlines()[0]
    assert error.value.hint
    assert error.value.exit_code == 4


@pytest.mark.parametrize("name", ["footer.mjml", "letter.txt"])
def test_a_letter_that_cannot_be_unsubscribed_from_is_refused(issue, publication, tmp_path, name):
    (tmp_path / name).write_text("")
    with pytest.raises(TemplateError, match="no way to unsubscribe"):
        render_issue(issue, publication, templates=tmp_path)
