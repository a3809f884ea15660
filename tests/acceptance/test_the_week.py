"""From the feeds to the letters, as an operator does it."""

from __future__ import annotations

import email
import email.policy
import re
import shutil
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

from tests.acceptance.publication import Publication

ISSUE = "2026-11-20"


def messages(paths: list[Path]) -> list[EmailMessage]:
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]  # type: ignore[misc]


def test_a_dry_run_goes_the_whole_way_and_changes_nothing(sample: Publication) -> None:
    before = sample.state()
    told = sample.run("run", "--dry-run").stdout
    assert sample.state() == before
    assert sample.letters() == []
    for part in (
        "Sources",
        "Lead",
        "National",
        "Opinion",
        "Cut (",
        "duplicate of",
        "excluded: category",
        "Readers",
        "Size",
    ):
        assert part in told, part
    folder = sample.folder / "outbox" / "dry-run" / ISSUE
    for file in ("issue.html", "issue.txt", "issue.json"):
        assert (folder / file).stat().st_size > 500
        assert f"{ISSUE}/{file}" in told or file == "issue.json"
    assert len(list(folder.rglob("*.eml"))) == 3


def test_the_real_run_after_a_dry_run_finds_the_whole_week(sample: Publication) -> None:
    sample.run("run", "--dry-run")
    dry = (sample.folder / "outbox" / "dry-run" / ISSUE / "issue.txt").read_text()
    sample.run("run")
    sent = (sample.folder / "issues" / ISSUE / "issue.txt").read_text()
    # Apart from the marks for the readers' slots: they depend on when an undated story was first seen.
    assert re.sub(r"-[0-9a-f]{12}\b", "", sent) == re.sub(r"-[0-9a-f]{12}\b", "", dry)
    status = sample.json("status")["issues"]
    assert [(issue["issue"], issue["state"]) for issue in status] == [(ISSUE, "sent")]
    readers = status[0]["letters"]["accepted"]
    assert readers == len(sample.letters()) >= 8
    assert {state: count for state, count in status[0]["letters"].items() if count} == {"accepted": readers}
    assert len({message["To"] for message in messages(sample.letters())}) == readers


def test_a_run_that_fires_again_sends_nothing_again(sample: Publication) -> None:
    sample.run("run")
    letters = {path: path.stat().st_mtime_ns for path in sample.letters()}
    assert "gone out already" in sample.run("run", "--date", ISSUE).stdout
    assert "Nothing to do" in sample.run("run", "--on-time").stdout
    assert {path: path.stat().st_mtime_ns for path in sample.letters()} == letters
    again = sample.json("send", "--yes", "--date", ISSUE)
    assert again["letters"]["owed"] == 0
    assert {path: path.stat().st_mtime_ns for path in sample.letters()} == letters


def test_an_issue_that_has_gone_out_is_not_made_up_again(sample: Publication) -> None:
    sample.run("run")
    kept = sample.state()
    refused = sample.run("compose", "--date", ISSUE, expect=7)
    assert ISSUE in refused.stderr
    assert sample.state() == kept


def test_a_second_gather_changes_nothing(sample: Publication) -> None:
    first = sample.json("gather")["sources"]
    assert {source["status"] for source in first} == {"ok"}
    assert all(source["new"] == source["entries"] > 0 for source in first)
    second = sample.json("gather")["sources"]
    assert all((source["status"], source["new"], source["updated"]) == ("unchanged", 0, 0) for source in second)


def test_a_corrected_story_updates_its_entry(sample: Publication) -> None:
    sample.run("gather")
    shutil.copyfile(
        sample.folder / "sample" / "corrected" / "main.xml", sample.folder / "sample" / "feeds" / "main.xml"
    )
    (report,) = [source for source in sample.json("gather")["sources"] if source["name"] == "The Docket"]
    assert (report["new"], report["updated"]) == (0, 1)


