"""A campaign for each body."""

from __future__ import annotations

from dataclasses import replace

from digest.dispatch.campaigns import Campaigns
from digest.model import RenderedIssue
from tests.unit.deliver.correspondence import campaign

WHOLE = campaign()


def body(variant: int) -> RenderedIssue:
    return replace(WHOLE.rendered, html=f"<p>{variant}</p>")


def test_the_whole_issue_is_the_campaign_itself() -> None:
    assert Campaigns(WHOLE, body).of(0) is WHOLE


def test_a_body_is_made_once_while_it_is_in_use() -> None:
    made = Campaigns(WHOLE, body)
    first = made.of(5)
    assert first.rendered.html == "<p>5</p>"
    assert (first.from_, first.date) == (WHOLE.from_, WHOLE.date)
    for other in range(6, 20):
        made.of(other)
        assert made.of(5) is first


def test_of_many_bodies_the_last_ones_are_kept() -> None:
    made = Campaigns(WHOLE, body)
    first = made.of(1)
    for other in range(2, 500):
        assert made.of(other).rendered.html == f"<p>{other}</p>"
    assert made.of(1) is not first
    assert made.of(1) == first
