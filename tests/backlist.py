"""A publication with back issues, wholly invented: issues that were sent, week after week, and the files of each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from digest.config.load import load
from digest.model import Issue, Note, Picture, Section, Story, Window
from digest.record.archive import Archive
from digest.record.store import Store
from digest.render.letter import render_issue
from digest.settings import Settings
from tests.smallest import LEAST

NEWEST = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
SITE = "https://docket.example/"
UPLOADS = Path(__file__).parents[1] / "sample" / "uploads" / "2026" / "11"

# Lead, deck, two more headlines; the newest first, and then over again.
WEEKS = (
    (
        "Three counties must share a river that is running out",
        "A drying river, nine thousand ballots and a handshake from 1971.",
        "Judge orders 9,100 mailed ballots counted in Tolliver",
        "Jury finds that Marrow Pharma hid liver data for six years",
    ),
    (
        "Tunnel ruling leaves Alder Point with half a subway",
        "The other half was built on land that nobody owns.",
        "Landlord’s algorithm is a conspiracy of one, judge says",
        "Widow wins the lighthouse",
    ),
    (
        "Nine jurors, one verdict, no majority: a county’s experiment ends",
        "",
        "Salmon have standing for now",
        "The notary who signed in the dark",
    ),
    (
        "Court orders the state to find 4,000 lost evidence boxes",
        "They are somewhere in a mill.",
        "Apology is no admission, panel rules",
        "Haunted-house waiver held void",
    ),
    (
        "Insurers must pay for smoke that never became fire",
        "",
        "Translation error frees two in Saltfield",
        "A trademark on silence",
    ),
)


def story(headline: str, deck: str = "", **more: Any) -> Story:
    slug = "-".join(headline.lower().split()[:3])
    more.setdefault("address", f"{SITE}2026/11/{slug}/")
    return Story(headline=headline, deck=deck, published=NOW, **more)


def issue(day: date, number: int, stories: tuple[Story, ...]) -> Issue:
    """An issue with a lead and one section."""
    closes = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=14)
    return Issue(
        date=day,
        number=number,
        window=Window(opens=closes - timedelta(days=7), closes=closes),
        lead=stories[0],
        sections=(Section(name="Courts", stories=stories[1:]),),
        note=Note(paragraphs=("A short week in a long year.",), signature="Ines Halloran"),
    )


@dataclass
class Backlist:
    """A publication in a folder, and what it has sent."""

    settings: Settings
    store: Store
    archive: Archive
    now: datetime = NOW
    pictures: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path, *, more: str = "", least: str = LEAST) -> Backlist:
        """A publication that has sent nothing; `more` stands at the end of its digest.toml."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "digest.toml").write_text(f"{least}\n{more}", encoding="utf-8")
        settings = load(folder / "digest.toml", {})
        return cls(settings, Store.open(settings.store_url), Archive(settings.archive))

    def clock(self) -> datetime:
        return self.now

    def compose(self, made: Issue, pictures: dict[str, bytes] | None = None) -> None:
        """Makes an issue up, and keeps it."""
        rendered = render_issue(made, self.settings.publication)
        self.archive.keep(made, rendered, pictures or {})
        self.store.issues.keep_composed(made, rendered.fingerprint, stories=[], cuts=[], now=self.now)

    def send(self, made: Issue, pictures: dict[str, bytes] | None = None) -> None:
        """Begins to send an issue."""
        self.compose(made, pictures)
        self.store.issues.mark_sending(made.id)

    def send_weeks(self, count: int, *, newest: date = NEWEST) -> None:
        """Sends one issue a week, the newest one last, with a picture."""
        for week in reversed(range(count)):
            lead, deck, *further = WEEKS[week % len(WEEKS)]
            stories = (story(lead, deck), *map(story, further), *(story(f"Ruling {one}") for one in range(week % 4)))
            pictures = {}
            if week == 0:
                stories, pictures = self.pictured(stories)
            self.send(issue(newest - timedelta(weeks=week), count - week, stories), pictures)

    def pictured(
        self, stories: tuple[Story, ...], name: str = "valley-viaduct"
    ) -> tuple[tuple[Story, ...], dict[str, bytes]]:
        """The stories with a picture of the first, which is kept but shown from its site."""
        content = (UPLOADS / f"{name}.jpg").read_bytes()
        kept = f"{sha256(content).hexdigest()[:32]}.jpg"
        picture = Picture(address=f"{SITE}{name}.jpg", width=1120, height=630, alt="A viaduct over a wide valley.")
        return (replace(stories[0], picture=picture, print=kept), *stories[1:]), {kept: content}
