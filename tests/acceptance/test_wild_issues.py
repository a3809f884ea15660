"""Thirty issues out of random mixes of real feeds: none has an error, and each fits a phone, also in twice the size.

`python -m tests.acceptance.contact_sheet SHEET.png` shows them. Skipped where the collections or a browser are missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from digest.model import Entry, FetchedSource, Picture, SourceStatus
from digest.web.preview.chromium import Tab, browsing
from tests.acceptance.test_in_a_browser import BROWSER, SENTINEL
from tests.acceptance.test_the_wild import assert_inert
from tests.acceptance.wild_issues import (
    CORPORA,
    DOUBLED,
    FORMS,
    LANGUAGES,
    MEASURED,
    WildIssue,
    for_browser,
    hostile,
    made_issues,
    wild_issue,
)

ISSUES, PHONE = range(1, 31), 360
FITS = {"width": PHONE, "heads": 1, "out": [], "cut": [], "ran": ""}
pytestmark = [
    pytest.mark.skipif(not CORPORA.is_dir(), reason="the collections are not beside this checkout"),
    pytest.mark.skipif(not BROWSER, reason="there is no Chromium or Chrome here"),
]


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    with browsing() as made:
        made.resize(PHONE, 800)
        yield made


def measured(tab: Tab, html: str, folder: Path, *, doubled: bool = False) -> dict[str, Any]:
    page = folder / "letter.html"
    page.write_text(html, encoding="utf-8")
    tab.open(page.as_uri())
    if doubled:
        tab.evaluate(DOUBLED)
    found: dict[str, Any] = tab.evaluate(MEASURED)
    # The box of a picture that is missing is as large as the picture, however large its description is set.
    return {**found, "cut": [words for words in found["cut"] if not (doubled and words.startswith("IMG"))]}


def test_thirty_wild_issues_have_no_error_and_fit_a_phone(tab: Tab, tmp_path: Path) -> None:
    made = list(made_issues(ISSUES, tmp_path))
    assert len(made) == len(ISSUES)
    assert_mixed(made)
    wrong = {issue.number: found for issue in made if (found := faults(tab, issue, tmp_path))}
    assert wrong == {}


def faults(tab: Tab, issue: WildIssue, folder: Path) -> list[object]:
    """The errors of its preflight, and how it stands on a phone where it does not fit."""
    page = for_browser(issue.html)
    stands = [measured(tab, page, folder), measured(tab, page, folder, doubled=True)]
    return [*issue.found.errors, *(each for each in stands if each != FITS)]


def assert_mixed(made: list[WildIssue]) -> None:
    """The draw leaves out no form, no language and no look."""
    drawn = "\n".join(issue.drawn for issue in made)
    for form in FORMS:
        assert f'form = "{form}"' in drawn
    for language in LANGUAGES:
        assert f'language = "{language}"' in drawn
    for look in ('"closing-arguments"', '"plain"', "pictures = false", "pictures = true", "[sponsor]", "[notice]"):
        assert look in drawn
    assert any('id="lead"' not in issue.html for issue in made)
    assert any(issue.stories == 25 for issue in made)
    assert any(' dir="rtl" align' in issue.html for issue in made)
    assert any(' dir="ltr" align' in issue.html for issue in made)


@pytest.mark.parametrize(
    ("spoiled", "found"),
    [
        ('<table width="500"><tr><td>Wide</td></tr></table>', {"width": 500, "out": ["TABLE: Wide"]}),
        ('<p style="height:20px;overflow:hidden">' + "cut off " * 40 + "</p>", {"cut": ["P: "]}),
        ('<p style="overflow:hidden;white-space:nowrap">' + "beyond " * 40 + "</p>", {"cut": ["P: "]}),
        ("<h1>Another</h1>", {"heads": 2}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_seen(tab: Tab, tmp_path: Path, spoiled: str, found: dict[str, Any]) -> None:
    html = for_browser(wild_issue(1, tmp_path / "1").html).replace("</body>", f"{spoiled}</body>")
    seen = measured(tab, html, tmp_path)
    for what, value in found.items():
        if isinstance(value, list):
            assert any(words.startswith(value[0]) for words in seen[what])
        else:
            assert seen[what] == value


@pytest.mark.parametrize("number", [1, 4, 5])
@pytest.mark.parametrize("attacks", ["a feed of them", "in every field"])
def test_hostile_markup_is_words_without_errors(tab: Tab, tmp_path: Path, number: int, attacks: str) -> None:
    made = wild_issue(number, tmp_path / "made", of=hostile() if attacks == "a feed of them" else everywhere())
    assert made.stories
    assert_inert(made.html)
    assert made.found.errors == ()
    page = for_browser(made.html).replace("<head>", f"<head>{SENTINEL}", 1)
    assert measured(tab, page, tmp_path) == FITS
    assert measured(tab, page, tmp_path, doubled=True) == FITS


def everywhere() -> tuple[FetchedSource, ...]:
    """The collections of attacks, each attack in all the words of an entry."""
    folder = CORPORA / "html"
    texts = [each["payload"] for each in json.loads((folder / "dompurify-expect.json").read_text(encoding="utf-8"))]
    texts += [each["data"] for each in json.loads((folder / "html5sec.json").read_text(encoding="utf-8"))]
    texts += [each["input"] for each in json.loads((folder / "bleach.json").read_text(encoding="utf-8"))]
    entries = tuple(_entry(number, text) for number, text in enumerate(texts))
    return (FetchedSource(name="attack", url="https://attack.example/", status=SourceStatus.OK, entries=entries),)


def _entry(number: int, text: str) -> Entry:
    picture = Picture(address=f"https://attack.example/{number}.png", alt=text, caption=text, credit=text)
    return Entry(
        source="attack",
        identity=f"attack {number}",
        title=text or "nothing",
        link=f"https://attack.example/{number}?{'x' * (number % 900)}",
        author=text,
        summary=text,
        content=text * 2,
        categories=(text,),
        pictures=(picture,),
    )
