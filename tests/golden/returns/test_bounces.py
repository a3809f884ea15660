"""Real mails that came back: bounces of many servers, complaints, automatic replies."""

from __future__ import annotations

import pytest

from tests.returns.measuring import CORPUS, measure

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of bounces is not here")


def test_real_bounces_are_understood_and_nothing_else_is_taken_for_one() -> None:
    halves = measure()
    wrong = [f"{each.file}: {each.why}" for half in halves for each in half.wrong]
    assert not [each.file for half in halves for each in half.mistaken]
    assert len(wrong) <= 0.02 * sum(half.stated for half in halves), wrong
