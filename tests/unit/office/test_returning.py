"""What follows from the mail that came back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from digest.errors import ConfigurationError
from digest.model.readers import Ground
from digest.model.returns import ReturnKind
from digest.office.returning import Reading, Returning
from digest.record.location import url_of
from digest.record.store import Store
from tests.unit.dispatch.office import SECRET, Office
from tests.unit.office.came_back import ADDRESS, bounce, letter_of
from tests.unit.record.newsroom import planned, reader


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Store.open(url_of(tmp_path / "digest.db")) as store:
        planned(store, 3)
        office = Office(store)
        office.settings = replace(office.settings, secrets=(SECRET,))
        yield office


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for part in ("new", "cur", "tmp"):
        (tmp_path / "Maildir" / part).mkdir(parents=True)
    return tmp_path / "Maildir"


def read(office: Office, maildir: Path, *mails: str, look_only: bool = False) -> Reading:
    for number, mail in enumerate(mails):
        (maildir / "new" / f"{number}.mail").write_text(mail, "utf-8")
    return Returning(office.settings, office.store, office.clock).read(maildir, look_only=look_only)


def test_a_bounce_to_a_letters_own_return_path_suppresses(office: Office, maildir: Path) -> None:
    reading = read(office, maildir, bounce(to=letter_of(office, 1)[0]))
    assert (reading.suppressed, reading.unproven, reading.left_over) == (1, 0, 0)
    assert office.store.readers.ground_of(ADDRESS) is Ground.BOUNCED


def test_so_does_one_that_brings_back_the_letters_message_id(office: Office, maildir: Path) -> None:
    reading = read(office, maildir, bounce(original=f"To: {ADDRESS}\nMessage-ID: {letter_of(office, 1)[1]}"))
    assert (reading.suppressed, reading.unproven) == (1, 0)


def test_one_that_proves_nothing_counts_as_soft(office: Office, maildir: Path) -> None:
    forged = letter_of(office, 1)[0].replace("@", "0@")
    reading = read(office, maildir, bounce(), bounce(to=forged), bounce(to=letter_of(office, 2)[0]))
    assert (reading.suppressed, reading.unproven) == (0, 3)
    assert office.store.readers.ground_of(ADDRESS) is None
    assert office.store.readers.ground_of(reader(2).address) is None


def test_a_complaint_that_proves_nothing_counts_for_nothing(office: Office, maildir: Path) -> None:
    complaint = (
        "From: fbl@mail.example\nSubject: Complaint\n"
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
        "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"
        f"Original-Rcpt-To: {ADDRESS}\n\n--b--\n"
    )
    reading = read(office, maildir, complaint)
    assert (reading.mails[ReturnKind.COMPLAINT], reading.left_over) == (1, 1)
    assert office.store.readers.ground_of(ADDRESS) is None


def test_who_writes_to_leave_has_left(office: Office, maildir: Path) -> None:
    reading = read(office, maildir, f"From: Ana <{ADDRESS.upper()}>\nSubject: Unsubscribe\n\n")
    assert (reading.left, reading.left_over) == (1, 0)
    assert office.store.readers.ground_of(ADDRESS) is Ground.UNSUBSCRIBED


def test_what_is_understood_is_put_away_and_the_rest_stays(office: Office, maildir: Path) -> None:
    away = "From: bo@reader.example\nAuto-Submitted: auto-replied\nSubject: Away\n\nBack on Monday.\n"
    reading = read(office, maildir, away, "From: bo@reader.example\nSubject: A question\n\nWho wrote this?\n")
    assert reading.left_over == 1
    assert [path.name for path in (maildir / "new").iterdir()] == ["1.mail"]
    assert [path.name for path in (maildir / ".Done" / "cur").iterdir()] == ["0.mail:2,S"]


@pytest.mark.parametrize(("kind", "left_over"), [("confirm", 0), ("hello", 1)])
def test_a_letter_that_asked_a_stranger_to_confirm_needs_nobodys_eyes(
    office: Office, maildir: Path, kind: str, left_over: int
) -> None:
    original = f"Message-ID: <{kind}.{'0f' * 12}@{office.addressing.id_domain}>"
    reading = read(office, maildir, bounce(about="typo@reader.example", original=original))
    assert (reading.left_over, reading.told.total()) == (left_over, 0)


def test_a_mail_that_is_read_again_counts_once(office: Office, maildir: Path) -> None:
    mail = bounce(to=letter_of(office, 1)[0])
    read(office, maildir, mail)
    reading = read(office, maildir, mail)
    assert (reading.known, reading.suppressed) == (1, 0)


def test_a_look_moves_nothing(office: Office, maildir: Path) -> None:
    read(office, maildir, bounce(), look_only=True)
    assert [path.name for path in (maildir / "new").iterdir()] == ["0.mail"]


def test_without_a_mailbox_it_says_what_to_set(office: Office, tmp_path: Path) -> None:
    returning = Returning(office.settings, office.store, office.clock)
    with pytest.raises(ConfigurationError, match="no mailbox is configured"):
        returning.read()
    with pytest.raises(ConfigurationError, match="is no Maildir"):
        returning.read(tmp_path / "nowhere")
