"""What every provider promises, whatever it is: proved on files, two real mail servers, a SendGrid and a Resend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from digest.deliver.providers import PROVIDER_NAMES, open_provider
from digest.deliver.seam import CannotReserve, Line, Provider
from digest.errors import ConfigurationError
from digest.model import Answer, Batch, Campaign, Delivery, Letter, Recall
from digest.settings import DeliverySettings, Resend, SendGrid, Smtp
from tests.contract.deliver.gates import OpenGate
from tests.contract.deliver.posts import (
    HOLD,
    KEY,
    Post,
    Received,
    aiosmtpd,
    outbox,
    resend,
    sendgrid,
    sendgrid_with_a_hold,
    smtp_sink,
)
from tests.contract.deliver.servers import closed_port
from tests.unit.deliver.correspondence import MARKERS, campaign, letter, letters, rendered

TAKEN, NOT_TAKEN, UNSENT = Answer.TAKEN, Answer.NOT_TAKEN, Answer.UNSENT
POSTS = [outbox, aiosmtpd, smtp_sink, sendgrid, sendgrid_with_a_hold, resend]
LETTER_BY_LETTER = [aiosmtpd, smtp_sink]
IN_ONE_CALL = [each for each in POSTS if each not in LETTER_BY_LETTER]
REPEATABLE = [outbox, resend]
HOLDING = [sendgrid_with_a_hold]


def for_each(posts: Sequence[Callable[..., Post]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("post", posts, indirect=True, ids=lambda each: each.__name__)


@pytest.fixture
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Post]:
    with ExitStack() as stack:
        yield request.param(tmp_path, stack)


def keyed(written: Sequence[Letter], first: int = 1) -> list[Letter]:
    return [replace(each, key=key) for key, each in enumerate(written, start=first)]


def batch(provider: Provider, line: Line, written: Sequence[Letter]) -> Batch:
    """A batch as the sender makes it: with a reference, and a time where letters are held."""
    send_at = datetime.now(UTC) + HOLD if provider.abilities.holds else None
    return Batch(number=1, letters=tuple(written), reference=line.reserve(), send_at=send_at)


def send(
    post: Post, written: Sequence[Letter], whole: Campaign | None = None, gate: OpenGate | None = None
) -> Delivery:
    """Sends a batch on a line of its own."""
    line = post.provider.line()
    try:
        return line.send(whole or campaign(), batch(post.provider, line, written), gate or OpenGate())
    finally:
        line.close()


def answers(delivery: Delivery) -> list[Answer]:
    return [receipt.answer for receipt in delivery.receipts]


def addresses(post: Post) -> list[str]:
    return sorted(each.address for each in post.received())


def filled(body: str, one: Letter) -> str:
    for slot, marker in MARKERS.items():
        body = body.replace(marker, one.slots[slot])
    return body


# --- every provider -------------------------------------------------------------------------------------------


@for_each(POSTS)
def test_every_letter_is_answered_by_its_key_in_order(post: Post) -> None:
    keys = [7, 3, 5, 1_000_000, 2]
    delivery = send(post, [replace(one, key=key) for one, key in zip(letters(5), keys, strict=True)])
    assert [receipt.key for receipt in delivery.receipts] == keys
    assert answers(delivery) == [TAKEN] * 5
    assert not delivery.stopped + delivery.trouble


@for_each(POSTS)
def test_every_letter_arrives_once_as_it_was_written(post: Post) -> None:
    written = keyed(letters(7))
    send(post, written)
    received = {each.address: each for each in post.received()}
    assert len(post.received()) == len(written)
    for one in written:
        assert received[one.address] == Received(
            address=one.address,
            message_id=one.message_id,
            subject="Closing Arguments: the court’s week",
            text=filled(rendered().text, one),
            html=filled(rendered().html, one),
            one_click=one.one_click,
        )


@for_each(POSTS)
def test_a_full_batch_arrives(post: Post) -> None:
    most = post.provider.abilities.readers_per_call
    assert answers(send(post, keyed(letters(most)))) == [TAKEN] * most
    assert len(set(addresses(post))) == most


@for_each(POSTS)
def test_an_impossible_address_is_refused_and_the_others_arrive(post: Post) -> None:
    written = [letter("first@example.com"), replace(letter(), address="nobody"), letter("last@example.com")]
    delivery = send(post, keyed(written))
    assert answers(delivery) == [TAKEN, NOT_TAKEN, TAKEN]
    assert delivery.receipts[1].words
    assert addresses(post) == ["first@example.com", "last@example.com"]


@for_each(POSTS)
def test_letters_that_share_a_key_are_answered_in_their_places(post: Post) -> None:
    written = [letter("first@example.com"), replace(letter(), address="nobody"), letter("last@example.com")]
    delivery = send(post, [replace(one, key=0) for one in written])
    assert [receipt.key for receipt in delivery.receipts] == [0, 0, 0]
    assert answers(delivery) == [TAKEN, NOT_TAKEN, TAKEN]


@for_each(POSTS)
def test_an_address_of_another_script_arrives_or_is_refused_in_words(post: Post) -> None:
    delivery = send(post, keyed([letter("josé@example.com", "José"), letter("ana@straße.example")]))
    assert answers(delivery) in ([TAKEN] * 2, [NOT_TAKEN, TAKEN])
    assert delivery.receipts[0].answer is TAKEN or "ASCII" in delivery.receipts[0].words
    assert "ana@xn--strae-oqa.example" in addresses(post)
    assert len(addresses(post)) == answers(delivery).count(TAKEN)


@for_each(POSTS)
def test_no_letters_no_receipts(post: Post) -> None:
    delivery = send(post, [])
    assert delivery.receipts == ()
    assert not delivery.stopped + delivery.trouble
    assert not post.received()


@for_each(POSTS)
@pytest.mark.parametrize("changes", [{"from_": "nobody"}, {"reply_to": "nobody"}, {"list_id": "Ænigma"}])
def test_a_campaign_that_cannot_be_written_is_refused(post: Post, changes: dict[str, Any]) -> None:
    post.provider.check(campaign())
    with pytest.raises(ConfigurationError):
        post.provider.check(campaign(**changes))
    delivery = send(post, keyed(letters(2)), campaign(**changes))
    assert answers(delivery) == [UNSENT] * 2
    assert delivery.stopped
    assert not post.received()


@for_each(POSTS)
def test_one_campaign_after_another_on_one_line(post: Post) -> None:
    line = post.provider.line()
    for address, issue in [("first@example.com", rendered()), ("last@example.com", rendered(subject="Another week"))]:
        line.send(campaign(issue=issue), batch(post.provider, line, [letter(address)]), OpenGate())
    line.close()
    assert {each.address: each.subject for each in post.received()} == {
        "first@example.com": "Closing Arguments: the court’s week",
        "last@example.com": "Another week",
    }


@for_each(POSTS)
def test_a_closed_line_opens_again_when_it_has_to(post: Post) -> None:
    line = post.provider.line()
    line.close()
    for address in ["first@example.com", "last@example.com"]:
        delivery = line.send(campaign(), batch(post.provider, line, [letter(address)]), OpenGate())
        assert answers(delivery) == [TAKEN]
        line.close()
        line.close()
    assert addresses(post) == ["first@example.com", "last@example.com"]


@for_each(POSTS)
def test_lines_work_side_by_side(post: Post) -> None:
    written = keyed(letters(20))
    with ThreadPoolExecutor(4) as threads:
        deliveries = list(threads.map(lambda first: send(post, written[first : first + 5]), range(0, 20, 5)))
    assert [answers(delivery) for delivery in deliveries] == [[TAKEN] * 5] * 4
    assert addresses(post) == sorted(one.address for one in written)


@for_each(POSTS)
def test_a_test_copy_is_marked(post: Post) -> None:
    send(post, [letter()], campaign(test=True))
    assert post.received()[0].subject.startswith("[Test] ")


@for_each(POSTS)
def test_nothing_secret_and_nobodys_address_is_logged(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    written = [letter("ana@example.com"), replace(letter(), address="nobody")]
    send(post, keyed(written))
    ours = [record for record in caplog.records if not record.name.startswith(("mail.log", "asyncio"))]
    for record in ours:
        line = record.getMessage()
        assert KEY not in line
        assert "Court" not in line
        assert written[0].one_click not in line
        assert record.levelname == "DEBUG" or "ana@example.com" not in line


def where_nobody_is(name: str, folder: Path, port: int, hold: timedelta = timedelta()) -> Provider:
    address = f"http://127.0.0.1:{port}"
    (folder / "file").write_text("in the way")
    settings = DeliverySettings(
        provider=name,
        outbox=folder / "file",
        hold=hold,
        smtp=Smtp(host="127.0.0.1", port=port, security="none"),
        sendgrid=SendGrid(api_key=KEY, address=address),
        resend=Resend(api_key=KEY, address=address),
    )
    return open_provider(settings)


@pytest.mark.parametrize("name", PROVIDER_NAMES)
def test_where_nobody_is_at_home_nothing_counts_as_sent(name: str, tmp_path: Path) -> None:
    with closed_port() as port:
        line = where_nobody_is(name, tmp_path, port).line()
        delivery = line.send(campaign(), Batch(number=1, letters=tuple(keyed(letters(3)))), OpenGate())
        line.close()
    assert answers(delivery) == [UNSENT] * 3
    assert [receipt.key for receipt in delivery.receipts] == [1, 2, 3]
    assert delivery.stopped if name == "outbox" else delivery.trouble and not delivery.stopped
    assert KEY not in delivery.stopped + delivery.trouble


# --- what only some can do ------------------------------------------------------------------------------------


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
