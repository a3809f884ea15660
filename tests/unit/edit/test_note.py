from __future__ import annotations

from datetime import UTC, date, datetime

from digest.edit.note import note_of, notice_of, sponsor_of
from digest.model import Notice, Section, Sponsor, Story
from digest.settings import NoteSettings, NoticeSettings, SponsorSettings


def story(headline: str) -> Story:
    return Story(headline=headline, address="https://docket.example/", published=datetime(2026, 11, 20, tzinfo=UTC))


joined = " | ".join


SECTIONS = (
    Section(name="National", stories=(story("Rails must cool"), story("Not named"))),
    Section(name="Courts", stories=(story("Jury finds for Ames."),)),
    Section(name="Opinion", stories=(story("Not named either"),)),
)


def test_the_issue_s_own_file_comes_first_then_the_standing_words() -> None:
    standing = NoteSettings(text="Standing.", signature="Tamsin", role="editor")
    note = note_of(standing, "Dear all,\nthis is it.\n\nSecond & last <3\n", None, (), joined)
    assert note.paragraphs == ("Dear all, this is it.", "Second & last <3")
    assert (note.signature, note.role) == ("Tamsin", "editor")
    assert note_of(standing, "  ", None, (), joined).paragraphs == ("Standing.",)


def test_without_words_one_sentence_names_the_three_biggest_stories() -> None:
    made = note_of(NoteSettings(), None, story("A river is shared"), SECTIONS, joined)
    assert made.paragraphs == ("A river is shared | Rails must cool | Jury finds for Ames.",)
    assert note_of(NoteSettings(), None, None, (), joined).paragraphs == ()
    assert note_of(NoteSettings(), None, story("Only this"), (), joined).paragraphs == ("Only this",)


def test_a_notice_goes_when_its_time_is_over() -> None:
    notice = NoticeSettings(notice=Notice(text="Terms change"), until=date(2026, 12, 1))
    assert notice_of(notice, date(2026, 12, 1)) == notice.notice
    assert notice_of(notice, date(2026, 12, 2)) is None
    assert notice_of(None, date(2026, 12, 2)) is None


def test_a_sponsor_goes_when_its_time_is_over() -> None:
    sponsor = Sponsor(text="Boxes.", payer="Fenwick")
    settings = SponsorSettings(sponsor=sponsor, until=date(2026, 11, 20))
    assert sponsor_of(settings, date(2026, 11, 20)) == sponsor
    assert sponsor_of(settings, date(2026, 11, 21)) is None
    assert sponsor_of(SponsorSettings(sponsor=sponsor), date(2030, 1, 1)) == sponsor
    assert sponsor_of(None, date(2026, 11, 20)) is None
