"""The connections of several senders together are those that were asked for."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.share import senders_for, share_of
from digest.settings import DeliverySettings, Resend, SendGrid, Smtp


def delivery(provider: str, at_once: int, senders: int) -> DeliverySettings:
    return DeliverySettings(
        provider=provider,
        outbox=Path("/outbox"),
        senders=senders,
        smtp=Smtp(connections=at_once),
        sendgrid=SendGrid(at_once=at_once),
        resend=Resend(at_once=at_once),
    )


@given(st.sampled_from(["smtp", "sendgrid", "resend"]), st.integers(1, 32), st.integers(1, 8))
def test_the_shares_add_up(provider: str, at_once: int, wished: int) -> None:
    asked = delivery(provider, at_once, wished)
    senders = senders_for(asked, 5000)
    assert 1 <= senders <= wished
    shares = [share_of(asked, number, senders) for number in range(1, senders + 1)]
    for parts in (
        [share.smtp.connections for share in shares],
        [share.sendgrid.at_once for share in shares],
        [share.resend.at_once for share in shares],
    ):
        assert sum(parts) == at_once
        assert min(parts) >= 1
        assert max(parts) - min(parts) <= 1


def test_the_outbox_has_one_sender() -> None:
    assert senders_for(delivery("outbox", 8, 4), 5000) == 1


def test_a_short_list_is_not_worth_another_process() -> None:
    assert senders_for(delivery("smtp", 8, 4), 1000) == 1
    assert senders_for(delivery("smtp", 8, 4), 1001) == 4


def test_one_sender_has_it_all() -> None:
    asked = delivery("smtp", 7, 1)
    assert share_of(asked, 1, 1) == asked
