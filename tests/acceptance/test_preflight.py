"""The preflight by its commands: what it says, what it keeps back, and what is let go all the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.acceptance.publication import Publication

ISSUE = "2026-11-20"
KEPT_BACK = 10


def spoil(publication: Publication) -> None:
    """A note that nobody finished: the one error of the issue."""
    (publication.folder / "issues" / ISSUE / "note.txt").write_text("This week: TK and a river.\n", encoding="utf-8")
    publication.run("compose")


def checks(findings: list[dict[str, str]]) -> set[str]:
    return {finding["check"] for finding in findings}


def test_the_sample_has_no_error_and_few_warnings(composed: Publication) -> None:
    found = composed.json("check")
    assert (found["issue"], found["blocked"], found["errors"]) == (ISSUE, False, [])
    assert len(found["warnings"]) <= 3
    assert "Ready to go" in composed.run("check").stdout
    assert "Ready to go" in composed.run("compose").stdout
    assert "Ready to go" in composed.run("run", "--dry-run").stdout


def test_an_error_is_told_with_its_place_and_what_to_do(composed: Publication) -> None:
    spoil(composed)
    found = composed.json("check", expect=KEPT_BACK)
    (error,) = found["errors"]
    assert error["check"] == "content.placeholder"
    assert "TK" in error["title"]
    assert error["where"] and error["why"] and error["do"]
    told = composed.run("check", ISSUE, expect=KEPT_BACK)
    assert "Not ready: 1 error" in told.stdout
    assert "content.placeholder" in told.stderr


def test_an_error_keeps_the_issue_back_and_nothing_changes(composed: Publication) -> None:
    spoil(composed)
    before = composed.state()
    refused = composed.run("send", "--yes", expect=KEPT_BACK)
    assert "--despite content.placeholder" in refused.stderr
    assert composed.json("send", "--dry-run")["preflight"]["blocked"]
    assert "Not ready" in composed.run("send", "--dry-run", "--despite", "size.html").stdout
    assert composed.letters() == []
    assert composed.state() == before
    assert composed.json("status")["issues"][0]["state"] == "composed"


def test_a_name_that_no_check_has_is_refused(composed: Publication) -> None:
    assert "there is no such check" in composed.run("send", "--yes", "--despite", "links.deaf", expect=2).stderr


def test_it_goes_out_despite_an_error_that_is_named_and_that_is_on_record(composed: Publication) -> None:
    spoil(composed)
    composed.run("send", "--yes", "--despite", "size.html", expect=KEPT_BACK)
    composed.run(
        "send", "--yes", "--limit", "2", "--despite", "content.placeholder", expect=5, USER="imogen", LOGNAME="imogen"
    )
    (despite,) = composed.json("status", ISSUE)["despite"]
    assert (despite["check"], despite["who"]) == ("content.placeholder", "imogen")
    assert "sent despite content.placeholder, by imogen" in composed.run("status", ISSUE).stdout
    # Its letters are out: the rest is not kept back, and nobody has to say so again.
    composed.run("send", "--yes")
    assert len(composed.letters()) == 10


def test_an_issue_under_way_goes_on_and_says_so(composed: Publication) -> None:
    composed.run("send", "--yes", "--limit", "2", expect=5)
    composed.configure('name = "Closing Arguments"', 'name = "Closing Argument"')
    composed.configure(
        'postal_address = "12 Court Street, Springfield"', 'postal_address = "14 Court Street, Springfield"'
    )
    resumed = composed.run("send", "--yes")
    assert "under way already" in resumed.stderr
    assert len(composed.letters()) == 10


def test_run_keeps_an_issue_back_too(sample: Publication) -> None:
    sample.configure("min_stories = 5", "min_stories = 1")
    sample.configure('publisher = "The Docket"', 'publisher = "The Docket [insert name]"')
    refused = sample.run("run", "--yes", "--date", "2026-07-24", "--since", "2020-01-01", expect=KEPT_BACK)
    assert "content.placeholder" in refused.stderr
    assert sample.letters() == []


def test_making_it_up_again_forgets_what_was_overridden(composed: Publication) -> None:
    spoil(composed)
    before = composed.run(
        "send", "--yes", "--despite", "content.placeholder", expect=2, DIGEST_DELIVERY_PROVIDER="smtp2"
    )
    assert "DIGEST_DELIVERY_PROVIDER" in before.stderr
    composed.run("compose")
    composed.run("send", "--yes", expect=KEPT_BACK)


@pytest.mark.skipif(not shutil.which("spamassassin"), reason="SpamAssassin is not installed")
def test_spamassassin_likes_the_sample(composed: Publication) -> None:
    found = composed.json("check", "--spam")
    (score,) = [passed["figure"] for passed in found["passed"] if passed["check"] == "spam.score"]
    assert float(score) < 1.0


def test_without_spamassassin_it_says_so(composed: Publication, tmp_path: Path) -> None:
    missing = composed.run("check", "--spam", expect=2, PATH=str(tmp_path))
    assert "SpamAssassin is not installed" in missing.stderr
