"""Letters to single readers: what stands in them, in every language."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from digest.config.load import load
from digest.model import RenderedIssue, Slot
from digest.model.errands import ErrandKind
from digest.render.languages import shipped_languages
from digest.render.single import render_single
from digest.render.slots import fill_html, fill_text

LINK = "https://docket.example/letters/confirm/abc_-.def"
PUBLICATION = load(Path(__file__).resolve().parents[3] / "digest.toml", {}).publication
LINKED = (ErrandKind.CONFIRM, ErrandKind.DATA)


def _made(kind: ErrandKind, language: str) -> RenderedIssue:
    return filled(render_single(kind, PUBLICATION, language=language, year=2026), LINK)


def filled(rendered: RenderedIssue, link: str) -> RenderedIssue:
    """As its reader gets it."""
    values = {Slot.LINK: link}
    return replace(
        rendered,
        html=fill_html(rendered.html, rendered.slots, values),
        text=fill_text(rendered.text, rendered.slots, values),
    )


@pytest.mark.parametrize("language", shipped_languages())
@pytest.mark.parametrize("kind", ErrandKind)
def test_a_letter_has_its_link_once_a_part_and_no_other_but_the_newsroom(kind: ErrandKind, language: str) -> None:
    made = _made(kind, language)
    links = re.findall(r'<a [^>]*href="([^"]+)"', made.html)
    assert links == [*([LINK] if kind in LINKED else []), "mailto:editors@docket.example"]
    assert made.text.splitlines().count(LINK) == (kind in LINKED)
    assert set(made.slots) == ({Slot.LINK} if kind in LINKED else set())
    assert "%(" not in made.subject + made.html + made.text
    assert "digest-begin" not in made.html
    assert len(made.html.encode()) < 20_000


def test_two_letters_of_a_kind_differ_by_their_links_alone() -> None:
    other = LINK.replace("abc", "a&b")
    made = render_single(ErrandKind.CONFIRM, PUBLICATION, year=2026)
    one, two = filled(made, LINK), filled(made, other)
    assert two.html == one.html.replace(LINK, other.replace("&", "&amp;"))
    assert two.text == one.text.replace(LINK, other)


@pytest.mark.parametrize("language", [code for code in shipped_languages() if code != "en"])
@pytest.mark.parametrize("kind", ErrandKind)
def test_nothing_is_left_in_english(kind: ErrandKind, language: str) -> None:
    made, english = _made(kind, language), _made(kind, "en")
    assert made.subject != english.subject
    own = ("://", "=", "Street")
    lines = {line for line in english.text.splitlines() if len(line) > 40 and not any(part in line for part in own)}
    assert lines
    assert not lines & set(made.text.splitlines())


def test_arabic_runs_from_right_to_left() -> None:
    html = _made(ErrandKind.CONFIRM, "ar").html
    assert 'lang="ar"' in html
    assert 'dir="rtl"' in html
    assert "direction:rtl" in html
