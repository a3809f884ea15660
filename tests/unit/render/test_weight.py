from dataclasses import replace

import pytest

from digest.model import Form, Section, Sponsor, Theme
from digest.render.letter import render_issue
from digest.render.weight import weight_by_part


@pytest.mark.parametrize("name", ["closing-arguments", "plain"])
def test_every_part_is_weighed_and_the_sum_is_the_whole(issue, publication, name):
    stories = issue.sections[0].stories
    sections = tuple(Section(name=form.value, form=form, stories=stories) for form in (Form.BRIEF, Form.CORRECTION))
    full = replace(issue, sections=sections, sponsor=Sponsor(text="Boxes.", payer="Fenwick"))
    html = render_issue(full, replace(publication, theme=Theme(name=name))).html
    weights = weight_by_part(html)
    assert list(weights) == [
        *("head", "notice", "masthead", "note", "lead", "section-1", "sponsor", "section-2", "subscribe", "footer")
    ]
    assert sum(weights.values()) == len(html.encode())
    assert min(weights.values()) > 400


def test_a_longer_word_weighs_on_its_own_section_in_bytes(issue, publication):
    first, second, third, *others = issue.sections
    assert third.form is Form.OPINION
    longer = replace(third, stories=tuple(replace(story, byline="ä" * 1000) for story in third.stories))
    before = weight_by_part(render_issue(issue, publication).html)
    after = weight_by_part(render_issue(replace(issue, sections=(first, second, longer, *others)), publication).html)
    changed = {part: after[part] - before[part] for part in before if after[part] != before[part]}
    assert changed == {"section-3": 2 * (2000 - len("A quiet week in court"))}


def test_a_page_without_parts_is_all_head():
    assert weight_by_part("<p>ä</p>") == {"head": 9}
