"""What keeps a claim small or empty: holds, limits, and the first slice."""

from __future__ import annotations

from datetime import timedelta

from digest.model import Allowance, LetterState, Usage
from digest.record.store import Store
from tests.unit.record.newsroom import (
    DAY,
    ISSUE,
    NOW,
    SOON,
    claim,
    composed,
    counts,
    in_the_rows,
    keys,
    listed,
    planned,
    row,
    sender,
    settle,
    settlements,
    too_many,
)

# --- holds


def test_nothing_is_claimed_while_the_issue_is_held(store: Store) -> None:
    planned(store, 2)
    me = sender(store)
    store.issues.hold(ISSUE, "paused by hand")
    standing = claim(store, me).standing
    assert (standing.hold, standing.held_until, standing.owed) == ("paused by hand", None, 2)
    store.issues.release(ISSUE)
    assert keys(claim(store, me)) == [1, 2]


def test_a_hold_may_end_by_itself(store: Store) -> None:
    planned(store, 2)
    me = sender(store)
    store.issues.hold(ISSUE, "the provider fails", until=SOON)
    assert claim(store, me).standing.held_until == SOON
    assert keys(claim(store, me, now=SOON)) == [1, 2]


def test_a_hold_that_ends_by_itself_does_not_lift_one_by_hand(store: Store) -> None:
    planned(store, 2)
    me = sender(store)
    store.issues.hold(ISSUE, "paused by hand")
    store.issues.hold(ISSUE, "the provider fails", until=SOON)
    assert claim(store, me, now=SOON + DAY).standing.hold == "paused by hand"


def test_a_stopped_issue_gives_nothing(store: Store) -> None:
    planned(store, 2)
    store.issues.stop(ISSUE, "stopped by hand", now=NOW)
    assert claim(store, sender(store)).standing.stopped


# --- limits


def test_the_limits_decide_how_many_from_what_was_used(store: Store) -> None:
    planned(store, 9)
    me = sender(store)
    asked: list[tuple[int, int]] = []

    def allow(usage: Usage, wanted: int) -> Allowance:
        asked.append((usage.last_hour, wanted))
        left = 5 - usage.last_hour
        return Allowance(letters=min(left, wanted), wait=timedelta(minutes=1), why="five an hour")

    assert [keys(claim(store, me, 3, allow=allow)) for _ in range(2)] == [[1, 2, 3], [4, 5]]
    standing = claim(store, me, 3, allow=allow).standing
    assert (standing.why, standing.wait, standing.owed) == ("five an hour", timedelta(minutes=1), 4)
    assert asked == [(0, 3), (3, 3), (5, 3)]
    assert keys(claim(store, me, 3, allow=allow, now=NOW + timedelta(minutes=62))) == [6, 7, 8]


def test_a_domain_at_its_limit_is_passed_over_for_a_while(store: Store) -> None:
    composed(store)
    listed(store, [row(number, domain="slow.example" if number % 2 else "reader.example") for number in range(1, 7)])
    store.ledger.plan(ISSUE, now=NOW)
    me = sender(store)

    def allow(usage: Usage, wanted: int) -> Allowance:
        left = max(0, 1 - usage.domains.get("slow.example", 0))
        return Allowance(letters=wanted, domains={"slow.example": left})

    fields = {"allow": allow, "domains": frozenset({"slow.example"})}
    assert keys(claim(store, me, **fields)) == [1, 2, 4, 6]
    waiting = claim(store, me, **fields)
    assert (waiting.letters, waiting.standing.owed) == ((), 2)
    assert waiting.standing.due is not None
    assert waiting.standing.due > NOW
    assert keys(claim(store, me, now=NOW + timedelta(minutes=62), **fields)) == [3]
    assert counts(store) == in_the_rows(store) == {"claimed": 5, "owed": 1}


def test_a_rate_is_handed_on_and_remembered(store: Store) -> None:
    planned(store, 9)
    seen: list[Usage] = []

    def allow(usage: Usage, wanted: int) -> Allowance:
        seen.append(usage)
        return Allowance(letters=4, rate=2.0, starts_in=timedelta(seconds=1))

    got = claim(store, sender(store), allow=allow)
    assert (len(got.letters), got.rate, got.starts_in) == (4, 2.0, timedelta(seconds=1))
    claim(store, sender(store, "second"), allow=allow)
    assert [usage.free_at for usage in seen] == [None, NOW + timedelta(seconds=3)]


# --- the first slice


def slice_of(store: Store, me: int, letters: int = 100) -> list[int]:
    return keys(claim(store, me, letters, first_slice=3, judge_slice=too_many))


def test_the_rest_waits_until_the_first_slice_is_answered(store: Store) -> None:
    planned(store, 9)
    me = sender(store)
    first, second = (claim(store, me, 2, first_slice=3, judge_slice=too_many) for _ in range(2))
    assert (keys(first), keys(second)) == ([1, 2], [3])
    assert claim(store, me, first_slice=3, judge_slice=too_many).standing.why == "waiting for the first slice"
    settle(store, first, LetterState.ACCEPTED)
    assert slice_of(store, me) == []
    settle(store, second, LetterState.REFUSED)
    assert slice_of(store, me) == [4, 5, 6, 7, 8, 9]


def test_the_rest_is_kept_back_when_too_many_are_refused_and_goes_on_after_release(store: Store) -> None:
    planned(store, 9)
    me = sender(store)
    settle(store, claim(store, me, first_slice=3, judge_slice=too_many), LetterState.REFUSED)
    for _ in range(2):
        assert claim(store, me, first_slice=3, judge_slice=too_many).standing.hold == "kept back"
    assert counts(store) == {"refused": 3, "owed": 6}
    store.issues.release(ISSUE)
    assert slice_of(store, me) == [4, 5, 6, 7, 8, 9]


def test_a_pause_in_its_midst_does_not_spare_the_slice_its_judge(store: Store) -> None:
    planned(store, 9)
    me = sender(store)
    first = claim(store, me, first_slice=3, judge_slice=too_many)
    store.issues.hold(ISSUE, "paused by hand")
    settle(store, first, LetterState.REFUSED)
    store.issues.release(ISSUE)
    assert claim(store, me, first_slice=3, judge_slice=too_many).standing.hold == "kept back"


def test_a_limit_at_the_start_does_not_skip_the_slice(store: Store) -> None:
    planned(store, 9)
    me = sender(store)
    nothing = claim(store, me, first_slice=3, allow=lambda usage, wanted: Allowance(letters=0, why="later"))
    assert nothing.standing.why == "later"
    assert slice_of(store, me) == [1, 2, 3]


def test_a_letter_of_the_slice_that_is_put_off_does_not_hold_up_the_rest(store: Store) -> None:
    planned(store, 5)
    me = sender(store)
    got = claim(store, me, first_slice=3, judge_slice=too_many)
    answers = settlements(got, LetterState.ACCEPTED)
    answers[0].state, answers[0].due = LetterState.OWED, SOON
    store.ledger.settle(ISSUE, got.number, answers, now=NOW)
    assert slice_of(store, me) == [4, 5]


def test_the_slice_is_shared_by_all_senders(store: Store) -> None:
    planned(store, 9)
    assert slice_of(store, sender(store), 2) == [1, 2]
    assert slice_of(store, sender(store, "second"), 2) == [3]
