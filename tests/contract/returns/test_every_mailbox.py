"""What holds for every mailbox of returned mail, whichever door leads to it."""

from __future__ import annotations

from datetime import timedelta

from digest.model.readers import Ground
from digest.model.returns import ReturnKind
from digest.returns.opened import MOST_BYTES
from tests.contract.returns.doors import Door
from tests.contract.returns.mails import AWAY, QUESTION, bounce_of, wish_to_leave
from tests.unit.dispatch.office import Office
from tests.unit.office.came_back import ADDRESS, bounce
from tests.unit.record.newsroom import NOW

LEAVES = wish_to_leave(1)
MANY, LEFT = 1000, 7


def test_mails_come_whole_and_the_oldest_first(door: Door) -> None:
    mails = [b"Subject: first\n\n\xff\x00\xe9 8 bits\n", b"Subject: second\n\n" + b"long line " * 500, b"no header"]
    door.put(*mails)
    with door.opened() as mailbox:
        found = [mail for handful in mailbox.waiting() for mail in handful]
    # A server may write line ends as mail has them, and a NUL as something else (RFC 3501, section 4.3.1).
    assert [mail.content.replace(b"\r\n", b"\n").replace(b"\x80", b"\x00") for mail in found] == mails
    assert [mail.arrived for mail in found] == [NOW + timedelta(seconds=number) for number in range(3)]


def test_of_a_huge_mail_only_the_beginning_is_fetched(door: Door) -> None:
    door.put(b"Subject: huge\n\n" + b"x" * 2 * MOST_BYTES)
    with door.opened() as mailbox:
        (found,) = next(iter(mailbox.waiting()))
    assert len(found.content) == MOST_BYTES


def test_an_empty_mailbox_and_an_empty_mail(door: Door, office: Office) -> None:
    assert not door.read(office).mails
    door.put(b"")
    assert door.read(office).left_over == 1
    assert door.kept() == [b""]


def test_each_mail_has_its_outcome_and_its_place(door: Door, office: Office) -> None:
    returned = bounce_of(office, 2)
    door.put(returned, LEAVES, AWAY, QUESTION)
    reading = door.read(office)
    assert (reading.suppressed, reading.left, reading.unproven, reading.left_over) == (1, 1, 0, 1)
    assert dict(reading.mails) == dict.fromkeys(
        (ReturnKind.REPORT, ReturnKind.UNSUBSCRIBE, ReturnKind.AUTOMATIC, ReturnKind.OTHER), 1
    )
    assert office.store.readers.ground_of(ADDRESS) is Ground.UNSUBSCRIBED
    assert door.done() == sorted(mail.encode() for mail in (returned, LEAVES, AWAY))
    assert door.kept() == door.unread() == [QUESTION.encode()]


def test_mails_are_read_once(door: Door, office: Office) -> None:
    door.put(bounce_of(office, 1), AWAY)
    door.read(office)
    again = door.read(office)
    assert (dict(again.mails), dict(again.told)) == ({}, {})
    door.put(bounce_of(office, 1))
    copy = door.read(office)
    assert (copy.told.total(), copy.known) == (1, 1)
    assert len(door.done()) == 3


def test_a_look_changes_nothing_and_tells_the_same(door: Door, office: Office) -> None:
    door.put(QUESTION)
    door.read(office)
    door.put(AWAY, bounce())
    seen = door.read(office, look_only=True)
    assert door.done() == []
    assert door.kept() == door.unread() == sorted(mail.encode() for mail in (QUESTION, AWAY, bounce()))
    assert door.read(office).mails == seen.mails


def test_what_a_person_put_elsewhere_meanwhile_is_no_matter(door: Door) -> None:
    door.put(AWAY, QUESTION, AWAY)
    with door.opened() as mailbox:
        names = [mail.name for handful in mailbox.waiting() for mail in handful]
        for path in [path for part in ("new", "cur") for path in (door.maildir / part).iterdir()]:
            if path.name.startswith("1700000000."):
                path.unlink()
        mailbox.done([names[0], names[2]])
        mailbox.leave([names[1]])
    assert (door.done(), door.kept()) == ([AWAY.encode()], [QUESTION.encode()])


def test_what_comes_while_it_is_read_waits_for_the_next_time(door: Door) -> None:
    door.put(AWAY)
    with door.opened() as mailbox:
        for handful in mailbox.waiting():
            door.put(QUESTION)
            mailbox.done([mail.name for mail in handful])
    assert (door.done(), door.kept()) == ([AWAY.encode()], [QUESTION.encode()])
    assert len(door.names()) == 1


def test_a_mail_that_is_put_back_is_dealt_with_again_and_none_is_overwritten(door: Door) -> None:
    door.put(AWAY)
    for copies in (1, 2, 3):
        with door.opened() as mailbox:
            mailbox.done([mail.name for handful in mailbox.waiting() for mail in handful])
        assert door.done() == copies * [AWAY.encode()]
        done = next((door.maildir / ".Done").glob("[nc][eu][wr]/*"))
        (door.maildir / "new" / done.name.partition(":")[0]).write_bytes(done.read_bytes())


def test_a_thousand_mails(door: Door) -> None:
    mails = [f"Message-ID: <{number}@mx.example>\n\n".encode() for number in range(MANY)]
    door.put(*mails)
    with door.opened() as mailbox:
        for handful in mailbox.waiting():
            names = [mail.name for mail in handful]
            mailbox.done(names[LEFT:])
            mailbox.leave(names[:LEFT])
    assert sorted(door.done() + door.kept()) == sorted(mails)
    assert len(door.kept()) == LEFT * len(range(0, MANY, 100 if door.server is None else 50))
