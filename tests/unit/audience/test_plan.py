"""Who said no gets nothing."""

from __future__ import annotations

from digest.audience import plan_audience
from digest.model import Audience, LeftOut, Subscriber

ANA = Subscriber(address="ana@example.com", name="Ana", categories=("Courts",))
BEN = Subscriber(address="ben@example.com")
CLEO = Subscriber(address="cleo@xn--bcher-kva.example")
BAD = LeftOut(reason="bad address", line=7, address="x", detail="no @")
ROSTER = Audience(readers=(ANA, BEN, CLEO), left_out=(BAD,))


def test_suppressed_readers_are_left_out_and_the_rest_keeps_its_order() -> None:
    plan = plan_audience(ROSTER, {"ben@example.com"})
    assert plan.readers == (ANA, CLEO)
    assert plan.left_out == (BAD, LeftOut(reason="suppressed", address="ben@example.com"))


def test_a_suppression_holds_however_it_is_spelt() -> None:
    plan = plan_audience(ROSTER, [" ANA@Example.COM ", "cleo@bücher.example", "no address"])
    assert plan.readers == (BEN,)


def test_without_suppressions_the_plan_is_the_list() -> None:
    assert plan_audience(ROSTER, ()) == ROSTER
