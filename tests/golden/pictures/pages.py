"""The readers' pages that pictures are taken of."""

from __future__ import annotations

import re
from pathlib import Path

from digest.office.back_issue_pages import BackIssuePages
from digest.office.pages import Pages
from tests.backlist import NEWEST, Backlist


def list_of_back_issues(folder: Path) -> str:
    """The list of a publication that is put into `folder`, with its styles in it and its picture from there."""
    backlist = Backlist.open(folder)
    backlist.send_weeks(6)
    pages = Pages(backlist.settings, backlist.store, backlist.archive, backlist.clock)
    html = BackIssuePages(pages).first().content.decode()
    beside = (folder / "issues" / NEWEST.isoformat() / "pictures").as_uri()
    html = html.replace(f"{pages.root}issues/{NEWEST}/pictures", beside)
    return re.sub(r'<link[^>]*rel="stylesheet"[^>]*>', lambda _: f"<style>{pages.style_sheet().css}</style>", html)
