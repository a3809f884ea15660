"""Issues made of random mixes of real feeds: any language, any nonsense, in any form and look.

Everything is drawn from a seed, so that issue 17 is the same one every time. The entries stay as their feeds have them,
but for a category that is dealt to each, so that every form of section gets a share of them.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from html import escape
from pathlib import Path

from digest import pipeline
from digest.app import open_publication
from digest.config.load import load
from digest.deliver.letters import write_letter
from digest.errors import TooFewStories
from digest.model import Entry, FetchedSource, KnownSource, Preflight, Wanted
from digest.office.clearance import INVENTED
from digest.office.publication import Publication
from digest.render.slots import fill_html
from digest.settings import Source
from tests.acceptance.publication import REPOSITORY
from tests.unit.sources.gathered import WANTED, read_sources

CORPORA = REPOSITORY.parent / "shared" / "corpora"
DAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
LANGUAGES = ("en", "es", "fr", "de", "ar")
FORMS = ("lead", "standard", "brief", "opinion", "feature", "podcast", "correction")
NAMES = (
    "The Wild",
    "Closing Arguments",
    "Donaudampfschifffahrtsgesellschaft",
    "The Weekly Bulletin of the Far Counties",
)
NOTE = f"A word from the desk, with a long address in it: https://wild.example/{'a' * 120} and more.\n\n" * 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WildIssue:
    """One of them: what it was drawn from, the letter as its reader gets it, and what the preflight says."""

    number: int
    drawn: str
    html: str
    found: Preflight
    stories: int


@lru_cache(maxsize=1)
def feeds() -> tuple[FetchedSource, ...]:
    """Every saved feed that holds something, read once."""
    files = sorted(path for path in (CORPORA / "feeds").iterdir() if path.suffix != ".csv")
    sources = [Source(name=path.stem, feed=str(path)) for path in files]
    return tuple(read for read in read_sources(*sources) if read.entries)


def hostile() -> tuple[FetchedSource, ...]:
    """The collection of attacks, as a feed."""
    path = CORPORA / "html" / "xss-feed.xml"
    return tuple(read_sources(Source(name="attack", feed=str(path))))


def wild_issue(number: int, folder: Path, *, of: Sequence[FetchedSource] = ()) -> WildIssue:
    """The issue of that number, made up in an empty folder by the publication's own facade, in this process.

    `of` are the feeds to make it of, instead of drawn ones.
    """
    chance = random.Random(f"wild {number}")
    chosen = list(of) or chance.sample(feeds(), chance.randint(2, 9))
    folder.mkdir(parents=True, exist_ok=True)
    drawn = _configuration(chance, [Source(name=each.name, feed=each.url) for each in chosen])
    (folder / "digest.toml").write_text(drawn, encoding="utf-8")
    (folder / "subscribers.csv").write_text("email,name\nreader@example.com,Ana\n", encoding="utf-8")
    settings = load(folder / "digest.toml", {})
    with open_publication(settings, lambda: NOW) as publication:
        dealt = _Dealt(chance, chosen)
        list(pipeline.gather(settings.sources, dealt, publication.store, publication.clock, WANTED))
        return _made(number, drawn, publication)


def _made(number: int, drawn: str, publication: Publication) -> WildIssue:
    made = publication.compose(DAY, since=date(1990, 1, 1))
    letter = write_letter(INVENTED, issue=made.issue.id, addressing=publication.addressing)
    return WildIssue(
        number=number,
        drawn=drawn,
        html=fill_html(made.rendered.html, made.rendered.slots, letter.slots),
        found=publication.preflight(made.issue.id, links=False),
        stories=len(made.issue.stories),
    )


@dataclass(frozen=True, slots=True)
class _Dealt:
    """Feeds that were read before; each entry gets a category, and some a date within the week."""

    chance: random.Random
    chosen: Sequence[FetchedSource]

    def read(self, sources: Sequence[tuple[Source, KnownSource]], wanted: Wanted) -> Iterator[FetchedSource]:
        for each in self.chosen:
            yield replace(each, entries=tuple(map(self._entry, each.entries)))

    def _entry(self, entry: Entry) -> Entry:
        form = self.chance.choice((*FORMS, "rest", "rest"))
        within = NOW - timedelta(hours=self.chance.randint(30, 140))
        dates = {"published": within} if self.chance.random() < 0.5 else {}
        return replace(entry, categories=(form, *entry.categories), **dates)  # type: ignore[arg-type]


def _configuration(chance: random.Random, sources: Sequence[Source]) -> str:
    """A digest.toml with everything in it that changes how a letter looks."""
    tables = [_publication(chance), _week(chance), _theme(chance), *_sections(chance), *_extras(chance)]
    named = [f"[[sources]]\nname = {json.dumps(each.name)}\nfeed = {json.dumps(each.feed)}" for each in sources]
    return "\n\n".join((*tables, *named, '[delivery]\nprovider = "outbox"', ""))


def _publication(chance: random.Random) -> str:
    name = chance.choice(NAMES)
    return "\n".join(
        (
            "[publication]",
            f'name = "{name}"',
            'publisher = "Everybody"',
            'site = "https://wild.example/"',
            'postal_address = "1 Everywhere"',
            'timezone = "UTC"',
            f'from = "{name} <wild@wild.example>"',
            f'language = "{chance.choice(LANGUAGES)}"',
            chance.choice(('motto = "All of it, every week"', "")),
        )
    )


def _week(chance: random.Random) -> str:
    return f'[week]\ncloses = "Friday 06:00"\nmin_stories = 1\nmax_stories = {chance.choice((1, 3, 12, 25, 25, 25))}'


def _theme(chance: random.Random) -> str:
    return "\n".join(
        (
            "[theme]",
            f'name = "{chance.choice(("closing-arguments", "plain"))}"',
            f"columns = {chance.choice((1, 2))}",
            f'text = "{chance.choice(("full", "full", "decks", "headlines"))}"',
            f"pictures = {chance.choice(('true', 'true', 'false'))}",
        )
    )


def _sections(chance: random.Random) -> list[str]:
    forms = chance.sample(FORMS, chance.randint(1, len(FORMS)))
    named = [
        f'[[sections]]\nname = "{form.title()}"\ncategories = ["{form}"]\nform = "{form}"\nmax = {chance.randint(1, 8)}'
        for form in forms
    ]
    # Without a section of stories there is no lead.
    rest = chance.choice(("standard", "standard", "brief", "opinion", "feature"))
    return [*named, f'[[sections]]\nname = "The rest of it"\nform = "{rest}"\nmax = 4']


def _extras(chance: random.Random) -> Iterator[str]:
    if chance.random() < 0.4:
        yield '[sponsor]\ntext = "Bread, baked at night."\npayer = "The Bakery"\nlink = "https://bread.example/"'
    if chance.random() < 0.4:
        yield '[notice]\ntext = "We are away next week."\nlink = "https://wild.example/away"'
    if chance.random() < 0.4:
        yield f'[note]\nsignature = "Ana"\nrole = "Editor"\ntext = {json.dumps(NOTE)}'
    if chance.random() < 0.2:
        yield '[exclude]\ncategories = ["lead"]'


# --- in a browser ------------------------------------------------------------------------------------------------

_SOURCE = re.compile(r'(<img[^>]* src=")([^"]*)"')
_NOTHING = "data:image/png;base64,"
_DRAWN = (
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='{}' height='{}'>"
    "<rect width='100%25' height='100%25' fill='%23b9c4b0'/></svg>"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'unsafe-inline'"
"""No address out of a feed is ever asked for."""


def for_browser(html: str) -> str:
    """The letter with pictures of the browser's own: small, huge, high, wide and missing ones. Nothing else loads."""
    sizes = ((640, 427), (5000, 3000), (1, 1), (200, 4000), (4000, 90))

    def drawn(found: re.Match[str]) -> str:
        which = sum(map(ord, found[2])) % (len(sizes) + 1)
        address = _NOTHING if which == len(sizes) else _DRAWN.format(*sizes[which])
        return f'{found[1]}{escape(address)}"'

    policy = f'<head><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    return _SOURCE.sub(drawn, html).replace("<head>", policy, 1)


