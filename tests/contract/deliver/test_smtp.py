"""Mail servers that refuse, delay, hang up and come back: the answer that each letter is given."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from digest.deliver.message import MessageTemplate
from digest.deliver.smtp import SmtpProvider
from digest.deliver.smtp_line import SmtpLine
from digest.model import Answer, Campaign, Delivery, Letter
from digest.settings import Smtp
from tests.contract.deliver.gates import OpenGate
from tests.contract.deliver.servers import (
    HANG_UP,
    PAUSE,
    MailServer,
    Script,
    ScriptedServer,
    always,
    closed_port,
    once,
)
from tests.unit.deliver.correspondence import batch, campaign, letter, letters, rendered

TAKEN, NO_MAILBOX, NOT_TAKEN, NOT_NOW = Answer.TAKEN, Answer.NO_MAILBOX, Answer.NOT_TAKEN, Answer.NOT_NOW
TOO_FAST, FAILING, CUT_SHORT = Answer.TOO_FAST, Answer.FAILING, Answer.CUT_SHORT
UNHEARD, UNSENT = Answer.UNHEARD, Answer.UNSENT
PIPELINING = ("PIPELINING",)
IN_STEPS: tuple[str, ...] = ()

both_ways = pytest.mark.parametrize("offers", [PIPELINING, IN_STEPS], ids=["pipelined", "in steps"])


def provider(
    port: int, *, answer_timeout: float = 5.0, timeout: float = 5.0, per_connection: int = 500, connections: int = 4
) -> SmtpProvider:
    settings = Smtp(
        host="127.0.0.1",
        port=port,
        security="none",
        timeout=timeout,
        connections=connections,
        letters_per_connection=per_connection,
    )
    return SmtpProvider(settings, answer_timeout=answer_timeout)


def sent(
    server: ScriptedServer | MailServer,
    queue: list[Letter],
    gate: OpenGate | None = None,
    whole: Campaign | None = None,
) -> Delivery:
    line = provider(server.port).line()
    delivery = line.send(whole or campaign(), batch(queue), gate or OpenGate())
    line.close()
    assert [receipt.key for receipt in delivery.receipts] == [each.key for each in queue]
    return delivery


def answers(delivery: Delivery) -> list[Answer]:
    return [receipt.answer for receipt in delivery.receipts]


def readers(server: ScriptedServer) -> list[str]:
    return [command for command in server.commands if command.startswith("RCPT")]


def whole(server: ScriptedServer) -> list[bytes]:
    """The letters that somebody could get."""
    return [each for each in server.whole if each]


# --- servers that behave --------------------------------------------------------------------------------------


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


# --- one round trip a letter ----------------------------------------------------------------------------------


@contextmanager
def withholding(letters: int) -> Iterator[int]:
    """A server that answers a letter only when it has the next one's commands: whoever waits for it waits in vain."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
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
            connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


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


@pytest.mark.skipif(not Path("/usr/sbin/smtp-sink").exists(), reason="Postfix's smtp-sink is not here")
def test_a_server_that_others_wrote_takes_everything() -> None:
    with closed_port() as port:
        pass
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
    sink = subprocess.Popen(["/usr/sbin/smtp-sink", *as_nobody, f"127.0.0.1:{port}", "100"])
    try:
        wait_until_open(port)
        line = provider(port, per_connection=70).line()
        delivery = line.send(campaign(), batch(letters(200)), OpenGate())
        line.close()
    finally:
        sink.terminate()
        sink.wait()
    assert answers(delivery) == [TAKEN] * 200


