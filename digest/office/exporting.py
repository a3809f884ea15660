"""Exporting: the back issues as a folder of files, for a site without a server of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from digest.errors import RecordError
from digest.model.back_issues import BackIssue, Exported
from digest.office.back_issue_pages import BackIssuePages, Made
from digest.office.pages import Pages
from digest.record.exported import ExportedFolder
from digest.render.back_issues.feeds import JSON_FEED, RSS
from digest.render.back_issues.listing import places
from digest.render.back_issues.sitemap import SITEMAP

_INDEX = "index.html"
Make = Callable[[], bytes]


class Exporting:
    """The back issues of one publication, as files that a web server shows at `web.address`."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._made = BackIssuePages(pages, by_server=False)

    def export(self, folder: Path) -> Exported:
        """Brings `folder` up to date: lists, issues with their pictures, feeds, sitemap. What is as it was stays
        untouched, and what was exported before and is gone goes. Raises RecordError for a folder that is not ours."""
        # Issues first, because a damaged one comes to light when it is read, and then no list has it.
        issues = self._issues()
        known = self._made.catalogue().issues
        web = self._pages.settings.publication.web
        done = ExportedFolder(folder, web).write({**issues, **self._lists(known), **self._onward(known)})
        return Exported(
            issues=len(known),
            written=done.written,
            unchanged=done.unchanged,
            removed=done.removed,
            faults=self._made.back_issues.faults(),
        )

    def _issues(self) -> Mapping[str, Make]:
        found: dict[str, Make] = {}
        for one in self._made.catalogue().issues:
            names = self._made.back_issues.pictures(one.id)
            if names is None:
                continue
            found[f"issues/{one.id}/{_INDEX}"] = partial(self._page, self._made.issue, one.id)
            found[f"issues/{one.id}/text.txt"] = partial(self._page, self._made.text, one.id)
            for name in names:
                found[f"issues/{one.id}/pictures/{name}"] = partial(self._picture, one.id, name)
        return found

    def _lists(self, known: Sequence[BackIssue]) -> Mapping[str, Make]:
        sheet = self._pages.style_sheet()
        return {
            sheet.name: sheet.css.encode,
            RSS: lambda: self._made.rss().content,
            JSON_FEED: lambda: self._made.json_feed().content,
            SITEMAP: lambda: self._made.sitemap().content,
            f"issues/{_INDEX}": lambda: self._made.first().content,
            **{f"{place}{_INDEX}": partial(self._list, place) for place in places(known)},
        }

    def _onward(self, known: Sequence[BackIssue]) -> Mapping[str, Make]:
        """Pages that lead on: a folder of files cannot answer with another address. Where nobody can sign up, the list
        is what stands at `web.address`."""
        leading = {f"issues/latest/{_INDEX}": f"issues/{known[0].id}/"} if known else {}
        if not self._pages.takes_sign_ups:
            leading[_INDEX] = "issues/"
        return {path: partial(self._leading, place) for path, place in leading.items()}

    def _list(self, place: str) -> bytes:
        year, month = (*place.split("/")[1:-1], "0")[:2]
        made = self._made.of_year(int(year), int(month))
        assert made is not None
        return made.content

    def _leading(self, place: str) -> bytes:
        return self._pages.write("onward.html", languages=(), address=f"{self._pages.root}{place}").encode()

    def _page(self, make: Callable[[str], Made | None], issue_id: str) -> bytes:
        made = make(issue_id)
        if made is None:
            raise _changed(issue_id)
        return made.content

    def _picture(self, issue_id: str, name: str) -> bytes:
        content = self._made.back_issues.picture(issue_id, name)
        if content is None:
            raise _changed(issue_id)
        return content


def _changed(issue_id: str) -> RecordError:
    return RecordError(f"the issue of {issue_id} changed while it was exported", hint="export again")
