"""The preview's page while a template is worked on, driven by a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digest.model import Preflight
from digest.web.preview.chromium import browsing
from tests.acceptance.previewing import Page, command, served
from tests.acceptance.publication import Publication
from tests.acceptance.test_in_a_browser import BROWSER

pytestmark = pytest.mark.skipif(not BROWSER, reason="there is no Chromium or Chrome here")

MASTHEAD = (
    '<mj-section><mj-column><mj-text><h1 class="ink">Opening Statements</h1>'
    '<a class="accent" href="{{ links.browser }}" style="color:{{ theme.light.accent }}">View in browser</a>'
    "</mj-text></mj-column></mj-section>"
    '<mj-section><mj-column><mj-text><div style="height:600px">&#160;</div></mj-text></mj-column></mj-section>'
)


@pytest.fixture
def composed(composed: Publication) -> Publication:
    """With a folder for templates of its own."""
    (composed.folder / "templates").mkdir()
    path = composed.folder / "digest.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count("[theme]\n") == 1
    path.write_text(text.replace("[theme]\n", '[theme]\ntemplates = "templates"\n'), encoding="utf-8")
    return composed


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    with browsing() as tab:
        yield Page(tab)


def test_a_template_shows_at_once_where_one_was_reading(browser: Page, composed: Publication) -> None:
    own = composed.folder / "templates" / "masthead.mjml"
    with command(composed) as (preview, _):
        browser.open(preview)
        browser.letter("view.scrollTo(0, 900)")
        own.write_text(MASTHEAD, encoding="utf-8")
        browser.wait_for_letter("letter.querySelector('h1').textContent.includes('Opening Statements')")
        assert browser.letter("view.scrollY") == 900
        browser.wait("document.querySelector('#state').textContent.includes('digest compose')")
        own.write_text("{% if %}\n" + MASTHEAD, encoding="utf-8")
        browser.wait("!document.querySelector('#trouble').hidden")
        assert "masthead.mjml:1: " in browser.text("#trouble")
        assert browser.letter("letter.querySelector('h1').textContent.includes('Opening Statements')")
        own.unlink()
        browser.wait("document.querySelector('#trouble').hidden")
        browser.wait_for_letter("letter.querySelector('h1').textContent.includes('Closing Arguments')")


def test_nothing_of_a_letter_runs(browser: Page, composed: Publication) -> None:
    own = composed.folder / "templates" / "masthead.mjml"
    attack = (
        '<mj-raw><img src="x" onerror="parent.document.title = 1" /><script>parent.document.title = 2</script></mj-raw>'
    )
    own.write_text(attack + MASTHEAD, encoding="utf-8")
    with served(composed, Preflight()) as preview:
        browser.open(preview)
        assert browser.letter("letter.querySelector('[onerror]') !== null")
        assert str(browser.tab.evaluate("document.title")).startswith("Preview: ")


def test_the_page_says_when_the_command_has_ended(browser: Page, composed: Publication) -> None:
    with command(composed) as (preview, _):
        browser.open(preview)
    browser.wait("document.querySelector('#trouble').textContent.includes('run digest preview again')")
