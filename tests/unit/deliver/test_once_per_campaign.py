"""What is made once a campaign."""

from __future__ import annotations

from digest.deliver.once_per_campaign import OncePerCampaign
from digest.model import Campaign
from tests.unit.deliver.correspondence import campaign


def test_each_campaign_has_its_own_made_once_while_it_is_in_use() -> None:
    made: list[Campaign] = []
    once: OncePerCampaign[int] = OncePerCampaign(lambda each: made.append(each) or len(made))  # type: ignore[func-returns-value]
    campaigns = [campaign() for _ in range(20)]
    numbers = [once.of(each) for each in campaigns]
    assert numbers == list(range(1, 21))
    assert [once.of(each) for each in campaigns] == numbers


def test_of_many_the_last_ones_are_kept() -> None:
    once = OncePerCampaign(lambda each: object())
    first = campaign()
    kept = once.of(first)
    for _ in range(100):
        once.of(campaign())
    assert once.of(first) is not kept
