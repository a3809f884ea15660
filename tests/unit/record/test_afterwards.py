"""Stories that leave their site, come back, or change after they ran."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from digest.model import SeenEntry
from digest.record.store import Store
from tests.unit.record.newsroom import DAY, ISSUE, NOW, WEEK, entry, fetched, issue

STORIES = [entry(number, published=NOW - DAY) for number in range(20)]


def gone(store: Store) -> set[str]:
    seen: tuple[SeenEntry, ...] = store.entries.in_window(replace(WEEK, opens=NOW - 30 * DAY))
    return {one.entry.identity for one in seen if one.is_gone}


def test_what_a_whole_reading_lacks_is_gone_from_the_site(store: Store) -> None:
    store.sources.keep(fetched(*STORIES), now=NOW)
    report = store.sources.keep(fetched(*STORIES[2:], whole_since=WEEK.opens), now=NOW)
    assert (report.gone, gone(store)) == (2, {"guid-0", "guid-1"})


def test_what_comes_back_is_there_again(store: Store) -> None:
    store.sources.keep(fetched(*STORIES), now=NOW)
    store.sources.keep(fetched(*STORIES[1:], whole_since=WEEK.opens), now=NOW)
    store.sources.keep(fetched(STORIES[0]), now=NOW)
    assert gone(store) == set()


def test_a_reading_that_cannot_tell_takes_nothing_away(store: Store) -> None:
    store.sources.keep(fetched(*STORIES), now=NOW)
    assert store.sources.keep(fetched(STORIES[0]), now=NOW).gone == 0
    assert gone(store) == set()


@pytest.mark.parametrize(
    "change", [{"published": WEEK.opens - DAY}, {"published": None}], ids=["older than the week", "without a date"]
)
def test_only_stories_that_the_reading_must_have_met_can_be_gone(store: Store, change: dict[str, object]) -> None:
    store.sources.keep(fetched(replace(STORIES[0], **change), *STORIES[1:]), now=NOW)  # type: ignore[arg-type]
    assert store.sources.keep(fetched(*STORIES[1:], whole_since=WEEK.opens), now=NOW).gone == 0


def test_another_source_s_stories_are_its_own(store: Store) -> None:
    store.sources.keep(fetched(*STORIES, url="https://sister.example/feed"), now=NOW)
    assert store.sources.keep(fetched(*STORIES[1:], whole_since=WEEK.opens), now=NOW).gone == 0


def test_a_site_that_lost_most_of_its_week_is_doubted(store: Store) -> None:
    store.sources.keep(fetched(*STORIES), now=NOW)
    report = store.sources.keep(fetched(*STORIES[15:], whole_since=WEEK.opens), now=NOW)
    assert (report.gone, gone(store)) == (0, set())
    assert report.warnings == ("15 of 20 stories were not there any more; they are kept",)


@pytest.fixture
def ran(store: Store) -> Callable[[str], None]:
    """The first story of STORIES, in an issue that stands so."""

    def run(state: str) -> None:
        store.sources.keep(fetched(*STORIES), now=NOW)
        (first, *_) = store.entries.in_window(replace(WEEK, opens=NOW - 30 * DAY))
        story = (first.key, "docket.example/0", first.entry.title)
        store.issues.keep_composed(issue(), "f", stories=[story], cuts=[], now=NOW)
        if state == "out":
            store.issues.mark_sending(ISSUE)

    return run


def test_a_correction_of_a_story_that_ran_is_noted_with_its_issue(store: Store, ran: Callable[[str], None]) -> None:
    ran("out")
    report = store.sources.keep(fetched(replace(STORIES[0], title="Corrected", link="https://d.example/0")), now=NOW)
    (note,) = report.corrections
    assert (note.issue, note.before, note.after, note.address) == (
        ISSUE, "Story 0", "Corrected", "https://d.example/0",
    )  # fmt: skip
    assert store.issues.corrections(ISSUE) == (note,)


def test_a_text_that_changed_is_a_correction_too(store: Store, ran: Callable[[str], None]) -> None:
    ran("out")
    (note,) = store.sources.keep(fetched(replace(STORIES[0], content="Not nine years: ten.")), now=NOW).corrections
    assert note.before == note.after == "Story 0"


@pytest.mark.parametrize(
    "change",
    [
        {"categories": ("Courts",)},
        {"author": "Ben Editor"},
        {"title": "Story&nbsp;0 &#8212;"},
        {"content": "<p></p>\n"},
    ],
)
def test_what_no_reader_read_is_none(store: Store, ran: Callable[[str], None], change: dict[str, object]) -> None:
    ran("out")
    report = store.sources.keep(fetched(replace(STORIES[0], **change)), now=NOW)  # type: ignore[arg-type]
    assert (report.updated, report.corrections) == (1, ())


def test_a_story_that_has_not_gone_out_is_simply_updated(store: Store, ran: Callable[[str], None]) -> None:
    ran("composed")
    report = store.sources.keep(fetched(replace(STORIES[0], title="Corrected")), now=NOW)
    assert (report.updated, report.corrections) == (1, ())
