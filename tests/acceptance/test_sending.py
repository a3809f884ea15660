"""A whole issue through real servers: what arrives, what is owed when a server fails, and what nobody can know."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from tests.acceptance.publication import Publication
from tests.acceptance.sending import killed_with_the_fourth_on_the_wire, sender_of, through_smtp, until_whole
from tests.contract.deliver.servers import Given, LocalSendGrid, MailServer, ScriptedServer, always, closed_port, once

READERS = 30


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


def some(letters: dict[str, int]) -> dict[str, int]:
    """The states that letters are in."""
    return {state: count for state, count in letters.items() if count}


def state_of(publication: Publication) -> tuple[str, dict[str, int]]:
    (issue,) = publication.json("status")["issues"]
    return issue["state"], some(issue["letters"])


def test_every_reader_gets_one_letter_by_smtp(composed: Publication) -> None:
    readers = with_readers(composed)
    with MailServer() as server:
        sent = composed.json("send", "--yes", **through_smtp(server.port))
        again = composed.json("send", "--yes", **through_smtp(server.port))
    assert sent["provider"] == "smtp"
    assert sent["letters"] == again["letters"]
    assert some(sent["letters"]) == {"accepted": READERS}
    assert Counter(envelope.rcpt_tos[0] for envelope in server.taken) == Counter(readers)
    assert state_of(composed)[0] == "sent"


def test_readers_get_the_sections_that_they_chose(composed: Publication) -> None:
    issue = json.loads((composed.folder / "issues" / "2026-11-20" / "issue.json").read_text())["issue"]
    first, second, *_ = (section["name"] for section in issue["sections"])
    (composed.folder / "subscribers.csv").write_text(
        "email,name,sections\nall@example.com,,\n"
        f'one@example.com,Ana,"{first}"\ntwo@example.com,Bo,"{first}; {second}"\nother@example.com,Cy,{first}\n'
        "none@example.com,,In no issue\n"
    )
    with (composed.folder / "digest.toml").open("a", encoding="utf-8") as file:
        file.write('[[sections]]\nname = "In no issue"\ncategories = ["nothing has this"]\n')
    planned = composed.json("send", "--dry-run")
    assert planned["left_out"]["too little in the sections chosen"] == 1
    with LocalSendGrid() as service:
        composed.run("send", "--yes", **through_sendgrid(service.address), DIGEST_DELIVERY_HOLD="0")
    bodies = {}
    for request in service.requests:
        text = next(content["value"] for content in request["content"] if content["type"] == "text/plain")
        for personalization in request["personalizations"]:
            bodies[personalization["to"][0]["email"]] = text
    assert set(bodies) == {f"{name}@example.com" for name in ("all", "one", "two", "other")}
    assert bodies["one@example.com"] == bodies["other@example.com"]
    lines = {address: body.splitlines() for address, body in bodies.items()}
    for address, sections in (
        ("all@example.com", [section["name"] for section in issue["sections"]]),
        ("one@example.com", [first]),
        ("two@example.com", [first, second]),
    ):
        shown = [section["name"] for section in issue["sections"] if section["name"] in lines[address]]
        assert shown == sections
    assert state_of(composed) == ("sent", {"accepted": 4, "left_out": 1})


def test_a_refused_address_is_final_and_one_put_off_is_owed(composed: Publication) -> None:
    with_readers(composed, "ana", "refused", "later", "bob")
    with MailServer() as server:
        sent = composed.json("send", "--yes", "--no-wait", expect=5, **through_smtp(server.port))
        assert some(sent["letters"]) == {"owed": 1, "accepted": 2, "refused": 1}
        composed.json("send", "--yes", "--no-wait", expect=5, **through_smtp(server.port))
    assert Counter(envelope.rcpt_tos[0] for envelope in server.taken) == {"ana@example.com": 1, "bob@example.com": 1}
    with MailServer() as server:
        # The audience is fixed: who comes later gets the next issue. Who has left the list meanwhile gets no letter.
        with_readers(composed, "someone", "else")
        left = composed.json("send", "--yes", **through_smtp(server.port))
        assert some(left["letters"]) == {"accepted": 2, "refused": 1, "left_out": 1}
        assert server.taken == []


def test_a_provider_that_is_down_leaves_everything_owed(composed: Publication) -> None:
    readers = with_readers(composed)
    with closed_port() as port:
        refused = composed.run("send", "--yes", "--no-wait", expect=5, **through_smtp(port))
    assert f"{READERS} letters are still owed" in refused.stderr
    assert state_of(composed) == ("sending", {"owed": READERS})
    with MailServer() as server:
        # The next run of the timer finishes it.
        told = composed.run("run", "--on-time", **through_smtp(server.port))
    assert f"still owes {READERS} letters" in told.stdout
    assert Counter(envelope.rcpt_tos[0] for envelope in server.taken) == Counter(readers)


def test_a_connection_that_breaks_before_the_answer_leaves_one_letter_unknown(composed: Publication) -> None:
    with_readers(composed)
    with ScriptedServer(once("END", 7, None)) as server:
        sent = composed.json("send", "--yes", expect=6, **through_smtp(server.port))
        assert some(sent["letters"]) == {"accepted": READERS - 1, "unknown": 1}
        again = composed.json("send", "--yes", expect=6, **through_smtp(server.port))
    assert again["letters"] == sent["letters"]
    assert len(server.whole) == READERS
    assert "unknown" in composed.run("status").stdout


def test_killed_in_the_middle_nobody_gets_two_and_the_doubtful_are_told(composed: Publication) -> None:
    with_readers(composed)
    killed_with_the_fourth_on_the_wire(composed)
    assert state_of(composed) == ("sending", {"claimed": READERS})
    with MailServer() as rest:
        sent = composed.json("send", "--yes", expect=6, **through_smtp(rest.port))
    # Three were answered, the fourth was on the wire; the others had not begun to leave.
    assert some(sent["letters"]) == {"accepted": READERS - 1, "unknown": 1}
    assert len(rest.taken) == READERS - 4
    assert "had begun to leave" in composed.run("settle", "2026-11-20").stdout
    assert composed.run("settle", "2026-11-20", "--accept").stdout.endswith("1 letters are accepted now.\n")
    assert state_of(composed) == ("sent", {"accepted": READERS})


def test_who_said_no_on_the_list_after_the_plan_gets_nothing(composed: Publication) -> None:
    with_readers(composed, "ana", "bob", "cem")
    with closed_port() as port:
        composed.run("send", "--yes", "--no-wait", expect=5, **through_smtp(port))
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
        sample.run("run", "--yes", "--no-wait", expect=5, **through_smtp(server.port))
        sample.configure("first_issue = 2026-11-20", "")
        sample.configure("min_stories = 5", "min_stories = 1")
        day = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"
        sample.run("run", "--yes", "--no-wait", "--date", day, expect=5, **through_smtp(server.port))
    issues = {issue["issue"]: some(issue["letters"]) for issue in sample.json("status")["issues"]}
    assert issues == {
        day: {"owed": 1, "accepted": 1},
        "2026-11-20": {"owed": 1, "accepted": 1},
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
        composed.run("send", "--yes", "--no-wait", expect=5, **through_smtp(port))
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
    without_hold = {"DIGEST_DELIVERY_HOLD": "0", "DIGEST_DELIVERY_SENDGRID_AT_ONCE": "1"}
    with LocalSendGrid(Given(), Given(cut=True)) as service:
        composed.run("send", "--yes", "--no-wait", expect=5, **through_sendgrid(service.address), **without_hold)
        assert state_of(composed)[1] == {"owed": 6, "accepted": 12, "unknown": 12}
        composed.run("send", "--yes", expect=6, **through_sendgrid(service.address), **without_hold)
    assert [len(request["personalizations"]) for request in service.requests] == [12, 12, 6]
    assert state_of(composed)[1] == {"accepted": 18, "unknown": 12}


def test_a_held_request_without_an_answer_is_called_back_and_sent_once(composed: Publication) -> None:
    readers = with_readers(composed)
    with LocalSendGrid(cut_every=2, speed=600) as service:
        composed.run("send", "--yes", **through_sendgrid(service.address))
        assert state_of(composed) == ("sent", {"accepted": READERS})
        time.sleep(2.5)  # the service's clock is fast: twenty minutes are two seconds
        assert Counter(address for address, _ in service.delivered) == Counter(readers)
    ids = [request["batch_id"] for request in service.requests if "batch_id" in request and "from" in request]
    assert len(set(ids)) == len(ids) > 3


def test_a_stopped_issue_is_called_back(composed: Publication) -> None:
    with_readers(composed)
    with LocalSendGrid() as service:
        composed.run("send", "--yes", "--limit", "24", expect=5, **through_sendgrid(service.address))
        assert state_of(composed)[1] == {"owed": 6, "accepted": 24}
        told = composed.run("stop", "2026-11-20", "--yes", **through_sendgrid(service.address)).stdout
        assert "6 letters that were owed will not be sent" in told
        assert "24 letters were called back" in told
        assert state_of(composed) == ("stopped", {"left_out": READERS})
        assert service.delivered == []
        composed.run("send", "--yes", **through_sendgrid(service.address))
    assert state_of(composed) == ("stopped", {"left_out": READERS})


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
        sender = sender_of(composed, **through_smtp(server.port))
        until_whole(server, 3, sender)
        sender.send_signal(signal.SIGTERM)
        assert sender.wait(30) == 5
    letters = state_of(composed)[1]
    assert "unknown" not in letters
    assert letters["accepted"] == len(server.whole) < READERS
    with ScriptedServer(always("NEVER", "")) as rest:
        composed.run("send", "--yes", **through_smtp(rest.port))
    assert len(server.whole) + len(rest.whole) == READERS


def test_while_a_sender_is_at_work_the_issue_stays_as_it_is(composed: Publication) -> None:
    with_readers(composed)
    looked = threading.Event()

    def slow(moment: str, times: int) -> str:
        if moment == "END" and times > 1:
            looked.wait(100)
        return ""

    with ScriptedServer(slow) as server:
        sender = sender_of(composed, **through_smtp(server.port))
        until_whole(server, 1, sender)
        assert "has gone out" in composed.run("compose", "--date", "2026-11-20", expect=7).stderr
        assert "2026-11-20 is being sent" in composed.run("run", "--yes").stdout
        looked.set()
        assert sender.wait(60) == 0
    assert len(server.whole) == READERS
