"""Mail servers that refuse, delay, hang up and come back: the fate that each letter is given."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from digest.deliver.message import MessageTemplate
from digest.deliver.smtp import SmtpProvider
from digest.model import Delivery, Fate, Letter
from digest.settings import Smtp
from tests.contract.deliver.servers import (
    HANG_UP,
    MailServer,
    Script,
    ScriptedServer,
    always,
    closed_port,
    once,
)
from tests.unit.deliver.correspondence import campaign, letter, letters, rendered

ACCEPTED, REFUSED, DEFERRED, UNSENT, UNKNOWN = Fate.ACCEPTED, Fate.REFUSED, Fate.DEFERRED, Fate.UNSENT, Fate.UNKNOWN


def provider(
    port: int, *, answer_timeout: float = 5.0, timeout: float = 5.0, per_connection: int = 500
) -> SmtpProvider:
    settings = Smtp(
        host="127.0.0.1", port=port, security="none", timeout=timeout, letters_per_connection=per_connection
    )
    return SmtpProvider(settings, answer_timeout=answer_timeout)


def sent(server: ScriptedServer | MailServer, batch: list[Letter]) -> Delivery:
    smtp = provider(server.port)
    delivery = smtp.send(campaign(), batch)
    smtp.close()
    return delivery


def fates(delivery: Delivery) -> list[Fate]:
    return [receipt.fate for receipt in delivery.receipts]


def test_a_reader_who_is_refused_does_not_keep_the_others_from_theirs() -> None:
    batch = [
        letter("first@example.com"),
        letter("refused@example.com"),
        letter("later@example.com"),
        letter("last@example.com"),
    ]
    with MailServer() as server:
        delivery = sent(server, batch)
    assert fates(delivery) == [ACCEPTED, REFUSED, DEFERRED, ACCEPTED]
    assert [receipt.words for receipt in delivery.receipts[1:3]] == ["550 5.1.1 no such reader", "451 4.2.1 not now"]
    assert [receipt.provider_id for receipt in delivery.receipts] == ["0000000001", "", "", "0000000002"]
    assert [envelope.rcpt_tos for envelope in server.taken] == [["first@example.com"], ["last@example.com"]]
    assert server.connections == 1


def test_the_envelope_has_the_bare_addresses() -> None:
    with MailServer() as server:
        sent(server, [letter("ana@straße.example", "Ana Silva")])
    assert server.taken[0].mail_from == "letters@docket.example"
    assert server.taken[0].rcpt_tos == ["ana@xn--strae-oqa.example"]
    assert server.taken[0].smtp_utf8 is False


def test_the_bytes_are_those_of_the_message() -> None:
    hidden = campaign(issue=rendered(text=".\n..\n.hidden\n" + "." * 200 + "\n"))
    one = letter()
    with MailServer() as server:
        smtp = provider(server.port)
        smtp.send(hidden, [one])
        smtp.close()
    assert MailServer.bytes_of(server.taken[0]) == MessageTemplate.of(hidden).message(one)


def test_an_address_of_another_script_goes_to_a_server_that_knows_it() -> None:
    with MailServer(enable_SMTPUTF8=True) as server:
        delivery = sent(server, [letter("josé@straße.example", "José"), letter("ana@example.com")])
    assert fates(delivery) == [ACCEPTED, ACCEPTED]
    assert server.taken[0].rcpt_tos == ["josé@xn--strae-oqa.example"]
    assert "<josé@xn--strae-oqa.example>".encode() in MailServer.bytes_of(server.taken[0])
    assert [envelope.smtp_utf8 for envelope in server.taken] == [True, False]


def test_an_address_of_another_script_is_refused_where_the_server_does_not_know_it() -> None:
    with MailServer(enable_SMTPUTF8=False) as server:
        delivery = sent(server, [letter("josé@example.com"), letter("ana@example.com")])
    assert fates(delivery) == [REFUSED, ACCEPTED]
    assert "SMTPUTF8" in delivery.receipts[0].words


def test_a_connection_carries_its_share() -> None:
    with MailServer() as server:
        smtp = provider(server.port, per_connection=3)
        delivery = smtp.send(campaign(), letters(7))
        smtp.close()
    assert fates(delivery) == [ACCEPTED] * 7
    assert server.connections == 3


def test_a_connection_is_kept_between_batches() -> None:
    with MailServer() as server:
        smtp = provider(server.port)
        for number in range(3):
            smtp.send(campaign(), [letter(f"reader{number}@example.com")])
        smtp.close()
    assert server.connections == 1


@pytest.mark.parametrize(
    ("script", "expected", "words"),
    [
        (once("RCPT", 2, "550 5.1.1 no such user"), [ACCEPTED, REFUSED, ACCEPTED], "550 5.1.1 no such user"),
        (once("RCPT", 2, "451 4.7.1 greylisted"), [ACCEPTED, DEFERRED, ACCEPTED], "451 4.7.1 greylisted"),
        (once("DATA", 2, "451 4.3.0 try again"), [ACCEPTED, DEFERRED, ACCEPTED], "451 4.3.0 try again"),
        (once("DATA", 2, "554 5.5.1 no"), [ACCEPTED, REFUSED, ACCEPTED], "554 5.5.1 no"),
        (once("END", 2, "552 5.3.4 too big"), [ACCEPTED, REFUSED, ACCEPTED], "552 5.3.4 too big"),
        (once("END", 2, "451 4.3.0 queue full"), [ACCEPTED, DEFERRED, ACCEPTED], "451 4.3.0 queue full"),
    ],
)
def test_a_reply_about_one_letter(script: Script, expected: list[Fate], words: str) -> None:
    with ScriptedServer(script) as server:
        delivery = sent(server, letters(3))
    assert fates(delivery) == expected
    assert delivery.receipts[1].words == words
    assert not delivery.stopped
    assert [command.upper() for command in server.commands].count("RSET") == 1
    assert sum(command.upper().startswith("EHLO") for command in server.commands) == 1


def test_no_answer_to_the_whole_letter_leaves_it_unknown_and_the_rest_goes_on() -> None:
    with ScriptedServer(once("END", 2, None)) as server:
        delivery = sent(server, letters(4))
    assert fates(delivery) == [ACCEPTED, UNKNOWN, ACCEPTED, ACCEPTED]
    assert len(server.whole) == 4
    assert not delivery.stopped


def test_a_server_that_is_gone_after_the_whole_letter_stops_the_rest() -> None:
    def script(moment: str, times: int) -> str | None:
        if (moment, times) == ("END", 2):
            server.stop()
            return None
        return ""

    with ScriptedServer(script) as server:
        delivery = sent(server, letters(4))
    assert fates(delivery) == [ACCEPTED, UNKNOWN, UNSENT, UNSENT]
    assert "cannot connect" in delivery.stopped


def test_a_server_that_keeps_hanging_up_costs_three_letters_and_not_all() -> None:
    with ScriptedServer(always("END", None)) as server:
        delivery = sent(server, letters(6))
    assert fates(delivery) == [UNKNOWN, UNKNOWN, UNKNOWN, UNSENT, UNSENT, UNSENT]
    assert "3 times in a row" in delivery.stopped


def test_an_unreadable_answer_to_the_whole_letter_leaves_it_unknown() -> None:
    with ScriptedServer(once("END", 1, "what?")) as server:
        delivery = sent(server, letters(2))
    assert fates(delivery) == [UNKNOWN, ACCEPTED]


def test_a_server_that_never_answers_the_whole_letter_leaves_it_unknown() -> None:
    gave_up = threading.Event()

    def script(moment: str, times: int) -> str | None:
        if moment != "END":
            return ""
        gave_up.wait(10)
        return None

    with ScriptedServer(script) as server:
        smtp = provider(server.port, answer_timeout=0.2)
        delivery = smtp.send(campaign(), letters(1))
        gave_up.set()
        smtp.close()
    assert fates(delivery) == [UNKNOWN]


@pytest.mark.parametrize("moment", ["MAIL", "RCPT", "DATA"])
def test_a_connection_that_breaks_before_the_letter_is_whole_is_tried_once_more(moment: str) -> None:
    with ScriptedServer(once(moment, 2, None)) as server:
        delivery = sent(server, letters(3))
    assert fates(delivery) == [ACCEPTED] * 3
    assert len(server.whole) == 3


def test_a_connection_that_always_breaks_stops_and_nothing_is_in_doubt() -> None:
    with ScriptedServer(always("RCPT", None)) as server:
        delivery = sent(server, letters(5))
    assert fates(delivery) == [UNSENT] * 5
    assert "in a row" in delivery.stopped
    assert sum(command.startswith("RCPT") for command in server.commands) == 6


def test_a_connection_closed_while_idle_is_opened_again() -> None:
    with ScriptedServer(once("MAIL", 2, "421 4.4.2 idle for too long")) as server:
        smtp = provider(server.port)
        first = smtp.send(campaign(), [letter("first@example.com")])
        second = smtp.send(campaign(), [letter("last@example.com")])
        smtp.close()
    assert fates(first) + fates(second) == [ACCEPTED, ACCEPTED]
    assert not second.stopped
    assert len(server.whole) == 2


def test_a_real_server_that_closed_an_idle_connection_gets_the_letter_once() -> None:
    with MailServer(timeout=0.2) as server:
        smtp = provider(server.port)
        smtp.send(campaign(), [letter("first@example.com")])
        time.sleep(0.6)
        delivery = smtp.send(campaign(), [letter("last@example.com")])
        smtp.close()
    assert fates(delivery) == [ACCEPTED]
    assert [envelope.rcpt_tos for envelope in server.taken] == [["first@example.com"], ["last@example.com"]]
    assert server.connections == 2


@pytest.mark.parametrize(("moment", "fate"), [("RCPT", DEFERRED), ("DATA", DEFERRED), ("END", DEFERRED)])
def test_a_server_that_closes_stops_the_run(moment: str, fate: Fate) -> None:
    with ScriptedServer(once(moment, 2, "421 4.3.2 shutting down")) as server:
        delivery = sent(server, letters(4))
    assert fates(delivery) == [ACCEPTED, fate, UNSENT, UNSENT]
    assert "421 4.3.2 shutting down" in delivery.stopped


def test_a_server_that_closes_at_once_after_coming_back_stops_the_run() -> None:
    with ScriptedServer(lambda moment, times: "421 full" if moment == "MAIL" and times > 1 else "") as server:
        delivery = sent(server, letters(3))
    assert fates(delivery) == [ACCEPTED, DEFERRED, UNSENT]
    assert "421 full" in delivery.stopped


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (always("MAIL", "550 5.7.1 not for you"), "refuses the sender: 550 5.7.1 not for you"),
        (always("MAIL", "530 5.7.0 log in first"), "530 5.7.0"),
        (always("MAIL", "452 4.3.1 no space"), "452 4.3.1 no space"),
        (always("RCPT", "554 5.7.1 <x>: Relay access denied"), "does not send for us"),
        (always("RCPT", "530 5.7.0 Authentication required"), "does not send for us"),
        (always("CONNECT", "554 5.7.1 go away"), "554 5.7.1 go away"),
        (always("CONNECT", "421 4.7.0 too many"), "421 4.7.0 too many"),
        (always("CONNECT", None), "cannot connect"),
        (always("CONNECT", "HTTP/1.1 400 Bad Request"), "cannot connect"),
    ],
)
def test_trouble_that_is_nobodys_own_stops_the_run_and_refuses_nobody(script: Script, words: str) -> None:
    with ScriptedServer(script) as server:
        delivery = sent(server, letters(3))
    assert REFUSED not in fates(delivery)
    assert fates(delivery)[1:] == [UNSENT, UNSENT]
    assert words in delivery.stopped
    assert not server.whole


def test_relaying_refused_for_one_reader_among_others_is_that_readers_refusal() -> None:
    with ScriptedServer(once("RCPT", 2, "554 5.7.1 relaying denied")) as server:
        delivery = sent(server, letters(3))
    assert fates(delivery) == [ACCEPTED, REFUSED, ACCEPTED]


def test_a_letter_broken_off_in_the_middle_is_not_in_doubt_and_goes_again() -> None:
    big = campaign(issue=rendered(html="x" * 16_000_000))
    with ScriptedServer(once("DATA", 1, f"354 go on{HANG_UP}")) as server:
        smtp = provider(server.port)
        delivery = smtp.send(big, letters(1))
        smtp.close()
    assert fates(delivery) == [ACCEPTED]
    assert len(server.whole) == 1


def test_a_letter_always_broken_off_in_the_middle_is_still_owed() -> None:
    big = campaign(issue=rendered(html="x" * 16_000_000))
    with ScriptedServer(always("DATA", f"354 go on{HANG_UP}")) as server:
        smtp = provider(server.port)
        delivery = smtp.send(big, letters(1))
        smtp.close()
    assert fates(delivery) == [UNSENT]
    assert not server.whole


def test_the_size_is_announced_and_a_server_that_has_no_room_stops_the_run() -> None:
    with MailServer(data_size_limit=1000) as server:
        delivery = sent(server, letters(2))
    assert fates(delivery) == [UNSENT, UNSENT]
    assert "552" in delivery.stopped
    assert not server.taken


def test_nobody_listens() -> None:
    with closed_port() as port:
        delivery = provider(port).send(campaign(), letters(2))
    assert fates(delivery) == [UNSENT, UNSENT]
    assert f"cannot connect to 127.0.0.1:{port}: Connection refused" in delivery.stopped


def test_a_line_break_in_an_address_reaches_no_server() -> None:
    with MailServer() as server:
        delivery = sent(server, [replace(letter(), address="ana@example.com>\r\nRCPT TO:<eve@example.com")])
    assert fates(delivery) == [REFUSED]
    assert not server.taken
