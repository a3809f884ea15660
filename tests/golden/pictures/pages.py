"""The readers' pages that pictures are taken of."""

from __future__ import annotations

import re
from pathlib import Path

from tests.backlist import NEWEST, Backlist
from tests.smallest import LEAST
from tests.visiting import Visitor

_MOTTO = "The week in court, every Friday: rulings and filings from near and far, in one letter that takes six minutes."
_SECTIONS = "".join(
    f'[[sections]]\nname = "{name}"\ncategories = ["{name}"]\n' for name in ("Courts", "Politics", "Science", "Culture")
)


def list_of_back_issues(folder: Path) -> str:
    """The list of a publication that is put into `folder`, with its styles in it and its picture from there."""
    return _page(Backlist.open(folder), "issues/", folder)


def sign_up(folder: Path) -> str:
    """The sign-up of a publication that is put into `folder`, in the same way."""
    least = LEAST.replace("timezone", f'motto = "{_MOTTO}"\ntimezone', 1)
    return _page(Backlist.open(folder, more=_SECTIONS, least=least), "", folder)


def _page(backlist: Backlist, place: str, folder: Path) -> str:
    backlist.send_weeks(6)
    visitor = Visitor(backlist)
    html = visitor.get(place).text
    beside = (folder / "issues" / NEWEST.isoformat() / "pictures").as_uri()
    html = html.replace(f"{visitor.pages.root}issues/{NEWEST}/pictures", beside)
    css = visitor.pages.style_sheet().css
    return re.sub(r'<link[^>]*rel="stylesheet"[^>]*>', lambda _: f"<style>{css}</style>", html)
