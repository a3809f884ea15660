"""What every provider promises, whatever it is: proved on files, two real mail servers, a SendGrid and a Resend."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from digest.deliver.providers import PROVIDER_NAMES
from digest.errors import ConfigurationError
from digest.model import Batch, Letter
from tests.contract.deliver.deliveries import NOT_TAKEN, TAKEN, UNSENT, answers, keyed
from tests.contract.deliver.gates import OpenGate
from tests.contract.deliver.ports import closed_port
from tests.contract.deliver.posts import KEY, POSTS, Post, Received, addresses, batch, for_each, send, where_nobody_is
from tests.unit.deliver.correspondence import MARKERS, campaign, letter, letters, rendered


def filled(body: str, one: Letter) -> str:
    for slot, marker in MARKERS.items():
        body = body.replace(marker, one.slots[slot])
    return body


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
