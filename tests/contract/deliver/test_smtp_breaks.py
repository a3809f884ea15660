"""Mail servers that hang up, fall silent and come back: which letters are taken, in doubt, or go again."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter

import pytest

from digest.model import Answer
from tests.contract.deliver.deliveries import CUT_SHORT, FAILING, NO_MAILBOX, NOT_TAKEN, TAKEN, UNHEARD, UNSENT, answers
from tests.contract.deliver.gates import OpenGate
from tests.contract.deliver.servers import HANG_UP, PAUSE, MailServer, ScriptedServer, always, once
from tests.contract.deliver.smtp_line import PIPELINING, both_ways, provider, sent, whole
from tests.unit.deliver.correspondence import batch, campaign, letter, letters, rendered


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
