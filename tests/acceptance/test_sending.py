"""A whole issue through real servers: what arrives, what is owed when a server fails, and what nobody can know."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from tests.acceptance.publication import REPOSITORY, Publication
from tests.contract.deliver.servers import Given, LocalSendGrid, MailServer, ScriptedServer, always, closed_port, once

READERS = 30


def through_smtp(port: int) -> dict[str, str]:
    return {
        "DIGEST_DELIVERY_PROVIDER": "smtp",
        "DIGEST_DELIVERY_SMTP_HOST": "127.0.0.1",
        "DIGEST_DELIVERY_SMTP_PORT": str(port),
        "DIGEST_DELIVERY_SMTP_SECURITY": "none",
    }


def through_sendgrid(address: str) -> dict[str, str]:
    return {
        "DIGEST_DELIVERY_PROVIDER": "sendgrid",
        "DIGEST_DELIVERY_SENDGRID_ADDRESS": address,
        "DIGEST_DELIVERY_SENDGRID_READERS_PER_REQUEST": "12",
        "DIGEST_SENDGRID_API_KEY": "SG.not-to-be-shown",
    }


def with_readers(publication: Publication, *names: str) -> list[str]:
    addresses = [f"{name}@example.com" for name in names] or [
        f"reader{number}@example.com" for number in range(READERS)
    ]
    (publication.folder / "subscribers.csv").write_text("email\n" + "\n".join(addresses) + "\n")
    return addresses


def state_of(publication: Publication) -> tuple[str, dict[str, int]]:
    (issue,) = publication.json("status")["issues"]
    return issue["state"], issue["letters"]


def test_every_reader_gets_one_letter_by_smtp(composed: Publication) -> None:
    readers = with_readers(composed)
    with MailServer() as server:
        sent = composed.json("send", "--yes", **through_smtp(server.port))
        again = composed.json("send", "--yes", **through_smtp(server.port))
    assert sent["provider"] == "smtp"
    assert sent["letters"] == again["letters"] == {"owed": 0, "accepted": READERS, "refused": 0, "unknown": 0}
    assert Counter(envelope.rcpt_tos[0] for envelope in server.taken) == Counter(readers)
    assert state_of(composed)[0] == "sent"


def test_a_refused_address_is_final_and_one_put_off_is_owed(composed: Publication) -> None:
    with_readers(composed, "ana", "refused", "later", "bob")
    with MailServer() as server:
        sent = composed.json("send", "--yes", expect=5, **through_smtp(server.port))
        assert sent["letters"] == {"owed": 1, "accepted": 2, "refused": 1, "unknown": 0}
        composed.json("send", "--yes", expect=5, **through_smtp(server.port))
    assert Counter(envelope.rcpt_tos[0] for envelope in server.taken) == {"ana@example.com": 1, "bob@example.com": 1}
    with MailServer() as server:
        # The audience is fixed: who comes later gets the next issue. Who has left the list meanwhile gets no letter.
        with_readers(composed, "someone", "else")
        left = composed.json("send", "--yes", **through_smtp(server.port))
        assert left["letters"] == {"owed": 0, "accepted": 2, "refused": 1, "unknown": 0}
        assert server.taken == []


def test_a_provider_that_is_down_leaves_everything_owed(composed: Publication) -> None:
    readers = with_readers(composed)
    with closed_port() as port:
        refused = composed.run("send", "--yes", expect=5, **through_smtp(port))
    assert f"{READERS} letters are still owed" in refused.stderr
    assert state_of(composed) == ("sending", {"owed": READERS, "accepted": 0, "refused": 0, "unknown": 0})
    with MailServer() as server:
        # The next run of the timer finishes it.
        told = composed.run("run", "--on-time", **through_smtp(server.port))
    assert f"still owes {READERS} letters" in told.stdout
    assert Counter(envelope.rcpt_tos[0] for envelope in server.taken) == Counter(readers)


def test_a_connection_that_breaks_before_the_answer_leaves_one_letter_unknown(composed: Publication) -> None:
    with_readers(composed)
    with ScriptedServer(once("END", 7, None)) as server:
        sent = composed.json("send", "--yes", expect=6, **through_smtp(server.port))
        assert sent["letters"] == {"owed": 0, "accepted": READERS - 1, "refused": 0, "unknown": 1}
        again = composed.json("send", "--yes", expect=6, **through_smtp(server.port))
    assert again["letters"] == sent["letters"]
    assert len(server.whole) == READERS
    assert "unknown" in composed.run("status").stdout


def test_killed_in_the_middle_nobody_gets_two_and_the_doubtful_are_told(composed: Publication) -> None:
    with_readers(composed)
    with ScriptedServer(
        lambda moment, times: (time.sleep(60) or "") if (moment, times) == ("END", 4) else ""
    ) as server:
        sender = subprocess.Popen(
            [sys.executable, "-m", "digest", "send", "--yes"],
            cwd=composed.folder,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **through_smtp(server.port)},
        )
        while len(server.whole) < 4:
            assert sender.poll() is None
            time.sleep(0.05)
        sender.send_signal(signal.SIGKILL)
        sender.wait(10)
    state, letters = state_of(composed)
    assert state == "sending"
    assert letters["unknown"] == READERS - letters["owed"] <= 10
    with MailServer() as server:
        sent = composed.json("send", "--yes", expect=6, **through_smtp(server.port))
    assert sent["letters"]["accepted"] == len(server.taken) == letters["owed"]
    assert sent["letters"]["unknown"] == letters["unknown"]


def test_who_said_no_on_the_list_after_the_plan_gets_nothing(composed: Publication) -> None:
    with_readers(composed, "ana", "bob", "cem")
    with closed_port() as port:
        composed.run("send", "--yes", expect=5, **through_smtp(port))
    (composed.folder / "subscribers.csv").write_text(
        "email,status\nana@example.com,subscribed\nbob@example.com,unsubscribed\n"
    )
    with MailServer() as server:
        composed.run("send", "--yes", **through_smtp(server.port))
    assert {envelope.rcpt_tos[0] for envelope in server.taken} == {"ana@example.com"}


def test_an_empty_list_is_an_accident_and_not_an_audience(composed: Publication) -> None:
    (composed.folder / "subscribers.csv").write_text("email\n")
    refused = composed.run("send", "--yes", expect=2)
    assert "subscribers.csv has no readers" in refused.stderr
    assert state_of(composed)[0] == "composed"
    assert composed.json("send", "--dry-run")["readers"] == 0
    with_readers(composed, "ana")
    assert composed.json("send", "--yes")["letters"]["accepted"] == 1


def test_a_letter_that_is_put_off_for_ever_does_not_cost_the_next_week(sample: Publication) -> None:
    with_readers(sample, "ana", "later")
    with MailServer() as server:
        sample.run("run", "--yes", expect=5, **through_smtp(server.port))
        sample.configure("first_issue = 2026-11-20", "")
        sample.configure("min_stories = 5", "min_stories = 1")
        day = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"
        sample.run("run", "--yes", "--date", day, expect=5, **through_smtp(server.port))
    issues = {issue["issue"]: issue["letters"] for issue in sample.json("status")["issues"]}
    assert issues == {
        day: {"owed": 1, "accepted": 1, "refused": 0, "unknown": 0},
        "2026-11-20": {"owed": 1, "accepted": 1, "refused": 0, "unknown": 0},
    }


def test_an_issue_whose_stories_ran_meanwhile_is_not_sent(composed: Publication) -> None:
    with_readers(composed, "ana")
    composed.run("compose", "--date", "2026-11-27", "--since", "2026-11-13")
    composed.run("send", "--yes", "--date", "2026-11-20")
    refused = composed.run("send", "--yes", "--date", "2026-11-27", expect=8)
    assert "have run in another issue" in refused.stderr


def test_a_reader_suppressed_after_the_plan_is_left_out(composed: Publication) -> None:
    readers = with_readers(composed)
    with closed_port() as port:
        composed.run("send", "--yes", expect=5, **through_smtp(port))
    composed.run("subscribers", "suppress", readers[3].upper())
    with MailServer() as server:
        composed.run("send", "--yes", **through_smtp(server.port))
    assert {envelope.rcpt_tos[0] for envelope in server.taken} == set(readers) - {readers[3]}


def test_every_reader_gets_one_letter_by_sendgrid(composed: Publication) -> None:
    readers = with_readers(composed)
    with LocalSendGrid() as service:
        done = composed.run("--verbose", "send", "--yes", **through_sendgrid(service.address))
    given = [entry["to"][0]["email"] for request in service.taken for entry in request["personalizations"]]
    assert Counter(given) == Counter(readers)
    assert len(service.taken) == 3
    assert "not-to-be-shown" not in done.stdout + done.stderr
    assert state_of(composed)[0] == "sent"


def test_a_request_without_an_answer_is_unknown_and_not_repeated(composed: Publication) -> None:
    with_readers(composed)
    with LocalSendGrid(Given(), Given(cut=True)) as service:
        composed.run("send", "--yes", expect=5, **through_sendgrid(service.address))
        assert state_of(composed)[1] == {"owed": 6, "accepted": 12, "refused": 0, "unknown": 12}
        composed.run("send", "--yes", expect=6, **through_sendgrid(service.address))
    assert [len(request["personalizations"]) for request in service.requests] == [12, 12, 6]
    assert state_of(composed)[1] == {"owed": 0, "accepted": 18, "refused": 0, "unknown": 12}


def test_a_key_that_is_refused_or_missing_stops_before_anything_is_lost(composed: Publication) -> None:
    with_readers(composed)
    with LocalSendGrid(Given(status=401, errors=[{"message": "authorization required"}])) as service:
        refused = composed.run("send", "--yes", expect=5, **through_sendgrid(service.address))
    assert "not-to-be-shown" not in refused.stderr
    assert state_of(composed)[1]["owed"] == READERS
    missing = composed.run("send", "--dry-run", expect=2, DIGEST_DELIVERY_PROVIDER="sendgrid")
    assert "DIGEST_SENDGRID_API_KEY" in missing.stderr


def test_a_terminated_sender_settles_what_is_on_the_wire_and_stops(composed: Publication) -> None:
    with_readers(composed)
    with ScriptedServer(lambda moment, times: (time.sleep(0.1) or "") if moment == "END" else "") as server:
        sender = subprocess.Popen(
            [sys.executable, "-m", "digest", "send", "--yes"],
            cwd=composed.folder,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **through_smtp(server.port)},
        )
        while len(server.whole) < 3:
            assert sender.poll() is None
            time.sleep(0.02)
        sender.send_signal(signal.SIGTERM)
        assert sender.wait(30) == 5
    letters = state_of(composed)[1]
    assert letters["unknown"] == 0
    assert letters["accepted"] == len(server.whole) < READERS
    with ScriptedServer(always("NEVER", "")) as rest:
        composed.run("send", "--yes", **through_smtp(rest.port))
    assert len(server.whole) + len(rest.whole) == READERS


def test_while_a_sender_is_at_work_the_issue_stays_as_it_is(composed: Publication) -> None:
    with_readers(composed)
    with ScriptedServer(lambda moment, times: (time.sleep(0.3) or "") if moment == "END" else "") as server:
        sender = subprocess.Popen(
            [sys.executable, "-m", "digest", "send", "--yes"],
            cwd=composed.folder,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **through_smtp(server.port)},
        )
        while not server.whole:
            assert sender.poll() is None
            time.sleep(0.02)
        assert "right now" in composed.run("compose", "--date", "2026-11-20", expect=8).stderr
        assert "Nothing to do" in composed.run("run", "--yes").stdout
        assert sender.wait(60) == 0
    assert len(server.whole) == READERS
