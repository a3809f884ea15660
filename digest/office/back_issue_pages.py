"""The pages of back issues as they are served: written once, and kept until they would say something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import groupby

from digest.office.back_issues import Catalogue, PublicLetter
from digest.office.pages import Pages
from digest.render.back_issues import feeds, listing, sitemap
from digest.render.back_issues.letter_page import framed
from digest.render.back_issues.marks import marked_words
from digest.render.characters import printable
from digest.render.languages import Language, language_of
from digest.settings import Settings

_KEPT = 256
"""Pages that are kept ready, a few ten kilobytes each."""
_HTML, _TEXT = "text/html; charset=utf-8", "text/plain; charset=utf-8; format=flowed"
_RSS, _JSON_FEED, _XML = "application/rss+xml; charset=utf-8", "application/feed+json; charset=utf-8", "application/xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A page as it is served: its bytes, their media type, and `mark`, another one whenever the bytes are others.
    `changed` is when it last changed, where that is known."""

    content: bytes
    kind: str = _HTML
    changed: datetime | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """The language that a page is spoken in; `chosen` when the visitor's address asks for it. Empty is the letter's."""

    language: str = ""
    chosen: bool = False


OWN_LANGUAGE = Speech()


class BackIssuePages:
    """The pages of back issues. Threads may share them. `by_server` is false for pages that nobody serves: they cannot
    search, nor speak another language than the letter."""

    def __init__(self, pages: Pages, *, by_server: bool = True) -> None:
        self.back_issues = pages.back_issues
        self._pages = pages
        self._by_server = by_server
        self._kept: dict[tuple[object, ...], Made | None] = {}
        self._version: tuple[object, ...] = ()

    def catalogue(self) -> Catalogue:
        """The issues that readers may look at."""
        return self.back_issues.catalogue()

    def first(self, speech: Speech = OWN_LANGUAGE) -> Made:
        """The first page of the list, whatever there is to list."""
        made = self._once(("first", speech), lambda known: self._list(known, speech, self._first_page(known)))
        assert made is not None
        return made

    def of_year(self, year: int, month: int = 0, speech: Speech = OWN_LANGUAGE) -> Made | None:
        """The list of a year, or of a month and what was before it in that year; None without any."""

        def make(known: Catalogue) -> Made | None:
            page = listing.page_of(known.issues, year, month)
            return self._list(known, speech, page) if page else None

        return self._once(("year", year, month, speech), make)

    def issue(self, issue_id: str, speech: Speech = OWN_LANGUAGE) -> Made | None:
        """An issue as it was sent; None for one that nobody may look at."""
        return self._once(("issue", issue_id, speech), lambda known: self._issue(known, issue_id, speech))

    def text(self, issue_id: str) -> Made | None:
        """The plain text of an issue."""

        def make(known: Catalogue) -> Made | None:
            letter = self.back_issues.letter(issue_id)
            return Made(content=letter.text.encode(), kind=_TEXT) if letter else None

        return self._once(("text", issue_id), make)

    def search(self, words: str, *, before: str = "", speech: Speech = OWN_LANGUAGE) -> Made:
        """What a search finds, some dozen stories from the issue `before` on."""
        findings = self.back_issues.search(words, before=before)
        known = self.catalogue()
        by_issue = [
            (known.issues[known.by_id[issue_id]], list(stories))
            for issue_id, stories in groupby(findings.found, key=lambda one: one.issue)
            if issue_id in known.by_id
        ]
        html = self._write(
            "search.html", speech, words=words, findings=findings, by_issue=by_issue, marked_words=marked_words
        )
        return _made(html)

    def rss(self) -> Made:
        """The feed of issues as RSS."""
        return self._feed(feeds.rss, _RSS)

    def json_feed(self) -> Made:
        """The feed of issues as a JSON Feed."""
        return self._feed(feeds.json_feed, _JSON_FEED)

    def sitemap(self) -> Made:
        """Every page that a search engine may know."""
        known, web = self.catalogue(), self._settings.publication.web
        more = ("",) if self._pages.takes_sign_ups and self._by_server else ()
        return _marked(Made(content=sitemap.sitemap(known.issues, web, more=more), kind=_XML))

    def robots(self) -> Made:
        """What robots are asked to leave alone."""
        return _marked(
            Made(content=sitemap.robots(self._pages.root, self._settings.publication.web).encode(), kind=_TEXT)
        )

    @property
    def _settings(self) -> Settings:
        return self._pages.settings

    def _once(self, key: tuple[object, ...], make: Callable[[Catalogue], Made | None]) -> Made | None:
        known = self.catalogue()
        if known.version != self._version or len(self._kept) >= _KEPT:
            self._kept, self._version = {}, known.version
        kept = self._kept
        if key not in kept:
            made = make(known)
            if made is None:
                return None
            kept[key] = _marked(made)
        return kept[key]

    def _feed(self, write: Callable[..., bytes], kind: str) -> Made:
        publication = self._settings.publication

        def make(known: Catalogue) -> Made:
            content, changed = write(known.issues, publication), feeds.changed_at(known.issues)
            return Made(content=content, kind=kind, changed=changed)

        made = self._once((kind,), make)
        assert made is not None
        return made

    def _first_page(self, known: Catalogue) -> listing.Listing | None:
        return listing.first_page(known.issues) if known.issues else None

    def _list(self, known: Catalogue, speech: Speech, page: listing.Listing | None) -> Made:
        web = self._settings.publication.web
        where = listing.place_of(page.year) if page and page.latest is None else "issues/"
        newest = known.issues[0] if known.issues else None
        card = {
            "kind": "website",
            "address": f"{web}{where}",
            "published": "",
            "picture": feeds.picture_address(newest, web) if newest else "",
            "alt": newest.picture.alt if newest and newest.picture else "",
        }
        html = self._write(
            "back_issues.html", speech, listing=page, issues=known.issues, card=card, place_of=listing.place_of
        )
        return _made(html)

    def _issue(self, known: Catalogue, issue_id: str, speech: Speech) -> Made | None:
        letter = self.back_issues.letter(issue_id)
        if letter is None:
            return None
        earlier, later = known.neighbours(issue_id)
        words = {**self._said_of(letter), "earlier": earlier, "later": later}
        head, before, after = (
            self._write(f"issue/{part}.html", speech, **words) for part in ("head", "before", "after")
        )
        return _made(framed(letter.html, head=head, before=before, after=after))

    def _said_of(self, letter: PublicLetter) -> Mapping[str, object]:
        shown, web = letter.shown, self._settings.publication.web
        card = {
            "kind": "article",
            "title": shown.subject,
            "description": shown.deck or shown.preheader,
            "address": feeds.address_of(shown, web),
            "picture": feeds.picture_address(shown, web),
            "alt": shown.picture.alt if shown.picture else "",
            "published": shown.went_out.isoformat(),
        }
        return {"issue": shown, "card": card, "corrections": self._last_words(letter)}

    def _last_words(self, letter: PublicLetter) -> list[tuple[str, str]]:
        """Each story of the issue that was changed on its site since: its address, and its headline as it is now."""
        web = (one for one in letter.corrections if one.address.startswith(("https://", "http://")))
        changed = {one.address: self.back_issues.headline(printable(one.after)) for one in web}
        return list(changed.items())

    def _write(self, name: str, speech: Speech, **values: object) -> str:
        more = {} if self._by_server else {"languages": ()}
        return self._pages.write(
            name,
            language=speech.language,
            chosen=speech.chosen,
            spoken=self._language(speech),
            asked=speech.language if speech.chosen else "",
            searches=self._by_server,
            weekday=self._settings.week.weekday,
            rss=feeds.RSS,
            json_feed=feeds.JSON_FEED,
            **{**values, **more},
        )

    def _language(self, speech: Speech) -> Language:
        code = speech.language or self._settings.publication.language
        return language_of(code, self._settings.templates)


def _made(html: str) -> Made:
    return _marked(Made(content=html.encode()))


def _marked(made: Made) -> Made:
    return replace(made, mark=sha256(made.content).hexdigest()[:20])
