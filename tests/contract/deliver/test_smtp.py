"""Mail servers that behave: what they get, and over how many connections."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from digest.deliver.message import MessageTemplate
from digest.model import Delivery
from tests.contract.deliver.deliveries import NO_MAILBOX, NOT_NOW, NOT_TAKEN, TAKEN, UNSENT, answers
from tests.contract.deliver.gates import OpenGate
from tests.contract.deliver.ports import closed_port
from tests.contract.deliver.servers import MailServer, ScriptedServer, always
from tests.contract.deliver.smtp_line import both_ways, provider, sent
from tests.unit.deliver.correspondence import batch, campaign, letter, letters, rendered


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_reader_who_is_refused_does_not_keep_the_others_from_theirs(pipelining: bool) -> None:
    names = ("first", "refused", "later", "last")
    queue = [letter(f"{name}@example.com", key=key) for key, name in enumerate(names, start=1)]
    gate = OpenGate()
    with MailServer(pipelining=pipelining) as server:
        delivery = sent(server, queue, gate)
    assert answers(delivery) == [TAKEN, NO_MAILBOX, NOT_NOW, TAKEN]
    assert [receipt.words for receipt in delivery.receipts[1:3]] == ["550 5.1.1 no such reader", "451 4.2.1 not now"]
    assert [receipt.provider_id for receipt in delivery.receipts] == ["0000000001", "", "", "0000000002"]
    assert [envelope.rcpt_tos for envelope in server.taken] == [["first@example.com"], ["last@example.com"]]
    assert server.connections == 1
    assert gate.started == [1, 4]
    assert gate.done_keys == [1, 4]


def test_the_envelope_has_the_bare_addresses() -> None:
    with MailServer() as server:
        sent(server, [letter("ana@straße.example", "Ana Silva")])
    assert server.taken[0].mail_from == "letters@docket.example"
    assert server.taken[0].rcpt_tos == ["ana@xn--strae-oqa.example"]
    assert server.taken[0].smtp_utf8 is False


@pytest.mark.parametrize("pipelining", [True, False])
def test_the_bytes_are_those_of_the_message(pipelining: bool) -> None:
    hidden = campaign(issue=rendered(text=".\n..\n.hidden\n" + "." * 200 + "\n"))
    queue = letters(3)
    with MailServer(pipelining=pipelining) as server:
        sent(server, queue, whole=hidden)
    expected = [MessageTemplate.of(hidden).message(each) for each in queue]
    assert [MailServer.bytes_of(envelope) for envelope in server.taken] == expected


@pytest.mark.parametrize("pipelining", [True, False])
def test_an_address_of_another_script_goes_to_a_server_that_knows_it(pipelining: bool) -> None:
    queue = [letter("josé@straße.example", "José", 1), letter("ana@example.com", key=2)]
    with MailServer(enable_SMTPUTF8=True, pipelining=pipelining) as server:
        delivery = sent(server, queue)
    assert answers(delivery) == [TAKEN, TAKEN]
    assert server.taken[0].rcpt_tos == ["josé@xn--strae-oqa.example"]
    assert "<josé@xn--strae-oqa.example>".encode() in MailServer.bytes_of(server.taken[0])
    assert [envelope.smtp_utf8 for envelope in server.taken] == [True, False]


@pytest.mark.parametrize("pipelining", [True, False])
def test_an_address_of_another_script_is_refused_where_the_server_does_not_know_it(pipelining: bool) -> None:
    queue = [letter(key=1), letter("josé@example.com", key=2), letter("eve@example.com", key=3)]
    gate = OpenGate()
    with MailServer(enable_SMTPUTF8=False, pipelining=pipelining) as server:
        delivery = sent(server, queue, gate)
    assert answers(delivery) == [TAKEN, NOT_TAKEN, TAKEN]
    assert "SMTPUTF8" in delivery.receipts[1].words
    assert gate.started == [1, 3]


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_connection_carries_its_share(pipelining: bool) -> None:
    with MailServer(pipelining=pipelining) as server:
        line = provider(server.port, per_connection=3).line()
        delivery = line.send(campaign(), batch(letters(7)), OpenGate())
        line.close()
    assert answers(delivery) == [TAKEN] * 7
    assert server.connections == 3


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_connection_is_kept_between_batches(pipelining: bool) -> None:
    with MailServer(pipelining=pipelining) as server:
        line = provider(server.port).line()
        for number in range(3):
            line.send(campaign(), batch([letter(f"reader{number}@example.com")], number=number), OpenGate())
        line.close()
    assert len(server.taken) == 3
    assert server.connections == 1


def test_lines_work_side_by_side_and_nobody_is_lost_or_written_to_twice() -> None:
    queue = letters(300)
    gate = OpenGate()
    with MailServer(pipelining=True) as server:
        smtp = provider(server.port, connections=6)
        found: list[Delivery] = []

        def work(number: int) -> None:
            line = smtp.line()
            starts = range(number * 50, number * 50 + 50, 10)
            found.extend(line.send(campaign(), batch(queue[start : start + 10]), gate) for start in starts)
            line.close()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {answer for delivery in found for answer in answers(delivery)} == {TAKEN}
    got = sorted(envelope.rcpt_tos[0] for envelope in server.taken)
    assert got == sorted(each.address for each in queue)
    assert sorted(gate.started) == sorted(gate.done_keys) == list(range(1, 301))
    assert server.connections == 6


def test_a_line_break_in_an_address_reaches_no_server() -> None:
    with MailServer(pipelining=True) as server:
        delivery = sent(server, [replace(letter(), address="ana@example.com>\r\nRCPT TO:<eve@example.com")])
    assert answers(delivery) == [NOT_TAKEN]
    assert not server.taken


@both_ways
def test_the_size_is_declared_and_nothing_else_where_the_server_knows_no_more(offers: tuple[str, ...]) -> None:
    one = letter()
    with ScriptedServer(always("", ""), offers=(*offers, "SIZE")) as server:
        sent(server, [one])
    size = len(MessageTemplate.of(campaign()).message(one))
    assert f"MAIL FROM:<letters@docket.example> SIZE={size}" in server.commands
    with ScriptedServer(always("", ""), offers=offers) as server:
        sent(server, [one])
    assert "MAIL FROM:<letters@docket.example>" in server.commands


def test_a_letter_that_is_larger_than_the_server_takes_stops_the_run() -> None:
    with ScriptedServer(always("", ""), offers=("PIPELINING", "SIZE 1000")) as server:
        delivery = sent(server, letters(2))
    assert answers(delivery) == [UNSENT, UNSENT]
    assert "1,000 bytes" in delivery.stopped
    assert not server.whole


def test_a_server_that_knows_helo_only() -> None:
    with ScriptedServer(always("EHLO", "502 what?")) as server:
        delivery = sent(server, letters(2))
    assert answers(delivery) == [TAKEN, TAKEN]


def test_a_campaign_that_cannot_be_written_is_refused_before_the_first_letter() -> None:
    with closed_port() as port:
        smtp = provider(port)
        delivery = smtp.line().send(campaign(from_="nobody"), batch(letters(2)), OpenGate())
    assert answers(delivery) == [UNSENT, UNSENT]
    assert "publication.from" in delivery.stopped
    assert smtp.abilities.letter_by_letter
    assert smtp.line().reserve() == ""