def test_the_issue_has_each_story_once_and_says_why_of_the_rest(sample: Publication) -> None:
    sample.run("gather")
    made = sample.json("compose")
    stories = [made["lead"], *(story for section in made["sections"] for story in section["stories"])]
    assert made["stories"] == len(stories) >= 20
    assert made["issue"] == ISSUE
    assert max(Counter(story["url"] for story in stories).values()) == 1
    assert max(Counter(story["title"].casefold() for story in stories).values()) == 1
    reasons = [cut["reason"] for cut in made["cuts"]]
    for reason in (
        "over the section's 1",
        "excluded: category Closing Arguments",
        "duplicate of https://docket.example/",
        "over the section's 4",
        "after the week closed",
        "published before the week (2026-11-05) and its source is new",
    ):
        assert any(one.startswith(reason) for one in reasons), reason
    entries = sum(source["entries"] for source in sample.json("gather")["sources"])
    assert entries == 0  # unchanged feeds are not read again
    assert all(
        story["url"].startswith(("https://docket.example/", "https://harborrecord.example/")) for story in stories
    )
    assert not any(mark in story["url"] for story in stories for mark in ("utm_", "?amp", "/amp", "fbclid"))


def test_every_entry_is_in_the_issue_or_among_the_cuts(sample: Publication) -> None:
    entries = sum(source["entries"] for source in sample.json("gather")["sources"])
    made = sample.json("compose")
    assert made["stories"] + len(made["cuts"]) == entries


def test_composing_again_gives_the_same_issue_and_a_note_changes_it(composed: Publication) -> None:
    first, second = composed.json("compose"), composed.json("compose")
    assert first["fingerprint"] == second["fingerprint"]
    (composed.folder / "issues" / ISSUE / "note.txt").write_text("Dear readers,\n\nthis was a week of rivers.\n")
    third = composed.json("compose")
    assert third["fingerprint"] != first["fingerprint"]
    assert "this was a week of rivers." in Path(composed.folder, third["html"]).read_text()
    assert "this was a week of rivers." in Path(composed.folder, third["text"]).read_text()


def test_a_pinned_lead_stays_pinned_until_it_is_taken_away(composed: Publication) -> None:
    before = composed.json("compose")
    other = before["sections"][1]["stories"][0]
    assert composed.json("compose", "--lead", other["url"])["lead"] == other
    assert composed.json("compose")["lead"] == other
    assert composed.json("compose", "--lead", "none")["lead"] == before["lead"]
    refused = composed.run("compose", "--lead", "https://docket.example/nowhere/", expect=2)
    assert "nowhere" in refused.stderr


def test_a_thin_week_makes_no_issue(sample: Publication) -> None:
    sample.configure("min_stories = 5", "min_stories = 200")
    sample.configure("max_stories = 25", "max_stories = 200")
    sample.run("gather")
    refused = sample.run("compose", expect=3)
    assert "no issue goes out" in refused.stderr
    assert not (sample.folder / "issues" / ISSUE / "issue.html").exists()
    sample.run("run", expect=3)
    assert sample.letters() == []


def test_the_letters_are_proper_mail(sample: Publication) -> None:
    sample.run("run")
    for path, message in zip(sample.letters(), messages(sample.letters()), strict=True):
        assert message.get_content_type() == "multipart/alternative"
        text, html = message.iter_parts()
        assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
        for name in ("From", "To", "Date", "Message-ID", "List-Id", "List-Archive", "Precedence", "Auto-Submitted"):
            assert message[name], name
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = message["List-Unsubscribe"].split(">")[0].lstrip("<")
        assert link.startswith("https://letters.docket.example/u/")
        assert link in html.get_content()
        assert link in text.get_content()
        assert message["To"].addresses[0].addr_spec in text.get_content()
        assert path.read_bytes().isascii()
        assert max(map(len, path.read_bytes().split(b"\r\n"))) <= 998


