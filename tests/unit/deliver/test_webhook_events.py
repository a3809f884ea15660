"""What SendGrid's event webhook tells, against its own samples and what public bug reports showed of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.audience.addresses import normalise
from digest.deliver.webhook_events import translate
from digest.model.readers import EventKind, MailEvent

SHARED = Path(__file__).resolve().parents[4] / "shared" / "contracts"
SAMPLES = SHARED / "sendgrid" / "event-webhook-samples.json"
SUPPRESSIONS = SHARED / "sendgrid" / "suppression-and-event-samples.json"
OTHERS = SHARED / "webhooks" / "sendgrid.json"
LETTER = {"issue": "2026-11-20", "letter": "0123456789abcdef01234567"}
AT = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
NOW = AT + timedelta(minutes=1)
HARD, SOFT = EventKind.HARD_BOUNCE, EventKind.SOFT_BOUNCE

at_hand = pytest.mark.skipif(not SAMPLES.exists(), reason="the shared contracts are not beside this repository")


def event(kind: str = "delivered", **changes: Any) -> dict[str, Any]:
    return {
        "email": "ana@example.com", "timestamp": AT.timestamp(), "event": kind, "sg_event_id": "x", **LETTER, **changes
    }  # fmt: skip


def heard(*posts: Any) -> list[MailEvent]:
    return translate(posts, normalise=normalise, now=NOW)[0]


def kinds(*posts: Any) -> list[EventKind]:
    return [each.kind for each in heard(*posts)]


def test_an_event_of_ours() -> None:
    (one,) = heard(event("deferred", email="Ana@EXAMPLE.com", response="450 4.2.1 later\r\nplease", attempt="2"))
    assert one == MailEvent(
        kind=EventKind.DEFERRED,
        at=AT,
        identity=one.identity,
        address="ana@example.com",
        issue="2026-11-20",
        letter="0123456789abcdef01234567",
        words="450 4.2.1 later please",
    )
    assert len(one.identity) == 16


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("processed", EventKind.PROCESSED),
        ("delivered", EventKind.DELIVERED),
        ("deferred", EventKind.DEFERRED),
        ("bounce", SOFT),
        ("open", EventKind.OPEN),
        ("click", EventKind.CLICK),
        ("spamreport", EventKind.COMPLAINT),
        ("unsubscribe", EventKind.UNSUBSCRIBE),
        ("group_unsubscribe", EventKind.UNSUBSCRIBE),
        ("dropped", EventKind.DROPPED),
    ],
)
def test_every_kind(name: str, kind: EventKind) -> None:
    assert kinds(event(name)) == [kind]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 That account does not exist."}, HARD),
        ({"type": "bounce", "status": "5.1.1", "reason": "550 go away"}, HARD),
        ({"type": "bounce", "status": "5.0.0", "reason": "500 unknown recipient"}, HARD),
        ({"type": "bounce", "reason": "550 no such user here"}, HARD),
        ({"type": "bounce", "status": "5.1.2", "reason": "550 5.1.2 bad destination system"}, HARD),
        ({"type": "bounce", "status": "5.1.6", "reason": "551 5.1.6 the reader has moved"}, HARD),
        ({"type": "bounce", "reason": "550 Host or domain name not found"}, HARD),
        ({"type": "bounce", "reason": "550 Access denied", "bounce_classification": "Invalid Address"}, HARD),
        ({"reason": "550 5.2.1 <ana@example.com>... User Unknown"}, HARD),
        ({"type": "bounce", "status": "5.2.1", "reason": "550 5.2.1 gets mail at too high a rate"}, SOFT),
        ({"type": "bounce", "status": "5.2.2", "reason": "552 5.2.2 mailbox full"}, SOFT),
        ({"type": "bounce", "status": "5.7.1", "reason": "550 unknown user, says the filter"}, SOFT),
        ({"type": "bounce", "reason": "550 5.7.1 user unknown", "bounce_classification": "Reputation"}, SOFT),
        ({"type": "bounce", "reason": "550 no such user", "bounce_classification": "Technical Failure"}, SOFT),
        ({"type": "bounce", "reason": "553 Sender address rejected: Domain not found"}, SOFT),
        ({"type": "bounce", "reason": "550 Helo command rejected: Host not found"}, SOFT),
        ({"type": "blocked", "status": "5.0.0", "reason": "500 unknown recipient"}, SOFT),
        ({"type": "blocked", "reason": "550 x", "bounce_classification": "Invalid Address"}, SOFT),
        ({"type": "bounce", "status": 511, "reason": None, "bounce_classification": ["Content"]}, SOFT),
        ({"type": "expired", "reason": "unable to deliver for 72 hours"}, SOFT),
    ],
)
def test_a_bounce_is_hard_only_when_it_is_really_the_address(changes: dict[str, Any], kind: EventKind) -> None:
    assert kinds(event("bounce", **changes)) == [kind]


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("Bounced Address", EventKind.DROPPED),
        ("Invalid", EventKind.DROPPED),
        ("Unsubscribed Address", EventKind.DROPPED_UNSUBSCRIBED),
        ("Spam Reporting Address", EventKind.DROPPED_COMPLAINED),
        (None, EventKind.DROPPED),
    ],
)
def test_a_drop_says_what_the_service_knew_before(reason: str | None, kind: EventKind) -> None:
    (one,) = heard(event("dropped", reason=reason))
    assert (one.kind, one.words) == (kind, f"dropped: {reason}" if reason else "dropped")


@pytest.mark.parametrize(
    "post",
    [
        event("account_status_change"),
        event("group_resubscribe"),
        {**event(), "event": ["delivered"]},
        {"email": "ana@example.com"},
        {},
        "delivered",
        ["delivered"],
        7,
        None,
    ],
)
def test_what_makes_no_sense_is_passed_over_and_counted(post: Any) -> None:
    events, passed_over = translate([post, event()], normalise=normalise, now=NOW)
    assert [each.kind for each in events] == [EventKind.DELIVERED]
    assert passed_over == 1


@pytest.mark.parametrize(
    "changes", [{"issue": None}, {"letter": ""}, {"letter": 12}, {"issue": ["2026-11-20"]}, {"issue": "", "letter": ""}]
)
def test_without_both_arguments_it_is_about_no_letter_of_ours_but_about_somebody(changes: dict[str, Any]) -> None:
    (one,) = heard(event("spamreport", **changes))
    assert (one.issue, one.letter, one.address) == ("", "", "ana@example.com")


@pytest.mark.parametrize("timestamp", ["soon", True, 1e30, None, [], float("nan"), -1e30, AT.timestamp() + 3600])
def test_a_complaint_at_no_time_is_one_of_now(timestamp: Any) -> None:
    (one,) = heard(event("spamreport", timestamp=timestamp))
    assert one.at == NOW


def test_times_may_be_written_as_texts() -> None:
    assert heard(event(timestamp=str(int(AT.timestamp()))))[0].at == AT


@pytest.mark.parametrize("email", ["not an email address", "neko@neko", "", None, 5, ["ana@example.com"]])
def test_who_has_no_address_is_nobody(email: Any) -> None:
    assert heard(event(email=email))[0].address == ""


def test_a_repeat_has_another_id_and_the_same_identity() -> None:
    repeats = [event("open", sg_event_id=f"id-{number}", useragent=f"agent {number}") for number in range(46)]
    assert len({each.identity for each in heard(*repeats)}) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"event": "processed"},
        {"email": "bea@example.com"},
        {"timestamp": AT.timestamp() - 1},
        {"letter": "f" * 24},
        {"issue": "2026-11-27"},
        {"event": "deferred", "attempt": "2"},
    ],
)
def test_another_event_has_another_identity(changes: dict[str, Any]) -> None:
    one, other, first_try = heard(event(), event(**{"kind": "delivered", **changes}), event("deferred", attempt="1"))
    assert len({one.identity, other.identity, first_try.identity}) == 3


def test_a_click_on_another_link_is_another_event() -> None:
    one, other = heard(*(event("click", url=f"https://docket.example/{name}") for name in "ab"))
    assert one.identity != other.identity
    assert one.url == "https://docket.example/a"


def test_letters_of_others_are_told_apart_by_the_services_id() -> None:
    strange = [event("spamreport", letter=None, sg_message_id=name) for name in ("a.filter", "b.filter")]
    assert len({each.identity for each in heard(*strange)}) == 2


@pytest.mark.parametrize(("told", "machine"), [(True, True), (False, False), (None, False), ("true", False)])
def test_an_open_by_a_machine_is_one_where_the_service_says_so(told: Any, machine: bool) -> None:
    assert heard(event("open", sg_machine_open=told))[0].is_machine is machine


@given(
    st.dictionaries(
        st.sampled_from([*event(), "reason", "status", "type", "url", "response", "sg_machine_open"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text(), max_size=2),
    )
)
def test_nothing_that_can_be_posted_is_too_odd(changes: dict[str, Any]) -> None:
    for each in heard({**event("bounce"), **changes}):
        assert each.at <= NOW
        assert "\n" not in each.words


# --- the service's own samples, and what others collected of it


@at_hand
def test_the_services_own_samples() -> None:
    posts = json.loads(SAMPLES.read_text())
    events, passed_over = translate(posts, normalise=normalise, now=NOW)
    assert (len(events), passed_over) == (14, 1)
    assert [post["event"] for post in posts if not kinds(post)] == ["group_resubscribe"]
    assert [post["type"] for post in posts if kinds(post) == [HARD]] == ["bounce"]
    assert len({each.identity for each in events}) == len(events)
    assert not any(each.issue for each in events)
    assert [each.address for each in events if not each.address] == [""]


@at_hand
def test_rows_of_the_services_suppressions_are_no_events_and_their_reasons_are_understood() -> None:
    found = {}
    for sample in json.loads(SUPPRESSIONS.read_text()):
        for row in sample["body"]:
            (kind,) = kinds({"event": "bounce", "type": "bounce", **row})
            found.setdefault(kind, []).append(row.get("reason", ""))
            assert bool(kinds(row)) is ("event" in row)
    full = [reason for reason in found[SOFT] if reason]
    assert [("5.2.2" in reason or "5.7.13" in reason) for reason in full] == [True] * 3
    assert len(found[HARD]) == 13
    assert len(found[EventKind.COMPLAINT]) == 3
    assert len(found[EventKind.DELIVERED]) == 1


@at_hand
def test_samples_that_others_test_with() -> None:
    told = {sample["case"]: kinds(*sample["payload"]) for sample in json.loads(OTHERS.read_text())}
    assert told == {
        "setUpClass": [EventKind.PROCESSED],
        "test_processed_event": [EventKind.PROCESSED],
        "test_delivered_event": [EventKind.DELIVERED],
        "test_dropped_invalid_event": [EventKind.DROPPED],
        "test_dropped_bounced": [EventKind.DROPPED],
        "test_dropped_unsubscribed_event": [EventKind.DROPPED_UNSUBSCRIBED],
        "test_bounce_event": [HARD],
        "test_deferred_event": [EventKind.DEFERRED],
        "test_open_event": [EventKind.OPEN],
        "test_click_event": [EventKind.CLICK],
        "test_compatibility_message_id_from_smtp_id": [EventKind.DELIVERED],
    }
