"""The galley on a real publication: what it makes proofs from, and what it keeps when one fails."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest import app
from digest.config.load import load
from digest.errors import DigestError
from digest.model import Preflight
from digest.model.preview import Kept
from digest.office.proofs import NO_LETTER, Proofs
from digest.web.preview.galley import Galley
from digest.web.preview.watch import sources_of

REPOSITORY = Path(__file__).resolve().parents[4]
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    """The sample newsroom, gathered."""
    for name in ("digest.toml", "subscribers.csv"):
        shutil.copy(REPOSITORY / name, tmp_path)
    shutil.copytree(REPOSITORY / "sample", tmp_path / "sample")
    with app.open_publication(load(tmp_path / "digest.toml", {}), lambda: NOW) as publication:
        assert len(list(publication.gather())) == 4
    return tmp_path


def galley_of(newsroom: Path, now: datetime = NOW) -> Galley:
    return Galley(lambda: load(newsroom / "digest.toml", {}), lambda: now, examine=lambda proofs, issue, links: None)


def compose(newsroom: Path, now: datetime = NOW) -> None:
    with app.open_publication(load(newsroom / "digest.toml", {}), lambda: now) as publication:
        publication.compose()


def kept(galley: Galley) -> Kept:
    assert galley.trouble is None
    assert galley.sheet
    return galley.sheet.proof.kept


def test_a_proof_is_what_composing_makes(newsroom: Path) -> None:
    galley = galley_of(newsroom)
    galley.refresh()
    assert kept(galley) is Kept.NOT_YET
    assert not (newsroom / "issues").exists()
    compose(newsroom)
    galley.refresh()
    assert kept(galley) is Kept.AS_SHOWN
    assert galley.number == 2
    galley.refresh()
    assert galley.number == 2
    galley.close()


def test_an_issue_made_up_ahead_of_its_time_is_as_shown_later_too(newsroom: Path) -> None:
    early = NOW.replace(day=19)
    compose(newsroom, early)
    galley = galley_of(newsroom, early.replace(minute=30))
    galley.refresh()
    assert kept(galley) is Kept.AS_SHOWN
    galley.close()


def test_a_day_that_compose_was_given_is_kept_to(newsroom: Path) -> None:
    with app.open_publication(load(newsroom / "digest.toml", {}), lambda: NOW) as publication:
        made = publication.compose(since=datetime(2026, 11, 17).date())
    galley = galley_of(newsroom)
    galley.refresh()
    assert kept(galley) is Kept.AS_SHOWN
    assert galley.sheet
    assert galley.sheet.proof.issue.stories == made.issue.stories
    galley.close()


def test_an_issue_that_was_altered_by_hand_is_not_what_is_shown(newsroom: Path) -> None:
    compose(newsroom)
    with (newsroom / "issues" / "2026-11-20" / "issue.html").open("a") as file:
        file.write("<p>one more</p>")
    galley = galley_of(newsroom)
    galley.refresh()
    assert kept(galley) is Kept.CHANGED
    galley.close()


def test_a_fault_keeps_the_last_proof(newsroom: Path) -> None:
    galley = galley_of(newsroom)
    galley.refresh()
    good = galley.sheet
    (newsroom / "digest.toml").write_text("[publication\n", encoding="utf-8")
    galley.refresh()
    assert isinstance(galley.trouble, DigestError)
    assert (galley.sheet, galley.number) == (good, 2)
    shutil.copy(REPOSITORY / "digest.toml", newsroom)
    galley.refresh()
    assert (galley.trouble, galley.number) == (None, 3)
    galley.close()


def test_a_fault_of_the_program_is_said_and_the_page_goes_on(newsroom: Path) -> None:
    def broken(proofs: Proofs, issue: str, links: bool) -> Preflight | None:
        raise ZeroDivisionError("seven by nothing")

    galley = Galley(lambda: load(newsroom / "digest.toml", {}), lambda: NOW, examine=broken)
    galley.refresh()
    assert "ZeroDivisionError: seven by nothing" in str(galley.trouble)
    galley.close()


def test_the_preflight_sees_the_proof_and_asks_links_only_when_told(newsroom: Path) -> None:
    seen = []

    def noted(proofs: Proofs, issue: str, links: bool) -> Preflight | None:
        seen.append((proofs.publication.archive.load(issue)[0].id, links))
        return Preflight()

    galley = Galley(lambda: load(newsroom / "digest.toml", {}), lambda: NOW, examine=noted)
    galley.refresh()
    assert galley.with_links() == Preflight()
    assert seen == [("2026-11-20", False), ("2026-11-20", True)]
    galley.close()


def test_everything_that_a_letter_is_made_from_is_watched(newsroom: Path) -> None:
    (newsroom / "templates" / "sections").mkdir(parents=True)
    settings = replace(load(newsroom / "digest.toml", {}), templates=newsroom / "templates")
    day = datetime(2026, 11, 20).date()
    (newsroom / "issues" / "2026-11-20").mkdir(parents=True)
    before = sources_of(settings, day)
    made = (
        newsroom / "templates" / "sections" / "standard.mjml",
        newsroom / "issues" / "2026-11-20" / "note.txt",
        newsroom / "digest.toml",
        newsroom / "subscribers.csv",
    )
    for path in made:
        path.write_text("changed", encoding="utf-8")
    after = sources_of(settings, day)
    changed = {path for path in after if before.get(path) != after[path]}
    assert changed == {str(path) for path in made}
    assert any(path.endswith("closing-arguments/letter.mjml") for path in before)


def test_readers_are_found_by_address_or_name(newsroom: Path) -> None:
    (newsroom / "subscribers.csv").write_text(
        "email,name\nana@example.com,Ana Silva\nbo_b@example.com,Bob 100%\nbcb@example.com,\n", encoding="utf-8"
    )
    galley = galley_of(newsroom)
    with galley.proofs() as proofs:
        found = {words: [each.address for each in proofs.readers(words, 9)] for words in ("SILVA", "o_b", "%", "zz")}
        assert found == {"SILVA": ["ana@example.com"], "o_b": ["bo_b@example.com"], "%": ["bo_b@example.com"], "zz": []}
        assert len(proofs.readers("", 2)) == 2
        assert proofs.reader("ana@example.com").name == "Ana Silva"
        assert proofs.reader("stranger@example.com").name == "Ana Reader"
    galley.close()


def test_a_reader_is_shown_the_sections_that_they_chose(newsroom: Path) -> None:
    (newsroom / "subscribers.csv").write_text(
        "email,name,sections\nana@example.com,Ana,Opinion\nbo@example.com,Bo,Nowhere\ncy@example.com,Cy,Unheard of\n"
    )
    with (newsroom / "digest.toml").open("a") as file:
        file.write('[[sections]]\nname = "Nowhere"\ncategories = ["No story has this"]\n')
    galley = galley_of(newsroom)
    galley.refresh()
    assert galley.sheet
    proof = galley.sheet.proof
    with galley.proofs() as proofs:
        proofs.readers("", 9)  # which reads the list
        ana, bo, cy, invented = (
            proofs.specimen(proof.issue, proof.rendered, proofs.reader(address))
            for address in ("ana@example.com", "bo@example.com", "cy@example.com", "")
        )
    shown = {section.name for section in proof.issue.shown}
    assert {name for name in shown if f"\n{name}\n-" in ana.text} == {"Opinion"}
    assert "Good morning, Ana," in ana.text
    assert (bo.headers, bo.text) == ("", NO_LETTER)
    assert {name for name in shown if f"\n{name}\n-" in cy.text} == shown
    assert invented.text.count("\n") == cy.text.count("\n")
    galley.close()
