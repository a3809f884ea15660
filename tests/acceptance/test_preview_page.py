"""The preview's page, driven by a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digest.model import Finding, Passed, Preflight, Severity
from digest.web.preview.chromium import browsing
from tests.acceptance.previewing import Page, Preview, served, until
from tests.acceptance.publication import Publication
from tests.acceptance.test_in_a_browser import BROWSER

pytestmark = pytest.mark.skipif(not BROWSER, reason="there is no Chromium or Chrome here")

ISSUE = "2026-11-20"
FOUND = Preflight(
    findings=(
        Finding(
            check="links.dead",
            severity=Severity.ERROR,
            title="A link does not answer",
            where="National, last story",
            why="Readers who tap the headline would find nothing.",
            do="correct the address, or drop the story.",
            anchor="h3",
        ),
        Finding(check="note.long", severity=Severity.WARNING, title="The note runs long", anchor="h1"),
        Finding(check="stories.near", severity=Severity.WARNING, title="<b>Two</b> stories may be one", anchor="]["),
    ),
    passed=(Passed(check="size", title="Size", figure="51 of 95 KB"), Passed(check="names", title="Names")),
)


@pytest.fixture
def preview(composed: Publication) -> Iterator[Preview]:
    with served(composed, FOUND) as preview:
        yield preview


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    with browsing() as tab:
        yield Page(tab)


@pytest.fixture
def page(browser: Page, preview: Preview) -> Page:
    browser.open(preview)
    return browser


def ground(page: Page) -> str:
    """The colour of the letter's paper."""
    return str(page.letter("view.getComputedStyle(letter.body).backgroundColor"))


def test_frames(page: Page) -> None:
    for key, choice, width in (("3", "phone", 360), ("2", "tablet", 600), ("1", "desktop", 0)):
        page.press(key)
        page.wait(f"document.querySelector('input[value={choice}]').checked")
        wide = page.letter("view.innerWidth")
        assert wide == width or (not width and wide > 600)
    page.click("input[value=phone] + span")
    page.wait_for_letter("view.innerWidth === 360")
    assert page.letter("letter.documentElement.scrollWidth") == 360


def test_lights(page: Page) -> None:
    assert ground(page) == "rgb(252, 250, 246)"
    for key, colour in (("d", "rgb(22, 21, 19)"), ("i", "rgb(9, 7, 3)"), ("i", "rgb(32, 30, 28)")):
        page.press(key)
        page.wait_for_letter(f"view.getComputedStyle(letter.body).backgroundColor === {colour!r}")
    page.press("i")
    page.wait_for_letter("view.getComputedStyle(letter.body).backgroundColor === 'rgb(252, 250, 246)'")


def test_what_the_reader_of_the_page_prefers_does_not_turn_the_letter(browser: Page, preview: Preview) -> None:
    browser.open(preview, dark=True)
    assert ground(browser) == "rgb(252, 250, 246)"
    assert browser.tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 21, 19)"


def test_pictures_off(page: Page) -> None:
    page.wait_for_letter("[...letter.images].some(one => one.naturalWidth > 100)")
    page.press("p")
    page.wait_for_letter("[...letter.images].every(one => !one.naturalWidth && one.alt) && letter.images.length > 3")
    page.click("#pictures-off")
    page.wait_for_letter("[...letter.images].some(one => one.naturalWidth > 100)")


def test_text_source_and_headers(page: Page) -> None:
    for choice, words in (("text", "Good morning, Ana,"), ("source", "<!doctype html>"), ("headers", "Message-ID: <")):
        page.click(f"input[value={choice}] + span")
        page.wait(f"document.querySelector('#words').textContent.includes({words!r})")
        assert not page.tab.evaluate("document.querySelector('#sheet').checkVisibility()")
    page.press("t")
    page.press("t")
    page.wait("document.querySelector('#words').hidden")


def test_what_is_chosen_outlives_loading_the_page_again(page: Page) -> None:
    page.press("3")
    page.press("d")
    page.tab.call("Page.reload")
    until(lambda: page.tab.evaluate("document.querySelector('input[value=dark]')?.checked"))
    page.wait("document.body.dataset.shown")
    assert page.letter("view.innerWidth") == 360


def test_the_envelope(page: Page) -> None:
    subject = page.text("#subject")
    assert page.text("#from") == "Closing Arguments <letters@docket.example>"
    assert page.text("#subject-length") == f"{len(subject)} characters"
    assert int(page.text("#preheader-length")) == len(
        page.tab.evaluate("document.querySelector('#preheader').textContent")
    )


def test_the_verdict_and_the_counts(page: Page) -> None:
    assert page.text("#verdict").startswith("One error stands between this issue and ")
    assert page.text("#counts").split() == ["×", "1", "error", "!", "2", "warnings", "✓", "2", "fine"]
    assert page.text("#state") == "Sending is blocked: 1 error"
    assert "<b>Two</b>" in page.text("#finding-3")
    assert "Size" not in page.text("#passed")
    page.click("#passed button")
    assert "51 of 95 KB" in page.text("#passed")