def wait_until_open(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server did not open its port")


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


# --- what a reply means for one letter ------------------------------------------------------------------------


@both_ways
@pytest.mark.parametrize(
    ("script", "expected", "words"),
    [
        (once("RCPT", 2, "550 5.1.1 no such user"), NO_MAILBOX, "550 5.1.1 no such user"),
        (once("RCPT", 2, "550 5.7.1 not you"), NOT_TAKEN, "550 5.7.1 not you"),
        (once("RCPT", 2, "451 4.7.1 greylisted"), NOT_NOW, "451 4.7.1 greylisted"),
        (once("DATA", 2, "451 4.3.0 try again"), NOT_NOW, "451 4.3.0 try again"),
        (once("DATA", 2, "554 5.5.1 no"), NOT_TAKEN, "554 5.5.1 no"),
        (once("END", 2, "552 5.3.4 too big"), NOT_TAKEN, "552 5.3.4 too big"),
        (once("END", 2, "451 4.3.0 queue full"), NOT_NOW, "451 4.3.0 queue full"),
    ],
)
def test_a_reply_about_one_letter(script: Script, expected: Answer, words: str, offers: tuple[str, ...]) -> None:
    gate = OpenGate()
    with ScriptedServer(script, offers) as server:
        delivery = sent(server, letters(3), gate)
    assert answers(delivery) == [TAKEN, expected, TAKEN]
    assert delivery.receipts[1].words == words
    assert not delivery.stopped
    assert not delivery.trouble
    assert server.connections == 1
    assert gate.done_keys == gate.started


@pytest.mark.parametrize(
    ("data", "empty_letters", "resets"), [("354 go on", 1, 0), ("503 5.5.1 no reader", 0, 1), ("554 no readers", 0, 1)]
)
def test_a_refused_reader_and_whatever_is_then_said_to_data(data: str, empty_letters: int, resets: int) -> None:
    """RFC 2920, section 3.1: a server may go on after it has refused; it gets a letter of nothing, for nobody."""

    def script(moment: str, times: int) -> str:
        if (moment, times) == ("RCPT", 2):
            return "550 5.1.1 no such user"
        if (moment, times) == ("DATA", 2):
            return data
        return "554 5.5.1 no valid recipients" if (moment, times) == ("END", 2) and empty_letters else ""

    gate = OpenGate()
    with ScriptedServer(script, PIPELINING) as server:
        delivery = sent(server, letters(4), gate)
    assert answers(delivery) == [TAKEN, NO_MAILBOX, TAKEN, TAKEN]
    assert server.whole.count(b"") == empty_letters
    assert len(whole(server)) == 3
    assert server.commands.count("RSET") == resets
    assert server.connections == 1
    assert gate.started == gate.done_keys == [1, 3, 4]


@both_ways
def test_a_reader_is_refused_and_the_server_hangs_up(offers: tuple[str, ...]) -> None:
    with ScriptedServer(once("RCPT", 2, f"550 5.1.1 no such user{HANG_UP}"), offers) as server:
        delivery = sent(server, letters(3))
    assert answers(delivery)[0] is TAKEN
    assert answers(delivery)[2] is TAKEN
    # Where the connection is reset, the words may be lost with it; then the letter goes again.
    assert answers(delivery)[1] in {NO_MAILBOX, TAKEN}
    assert server.connections == 2


@both_ways
def test_relaying_refused_for_one_reader_among_others_is_that_readers_refusal(offers: tuple[str, ...]) -> None:
    with ScriptedServer(once("RCPT", 2, "554 5.7.1 relaying denied"), offers) as server:
        delivery = sent(server, letters(3))
    assert answers(delivery) == [TAKEN, NOT_TAKEN, TAKEN]


# --- connections that break -----------------------------------------------------------------------------------


@both_ways
def test_no_answer_to_the_whole_letter_is_unheard_and_the_rest_goes_on(offers: tuple[str, ...]) -> None:
    gate = OpenGate()
    with ScriptedServer(once("END", 2, None), offers) as server:
        delivery = sent(server, letters(4), gate)
    assert answers(delivery) == [TAKEN, UNHEARD, TAKEN, TAKEN]
    assert len(whole(server)) == 4
    assert not delivery.stopped
    assert gate.started == [1, 2, 3, 4]
    assert gate.done_keys == [1, 3, 4]


@both_ways
def test_a_server_that_is_gone_after_the_whole_letter_keeps_the_rest_in_the_house(offers: tuple[str, ...]) -> None:
    def script(moment: str, times: int) -> str | None:
        if (moment, times) == ("END", 2):
            server.stop()
            return None
        return ""

    gate = OpenGate()
    with ScriptedServer(script, offers) as server:
        delivery = sent(server, letters(4), gate)
    assert answers(delivery) == [TAKEN, UNHEARD, UNSENT, UNSENT]
    assert "cannot connect" in delivery.trouble
    assert not delivery.stopped
    assert gate.started == [1, 2]


@both_ways
def test_a_server_that_keeps_hanging_up_costs_three_letters_and_not_all(offers: tuple[str, ...]) -> None:
    with ScriptedServer(always("END", None), offers) as server:
        delivery = sent(server, letters(6))
    assert answers(delivery) == [UNHEARD] * 3 + [UNSENT] * 3
    assert "3 times in a row" in delivery.trouble


def test_breaks_are_counted_over_all_lines_and_an_answer_ends_the_count() -> None:
    with ScriptedServer(lambda moment, times: None if moment == "END" and times != 3 else "", PIPELINING) as server:
        smtp = provider(server.port)
        lines = [smtp.line() for _ in range(6)]
        gate = OpenGate()
        got = [line.send(campaign(), batch([one]), gate) for line, one in zip(lines, letters(6), strict=True)]
        for line in lines:
            line.close()
    assert [answers(delivery) for delivery in got] == [[UNHEARD]] * 2 + [[TAKEN]] + [[UNHEARD]] * 3
    assert [bool(delivery.trouble) for delivery in got] == [False] * 5 + [True]


@both_ways
def test_an_unreadable_answer_to_the_whole_letter_is_no_answer(offers: tuple[str, ...]) -> None:
    with ScriptedServer(once("END", 1, "what?"), offers) as server:
        delivery = sent(server, letters(2))
    assert answers(delivery) == [UNHEARD, TAKEN]
    assert server.connections == 2


@both_ways
def test_a_server_that_never_answers_the_whole_letter(offers: tuple[str, ...]) -> None:
    gave_up = threading.Event()

    def script(moment: str, times: int) -> str | None:
        if moment != "END":
            return ""
        gave_up.wait(10)
        return None

    gate = OpenGate()
    with ScriptedServer(script, offers) as server:
        line = provider(server.port, answer_timeout=0.2).line()
        delivery = line.send(campaign(), batch(letters(1)), gate)
        gave_up.set()
        line.close()
    assert answers(delivery) == [UNHEARD]
    assert "no answer in time" in delivery.receipts[0].words
    assert gate.done_keys == []


def test_an_answer_that_takes_longer_than_any_other_is_waited_for() -> None:
    def script(moment: str, times: int) -> str:
        time.sleep(0.5 if moment == "END" else 0)
        return ""

    with ScriptedServer(script, PIPELINING) as server:
        line = provider(server.port, timeout=0.2, answer_timeout=5).line()
        delivery = line.send(campaign(), batch(letters(2)), OpenGate())
        line.close()
    assert answers(delivery) == [TAKEN, TAKEN]
    assert server.connections == 1


@both_ways
@pytest.mark.parametrize("moment", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", [None, "what?", "999 what?", "299-"])
def test_a_connection_that_fails_before_the_letter_is_whole_is_tried_once_more(
    moment: str, reply: str | None, offers: tuple[str, ...]
) -> None:
    gate = OpenGate()
    with ScriptedServer(once(moment, 2, reply and reply + HANG_UP), offers) as server:
        delivery = sent(server, letters(3), gate)
    assert answers(delivery) == [TAKEN] * 3
    assert len(whole(server)) == 3
    assert gate.started == gate.done_keys == [1, 2, 3]


@both_ways
def test_a_connection_that_always_breaks_is_trouble_and_nothing_is_in_doubt(offers: tuple[str, ...]) -> None:
    gate = OpenGate()
    with ScriptedServer(always("RCPT", None), offers) as server:
        delivery = sent(server, letters(5), gate)
    assert answers(delivery) == [CUT_SHORT] + [UNSENT] * 4
    assert "broke" in delivery.trouble
    assert not delivery.stopped
    assert server.connections == 2
    assert gate.started == []
    assert not whole(server)


@both_ways
def test_a_letter_broken_off_in_the_middle_is_not_in_doubt_and_goes_again(offers: tuple[str, ...]) -> None:
    big = campaign(issue=rendered(html="x" * 8_000_000))
    gate = OpenGate()
    with ScriptedServer(once("DATA", 1, f"354 go on{HANG_UP}"), offers) as server:
        delivery = sent(server, letters(1), gate, big)
    assert answers(delivery) == [TAKEN]
    assert len(whole(server)) == 1
    assert gate.started == gate.done_keys == [1]


@both_ways
def test_a_letter_always_broken_off_in_the_middle_is_cut_short(offers: tuple[str, ...]) -> None:
    big = campaign(issue=rendered(html="x" * 8_000_000))
    gate = OpenGate()
    with ScriptedServer(always("DATA", f"354 go on{HANG_UP}"), offers) as server:
        delivery = sent(server, letters(2), gate, big)
    assert answers(delivery) == [CUT_SHORT, UNSENT]
    assert delivery.trouble
    assert [receipt.answer for receipt in gate.receipts] == [CUT_SHORT] * len(gate.started)
    assert not server.whole


@both_ways
def test_a_server_that_will_not_hear_the_whole_letter_and_says_so(offers: tuple[str, ...]) -> None:
    """It answers in the middle and hangs up: that is an answer, and the letter does not go again."""
    big = campaign(issue=rendered(html="x" * 8_000_000))

    def script(moment: str, times: int) -> str:
        return f"354 go on\r\n552 5.3.4 too much{HANG_UP}" if moment == "DATA" else ""

    with ScriptedServer(script, offers) as server:
        delivery = sent(server, letters(1), whole=big)
    assert answers(delivery) in ([NOT_TAKEN], [CUT_SHORT])
    assert not server.whole


@both_ways
def test_a_connection_closed_while_idle_is_opened_again(offers: tuple[str, ...]) -> None:
    with ScriptedServer(once("MAIL", 2, "421 4.4.2 idle for too long"), offers) as server:
        line = provider(server.port).line()
        first = line.send(campaign(), batch([letter("first@example.com")]), OpenGate())
        second = line.send(campaign(), batch([letter("last@example.com")]), OpenGate())
        line.close()
    assert answers(first) + answers(second) == [TAKEN, TAKEN]
    assert not second.stopped + second.trouble
    assert len(whole(server)) == 2


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_real_server_that_closed_an_idle_connection_gets_the_letter_once(pipelining: bool) -> None:
    with MailServer(timeout=0.2, pipelining=pipelining) as server:
        line = provider(server.port).line()
        line.send(campaign(), batch([letter("first@example.com")]), OpenGate())
        time.sleep(0.6)
        delivery = line.send(campaign(), batch([letter("last@example.com")]), OpenGate())
        line.close()
    assert answers(delivery) == [TAKEN]
    assert [envelope.rcpt_tos for envelope in server.taken] == [["first@example.com"], ["last@example.com"]]
    assert server.connections == 2


@pytest.mark.parametrize(("reply", "connections"), [("", 1), (None, 2), ("421 4.4.2 too long", 2)])
def test_a_connection_that_was_long_idle_is_asked_first(
    monkeypatch: pytest.MonkeyPatch, reply: str | None, connections: int
) -> None:
    monkeypatch.setattr("digest.deliver.smtp_line._IDLE", 0.0)
    with ScriptedServer(once("NOOP", 1, reply), PIPELINING) as server:
        line = provider(server.port).line()
        for one in letters(2):
            assert answers(line.send(campaign(), batch([one]), OpenGate())) == [TAKEN]
        line.close()
    assert server.commands.count("NOOP") == 1
    assert server.connections == connections


MISCHIEF = (
    None,
    None,
    "421 4.3.2 no more",
    "451 4.3.0 later",
    "550 5.7.1 no",
    "what?",
    f"250 ok{HANG_UP}",
    f"2{PAUSE}50 ok",
)


@both_ways
@pytest.mark.parametrize("seed", range(25))
def test_whatever_a_server_does_every_letter_is_accounted_for(seed: int, offers: tuple[str, ...]) -> None:
    """No letter is at the server twice; what is taken is there, and what is not taken is not."""
    chance = random.Random(seed)
    lock = threading.Lock()

    def script(moment: str, times: int) -> str | None:
        with lock:
            return (
                chance.choice(MISCHIEF) if moment in {"MAIL", "RCPT", "DATA", "END"} and chance.random() < 0.15 else ""
            )

    gate, queue = OpenGate(), letters(30)
    with ScriptedServer(script, offers) as server:
        smtp = provider(server.port, per_connection=9)
        got: dict[int, Answer] = {}
        line = smtp.line()
        for start in range(0, 30, 5):
            delivery = line.send(campaign(), batch(queue[start : start + 5]), gate)
            assert bool(delivery.stopped or delivery.trouble) or UNSENT not in answers(delivery)
            got |= {receipt.key: receipt.answer for receipt in delivery.receipts}
        line.close()
    there = Counter(one.key for one in queue for found in server.whole if one.message_id.encode() in found)
    assert set(got) == {one.key for one in queue}
    assert set(there.values()) <= {1}
    for key, answer in got.items():
        if answer in {TAKEN, UNHEARD}:
            assert there[key] == 1
        if answer in {UNSENT, CUT_SHORT, NO_MAILBOX, FAILING}:
            assert there[key] == 0
    assert set(there) <= set(gate.started)
    unheard = {key for key, answer in got.items() if answer is UNHEARD}
    assert sorted(gate.done_keys) == sorted(set(gate.started) - unheard)


# --- servers that want us to wait, or to stop ------------------------------------------------------------------


@both_ways
@pytest.mark.parametrize("moment", ["RCPT", "DATA", "END"])
def test_a_server_that_closes_keeps_the_rest_in_the_house(moment: str, offers: tuple[str, ...]) -> None:
    with ScriptedServer(once(moment, 2, "421 4.3.2 shutting down"), offers) as server:
        delivery = sent(server, letters(4))
    assert answers(delivery) == [TAKEN, TOO_FAST, UNSENT, UNSENT]
    assert "421 4.3.2 shutting down" in delivery.trouble
    assert not delivery.stopped


@both_ways
def test_a_server_that_closes_at_once_after_coming_back(offers: tuple[str, ...]) -> None:
    script: Script = lambda moment, times: "421 full" if moment == "MAIL" and times > 1 else ""  # noqa: E731
    with ScriptedServer(script, offers) as server:
        delivery = sent(server, letters(3))
    assert answers(delivery) == [TAKEN, TOO_FAST, UNSENT]
    assert "421 full" in delivery.trouble


@both_ways
@pytest.mark.parametrize(
    ("script", "answer", "words"),
    [
        (always("MAIL", "452 4.3.1 no space"), TOO_FAST, "452 4.3.1 no space"),
        (always("MAIL", "450 4.7.0 slow down"), TOO_FAST, "450 4.7.0 slow down"),
        (always("MAIL", "454 4.3.0 try later"), FAILING, "454 4.3.0 try later"),
        (always("CONNECT", "421 4.7.0 too many"), UNSENT, "421 4.7.0 too many"),
        (always("CONNECT", None), UNSENT, "cannot connect"),
        (always("CONNECT", "HTTP/1.1 400 Bad Request"), UNSENT, "cannot connect"),
        (always("EHLO", "421 4.3.2 not now"), UNSENT, "421 4.3.2 not now"),
    ],
)
def test_trouble_that_may_pass(script: Script, answer: Answer, words: str, offers: tuple[str, ...]) -> None:
    with ScriptedServer(script, offers) as server:
        delivery = sent(server, letters(3))
    assert answers(delivery) == [answer, UNSENT, UNSENT]
    assert words in delivery.trouble
    assert not delivery.stopped
    assert not whole(server)


@both_ways
@pytest.mark.parametrize(
    ("script", "words"),
    [
        (always("MAIL", "550 5.7.1 not for you"), "refuses the sender: 550 5.7.1 not for you"),
        (always("MAIL", "530 5.7.0 log in first"), "530 5.7.0"),
        (always("MAIL", "552 5.3.4 too large"), "552 5.3.4"),
        (always("RCPT", "554 5.7.1 <x>: Relay access denied"), "does not send for us"),
        (always("RCPT", "530 5.7.0 Authentication required"), "does not send for us"),
        (always("CONNECT", "554 5.7.1 go away"), "554 5.7.1 go away"),
    ],
)
def test_what_a_person_must_see_to_stops_the_run(script: Script, words: str, offers: tuple[str, ...]) -> None:
    gate = OpenGate()
    with ScriptedServer(script, offers) as server:
        delivery = sent(server, letters(3), gate)
    assert answers(delivery) == [UNSENT] * 3
    assert words in delivery.stopped
    assert gate.started == []
    assert not whole(server)


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_real_server_that_has_no_room_stops_the_run(pipelining: bool) -> None:
    with MailServer(data_size_limit=1000, pipelining=pipelining) as server:
        delivery = sent(server, letters(2))
    assert answers(delivery) == [UNSENT, UNSENT]
    assert "1,000" in delivery.stopped
    assert not server.taken


def test_nobody_listens() -> None:
    with closed_port() as port:
        delivery = provider(port).line().send(campaign(), batch(letters(2)), OpenGate())
    assert answers(delivery) == [UNSENT, UNSENT]
    assert f"cannot connect to 127.0.0.1:{port}: Connection refused" in delivery.trouble


# --- the gate -------------------------------------------------------------------------------------------------


@both_ways
@pytest.mark.parametrize("passing", [0, 1, 3])
def test_a_gate_that_shuts_keeps_the_letter_and_all_after_it(passing: int, offers: tuple[str, ...]) -> None:
    gate = OpenGate(passing)
    with ScriptedServer(always("", ""), offers) as server:
        line = provider(server.port).line()
        delivery = line.send(campaign(), batch(letters(5)), gate)
        assert len(server.whole) == passing
        again = line.send(campaign(), batch(letters(2), number=2), OpenGate())
        line.close()
    assert answers(delivery) == [TAKEN] * passing + [UNSENT] * (5 - passing)
    assert not delivery.stopped + delivery.trouble
    assert gate.started == gate.done_keys == list(range(1, passing + 1))
    assert answers(again) == [TAKEN, TAKEN]
    assert len(whole(server)) == passing + 2


@both_ways
def test_the_gate_is_asked_when_the_server_waits_and_told_before_the_next(offers: tuple[str, ...]) -> None:
    seen: list[str] = []
    with ScriptedServer(lambda moment, times: seen.append(moment) or "", offers) as server:  # type: ignore[func-returns-value]
        gate = OpenGate(at_start=lambda one: seen.append(f"start {one.key}"))
        told: Callable[..., None] = gate.done
        gate.done = lambda receipt: (seen.append(f"done {receipt.key}"), told(receipt))[1]  # type: ignore[method-assign]
        sent(server, letters(2), gate)
    assert seen.index("DATA") < seen.index("start 1") < seen.index("END") < seen.index("done 1") < seen.index("start 2")
    assert seen.count("END") == 2


def test_a_slow_gate_holds_no_server_that_has_the_next_letters_commands() -> None:
    """It holds the letters longer than is brisk: then nothing goes ahead, and each waits for its own turn."""
    with ScriptedServer(always("", ""), PIPELINING) as server:
        counts: list[int] = []

        def slowly(one: Letter) -> None:
            time.sleep(0.25)
            counts.append(len(readers(server)))

        delivery = sent(server, letters(3), OpenGate(at_start=slowly))
        assert answers(delivery) == [TAKEN] * 3
    assert counts == [1, 2, 3]


@both_ways
def test_a_server_that_does_not_wait_for_a_slow_gate_gets_the_letter_afterwards(offers: tuple[str, ...]) -> None:
    def script(moment: str, times: int) -> str:
        return f"354 go on\r\n421 4.4.2 you are slow{HANG_UP}" if (moment, times) == ("DATA", 1) else ""

    gate = OpenGate(at_start=lambda one: time.sleep(0.3 if one.key == 1 else 0))
    with ScriptedServer(script, offers) as server:
        delivery = sent(server, letters(2), gate)
    assert answers(delivery) == [TAKEN, TAKEN]
    assert gate.started == gate.done_keys == [1, 2]
    assert len(whole(server)) == 2


@pytest.mark.parametrize("offers", [PIPELINING, IN_STEPS])
def test_a_gate_that_fails_leaves_no_letter_half_said(offers: tuple[str, ...]) -> None:
    def fail(one: Letter) -> None:
        if one.key == 2:
            raise OSError("no space left")

    with ScriptedServer(always("", ""), offers) as server:
        line: SmtpLine = provider(server.port).line()
        with pytest.raises(OSError, match="no space"):
            line.send(campaign(), batch(letters(3)), OpenGate(at_start=fail))
        assert len(whole(server)) == 1
        delivery = line.send(campaign(), batch(letters(2)), OpenGate())
        line.close()
    assert answers(delivery) == [TAKEN, TAKEN]
    assert len(whole(server)) == 3


def test_a_campaign_that_cannot_be_written_is_refused_before_the_first_letter() -> None:
    with closed_port() as port:
        smtp = provider(port)
        delivery = smtp.line().send(campaign(from_="nobody"), batch(letters(2)), OpenGate())
    assert answers(delivery) == [UNSENT, UNSENT]
    assert "publication.from" in delivery.stopped
    assert smtp.abilities.letter_by_letter
    assert smtp.line().reserve() == ""
