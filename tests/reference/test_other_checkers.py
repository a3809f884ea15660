"""What others' checkers say of the letter: nothing that our preflight does not know, or that is not explained."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from digest import app, clock
from digest.config.load import load
from digest.model import Preflight
from digest.preflight.checks import support as checks
from digest.preflight.leniency import ALLOWED, SHIFTING
from digest.preflight.support import NO, clients_that, support
from digest.settings import PreflightSettings
from tests.golden.pictures.letters import Letter, arabic_letter, sample_letter
from tests.golden.preflight.derivation import CLIENTS
from tests.reference import packages

OURS = PreflightSettings().clients
PROGRAMS = {program: client for client in OURS for program in CLIENTS[client][1]}
# Their package does not know it at all.
UNKNOWN_TO_THEM = {"outlook.outlook-com"}
FEATURES = {title.casefold(): feature for feature, title in support().titles.items()}

# What npm's caniemail finds in the letter and our preflight does not. The other way round there is nothing.
THEIRS_ALONE = {
    "css-transform": "it takes text-transform for it",
    "css-selector-chaining": "it takes a[x-apple-data-detectors] for one, and we for an attribute alone",
    "css-opacity": "only on the preheader, which Outlook on Windows hides by display:none before it comes to that",
    "css-overflow": "the same",
}

# What html-validate's recommended rules find, which are made for pages on the web.
EXPLAINED = {
    "no-inline-style": "mail programs throw style sheets away, so the base form is inline",
    "no-deprecated-attr": "Outlook on Windows reads width, align and bgcolor from attributes alone",
    "no-conditional-comment": "Outlook on Windows gets its tables in them",
    "prefer-tbody": "HTML lets one leave it out, and it would weigh 2 kB",
    "void-style": "<img /> is how MJML, which is XML, writes it; HTML allows it",
    "doctype-style": "MJML writes <!doctype html> in small letters; HTML allows it",
    "long-title": "the title is the subject, whose length the preflight looks after",
    "prefer-native-element": "MJML's <div role=article>: mail programs know no <article>",
}


def wanting(*names: str) -> pytest.MarkDecorator:
    missing = packages.missing(*names)
    return pytest.mark.skipif(bool(missing), reason=f"`npm ci` in tests/reference would install {missing}")


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("checked") / "newsroom"


@pytest.fixture(scope="module")
def letters(newsroom: Path) -> dict[str, Letter]:
    return {"sample": sample_letter(newsroom), "arabic": arabic_letter(newsroom)}


@pytest.fixture
def strict(newsroom: Path, letters: dict[str, Letter], monkeypatch: pytest.MonkeyPatch) -> Iterator[Preflight]:
    """A preflight that tells of everything that some mail program does not know, harmless or not."""
    monkeypatch.setattr(checks, "ALLOWED", {})
    monkeypatch.setattr(checks, "SHIFTING", {})
    with app.open_publication(load(newsroom / "digest.toml", {}), clock.now) as publication:
        yield publication.preflight(publication.newest_issue(), links=False)


def unsupported(html: str) -> dict[str, set[str]]:
    """The features that caniemail finds without support, and our names of the programs that lack it."""
    asked = {"html": html, "clients": [program for program in PROGRAMS if program not in UNKNOWN_TO_THEM]}
    told = json.loads(packages.answer("caniemail.mjs", json.dumps(asked)))
    return {FEATURES.get(title.casefold(), title): {PROGRAMS[name] for name in names} for title, names in told.items()}


@wanting("caniemail")
@pytest.mark.parametrize("which", ["sample", "arabic"])
def test_what_caniemail_finds_without_support_harms_nobody(which: str, letters: dict[str, Letter]) -> None:
    found = unsupported(letters[which].html())
    assert len(found) > 10
    assert set(found) - set(ALLOWED) - set(SHIFTING) == set()
    assert set(found) & set(SHIFTING) == set()


@wanting("caniemail")
def test_caniemail_and_the_preflight_find_the_same(strict: Preflight, letters: dict[str, Letter]) -> None:
    theirs = unsupported(letters["sample"].html())
    ending = " does not work everywhere"
    titles = {found.title.removesuffix(ending) for found in strict.findings if found.title.endswith(ending)}
    ours = {FEATURES[title.casefold()] for title in titles}
    assert (set(theirs) - ours, ours - set(theirs)) == (set(THEIRS_ALONE), set())


@wanting("caniemail")
def test_our_table_says_of_whom_what_caniemail_says(letters: dict[str, Letter]) -> None:
    for feature, clients in unsupported(letters["sample"].html()).items():
        assert clients_that(NO, feature, frozenset(OURS) - {"outlook-com"}) == clients, feature


@wanting("html-validate")
@pytest.mark.parametrize("which", ["sample", "arabic"])
def test_html_validate_finds_only_what_is_explained(which: str, letters: dict[str, Letter]) -> None:
    found = json.loads(packages.answer("validate.mjs", letters[which].html()))
    assert {rule for rule, _, _ in found} == set(EXPLAINED), found
