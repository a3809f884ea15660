"""Letters that SendGrid holds, and batches that are called back: against a service that keeps time."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from digest.clock import epoch
from digest.deliver.letters import letter_key
from digest.deliver.seam import CannotReserve
from digest.model import Answer, Recall
from tests.contract.deliver.deliveries import answers
from tests.contract.deliver.local_sendgrid import MOST_MARKS, Given, LocalSendGrid
from tests.contract.deliver.ports import closed_port
from tests.contract.deliver.sendgrid_line import HOLD, KEY, NOW, provider, send
from tests.unit.deliver.correspondence import letter, letters

SEND_AT = datetime.fromtimestamp(NOW, UTC) + HOLD
READERS = [each.address for each in letters(2)]
ROOT = Path(__file__).resolve().parents[3]


class Time:
    """The service's clock, which the tests set forward."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def server(time: Time) -> Iterator[LocalSendGrid]:
    with LocalSendGrid(clock=time) as started:
        yield started


def addresses(server: LocalSendGrid) -> list[str]:
    return [address for address, _ in server.delivered]


def held(server: LocalSendGrid, reader: str = "ana@example.com") -> str:
    """The reference of a batch of one letter that the service holds."""
    line = provider(server.address, hold=HOLD).line()
    reference = line.reserve()
    delivery = send(line, [letter(reader)], reference=reference, send_at=SEND_AT)
    assert answers(delivery) == [Answer.TAKEN]
    line.close()
    return reference


def test_letters_are_held_until_their_time(server: LocalSendGrid, time: Time) -> None:
    line = provider(server.address, hold=HOLD).line()
    reference = line.reserve()
    send(line, letters(2), reference=reference, send_at=SEND_AT)
    (request,) = server.taken
    assert (request["batch_id"], request["send_at"]) == (reference, int(NOW) + 1200)
    assert len(server.connections) == 1
    time.now += 1199
    assert not server.delivered
    time.now += 1
    assert addresses(server) == READERS
    assert server.delivered[0][1]["letter"] == letter_key(letters(1)[0].message_id)


def test_every_batch_has_a_reference_of_its_own(server: LocalSendGrid) -> None:
    line = provider(server.address, hold=HOLD).line()
    assert len({line.reserve() for _ in range(3)}) == 3


def test_without_a_hold_nothing_is_reserved(server: LocalSendGrid) -> None:
    line = provider(server.address).line()
    assert line.reserve() == ""
    assert answers(send(line, letters(1))) == [Answer.TAKEN]
    assert server.paths == ["/v3/mail/send"]
    assert len(server.delivered) == 1


@pytest.mark.parametrize(
    ("given", "stopped", "words"),
    [
        (Given(403, [{"field": None, "message": "access forbidden"}]), True, "delivery.hold = 0"),
        (Given(401), True, "api_key"),
        (Given(429), False, "429"),
        (Given(500), False, "500"),
        (Given(cut=True), False, "no batch id"),
    ],
)
def test_no_reference_is_to_be_had(server: LocalSendGrid, given: Given, stopped: bool, words: str) -> None:
    server.answers.append(given)
    with pytest.raises(CannotReserve, match=words) as raised:
        provider(server.address, hold=HOLD).line().reserve()
    assert raised.value.stopped is stopped
    assert KEY not in str(raised.value)


def test_letters_cannot_be_held_for_more_than_three_days(server: LocalSendGrid) -> None:
    line = provider(server.address, hold=HOLD).line()
    reference = line.reserve()
    far = datetime.fromtimestamp(NOW, UTC) + timedelta(hours=72, seconds=1)
    delivery = send(line, letters(2), reference=reference, send_at=far)
    assert answers(delivery) == [Answer.UNSENT] * 2
    assert "72 hours" in delivery.stopped
    assert not server.requests
    assert (
        answers(send(line, letters(2), reference=reference, send_at=far - timedelta(seconds=1))) == [Answer.TAKEN] * 2
    )


def test_a_batch_that_is_called_back_goes_to_nobody(server: LocalSendGrid, time: Time) -> None:
    called_back, _ = held(server), held(server, "eve@example.com")
    recall, words = provider(server.address, hold=HOLD).recall(called_back)
    assert (recall, words) == (Recall.CALLED_BACK, "SendGrid has cancelled it")
    time.now += 1200
    assert addresses(server) == ["eve@example.com"]
    assert server.keeper.cancelled == 1


def test_a_request_that_nobody_heard_of_can_be_called_back(server: LocalSendGrid, time: Time) -> None:
    line = provider(server.address, hold=HOLD).line()
    reference = line.reserve()
    server.answers.append(Given(cut=True, kept=True))
    delivery = send(line, letters(2), reference=reference, send_at=SEND_AT)
    assert answers(delivery) == [Answer.UNHEARD] * 2
    assert provider(server.address, hold=HOLD).recall(reference)[0] is Recall.CALLED_BACK
    assert answers(send(line, letters(2), reference=line.reserve(), send_at=SEND_AT)) == [Answer.TAKEN] * 2
    time.now += 1200
    assert sorted(addresses(server)) == READERS


def test_a_reference_that_was_never_sent_under_is_called_back_too(server: LocalSendGrid, time: Time) -> None:
    line = provider(server.address, hold=HOLD).line()
    reference = line.reserve()
    assert provider(server.address, hold=HOLD).recall(reference)[0] is Recall.CALLED_BACK
    send(line, letters(1), reference=reference, send_at=SEND_AT)  # a request that was still under way
    time.now += 1200
    assert not server.delivered


