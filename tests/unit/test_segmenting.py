"""A segment from the editor's words to the letters: read, counted, planned, and fixed when the issue begins."""

from __future__ import annotations

import pytest

from digest import pipeline, segmenting
from digest.cli import contract
from digest.errors import AlreadySent, ConfigurationError
from digest.model import LetterState
from digest.model.segments import Segment
from digest.office.segments import Segments
from tests.unit.dispatch.office import Told
from tests.unit.test_pipeline import ISSUE, Office, addresses, counts, office

__all__ = ["office"]

LIST = """email,sections,language,frequency,timezone
ana@example.com,,es,,
bo@example.com,Regional,es,monthly,Europe/Madrid
cem@example.com,Regional,,,
dan@example.com,Opinion,pt,,
"""


@pytest.fixture
def segments(office: Office) -> Segments:
    office.list.write_text(LIST, encoding="utf-8")
    return Segments(office.settings, office.store, office.clock)


def read(segments: Segments, text: str) -> Segment:
    segment = segments.read(text)
    assert segment is not None
    return segment


def plan(office: Office, segment: Segment | None) -> pipeline.Plan:
    return pipeline.plan(ISSUE, office.settings, office.store, office.archive, now=office.clock(), only=segment)


def test_what_cannot_be_read_is_shown_with_its_place(segments: Segments) -> None:
    with pytest.raises(ConfigurationError, match="--only, column 9: there is no section “Regoinal”") as refused:
        segments.read("section:Regoinal and language:es")
    assert refused.value.complaints == ("section:Regoinal and language:es", "        ^")
    assert "did you mean Regional?" in refused.value.hint
    with pytest.raises(ConfigurationError) as refused:
        segments.read("section:\x1b[31m")
    assert refused.value.complaints == ()


def test_a_language_is_known_that_only_a_reader_has(segments: Segments) -> None:
    assert segmenting.count(read(segments, "language:pt"), segments._settings, segments._store).selected == 1
    with pytest.raises(ConfigurationError, match="there is no language “pl”"):
        segments.read("language:pl")


def test_nothing_means_all_readers(office: Office, segments: Segments) -> None:
    assert segments.read(None) is None
    assert segments.count(None) is None
    assert plan(office, None).segment == ""


def test_its_readers_are_counted_and_planned_alike(office: Office, segments: Segments) -> None:
    office.store.suppressions.add("cem@example.com", "asked", now=office.clock())
    segment = read(segments, "section:Regional and not zone:Europe/Madrid")
    made, count = plan(office, segment), segments.count(segment)
    assert count is not None
    assert (count.readers, count.selected) == (3, 1)
    assert count.terms == {"section:Regional": 2, "timezone:Europe/Madrid": 1}
    assert counts(made) == {"owed": 1, "left_out": 3}
    assert made.left_out == {"not in this segment": 2, "suppressed": 1}
    told = contract.sent(made, "outbox", made.letters, count)
    assert told["segment"] == "section:Regional and not timezone:Europe/Madrid"
    assert told["in_segment"] == {"readers": 1, "of": 3, "terms": dict(count.terms)}


def test_once_it_begins_it_stays_with_its_readers(office: Office, segments: Segments) -> None:
    segment = read(segments, "language:es")
    first = Told()
    office.send(first, plan(office, segment), limit=1)
    with pytest.raises(AlreadySent, match="went out to language:es, and stays with them"):
        plan(office, read(segments, "not language:es"))
    rest = Told()
    office.send(rest, plan(office, None))
    assert addresses(first) + addresses(rest) == ["ana@example.com", "bo@example.com"]
    assert plan(office, segment).segment == "language:es"


def test_an_issue_for_all_is_no_segments_any_more(office: Office, segments: Segments) -> None:
    office.send(Told(), plan(office, None), limit=1)
    with pytest.raises(AlreadySent, match="went out to all readers"):
        segments.refuse_another(ISSUE, read(segments, "language:es"))
    segments.refuse_another("2026-11-27", read(segments, "language:es"))


def test_an_issue_for_nobody_does_not_begin(office: Office, segments: Segments) -> None:
    provider = Told()
    with pytest.raises(ConfigurationError, match="no reader is left for --only"):
        office.send(provider, plan(office, read(segments, "language:es and not section:Regional")))
    assert provider.calls == []
    assert office.state().value == "composed"


def test_when_the_last_of_it_leaves_the_list_the_issue_is_done(office: Office, segments: Segments) -> None:
    office.send(Told(), plan(office, read(segments, "language:es")), limit=1)
    office.list.write_text(LIST.replace("bo@example.com", "new@example.com"), encoding="utf-8")
    report = office.send(Told(), plan(office, None))
    assert report.letters[LetterState.ACCEPTED] == 1
    assert office.state().value == "sent"
