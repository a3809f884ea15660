"""A publication in another language, from its configuration to its letters."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.acceptance.publication import Publication

ISSUE = "2026-11-20"
ANA = "ana.teixeira@example.com"


def letter_to(publication: Publication, address: str) -> EmailMessage:
    for path in publication.letters():
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        if message["To"].addresses[0].addr_spec == address:
            return message
    raise AssertionError(f"no letter to {address}")


def text_of(message: EmailMessage) -> str:
    part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    assert part.get_param("format") == "flowed"
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_week_in_spanish(sample: Publication) -> None:
    sample.configure('language = "en"', 'language = "es"')
    sample.run("gather")
    sample.run("compose")
    sample.run("send", "--yes")
    text = text_of(letter_to(sample, ANA))
    assert "viernes, 20 de noviembre de 2026" in text
    assert "\nBuenos días, Ana:\n\nEsta semana: " in text
    assert "\nDarse de baja:\nhttps://letters.docket.example/u/" in text
    assert f"Recibe este boletín porque \n{ANA} \nse suscribió en docket.example." in text


def test_a_language_without_words_is_refused_and_one_file_adds_it(sample: Publication) -> None:
    sample.configure('language = "en"', 'language = "it"')
    sample.run("gather")
    refused = sample.run("compose", expect=2)
    assert "the letter has no words in Italian yet" in refused.stderr
    assert "templates/locale/it.po" in refused.stderr
    assert not (sample.folder / "issues").exists()

    (sample.folder / "templates" / "locale").mkdir(parents=True)
    catalogue = sample.folder / "templates" / "locale" / "it.po"
    catalogue.write_text('msgid "Unsubscribe"\nmsgstr "Disiscriviti"\n', encoding="utf-8")
    sample.run("compose", DIGEST_THEME_TEMPLATES="templates")
    text = (sample.folder / "issues" / ISSUE / "issue.txt").read_text(encoding="utf-8")
    assert "\nDisiscriviti:\n" in text
    assert "\nBack issues:\n" in text


def test_a_broken_catalogue_is_told_with_its_line_and_ties_nobodys_hands(composed: Publication) -> None:
    (composed.folder / "templates" / "locale").mkdir(parents=True)
    catalogue = composed.folder / "templates" / "locale" / "en.po"
    catalogue.write_text('msgid "By %(name)s"\nmsgstr "By %(nom)s"\n', encoding="utf-8")
    own = {"DIGEST_THEME_TEMPLATES": "templates"}
    for command in (["compose"], ["send", "--yes"]):
        told = composed.run(*command, expect=2, **own)
        assert "en.po:1: 'By %(name)s'" in told.stderr
    assert composed.letters() == []
    composed.run("subscribers", "suppress", ANA, **own)
    assert composed.json("status", ISSUE, **own)["state"] == "composed"
    composed.run("why", ANA, **own)