def test_a_finding_is_shown_at_its_place(page: Page) -> None:
    page.press("ArrowDown")
    page.wait("document.querySelector('#finding-1.chosen') === document.activeElement")
    page.wait_for_letter("view.scrollY > 200")
    marks = page.letter(
        "[...letter.querySelectorAll('[data-digest-mark]')].map(one => [one.textContent, one.style.borderWidth])"
    )
    assert marks == [["", "2px"], ["1", ""]]
    around, place = page.letter(
        "['[data-digest-mark]', 'h3'].map(each => letter.querySelector(each).getBoundingClientRect().top)"
    )
    assert 0 < place - around < 10
    assert page.tab.evaluate("document.querySelectorAll('#rail i').length") == 2
    page.press("ArrowDown")
    page.wait("document.querySelector('#finding-2.chosen')")
    page.press("ArrowUp")
    page.press("ArrowUp")
    page.wait("document.querySelector('#finding-3.chosen')")
    assert page.letter("letter.querySelectorAll('[data-digest-mark]').length") == 0


def test_the_way_round_an_error_is_a_command_on_record(page: Page) -> None:
    command = f"digest send --date {ISSUE} --despite links.dead"
    assert not page.tab.evaluate("document.querySelector('#finding-1 code').checkVisibility()")
    page.click("#finding-1 [aria-expanded]")
    assert page.text("#finding-1 code") == command
    assert page.tab.evaluate("document.querySelectorAll('#list code').length") == 1


def test_keys_work_inside_the_letter_and_not_in_a_field(page: Page) -> None:
    page.click("#sheet iframe")
    page.press("d")
    page.wait("document.querySelector('input[value=dark]').checked")
    page.press("r")
    page.wait("document.querySelector('#reader-dialog').open")
    page.write("#search", "")
    page.press("3")
    assert page.tab.evaluate("document.querySelector('input[value=desktop]').checked")


def test_help_names_every_key(page: Page) -> None:
    page.press("?")
    page.wait("document.querySelector('#help-dialog').open")
    shown = set(page.tab.evaluate("[...document.querySelectorAll('#help-dialog kbd')].map(one => one.textContent)"))
    assert shown == {"1", "2", "3", "D", "I", "P", "C", "T", "R", "↓", "↑", "?", "Esc"}


def reached(page: Page, times: int) -> set[str]:
    """What Tab comes to, so many times: ids, or values where there are none."""
    return {tabbed(page) for _ in range(times)}


def tabbed(page: Page) -> str:
    page.press("Tab")
    return str(page.tab.evaluate("(e => e.id || e.value || e.textContent)(document.activeElement)"))


def test_everything_is_reached_by_tab(page: Page) -> None:
    assert tabbed(page) == "To the preflight"  # past the letter and all its links
    assert {"test-copy", "desktop", "light", "letter", "pictures-off", "clipped", "reader"} <= reached(page, 10)
    page.tab.evaluate("document.querySelector('.skip').click()")
    assert {"check-links", "Show in the letter", "Send anyway, on record", "Show", "help"} <= reached(page, 10)


def test_who_has_the_focus_is_seen(page: Page) -> None:
    for _ in range(12):
        page.press("Tab")
        assert page.tab.evaluate(
            "[document.activeElement, document.activeElement.nextElementSibling]"
            ".some(one => one && getComputedStyle(one).outlineWidth === '3px')"
        )


def test_a_chosen_readers_letter(page: Page) -> None:
    page.click("#reader")
    page.wait("document.querySelectorAll('#readers li').length > 2")
    page.write("#search", "nobody-of-that-name")
    page.wait("document.querySelectorAll('#readers li').length === 1")
    page.tab.evaluate("document.querySelector('#search').value = ''")
    page.write("#search", "@")
    page.wait("document.querySelectorAll('#readers li').length > 2")
    address = page.tab.evaluate("document.querySelector('#readers li:nth-child(2) small').textContent").partition(",")[
        0
    ]
    page.click("#readers li:nth-child(2) button")
    page.wait_for_letter(f"letter.body.textContent.includes({address!r})")
    assert page.text("#reader").startswith("Reader: ")
    assert "invented" not in page.text("#reader")


def test_a_test_copy_from_the_page(page: Page, composed: Publication) -> None:
    page.click("#test-copy")
    page.write("#address", "me@example.com")
    page.click("#copy-form [type=submit]")
    page.wait("document.querySelector('#copy-told').textContent.startsWith('Taken')")
    (letter,) = composed.letters()
    assert b"me@example.com" in letter.read_bytes()


def test_a_refused_test_copy_says_why(page: Page, composed: Publication) -> None:
    composed.run("subscribers", "suppress", "me@example.com")
    page.click("#test-copy")
    page.write("#address", "me@example.com")
    page.click("#copy-form [type=submit]")
    page.wait("document.querySelector('#copy-told.failed')?.textContent.includes('suppressed')")
    assert composed.letters() == []


def test_links_are_asked_on_a_button(page: Page) -> None:
    page.click("#check-links")
    page.wait("document.querySelector('#links-told').textContent === 'Every link was asked.'")


@pytest.mark.parametrize("width", [320, 360, 600, 961, 1280])
def test_the_page_fits(browser: Page, preview: Preview, width: int) -> None:
    browser.open(preview, width=width)
    assert browser.tab.evaluate("document.documentElement.scrollWidth") == width
    low = browser.tab.evaluate(
        "[...document.querySelectorAll('.tools span, .tools button, .bar button, #list button, #passed button')]"
        ".filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44).map(one => one.textContent)"
    )
    assert width > 640 or [words for words in low if words not in {"Pictures off", "Clipped"}] == []
