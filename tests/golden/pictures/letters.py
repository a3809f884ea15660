"""The letters that pictures are taken of: the sample's, and an Arabic one."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from digest import app, clock
from digest.config.load import load
from digest.model import Issue
from digest.model.preview import View
from digest.render.browser_copy import Folders, for_browser
from digest.render.languages import language_of
from digest.render.letter import Compiler, render_issue
from digest.render.looks import as_seen
from digest.render.mjml import compiled
from digest.render.slots import fill_html, neutral_values
from digest.settings import Publication
from digest.start import copy_sample
from tests.golden.render.weeks import arabic

UPLOADS = Path("sample", "uploads", "2026", "11")
# The Arabic week has no pictures of its own.
LENT = {"port.jpg": "kaahu-harbor.jpg", "well.jpg": "quill-creek-mailboxes.jpg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An issue to be set, and the folders that have its pictures."""

    issue: Issue
    publication: Publication
    folders: Folders

    def html(self, compiler: Compiler = compiled) -> str:
        """As a reader without a name gets it."""
        made = render_issue(self.issue, self.publication, compiler=compiler)
        values = neutral_values(self.publication, language_of(self.publication.language))
        return fill_html(made.html, made.slots, values)

    def page(self, view: View, compiler: Compiler = compiled) -> str:
        """As a mailbox shows it."""
        return for_browser(as_seen(self.html(compiler), view), self.folders)


def sample_letter(folder: Path) -> Letter:
    """The letter of the sample newsroom, which is put into `folder`."""
    copy_sample(folder)
    settings = load(folder / "digest.toml", {})
    with app.open_publication(settings, clock.now) as newsroom:
        list(newsroom.gather())
        issue = newsroom.compose().issue
    return Letter(issue=issue, publication=settings.publication, folders=settings.preview_folders)


def arabic_letter(folder: Path) -> Letter:
    """A letter from the right to the left. Its pictures, lent by the sample in `folder`, are put there too."""
    publication, issue = arabic()
    pictures = folder / "arabic"
    pictures.mkdir()
    for name, lender in LENT.items():
        shutil.copyfile(folder / UPLOADS / lender, pictures / name)
    return Letter(issue=issue, publication=publication, folders=[(f"{publication.site}pictures/", pictures)])