MEASURED = """(() => {
  const wide = document.documentElement.clientWidth;
  const words = e => e.tagName + ": " + e.textContent.trim().replace(/\\s+/g, " ").slice(0, 60);
  const out = [], cut = [];
  const shown = e => e.checkVisibility() && getComputedStyle(e).maxHeight !== "0px";
  const hidden = [...document.querySelectorAll("body > div")].filter(e => getComputedStyle(e).display === "none");
  for (const e of document.querySelectorAll("body *")) {
    if (!shown(e) || hidden.some(h => h.contains(e))) continue;
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (box.right > wide + 1 || box.left < -1) out.push(words(e));
    if (style.overflowX !== "visible" && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
      cut.push(words(e));
  }
  // A text's own box: it may run out of an element that is narrow enough.
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, range = document.createRange();
    if (!text.data.trim() || !shown(text.parentElement)) continue;
    range.selectNodeContents(text);
    for (const box of range.getClientRects())
      if (box.width && (box.right > wide + 1 || box.left < -1)) { cut.push(words(text.parentElement)); break; }
  }
  return {
    width: document.documentElement.scrollWidth,
    heads: document.querySelectorAll("h1").length,
    out: [...new Set(out)].slice(0, 5),
    cut: [...new Set(cut)].slice(0, 5),
    ran: document.documentElement.dataset.ran || "",
  };
})()"""
"""How a letter stands in the window: its width, its first headings, what runs out of it and what is cut."""

DOUBLED = """(() => {
  const sizes = [...document.querySelectorAll("body, body *")].map(e => [e, getComputedStyle(e)])
    .map(([e, s]) => [e, parseFloat(s.fontSize), parseFloat(s.lineHeight), s.fontSize !== "0px"]);
  for (const [e, size, line, sized] of sizes) if (sized) {
    e.style.setProperty("font-size", 2 * size + "px", "important");
    if (line) e.style.setProperty("line-height", 2 * line + "px", "important");
  }
})()"""
"""As a mail program does whose reader wants text of twice the size."""


def made_issues(numbers: Sequence[int], folder: Path) -> Iterator[WildIssue]:
    """The issues of those numbers; one whose feeds have nothing for its sections is left out."""
    for number in numbers:
        with suppress(TooFewStories):
            yield wild_issue(number, folder / str(number))
