"""The same story from the sister site under another headline, as the editor meets it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.acceptance.publication import Publication

ISSUE = "2026-11-20"
OURS = "https://docket.example/2026/11/18/lower-marsh-must-mend-the-boardwalk-it-forgot-it-owned/"
THEIRS = "https://harborrecord.example/2026/11/18/a-dollar-a-map-and-700-planks/"
AGAIN = "https://harborrecord.example/2026/11/20/lower-marsh-finds-a-dollar/"
TOLD = """
<p>A painter who took a framed map off the wall of a clerk’s office has settled whose boardwalk it is that rots in the
reeds of Lower Marsh: the town’s. A judge said so on Wednesday.</p>
<p>Behind the map was the deed of 1958, by which the boardwalk, “its piles, planks and rails,” went to the town for a
dollar. For nineteen years town and county had each said that it was the other’s. Some 700 of its 2,200 planks are gone.
Agnieszka Bello, a birdwatcher who fell through plank 1,431 and waited two hours, had sued. The repair will cost
$340,000 and must be done by June.</p>"""


@pytest.fixture
def syndicated(sample: Publication) -> Publication:
    """The sample newsroom, whose sister site tells one of its stories in its own words."""
    path = sample.folder / "sample" / "feeds" / "sister.json"
    feed = json.loads(path.read_text("utf-8"))
    feed["items"].append(
        {
            "id": "https://harborrecord.example/?p=9999",
            "url": THEIRS,
            "title": "A dollar, a map and 700 planks",
            "content_html": TOLD,
            "date_published": "2026-11-18T21:02:00-08:00",
            "tags": ["Regional"],
        }
    )
    path.write_text(json.dumps(feed), "utf-8")
    sample.run("gather")
    return sample


def cut(made: Any) -> dict[str, tuple[str, str | None]]:
    """The cuts that name another story, by their addresses."""
    return {each["url"]: (each["reason"], each["other"]) for each in made["cuts"] if each["other"]}


def addresses(made: Any) -> set[str]:
    return {each["url"] for each in (made["lead"], *(one for part in made["sections"] for one in part["stories"]))}


def compose(publication: Publication, *arguments: str) -> Any:
    return publication.json("compose", "--date", ISSUE, *arguments)


def test_a_near_duplicate_is_a_cut_with_both_addresses(syndicated: Publication) -> None:
    made = compose(syndicated)
    assert cut(made) == {THEIRS: (f"near duplicate of {OURS}", OURS)}
    told = syndicated.run("compose", "--date", ISSUE).stdout
    assert f"near duplicate of {OURS}" in told
    assert f"--keep {THEIRS}" in told


def test_the_editor_keeps_it_and_that_is_remembered(syndicated: Publication) -> None:
    compose(syndicated)
    assert cut(compose(syndicated, "--keep", THEIRS)) == {}
    again = compose(syndicated)
    assert cut(again) == {}
    assert (syndicated.folder / "issues" / ISSUE / "keep.txt").read_text("utf-8") == f"{THEIRS}\n"
    considered = addresses(again) | {each["url"] for each in again["cuts"] if "over the" in each["reason"]}
    assert {OURS, THEIRS} <= {address.partition("?")[0] for address in considered}
    assert THEIRS in cut(compose(syndicated, "--keep", "none"))
    assert not (syndicated.folder / "issues" / ISSUE / "keep.txt").exists()


def test_what_is_not_of_this_week_cannot_be_kept(syndicated: Publication) -> None:
    before = compose(syndicated)
    refused = syndicated.run(
        "compose", "--date", ISSUE, "--keep", "https://docket.example/2020/never/", expect=2
    ).stderr
    assert "https://docket.example/2020/never/" in refused
    assert "not among this week" in refused
    assert compose(syndicated)["fingerprint"] == before["fingerprint"]


def test_a_near_duplicate_of_what_ran_is_cut_in_the_next_issue(syndicated: Publication) -> None:
    syndicated.run("run", "--date", ISSUE)
    path = syndicated.folder / "sample" / "feeds" / "sister.json"
    feed = json.loads(path.read_text("utf-8"))
    late = {**feed["items"][-1], "id": "late", "url": AGAIN, "title": "Lower Marsh finds a dollar"}
    feed["items"].append({**late, "date_published": "2026-11-20T09:02:00-08:00"})
    path.write_text(json.dumps(feed), "utf-8")
    syndicated.configure("min_stories = 5", "min_stories = 1")
    syndicated.run("gather")
    made = syndicated.json("compose", "--date", "2026-11-27")
    assert cut(made) == {AGAIN: (f"near duplicate of {OURS}, which ran in {ISSUE}", OURS)}
    assert AGAIN in addresses(syndicated.json("compose", "--date", "2026-11-27", "--keep", AGAIN))
