"""Each check finds what it is for, and a letter in which everything is right passes them all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from digest.model import LinkAnswer, Note, Reached, Section, Severity, SourceStanding
from digest.model.feedback import Figures
from digest.preflight.inspection import MOST_FINDINGS
from digest.preflight.registry import CHECKS
from tests.unit.preflight.letters import BALLOTS, HTML, ISSUE, LEAD, NOW, SITE, UNSUBSCRIBE, WEB_VIEW, found, look

RIVER = f"{SITE}river.jpg"
PARAGRAPH = '<p class="ink" style="margin:0">'


def test_nothing_is_found_in_a_good_letter() -> None:
    looked = look()
    assert looked.findings == ()
    assert {passed.check for passed in looked.passed} == {check.name for check in CHECKS if not check.asks}


IN_THE_HTML = [
    ("support.lost", PARAGRAPH, '<p class="ink" style="margin:0;color:var(--ink)">'),
    ("support.lost", "</style>", "</style><link rel=stylesheet href=https://x.example/a.css>"),
    ("support.lost", PARAGRAPH, "<video src=x></video>" + PARAGRAPH),
    ("support.lost", "</td></tr>", "<form><input type=text></form></td></tr>"),
    ("support.shifted", PARAGRAPH, '<p class="ink" style="margin:0;float:left">'),
    ("support.shifted", PARAGRAPH, '<p class="ink" style="margin:2rem">'),
    ("support.padding", PARAGRAPH, '<p class="ink" style="padding:20px 0">'),
    ("support.styles", "<style>", "<style>}} {x"),
    ("size.html", "Unsubscribe</a>", "Unsubscribe</a>" + "<!-- weight -->" * 7_000),
    ("size.styles", "<style>", "<style>" + "p{margin:0}" * 800),
    ("links.empty", f'href="{BALLOTS.address}"', 'href="#"'),
    ("links.empty", f'href="{BALLOTS.address}"', 'href=""'),
    ("links.empty", f'href="{BALLOTS.address}"', 'href="JavaScript:alert(1)"'),
    ("links.empty", f'href="{BALLOTS.address}"', 'href="/ballots/"'),
    ("links.empty", f'href="{BALLOTS.address}"', 'href="#nowhere"'),
    ("links.unsubscribe", UNSUBSCRIBE, "https://docket.example/"),
    ("links.web", WEB_VIEW, "https://docket.example/"),
    ("links.postal", "12 Court Street", "10 Court Street"),
    ("access.language", ' lang="en"', ""),
    ("access.language", ' lang="en"', ' lang="fr"'),
    ("access.title", "<title>The river moved</title>", ""),
    ("access.headings", "<h1", "<h2"),
    ("access.headings", "<h2 class=\"ink\">National</h2>", '<h4 class="ink">National</h4>'),
    ("access.tables", ' role="presentation"', ""),
    ("access.alt", ' alt="A brown river bends around an orchard."', ""),
    ("access.alt", "A brown river bends around an orchard.", "river.jpg"),
    ("access.alt", "A brown river bends around an orchard.", "IMG_2041"),
    ("access.alt", "A brown river bends around an orchard.", "river"),
    ("access.links", "County must count its ballots</a>", "Read more »</a>"),
    ("access.links", "County must count its ballots</a>", "</a>"),
    ("access.enlarged", "initial-scale=1", "initial-scale=1, user-scalable=no"),
    ("access.enlarged", PARAGRAPH, '<p class="ink" style="height:20px;overflow:hidden">'),
    ("access.small", PARAGRAPH, '<p class="ink" style="font-size:9px">'),
    ("access.order", PARAGRAPH, '<p class="ink" style="position:absolute;top:0">'),
    ("access.order", PARAGRAPH, '<p class="ink" style="float:right">'),
    ("contrast.light", PARAGRAPH, '<p class="ink" style="color:#999">'),
    ("contrast.light", PARAGRAPH, '<p style="background:#000;color:#222">'),
    ("contrast.dark", ".ink{color:#EEE9E0!important}", ".ink{color:#444!important}"),
    ("contrast.dark", "body{background-color:#161513!important}", "h1{color:#fff!important}"),
    ("contrast.turned", PARAGRAPH, '<p class="ink" style="color:#776C60">'),
    ("pictures.there", f'src="{RIVER}"', 'src=""'),
    ("pictures.there", f'src="{RIVER}"', 'src="cid:river"'),
    ("pictures.there", f'src="{RIVER}"', 'src="data:image/png;base64,AAAA"'),
    ("pictures.size", ' width="560"', ""),
    ("pictures.size", ' height="315"', ' height="auto"'),
    ("pictures.format", "river.jpg", "river.webp"),
    ("pictures.credit", "(Ode Farrow)", ""),
]  # fmt: skip


@pytest.mark.parametrize(("check", "old", "new"), IN_THE_HTML)
def test_a_fault_in_the_html_is_found(check: str, old: str, new: str) -> None:
    assert check in found(old, new)


def picture(**changes: object) -> object:
    lead = replace(LEAD, picture=replace(LEAD.picture, **changes))  # type: ignore[arg-type]
    return replace(ISSUE, lead=lead)


ELSEWHERE = [
    ("size.text", {"text": ""}),
    ("size.text", {"text": "Only words"}),
    ("size.subject", {"subject": " "}),
    ("size.subject", {"subject": "x" * 120}),
    ("size.preheader", {"preheader": ""}),
    ("size.preheader", {"preheader": "The river moved" * 20}),
    ("links.headers", {"headers": {"List-Id": "<x>"}}),
    ("links.postal", {"text": "No address here"}),
    ("links.unsubscribe", {"text": "12 Court Street, Springfield"}),
    ("links.ran", {"ran": {BALLOTS.address: "2026-11-13"}}),
    ("access.caption", {"issue": picture(alt="The Merrow in March")}),
    ("content.thin", {"issue": replace(ISSUE, sections=(*ISSUE.sections, Section(name="Regional", stories=(LEAD,))))}),
    ("content.sources", {"sources": (SourceStanding(name="The Docket", failing_since=NOW, error="404"),)}),
    ("content.sources", {"sources": (SourceStanding(name="The Docket", newest=NOW - timedelta(days=40)),)}),
    ("content.sources", {"sources": (SourceStanding(name="The Docket", newest=NOW, usual=12, this_week=0),)}),
    ("content.complete", {"sources": (SourceStanding(name="The Docket", complete=False, why="a gap"),)}),
    ("content.placeholder", {"subject": "TK: The river moved"}),
    ("content.placeholder", {"text": "Dear {{ first_name }},"}),
    ("content.placeholder", {"text": "Lorem ipsum dolor"}),
    ("content.placeholder", {"text": "See [insert link here]"}),
    ("content.placeholder", {"text": "On XXX the court"}),
    ("content.story", {"text": "The TODO of the court", "issue": replace(ISSUE, lead=replace(LEAD, deck="The TODO."))}),
    ("content.name", {"subject": "Closing arguments: The river moved"}),
    ("content.name", {"issue": replace(ISSUE, note=Note(paragraphs=("Welcome to Closing Argument, once more.",)))}),
    ("rates.complaints", {"last": Figures(issue="2026-11-13", letters=3000, complaints=3)}),
    ("rates.complaints", {"last": Figures(issue="2026-11-13", letters=1000, complaints=3)}),
    ("rates.bounces", {"last": Figures(issue="2026-11-13", letters=100, bounced=3)}),
    ("rates.bounces", {"last": Figures(issue="2026-11-13", letters=100, bounced=5)}),
    ("content.note", {"issue": replace(ISSUE, note=Note(paragraphs=("word " * 300,)))}),
    ("content.alike", {"issue": replace(ISSUE, sections=(replace(ISSUE.sections[0], stories=(
        BALLOTS, replace(LEAD, address=f"{SITE}again/", headline="River moved, orchard stays"))),))}),
]  # fmt: skip


@pytest.mark.parametrize(("check", "changes"), ELSEWHERE)
def test_a_fault_elsewhere_is_found(check: str, changes: dict[str, object]) -> None:
    assert check in found(**changes)


@pytest.mark.parametrize(
    ("last", "severity"),
    [
        (Figures(letters=3000, complaints=3), Severity.WARNING),
        (Figures(letters=1000, complaints=3), Severity.ERROR),
        (Figures(letters=100, bounced=4), Severity.WARNING),
        (Figures(letters=100, bounced=5), Severity.ERROR),
    ],
)
def test_what_came_back_of_the_last_issue_is_a_warning_before_it_holds_the_next(
    last: Figures, severity: Severity
) -> None:
    assert [finding.severity for finding in look(last=last).findings] == [severity]


@pytest.mark.parametrize(
    "last",
    [
        Figures(letters=50, complaints=2, bounced=2),
        Figures(letters=10_000, complaints=9, bounced=199),
        Figures(letters=0, complaints=9, bounced=9),
    ],
)
def test_a_few_words_from_readers_are_nothing(last: Figures) -> None:
    assert found(last=last) == set()


HARMLESS = [
    {"text_of_story": "The form said “{{first_name}}” in it"},
    {"text_of_story": "a todo list, and a link to xxx.example"},
]


@pytest.mark.parametrize("change", HARMLESS)
def test_what_a_story_speaks_of_is_no_placeholder(change: dict[str, str]) -> None:
    from tests.unit.preflight.letters import TEXT

    assert found(text=TEXT + change["text_of_story"]) == set()


def answer(address: str, reached: Reached, **more: object) -> dict[str, LinkAnswer]:
    return {address: LinkAnswer(address=address, reached=reached, words="the server says 404", **more)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("check", "answers"),
    [
        ("links.dead", answer(BALLOTS.address, Reached.GONE)),
        ("links.pages", answer(WEB_VIEW, Reached.GONE)),
        ("links.private", answer(BALLOTS.address, Reached.PRIVATE)),
        ("links.doubtful", answer(BALLOTS.address, Reached.NOT_NOW)),
        ("links.unchecked", answer(BALLOTS.address, Reached.UNASKED)),
        ("links.moved", answer(BALLOTS.address, Reached.ANSWERS, moved_to="https://elsewhere.example/")),
        ("pictures.there", answer(RIVER, Reached.GONE)),
        ("pictures.light", answer(RIVER, Reached.ANSWERS, size=300_000)),
        ("pictures.format", answer(RIVER, Reached.ANSWERS, kind="image/webp")),
    ],
)
def test_what_the_world_answered_counts(check: str, answers: dict[str, LinkAnswer]) -> None:
    assert check in found(answers=answers)


def test_pages_of_ours_that_are_not_there_yet_keep_no_issue_back() -> None:
    assert found(answers=answer(WEB_VIEW, Reached.GONE)) == {"links.pages"}
    assert look(answers=answer(WEB_VIEW, Reached.GONE)).blocking == ()


def test_every_check_is_seen_to_find_something() -> None:
    shown = {check for check, *_ in IN_THE_HTML} | {check for check, _ in ELSEWHERE}
    shown |= {
        "links.dead",
        "links.pages",
        "links.private",
        "links.doubtful",
        "links.unchecked",
        "links.moved",
        "pictures.light",
    }
    assert shown == {check.name for check in CHECKS}


def test_a_finding_says_where_why_and_what_to_do() -> None:
    (finding,) = look("County must count its ballots</a>", "Here</a>").findings
    assert finding.check == "access.links"
    assert finding.severity is Severity.ERROR
    assert finding.where == "National, first story: “County must count its ballots”"
    assert finding.why and finding.do
    assert finding.anchor == f'a[href="{BALLOTS.address}"]'


def test_errors_come_first_and_none_floods_the_others() -> None:
    looked = look(PARAGRAPH, '<p class="ink" style="float:left">' + "<a href='#'>a</a>" * 50)
    assert [finding.severity for finding in looked.findings] == sorted(finding.severity for finding in looked.findings)
    assert sum(finding.check == "links.empty" for finding in looked.findings) == MOST_FINDINGS


def test_what_outlook_alone_does_not_read_counts_not_for_outlook() -> None:
    hidden = f'<!--[if !mso]><!--><p class="ink" style="float:left">x</p><!--<![endif]-->{PARAGRAPH}'
    assert found(PARAGRAPH, hidden) == set()
    assert found(PARAGRAPH, '<p class="ink" style="float:left">x</p>' + PARAGRAPH) == {"support.shifted"}
    assert found(PARAGRAPH, f'<!--[if mso]><div style="float:left">x</div><![endif]-->{PARAGRAPH}') == {
        "support.shifted"
    }


def test_only_the_mail_programs_that_are_named_count() -> None:
    from digest.preflight.inspection import preflight
    from digest.settings import PreflightSettings
    from tests.unit.preflight.letters import GOOD, settings

    apple = replace(settings(), preflight=PreflightSettings(clients=("apple-mail-ios",)))
    letter = replace(GOOD, html=HTML.replace(PARAGRAPH, '<p class="ink" style="float:left;margin:2rem">'))
    assert preflight(letter, {}, apple).findings == ()


def test_what_a_program_leaves_out_with_its_at_rule_does_not_count_there() -> None:
    assert (
        found("@media (prefers-color-scheme:dark){", "@media (prefers-color-scheme:dark){p{position:static}") == set()
    )


def test_click_tracking_counts_as_bytes() -> None:
    from digest.preflight.checks.size import html_bytes
    from digest.preflight.inspected import Look
    from digest.settings import SendGrid
    from tests.unit.preflight.letters import GOOD, settings

    plain = Look(letter=GOOD, answers={}, settings=settings())
    sendgrid = replace(settings().delivery, provider="sendgrid", sendgrid=SendGrid(track_clicks=True))
    tracked = Look(letter=GOOD, answers={}, settings=replace(settings(), delivery=sendgrid))
    assert html_bytes(tracked) - html_bytes(plain) > 5 * 200