def test_calling_back_twice_is_calling_back(server: LocalSendGrid) -> None:
    reference, sender = held(server), provider(server.address, hold=HOLD)
    assert [sender.recall(reference)[0] for _ in range(2)] == [Recall.CALLED_BACK] * 2


def test_a_cancellation_whose_answer_was_lost_is_found_at_the_next_try(server: LocalSendGrid, time: Time) -> None:
    reference, sender = held(server), provider(server.address, hold=HOLD)
    server.answers.append(Given(cut=True, kept=True))
    assert sender.recall(reference)[0] is Recall.NOT_NOW
    assert sender.recall(reference) == (Recall.CALLED_BACK, "SendGrid has cancelled it already")
    time.now += 1200
    assert not server.delivered


def test_a_batch_that_somebody_paused_is_cancelled(server: LocalSendGrid, time: Time) -> None:
    reference = held(server)
    server.keeper.mark(reference, "pause")
    assert provider(server.address, hold=HOLD).recall(reference)[0] is Recall.CALLED_BACK
    assert server.keeper.marks == {reference: "cancel"}


def test_shortly_before_its_time_it_is_too_late(server: LocalSendGrid, time: Time) -> None:
    reference = held(server)
    time.now += 601
    recall, words = provider(server.address, hold=HOLD).recall(reference)
    assert recall is Recall.TOO_LATE
    assert "10 minutes" in words
    time.now += 600
    assert addresses(server) == ["ana@example.com"]


def test_a_reference_that_nobody_knows_is_out_of_our_hands(server: LocalSendGrid) -> None:
    assert provider(server.address, hold=HOLD).recall("../unknown?")[0] is Recall.TOO_LATE


def test_ten_at_a_time_and_then_there_is_room_again(server: LocalSendGrid, time: Time) -> None:
    sender = provider(server.address, hold=HOLD)
    references = [held(server) for _ in range(MOST_MARKS + 1)]
    recalls = [sender.recall(reference)[0] for reference in references]
    assert recalls == [Recall.CALLED_BACK] * MOST_MARKS + [Recall.NOT_NOW]
    time.now += 1200
    assert len(server.delivered) == 1
    assert all(sender.forget(reference) for reference in references)
    assert not server.keeper.marks
    assert len(server.delivered) == 1


@pytest.mark.parametrize(
    "given",
    [
        Given(401),
        Given(403),
        Given(429),
        Given(500),
        Given(503),
        Given(504),
        Given(302),
        Given(cut=True),
        Given(404),
    ],
)
def test_what_could_not_be_asked_can_be_asked_again(server: LocalSendGrid, given: Given) -> None:
    reference, sender = held(server), provider(server.address, hold=HOLD)
    server.answers.append(given)
    recall, words = sender.recall(reference)
    assert recall is Recall.NOT_NOW
    assert words
    assert KEY not in words
    server.answers.append(given)
    assert sender.forget(reference) is (given.status == 404)
    assert sender.recall(reference)[0] is Recall.CALLED_BACK


def test_a_look_that_fails_says_nothing_of_the_batch(server: LocalSendGrid) -> None:
    reference = held(server)
    server.answers.extend([Given(400, [{"field": None, "message": "invalid batch id"}]), Given(500)])
    assert provider(server.address, hold=HOLD).recall(reference)[0] is Recall.NOT_NOW


def test_nobody_is_there_to_ask() -> None:
    with closed_port() as port:
        sender = provider(f"http://127.0.0.1:{port}", hold=HOLD)
        assert sender.recall("reference")[0] is Recall.NOT_NOW
        assert not sender.forget("reference")


@contextmanager
def process(log: Path, *options: str) -> Iterator[str]:
    """The local SendGrid as a process of its own; its address."""
    command = [
        sys.executable,
        "-m",
        "tests.contract.deliver.local_sendgrid",
        "--port",
        "0",
        "--log",
        str(log),
        *options,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as started:
        assert started.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(started.stdout.readline())}"
        finally:
            started.terminate()


def summary(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{address}/__summary", timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def test_the_local_service_as_a_process(tmp_path: Path) -> None:
    log = tmp_path / "delivered.log"
    with process(log, "--speed", "6000", "--cut-every", "2", "--fail-every", "3") as address:
        line = provider(address, hold=HOLD, now=epoch).line()
        first, second, third = (line.reserve() for _ in range(3))
        send_at = datetime.fromtimestamp(epoch(), UTC) + HOLD
        assert answers(send(line, letters(2), reference=first, send_at=send_at)) == [Answer.TAKEN] * 2
        assert answers(send(line, [letter()], reference=second, send_at=send_at)) == [Answer.UNHEARD]
        assert answers(send(line, [letter("eve@example.com")], reference=third, send_at=send_at)) == [Answer.FAILING]
        while (counts := summary(address))["held"]:
            pass
        assert counts == {"requests": 3, "delivered": 3, "cancelled": 0, "held": 0}
        line.close()
    lines = [each.split("\t") for each in log.read_text().splitlines()]
    assert [each[0] for each in lines] == [*READERS, "ana@example.com"]
    assert [each[2] for each in lines] == [first, first, second]
    assert lines[2][1] == letter_key(letter().message_id)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
