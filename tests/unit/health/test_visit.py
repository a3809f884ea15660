"""A visit: everything at the same time, in its order, and an end to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from digest.health.visit import Look, examine
from digest.model.health import Diagnosis, Verdict


def said(check: str) -> Diagnosis:
    return Diagnosis(check=check, verdict=Verdict.OK, words="fine")


def test_looks_go_on_at_the_same_time_and_are_told_in_their_order() -> None:
    met = threading.Barrier(3, timeout=10)

    def act(check: str) -> Iterator[Diagnosis]:
        met.wait()
        yield said(check)

    looks = [Look(check=check, act=lambda check=check: act(check)) for check in "abc"]  # type: ignore[misc]
    assert [each.check for each in examine(looks, seconds=10).diagnoses] == ["a", "b", "c"]


def test_what_has_no_end_is_left_behind_and_what_it_found_before_counts() -> None:
    never = threading.Event()

    def act() -> Iterator[Diagnosis]:
        yield said("first")
        never.wait(30)

    found = examine([Look(check="slow", act=act), Look(check="quick", act=lambda: (said("quick"),))], seconds=0.2)
    never.set()
    assert [(each.check, each.verdict) for each in found.diagnoses] == [
        ("first", Verdict.OK),
        ("slow", Verdict.NOT_ASKED),
        ("quick", Verdict.OK),
    ]


def test_a_look_that_fails_takes_nothing_from_the_others_and_tells_no_secret() -> None:
    def act() -> Iterator[Diagnosis]:
        yield said("first")
        raise RuntimeError("SG.secret")

    found = examine([Look(check="broken", act=act), Look(check="good", act=lambda: (said("good"),))], seconds=10)
    assert [each.check for each in found.diagnoses] == ["first", "broken", "good"]
    assert "RuntimeError" in found.diagnoses[1].words and "SG.secret" not in found.diagnoses[1].words
    assert found.counted(Verdict.OK) == 2 and not found.wrong
