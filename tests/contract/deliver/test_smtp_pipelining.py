"""One round trip a letter to a mail server that offers PIPELINING, none ahead to one that does not; and odd replies."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.contract.deliver.deliveries import TAKEN, answers
from tests.contract.deliver.gates import OpenGate
from tests.contract.deliver.ports import serving
from tests.contract.deliver.servers import PAUSE, ScriptedServer, always
from tests.contract.deliver.smtp_line import both_ways, provider, sent, whole
from tests.postfix_sink import SMTP_SINK, smtp_sink
from tests.unit.deliver.correspondence import batch, campaign, letters


@contextmanager
def withholding(letters: int) -> Iterator[int]:
    """A server that answers a letter only when it has the next one's commands: whoever waits for it waits in vain."""

    def serve(connection: socket.socket, _: int) -> None:
        lines = connection.makefile("rb")
        connection.sendall(b"220 ready\r\n")
        lines.readline()
        connection.sendall(b"250-ready\r\n250 PIPELINING\r\n")
        asked = [lines.readline() for _ in range(3)]
        connection.sendall(b"250 ok\r\n250 ok\r\n354 go on\r\n")
        for number in range(1, letters + 1):
            while lines.readline() != b".\r\n":
                pass
            answer = b"250 2.0.0 Ok: queued as A%05d\r\n" % number
            if number < letters:
                asked = [lines.readline() for _ in range(3)]
                answer += b"250 ok\r\n250 ok\r\n354 go on\r\n"
            assert [line.split()[0].strip() for line in asked] == [b"MAIL", b"RCPT", b"DATA"]
            connection.sendall(answer)
        lines.readline()

    with serving(serve) as port:
        yield port


def test_commands_of_the_next_letter_go_with_the_end_of_this_one() -> None:
    with withholding(5) as port:
        line = provider(port, timeout=2, answer_timeout=2).line()
        delivery = line.send(campaign(), batch(letters(5)), OpenGate())
        line.close()
    assert answers(delivery) == [TAKEN] * 5
    assert [receipt.provider_id for receipt in delivery.receipts] == [f"A{number:05}" for number in range(1, 6)]


def test_no_command_is_sent_ahead_to_a_server_that_does_not_offer_it() -> None:
    with ScriptedServer(always("", "")) as server:
        sent(server, letters(5))
    assert [command.split()[0] for command in server.commands] == ["EHLO", *["MAIL", "RCPT", "DATA"] * 5, "QUIT"]


@pytest.mark.skipif(SMTP_SINK is None, reason="Postfix's smtp-sink is not here")
def test_a_server_that_others_wrote_takes_everything() -> None:
    with smtp_sink() as (port, _):
        line = provider(port, per_connection=70).line()
        delivery = line.send(campaign(), batch(letters(200)), OpenGate())
        line.close()
    assert answers(delivery) == [TAKEN] * 200


@both_ways
def test_replies_in_pieces_and_of_many_lines(offers: tuple[str, ...]) -> None:
    pieces = {
        "CONNECT": f"220-ready{PAUSE}\r\n220 when you {PAUSE}are",
        "MAIL": f"2{PAUSE}50-one\r\n250-two\r{PAUSE}\n250 three",
        "RCPT": "250",
        "DATA": f"354-go\r\n354{PAUSE} on",
        "END": f"250-2.0.0 Ok:{PAUSE}\r\n250 2.0.0 queued as {PAUSE}A1B2C3",
    }
    with ScriptedServer(lambda moment, times: pieces.get(moment, ""), offers) as server:
        delivery = sent(server, letters(3))
    assert answers(delivery) == [TAKEN] * 3
    assert {receipt.provider_id for receipt in delivery.receipts} == {"A1B2C3"}
    assert len(whole(server)) == 3
