"""`digest theme`, and what [theme] makes of the sample's letter."""

from __future__ import annotations

import re

from tests.acceptance.publication import Publication

MADE = "outbox/dry-run/2026-11-20/issue.html"


def letter(publication: Publication) -> str:
    publication.run("run", "--dry-run")
    return (publication.folder / MADE).read_text(encoding="utf-8")


def test_the_samples_letter_has_every_part_and_is_light(sample: Publication) -> None:
    told = sample.run("run", "--dry-run").stdout
    html = (sample.folder / MADE).read_text(encoding="utf-8")
    parts = re.findall(r'<table[^>]* id="([a-z]+)', html)
    assert set(parts) == {"masthead", "note", "lead", "section", "sponsor", "subscribe", "footer"}
    assert ' id="notice"' in html
    assert re.findall(r' id="story-(\d+)"', html) == [str(number) for number in range(1, 26)]
    for words in ("2-minute read", "Play the episode", "(27 minutes)", "Sponsored message", "Column: The tide line"):
        assert words in html.replace("\u00a0", " "), words
    assert len(html.encode()) <= 60_000
    assert re.search(r"Largest: [A-Z][\w &]+ \d\.\d kB, ", told)


def test_another_theme_is_one_word(sample: Publication) -> None:
    page = letter(sample)
    sample.configure('name = "closing-arguments"', 'name = "plain"')
    words_only = letter(sample)
    assert "<img" in page
    assert "<img" not in words_only
    assert "#1F4E6B" in words_only
    assert re.findall(r' id="(story-\d+)"', page) == re.findall(r' id="(story-\d+)"', words_only)


def test_a_part_is_copied_changed_and_used(sample: Publication) -> None:
    told = sample.run("theme", "copy", "subscribe").stdout
    assert "templates/subscribe.mjml" in told
    assert 'templates = "templates"' in told
    sample.configure('# templates = "templates"', 'templates = "templates"')
    part = sample.folder / "templates" / "subscribe.mjml"
    part.write_text(
        part.read_text(encoding="utf-8").replace("Forwarded this letter?", "Not yours yet?"), encoding="utf-8"
    )
    assert "Not yours yet?" in letter(sample)
    assert "your own: templates/subscribe.mjml" in sample.run("theme", "list").stdout
    assert "Not yours yet?" in sample.run("theme", "show", "subscribe").stdout
    told = sample.run("theme", "copy", "footer").stdout
    assert "digest.toml" not in told


def test_what_there_is_not_is_said(sample: Publication) -> None:
    assert "did you mean footer?" in sample.run("theme", "show", "foter", expect=2).stderr
    sample.run("theme", "copy", "footer")
    assert "exists already" in sample.run("theme", "copy", "footer", expect=2).stderr


def test_a_theme_or_a_colour_that_does_not_do_is_refused_by_its_key(sample: Publication) -> None:
    sample.configure('name = "closing-arguments"', 'name = "fancy"')
    assert "theme.name" in sample.run("run", "--dry-run", expect=2).stderr
    sample.configure('name = "fancy"', 'name = "plain"')
    sample.configure('# [theme.light]\n# accent = "#7D1D2B"', '[theme.light]\nmuted = "#AAAAAA"')
    told = sample.run("run", "--dry-run", expect=2).stderr
    assert 'theme.light.muted = "#AAAAAA": its contrast on #F0F1EE is 2.0:1; take a darker one' in told
