"""A week of The Docket, wholly invented: 25 stories in every form, with and without each optional part."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from digest.model import Form, Issue, Note, Notice, Picture, Section, Story, Window
from digest.settings import Publication

SITE = "https://docket.example/"
CLOSED = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


def story(slug, headline, deck="", *, picture=None, **more):
    return Story(
        headline=headline, address=f"{SITE}2026/11/{slug}/", deck=deck, published=CLOSED, picture=picture, **more
    )


def photo(name, alt, caption, credit="", width=1200, height=800):
    return Picture(
        address=f"{SITE}pictures/{name}.jpg", width=width, height=height, alt=alt, caption=caption, credit=credit
    )


LEAD = story(
    "ferry",
    "The ferry that never sailed must be paid for, high court tells island county",
    "Marrow County ordered a boat in 2019, lost its harbor to the tide and stopped paying. A contract, six judges "
    "said, does not sink with the dock.",
    kicker="Contracts",
    picture=photo(
        "ferry",
        "A white ferry without passengers tied up in a gray harbor.",
        "The Constance at her builder’s quay in Alder Point on Nov. 12",
        "Petra Lindqvist/The Docket",
        1120,
        630,
    ),
)

STANDARD = {
    "National": (
        story(
            "census",
            "Census bureau may count the people it cannot find, panel rules 2 to 1",
            "Empty porches are evidence too, the majority wrote, and statistics are older than the republic.",
            picture=photo(
                "census",
                "A row of wooden porches in late sun.",
                "Porches on Tanner Street, counted in April.",
                "Jonah Abiola",
            ),
        ),
        story(
            "mail",
            "Mail carriers win back pay for minutes spent waiting for dogs",
            "The award comes to $14 million, or 11 minutes a day over 3 years.",
        ),
        story("parks", "Rangers’ radio logs are public, and so are the jokes in them"),
        story(
            "toll",
            "Agency that fined itself asks who is to pay",
            "The auditor found the fault on Feb. 3, billed it on March 1 and received the bill on March 4.",
        ),
    ),
    "Courts & the law": (
        story(
            "jury",
            "Juror who slept through verdict was present, appeals court finds",
            "Presence is a matter of fact, the court said; attention is a matter of degree.",
        ),
        story(
            "handwriting",
            "A doctor’s handwriting is not a trade secret",
            "Nobody could read the formula. That did not make it one.",
            picture=photo("note", "", "", "", 400, 600),
        ),
        story(
            "robes",
            "Robe maker’s “black” need not be black, judge in “navy” holds",
            "Color is what the buyer sees by the light of the shop.",
        ),
        story(
            "deadline",
            "Filing at 11:59:59 p.m. was in time; the clock was not",
            "The clerk’s server ran 4 minutes fast for 6 years.",
        ),
        story("bench", "County may not bill defendants for the bench they wait on"),
    ),
    "Regional": (
        story(
            "goat",
            "Goats on the courthouse lawn are employees, says labor commissioner",
            "They keep hours, take direction and may be let go.",
            place="Harrow",
        ),
        story(
            "well",
            "Town that sold its well twice must dig another",
            "Both deeds were recorded on the same afternoon by the same clerk.",
            place="San Aurelio",
        ),
        story("fog", "Fog is no defense, but it is a circumstance", place="Point Ellery"),
    ),
    "International": (
        story(
            "border",
            "River moved, border stayed, tribunal says after forty years",
            "Nine hundred families wake up where they went to bed.",
            picture=photo(
                "river",
                "A brown river bends between two villages.",
                "The Ossa from the eastern bank. The western one was east until 1981!",
                "Ilse Marchetti for The Docket",
                0,
                0,
            ),
        ),
        story(
            "song",
            "Court hums disputed melody, finds it common",
            "The ruling prints eight bars and a note on rhythm.",
        ),
        story("tram", "A tram bell is speech when it is rung in protest"),
    ),
}

BRIEFS = (
    story("elevator", "An elevator that stops at every floor breaks no promise of the lease.", kicker="Housing"),
    story("owl", "A stuffed owl on the roof is not a “security system”.", kicker="Insurance"),
    story("chess", "Chess in the park needs no permit", "The clock may tick, a magistrate said."),
    story("bread", "Bakers may weigh bread after it has cooled", "The statute says bread, not dough."),
    story("noon", "The noon whistle stays"),
)

OPINION = (
    story(
        "adverbs",
        "Objection: against the adverb in the indictment",
        "A man who “knowingly” parks has parked. Leave the rest to the jury.",
        kicker="Op-Ed",
        byline="Honora Pell",
    ),
    story("silence", "What a pause on the record is worth", byline="Dmitri Okafor"),
)

LONG_READS = (
    story(
        "bell",
        "The last court crier in Alder County",
        "He has opened 9,000 sessions with the same five words and would like to try a sixth.",
        picture=photo(
            "crier",
            "An old man in a dark coat stands at a courtroom door with a hand bell.",
            "Ambrose Tull before the morning session.",
            "Petra Lindqvist/The Docket",
        ),
    ),
    story("maps", "Three maps, one orchard and a war of hedges", "A feud over 12 feet of damsons turns eighty."),
)


@pytest.fixture
def issue():
    sections = tuple(Section(name=name, stories=stories) for name, stories in STANDARD.items())
    return Issue(
        date=date(2026, 11, 20),
        number=142,
        window=Window(opens=datetime(2026, 11, 13, 14, 0, tzinfo=UTC), closes=CLOSED),
        lead=LEAD,
        sections=(
            *sections,
            Section(name="In brief", form=Form.BRIEF, stories=BRIEFS),
            Section(name="Opinion", form=Form.OPINION, stories=OPINION),
            Section(name="Long reads", stories=LONG_READS),
        ),
        note=Note(
            paragraphs=(
                "A boat, a border and a herd of goats. The high court told Marrow County on Tuesday that a ferry "
                "without a harbor is still a ferry; a tribunal left a river to itself; and in Harrow the lawn is "
                "now mown by staff.",
                "There is a long read about a bell at the end. Keep it for Sunday.",
            ),
            signature="Wilhelmina Arkwright",
            role="editor, Closing Arguments",
        ),
        notice=Notice(
            text="Our privacy policy changes on Dec. 1.",
            link="https://docket.example/privacy/",
            link_text="Read what is new",
        ),
    )


@pytest.fixture
def publication():
    return Publication(
        name="Closing Arguments",
        publisher="The Docket",
        motto="The week in court, every Friday",
        site=SITE,
        web="https://letters.docket.example/",
        postal_address="12 Court Street, Springfield",
        timezone=ZoneInfo("America/Los_Angeles"),
        language="en",
        from_="Closing Arguments <letters@docket.example>",
    )
