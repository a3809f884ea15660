"""The gate that every letter over SMTP passes: shut, slow, or failing."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from digest.deliver.smtp_line import SmtpLine
from digest.model import Letter
from tests.contract.deliver.deliveries import TAKEN, UNSENT, answers
from tests.contract.deliver.gates import OpenGate
from tests.contract.deliver.servers import HANG_UP, ScriptedServer, always
from tests.contract.deliver.smtp_line import IN_STEPS, PIPELINING, both_ways, provider, readers, sent, whole
from tests.unit.deliver.correspondence import batch, campaign, letters


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
