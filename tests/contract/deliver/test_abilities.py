"""What only some providers can do: ask a gate for each letter, count a repeat once, hold a batch and call it back."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from digest.deliver.providers import PROVIDER_NAMES
from digest.deliver.seam import CannotReserve
from digest.model import Recall
from tests.contract.deliver.deliveries import NOT_TAKEN, TAKEN, UNSENT, answers, keyed
from tests.contract.deliver.gates import OpenGate
from tests.contract.deliver.ports import closed_port
from tests.contract.deliver.posts import (
    HOLD,
    HOLDING,
    IN_ONE_CALL,
    KEY,
    LETTER_BY_LETTER,
    POSTS,
    REPEATABLE,
    Post,
    addresses,
    batch,
    for_each,
    outbox,
    send,
    smtp_sink,
    where_nobody_is,
)
from tests.unit.deliver.correspondence import campaign, letter, letters


@for_each(POSTS)
def test_abilities_are_what_the_tests_below_take_them_for(post: Post, request: pytest.FixtureRequest) -> None:
    opener, abilities = request.node.callspec.params["post"], post.provider.abilities
    assert abilities.letter_by_letter == (opener in LETTER_BY_LETTER)
    assert abilities.repeatable == (opener in REPEATABLE)
    assert abilities.holds == (opener in HOLDING)
    assert abilities.readers_per_call > 0
    assert abilities.calls_at_once > 0


def test_every_provider_is_here(tmp_path: Path) -> None:
    with ExitStack() as stack:
        names = {opener(tmp_path, stack).provider.name for opener in POSTS if opener is not smtp_sink}
    assert names == set(PROVIDER_NAMES)


@for_each(LETTER_BY_LETTER)
def test_a_closed_gate_lets_nothing_out(post: Post) -> None:
    gate = OpenGate(0)
    assert answers(send(post, keyed(letters(3)), gate=gate)) == [UNSENT] * 3
    assert not gate.receipts
    assert not post.received()


@for_each(LETTER_BY_LETTER)
def test_a_gate_that_closes_on_the_way_keeps_the_rest(post: Post) -> None:
    gate, written = OpenGate(2), keyed(letters(5))
    delivery = send(post, written, gate=gate)
    assert answers(delivery) == [TAKEN, TAKEN, UNSENT, UNSENT, UNSENT]
    assert gate.started == [1, 2]
    assert gate.receipts == list(delivery.receipts[:2])
    assert addresses(post) == [one.address for one in written[:2]]


@for_each(IN_ONE_CALL)
def test_a_batch_in_one_call_asks_no_gate(post: Post) -> None:
    gate = OpenGate(0)
    assert answers(send(post, keyed(letters(3)), gate=gate)) == [TAKEN] * 3
    assert not gate.started + gate.receipts


@for_each(REPEATABLE)
def test_a_batch_that_is_repeated_by_another_process_counts_once(post: Post) -> None:
    line = post.provider.line()
    written = [*letters(3), replace(letter(), address="nobody")]
    first = batch(post.provider, line, keyed(written))
    ids = []
    for provider in (post.provider, post.again()):
        again = provider.line()
        delivery = again.send(campaign(), first, OpenGate())
        again.close()
        assert answers(delivery) == [TAKEN, TAKEN, TAKEN, NOT_TAKEN]
        ids.append([receipt.provider_id for receipt in delivery.receipts])
    assert ids[0] == ids[1]
    assert addresses(post) == [one.address for one in written[:3]]


@for_each(HOLDING)
def test_a_batch_that_is_called_back_reaches_nobody(post: Post) -> None:
    line = post.provider.line()
    recalled, kept = (batch(post.provider, line, keyed([letter(f"{name}@example.com")])) for name in ("ana", "bea"))
    for each in (recalled, kept):
        assert answers(line.send(campaign(), each, OpenGate())) == [TAKEN]
    line.close()
    assert post.provider.recall(recalled.reference)[0] is Recall.CALLED_BACK
    assert post.again().recall(recalled.reference)[0] is Recall.CALLED_BACK
    assert addresses(post) == ["bea@example.com"]
    assert post.provider.forget(recalled.reference)
    assert addresses(post) == ["bea@example.com"]


@for_each(HOLDING)
def test_what_was_never_sent_can_be_called_back_before_it_is(post: Post) -> None:
    line = post.provider.line()
    late = batch(post.provider, line, keyed([letter()]))
    assert post.provider.recall(late.reference)[0] is Recall.CALLED_BACK
    line.send(campaign(), late, OpenGate())
    line.close()
    assert not post.received()


@for_each(sorted({*POSTS} - {*HOLDING}, key=POSTS.index))
def test_who_holds_nothing_says_so(post: Post) -> None:
    answer, words = post.provider.recall("a reference")
    assert answer is not Recall.CALLED_BACK
    assert words


def test_a_reference_that_is_not_to_be_had_is_no_reason_to_stop(tmp_path: Path) -> None:
    with closed_port() as port, pytest.raises(CannotReserve) as refusal:
        where_nobody_is("sendgrid", tmp_path, port, HOLD).line().reserve()
    assert not refusal.value.stopped
    assert KEY not in str(refusal.value)


@for_each(sorted({*REPEATABLE, *HOLDING} - {outbox}, key=POSTS.index))
def test_every_reference_is_new(post: Post) -> None:
    line = post.provider.line()
    references = [line.reserve() for _ in range(5)]
    line.close()
    assert len(set(references)) == 5
    assert all(references)