def test_the_list_names_its_bad_rows_and_the_suppressed_get_nothing(sample: Publication) -> None:
    told = sample.run("subscribers", "check").stdout
    assert "duplicate" in told
    assert "bad address" in told
    sample.run("gather")
    sample.run("compose")
    reader = messages([sorted(sample.folder.glob("outbox/**/*.eml"))[0]] if sample.letters() else [])
    assert reader == []
    first = sample.json("send", "--dry-run")
    victim = next(
        line.split(",")[0] for line in (sample.folder / "subscribers.csv").read_text().splitlines()[1:] if "@" in line
    )
    sample.run("subscribers", "suppress", victim)
    second = sample.json("send", "--dry-run")
    assert second["readers"] == first["readers"] - 1
    assert second["left_out"]["suppressed"] == 1
    sent = sample.json("send", "--yes")
    assert sent["letters"]["accepted"] == first["readers"] - 1
    assert victim not in {message["To"].addresses[0].addr_spec for message in messages(sample.letters())}


def test_an_unsubscribe_link_stands_for_its_reader(sample: Publication) -> None:
    sample.run("run")
    message = messages(sorted(sample.letters()))[0]
    sample.run("subscribers", "suppress", message["List-Unsubscribe"].split(">")[0].lstrip("<"))
    told = sample.run("subscribers", "check").stdout
    assert "suppressed" in told
    assert len(sample.letters()) == sample.json("status")["issues"][0]["letters"]["accepted"]
    refused = sample.run("subscribers", "suppress", "https://letters.docket.example/u/AAAAAAAAAAAAAAAAAAAAAA", expect=2)
    assert "no subscriber" in refused.stderr


def test_send_dry_run_is_byte_for_byte_without_a_trace(composed: Publication) -> None:
    before = composed.state()
    told = composed.json("send", "--dry-run")
    assert composed.state() == before
    people = {"readers", "joined", "left_out", "segment", "in_segment", "letters"}
    assert set(told) == people | {"format", "issue", "provider", "preflight"}
    assert {state: count for state, count in told["letters"].items() if count} == {"owed": told["readers"]}
    assert composed.letters() == []


def test_nobody_there_to_ask_means_nothing_is_sent(composed: Publication) -> None:
    refused = composed.run("send", expect=2)
    assert "--yes" in refused.stderr
    assert composed.letters() == []
    assert composed.json("status")["issues"][0]["state"] == "composed"


def test_a_test_copy_is_marked_and_outside_the_ledger(composed: Publication) -> None:
    composed.run("send", "--to", "editor@example.com")
    (copy,) = messages(list(composed.folder.glob("outbox/**/*.eml")))
    assert copy["Subject"].startswith("[Test] ")
    assert copy["To"] == "editor@example.com"
    assert composed.json("status")["issues"][0]["letters"]["accepted"] == 0
    composed.run("subscribers", "suppress", "editor@example.com")
    assert "suppressed" in composed.run("send", "--to", "editor@example.com", expect=2).stderr


def test_an_issue_altered_in_the_archive_is_not_sent(composed: Publication) -> None:
    html = composed.folder / "issues" / ISSUE / "issue.html"
    html.write_text(html.read_text().replace("</body>", "<p>slipped in</p></body>"))
    composed.run("send", "--yes", expect=8)
    assert composed.letters() == []


def test_a_story_of_last_week_does_not_run_again(sample: Publication) -> None:
    sample.run("run")
    feed = sample.folder / "sample" / "feeds" / "main.xml"
    # The next week: everything is dated a week later under the same guids, as after a careless import.
    feed.write_text(feed.read_text().replace("Nov 2026", "Dec 2026"))
    sample.run("gather")
    sample.configure("min_stories = 5", "min_stories = 1")
    made = sample.json("compose", "--date", "2027-01-01")
    ran = [cut for cut in made["cuts"] if cut["reason"] == f"ran in {ISSUE}"]
    assert len(ran) >= 15
    first = {story["url"] for story in sent_stories(sample)}
    again = {story["url"] for section in made["sections"] for story in section["stories"]}
    assert not first & again


def sent_stories(sample: Publication) -> list[dict[str, str]]:
    import json

    kept = json.loads((sample.folder / "issues" / ISSUE / "issue.json").read_text())
    issue = kept.get("issue", kept)
    stories = [issue["lead"], *(story for section in issue["sections"] for story in section["stories"])]
    return [{"url": story["address"]} for story in stories]
