"""Return paths of a letter's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.letters import write_letter
from digest.deliver.return_path import ReturnPath, proves, read_return_path
from digest.errors import ConfigurationError
from digest.model import Subscriber
from tests.unit.dispatch.office import ADDRESSING

ISSUE = "2026-11-20"
ADDRESS = "ana@reader.example"


def path_of(number: int) -> str:
    letter = write_letter(Subscriber(address=ADDRESS), issue=ISSUE, addressing=ADDRESSING, key=number)
    return ReturnPath("bounces@docket.example", verp=True).of(letter)


@given(st.integers(min_value=1, max_value=999_999_999_999))
def test_a_return_path_tells_whose_letter_it_is_in_any_letter_case(number: int) -> None:
    token = read_return_path(path_of(number).upper())
    assert token is not None
    assert (token.number, token.issue) == (number, ISSUE)
    assert proves(token, ADDRESSING.ids.of_letter(ISSUE, "", ADDRESS))
    assert not proves(token, ADDRESSING.ids.of_letter(ISSUE, "", "bo@reader.example"))
    assert len(path_of(number).partition("@")[0]) <= 64


def test_no_other_address_is_a_return_path() -> None:
    for address in (
        "bounces@docket.example",
        "bounces+7@docket.example",
        "bounces+7-2026-11-20-xyz@docket.example",
        "",
    ):
        assert read_return_path(address) is None


def test_an_address_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="too long"):
        ReturnPath(f"{'b' * 40}@docket.example", verp=True)
