"""Who said no gets no letter, in whichever column and row the list says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.audience.reading import addresses, roster


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("email_disabled", "true"),
        ("Unsubscribed", "yes"),
        ("opted_out", "1"),
        ("UNSUB_TIME", "2026-11-02 10:00:00"),
        ("CLEAN_TIME", "2026-11-02"),
        ("MEMBER_STATUS", "Unsubscribed"),
        ("status", "cleaned"),
        ("Status", "Bounced"),
        ("status", "non-subscribed"),
        ("status", "pending"),
        ("subscribed_to_emails", "false"),
        ("Accepts Email Marketing", "no"),
        ("deleted_at", "2026-01-01"),
    ],
)
def test_who_said_no_gets_no_letter(tmp_path: Path, column: str, value: str) -> None:
    audience = roster(tmp_path, f"email,{column}\nana@example.com,{value}\nben@example.com,\n")
    assert addresses(audience) == ["ben@example.com"]
    (row,) = audience.left_out
    assert (row.reason, row.line, row.address) == ("disabled", 2, "ana@example.com")
    assert value in row.detail


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("email_disabled", "false"),
        ("unsubscribed", "No"),
        ("unsubscribed", "0"),
        ("UNSUB_TIME", "-"),
        ("status", "subscribed"),
        ("status", "active"),
        ("state", "CA"),
        ("subscribed", "TRUE"),
        ("subscribed", ""),
        ("active_subscription", "false"),
        ("OPTIN_TIME", ""),
    ],
)
def test_who_did_not_say_no_keeps_the_letter(tmp_path: Path, column: str, value: str) -> None:
    assert addresses(roster(tmp_path, f"email,{column}\nana@example.com,{value}\n")) == ["ana@example.com"]


@pytest.mark.parametrize("order", [("true", "false", "false"), ("false", "true", "false"), ("false", "false", "true")])
def test_one_no_holds_for_every_row_of_the_address(tmp_path: Path, order: tuple[str, ...]) -> None:
    rows = "".join(f"Ana@example.com,{disabled}\n" for disabled in order)
    audience = roster(tmp_path, f"email,email_disabled\n{rows}ben@example.com,false\n")
    assert addresses(audience) == ["ben@example.com"]
    assert [row.line for row in audience.left_out] == [2, 3, 4]
    assert all(row.reason in {"disabled", "duplicate"} for row in audience.left_out)
