"""Mail servers that refuse, for one letter or for all, and those that want us to wait or to stop."""

from __future__ import annotations

import pytest

from digest.model import Answer
from tests.contract.deliver.deliveries import FAILING, NO_MAILBOX, NOT_NOW, NOT_TAKEN, TAKEN, TOO_FAST, UNSENT, answers
from tests.contract.deliver.gates import OpenGate
from tests.contract.deliver.ports import closed_port
from tests.contract.deliver.servers import HANG_UP, MailServer, Script, ScriptedServer, always, once
from tests.contract.deliver.smtp_line import PIPELINING, both_ways, provider, sent, whole
from tests.unit.deliver.correspondence import batch, campaign, letters

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
