"""A campaign in the hands of its operator: told at any time, paused, resumed, settled, at the hour of each reader."""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from tests.acceptance.publication import Publication
from tests.acceptance.sending import sender_of, through_smtp
from tests.acceptance.test_sending import READERS, some, state_of, through_sendgrid, with_readers
from tests.contract.deliver.servers import Given, LocalSendGrid, MailServer

ISSUE = "2026-11-20"


@contextmanager
def sending(publication: Publication, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """`digest send` at work in a process of its own."""
    with sender_of(publication, **environment) as process:
        yield process
        assert process.wait(120) == 0


def wait_for(publication: Publication, state: str, least: int) -> None:
    for _ in range(200):
        if publication.json("status", ISSUE)["letters"][state] >= least:
            return
        time.sleep(0.1)
    raise AssertionError(f"never {least} {state}")


def test_paused_and_resumed_from_another_terminal(composed: Publication) -> None:
    readers = with_readers(composed)
    with MailServer() as server, sending(composed, **through_smtp(server.port), DIGEST_DELIVERY_PACE="2"):
        wait_for(composed, "accepted", 1)
        composed.run("pause", ISSUE)
        time.sleep(1.5)  # what was claimed is finished
        held = composed.json("status", ISSUE)
        assert (held["hold"], held["senders"], held["letters"]["claimed"]) == ("paused by hand", 1, 0)
        assert 0 < held["letters"]["accepted"] < READERS
        taken = len(server.taken)
        time.sleep(1.5)
        assert len(server.taken) == taken == held["letters"]["accepted"]
        composed.run("resume", ISSUE)
    assert Counter(envelope.rcpt_tos[0] for envelope in server.taken) == Counter(readers)
    assert state_of(composed) == ("sent", {"accepted": READERS})


def test_a_first_slice_that_fares_badly_keeps_the_rest_back(composed: Publication) -> None:
    with_readers(composed, "ana", "refused1", "refused2", "bob", "cem", "dov")
    first = {"DIGEST_DELIVERY_FIRST_SLICE": "4"}
    with MailServer() as server:
        kept = composed.run("send", "--yes", expect=5, **through_smtp(server.port), **first)
        assert "first slice: 2 of its 4 letters were refused" in kept.stderr
        assert state_of(composed)[1] == {"owed": 2, "accepted": 2, "refused": 2}
        composed.run("resume", ISSUE)
        composed.run("send", "--yes", **through_smtp(server.port), **first)
    assert state_of(composed) == ("sent", {"accepted": 4, "refused": 2})


def test_each_reader_at_the_hour_of_their_own_clock(composed: Publication) -> None:
    (composed.folder / "subscribers.csv").write_text(
        "email,timezone\neast@example.com,Pacific/Kiritimati\nwest@example.com,Pacific/Pago_Pago\nhome@example.com,\n"
    )
    with MailServer() as server:
        composed.run("send", "--yes", **through_smtp(server.port), DIGEST_DELIVERY_LOCAL_HOUR="23:59")
    order = [envelope.rcpt_tos[0] for envelope in server.taken]
    assert order == ["east@example.com", "home@example.com", "west@example.com"]


def test_anybody_can_tell_what_became_of_a_letter(composed: Publication) -> None:
    with_readers(composed, "ana", "refused", "later")
    with MailServer() as server:
        composed.run("send", "--yes", "--no-wait", expect=5, **through_smtp(server.port))
    assert "accepted by smtp" in composed.run("why", "Ana@Example.com", ISSUE).stdout
    assert "550 5.1.1 no such reader" in composed.run("why", "refused@example.com").stdout
    assert composed.json("why", "refused@example.com")["suppressed"]["reason"].startswith("bounced: 550")
    assert composed.run("why", "nobody@example.com").stdout.startswith("Not on the list.")
    owed = [
        json.loads(line) for line in composed.run("letters", ISSUE, "--state", "owed", "--json").stdout.splitlines()
    ]
    assert [(one["address"], one["attempts"], one["words"]) for one in owed] == [
        ("later@example.com", 1, "451 4.2.1 not now")
    ]
    told = composed.run("status", ISSUE).stdout
    assert "1 owed, 1 accepted, 1 refused" in told
    assert "1 refused: 550 5.1.1 no such reader" in told
    assert "no issue of 2026-11-27" in composed.run("status", "2026-11-27", expect=8).stderr


def test_the_provider_s_events_settle_what_nobody_heard(composed: Publication) -> None:
    with_readers(composed, "ana", "bob", "cem")
    with LocalSendGrid(Given(cut=True)) as service:
        composed.run("send", "--yes", expect=6, **through_sendgrid(service.address), DIGEST_DELIVERY_HOLD="0")
    (request,) = service.requests
    kinds = ("delivered", "dropped")
    events = [
        {"event": kind, "timestamp": 1795190400, "reason": "Invalid", **personalization["custom_args"]}
        for kind, personalization in zip(kinds, request["personalizations"][:2], strict=True)
    ]
    (composed.folder / "events.json").write_text(json.dumps(events))
    assert "3 letters is unknown" in composed.run("settle", ISSUE).stdout
    told = composed.run("settle", ISSUE, "--events", "events.json").stdout
    assert "1 accepted, 1 refused" in told
    assert some(composed.json("status", ISSUE)["letters"]) == {"accepted": 1, "refused": 1, "unknown": 1}
    composed.run("settle", ISSUE, "--resend", "--address", "cem@example.com")
    with LocalSendGrid() as service:
        composed.run("send", "--yes", **through_sendgrid(service.address), DIGEST_DELIVERY_HOLD="0")
    assert state_of(composed) == ("sent", {"accepted": 2, "refused": 1})


def test_a_limit_leaves_the_rest_owed(composed: Publication) -> None:
    with_readers(composed)
    with MailServer() as server:
        composed.run("send", "--yes", "--limit", "7", expect=5, **through_smtp(server.port))
        assert len(server.taken) == 7
        assert state_of(composed)[1] == {"owed": READERS - 7, "accepted": 7}
