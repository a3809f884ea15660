from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.edit import copy
from digest.model import Entry


def entry(**fields: str) -> Entry:
    return Entry(source="The Docket", identity="1", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("One thing. Another thing.", ["One thing.", "Another thing."]),
        ("In Smith v. Jones, No. 12, it held. So it is.", ["In Smith v. Jones, No. 12, it held.", "So it is."]),
        ("Mr. J. R. Roe of the U.S. Senate left. He sat.", ["Mr. J. R. Roe of the U.S. Senate left.", "He sat."]),
        ("She said “no.” Then she left.", ["She said “no.”", "Then she left."]),
        ("It costs 3.5 million. Nobody paid!", ["It costs 3.5 million.", "Nobody paid!"]),
        ("Das Gericht bzw. über ihm der Senat. Ende.", ["Das Gericht bzw. über ihm der Senat.", "Ende."]),
        ("Суд на ул. ленина открыт. Да.", ["Суд на ул. ленина открыт.", "Да."]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_sentences(text: str, pieces: list[str]) -> None:
    assert copy.sentences(text) == pieces


def test_shortening_prefers_whole_sentences_then_words() -> None:
    assert copy.shorten("The court held. The clerk wept at the news.", 20) == "The court held."
    assert copy.shorten("A sentence which simply never ends anywhere at all", 24) == "A sentence which simply…"
    assert copy.shorten("Short.", 6) == "Short."


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=300), st.integers(20, 80))
def test_nothing_is_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(copy.shorten(text, limit)) <= limit


@pytest.mark.parametrize(
    ("text", "place", "rest"),
    [
        ("PORT MERROW — Two families share it.", "Port Merrow", "Two families share it."),
        ("SPRINGFIELD, Alder County (The Docket) – The court said so.", "Springfield", "The court said so."),
        ("KAʻAHU BAY — The road is closed.", "Kaʻahu Bay", "The road is closed."),
        ("O’BRIEN’S LANDING — “Never,” she said.", "O’Brien’s Landing", "“Never,” she said."),
        ("NASA — the agency — will move.", "", "NASA — the agency — will move."),
        ("The court — all nine of them — agreed.", "", "The court — all nine of them — agreed."),
        ("A — B", "", "A — B"),
        ("МОСКВА — Суд решил.", "Москва", "Суд решил."),
        ("Адвокат Иванов — известный юрист.", "", "Адвокат Иванов — известный юрист."),
        ("最高法院 — 今天裁决。", "", "最高法院 — 今天裁决。"),
        ("MÜNCHEN – Das Gericht hat entschieden.", "München", "Das Gericht hat entschieden."),
    ],
)
def test_datelines(text: str, place: str, rest: str) -> None:
    assert copy.without_dateline(text) == (place, rest)


def test_the_hand_written_summary_is_the_deck() -> None:
    story = entry(title="T", summary="<p>A deck &amp; more.</p>", content="<p>The body begins here, at length.</p>")
    assert copy.deck(story, "T", limit=200) == "A deck & more."


def test_an_automatic_excerpt_ends_with_its_last_whole_sentence() -> None:
    story = entry(title="T", summary="PORT MERROW — It rained. Nobody had expected that it [&#8230;]")
    assert copy.deck(story, "T", limit=200) == "It rained."
    assert copy.place(story) == "Port Merrow"


def test_an_excerpt_without_a_whole_sentence_gives_way_to_the_text() -> None:
    story = entry(
        summary="It rained for days and [&hellip;]", content="<p>It rained for days and nobody minded much.</p>"
    )
    assert copy.deck(story, "T", limit=200) == "It rained for days and nobody minded much."


def test_a_story_without_a_deck_takes_the_beginning_of_its_text() -> None:
    story = entry(
        content="<figure><figcaption>A photo.</figcaption></figure><p>LOWER MARSH — The bridge is open again.</p>"
    )
    assert copy.deck(story, "T", limit=200) == "The bridge is open again."


def test_a_deck_never_repeats_the_headline() -> None:
    story = entry(summary="“Bridge is open again”", content="<p>Cars crossed it on Monday morning.</p>")
    assert copy.deck(story, "Bridge is open again", limit=200) == "Cars crossed it on Monday morning."


@pytest.mark.parametrize(
    "tail",
    [
        "<p>The post <a href='#'>Bridge opens</a> appeared first on <a href='#'>The Docket</a>.</p>",
        "<p>This article was originally published on The Harbor Record.</p>",
        "<p>Read more…</p>",
        " Continue reading Bridge opens →",
    ],
)
def test_syndication_paragraphs_are_dropped(tail: str) -> None:
    assert copy.deck(entry(summary=f"<p>The bridge is open.</p>{tail}"), "T", limit=200) == "The bridge is open."


@pytest.mark.parametrize(
    "deck",
    [
        "Judges keep reading emails they should not, a panel says.",
        "From next year on, students will read more.",
        "The post office clerk was first on the scene of the robbery.",
        "The post was first advertised on Monday.",
    ],
)
def test_news_that_sounds_like_boilerplate_stays(deck: str) -> None:
    assert copy.deck(entry(summary=deck), "T", limit=200) == deck


@pytest.mark.parametrize(
    "flood",
    ["\u00a0", "The post ", "<figure>", "A. ", "Continue reading ", "This article originally appeared on ", "x<"],
)
def test_a_flood_of_anything_is_only_ever_read_at_its_beginning(flood: str) -> None:
    story = entry(title=flood * 100_000, summary=flood * 100_000, content=flood * 300_000, author=flood * 100_000)
    assert len(copy.deck(story, copy.headline(story), limit=200)) <= 200
    assert len(copy.place(story) + copy.byline(story.author)) <= 200


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Zoë Hartmann", "Zoë Hartmann"),
        ("By Zoë Hartmann", "Zoë Hartmann"),
        ("desk@docket.example (Zoë Hartmann)", "Zoë Hartmann"),
        ("Zoë Hartmann <zoe@docket.example>", "Zoë Hartmann"),
        ("admin", ""),
        ("", ""),
    ],
)
def test_bylines(author: str, name: str) -> None:
    assert copy.byline(author) == name


def test_a_headline_of_98_characters_stays_whole_and_one_of_5000_does_not() -> None:
    assert copy.headline(entry(title="x" * 98)) == "x" * 98
    assert len(copy.headline(entry(title="word " * 1000))) <= copy.HEADLINE_LIMIT


def test_a_headline_made_of_markup_alone_is_shown_as_characters() -> None:
    assert copy.headline(entry(title="<mj-include path='x'/>")) == "<mj-include path='x'/>"


@pytest.mark.parametrize(
    "excerpt",
    [
        "submitted by JCFC23 to gifs [link] [87 comments]",
        "submitted byadeebtoAskReddit [link][10672 comments]",
        "submitted by /u/raphael303 to /r/mildlyinteresting",
    ],
)
def test_who_put_a_link_on_a_board_is_no_deck(excerpt: str) -> None:
    assert copy.deck(entry(summary=excerpt), "A title", limit=220) == ""


def test_news_of_what_was_submitted_stays() -> None:
    assert copy.deck(entry(summary="Plans submitted by three towns"), "A title", limit=220).startswith("Plans")


@pytest.mark.parametrize("author", ["None", "null", "N/A", "-"])
def test_what_a_program_writes_for_nothing_is_no_name(author: str) -> None:
    assert copy.byline(author) == ""


def test_a_headline_that_shows_nothing_is_none() -> None:
    assert copy.headline(entry(title="\u200b\u2060 \u00ad")) == ""
