"""Every word that a theme itself says goes through gettext, or a letter in another language would say it in English."""

import re
from pathlib import Path

import pytest

from digest import shipped

TEMPLATES = sorted(
    file
    for name in shipped.themes()
    for file in shipped.theme_folder(name).rglob("*.mjml")
    if file.name != "style.mjml"
)
# Comments, tags and statements of Jinja; styles, conditional comments, elements and entities of HTML.
MARKUP = re.compile(
    r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<(mj-)?style>.*?</(mj-)?style>|<!--.*?-->|<[^>]*>|&#\d+;", re.DOTALL
)
SPOKEN = re.compile(r"""\{\{[^}]*?(?<![\w.(|=\[])"(?P<words>[A-Z][a-z]+[^"]*)"[^}]*\}\}""")


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: f"{file.parent.name}-{file.name}")
def test_no_words_stand_in_a_template_unmarked(file: Path):
    text = file.read_text(encoding="utf-8")
    assert re.findall(r"[A-Za-z]{2,}", MARKUP.sub(" ", text)) == []
    assert [found["words"] for found in SPOKEN.finditer(re.sub(r"_\(\"[^\"]*\"|ngettext\([^)]*\)", "", text))] == []
