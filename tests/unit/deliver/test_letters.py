"""Names, keys, links and message ids."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.letters import (
    Addressing,
    clean_name,
    given_name,
    letter_key,
    write_letter,
)
from digest.deliver.one_line import one_line
from digest.errors import ConfigurationError
from digest.model import ISSUE_SLOTS, Slot, Subscriber
from tests.unit.deliver.correspondence import ADDRESSING, ISSUE, letter


def test_every_slot_is_filled() -> None:
    ana = letter("ana@example.com", "Ana Silva")
    assert set(ana.slots) == set(ISSUE_SLOTS)
    assert ana.slots[Slot.GREETING] == "Good morning, Ana,"
    assert ana.slots[Slot.READER] == "ana@example.com"
    assert ana.slots[Slot.UNSUBSCRIBE] == ana.one_click


def test_links_are_short_and_carry_the_token_of_their_purpose() -> None:
    ana = letter(key=41)
    leave, choose = ADDRESSING.links.pair(41, "ana@example.com")
    assert ana.one_click == f"https://docket.example/u/{leave}"
    assert ana.slots[Slot.PREFERENCES] == f"https://docket.example/p/{choose}"
    assert leave != choose
    assert len(f"<{ana.one_click}>") <= 77


@pytest.mark.parametrize("web", ["https://docket.example/", "https://newsletters.the-daily-docket.example/"])
def test_the_one_click_address_fits_a_line_that_nobody_folds(web: str) -> None:
    """Some programs fold a header of 78 characters or more, and some break an address that is folded."""
    addressing = Addressing(web=web, secret="s", domain="docket.example")
    made = write_letter(Subscriber(address="ana@example.com"), issue=ISSUE, addressing=addressing)
    assert len(f"<{made.one_click}>") <= 77


def keyed(secret: str, size: int, person: bytes, words: str) -> bytes:
    """Keyed BLAKE2b (RFC 7693, section 2.9), written out."""
    key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"digest secret").digest()
    return hashlib.blake2b(words.encode(), key=key, digest_size=size, person=person).digest()


def test_the_key_in_the_message_id() -> None:
    ana = letter()
    assert letter_key(ana.message_id) == keyed(ADDRESSING.secret, 12, b"message ids", f"{ISSUE}\0\0{ana.address}").hex()


def test_a_letter_keeps_its_id_whichever_key_signs_links() -> None:
    renewed = replace(ADDRESSING, secret="a newer key", id_secret=ADDRESSING.secret)
    subscriber = Subscriber(address="ana@example.com")
    letters = [write_letter(subscriber, issue=ISSUE, addressing=each, key=41) for each in (ADDRESSING, renewed)]
    assert letters[0].message_id == letters[1].message_id
    assert letters[0].one_click != letters[1].one_click


def test_ids_of_issues_up_to_a_certain_one_are_those_of_before() -> None:
    before = replace(ADDRESSING, secret="configured")
    now = replace(ADDRESSING, secret="configured", id_secret="the store's", old_ids=("2026-11-20", "configured"))
    subscriber = Subscriber(address="ana@example.com")
    same = [
        write_letter(subscriber, issue=issue, addressing=before).message_id
        == write_letter(subscriber, issue=issue, addressing=now).message_id
        for issue in ("2026-11-13", "2026-11-20", "2026-11-27")
    ]
    assert same == [True, True, False]


def test_the_subscribers_key_is_the_letters() -> None:
    made = write_letter(Subscriber(address="ana@example.com"), issue=ISSUE, addressing=ADDRESSING, key=41)
    assert made.key == 41
    assert letter().key == 0


def test_message_id_is_a_function_of_issue_and_reader() -> None:
    again = letter()
    assert letter().message_id == again.message_id
    assert letter("eve@example.com").message_id != again.message_id
    other = write_letter(Subscriber(address="ana@example.com"), issue="2026-11-27", addressing=ADDRESSING)
    assert other.message_id != again.message_id
    assert "ana" not in again.message_id


def test_message_id_and_its_key() -> None:
    ana = letter()
    key = letter_key(ana.message_id)
    assert ana.message_id == f"<{ISSUE}.{key}@docket.example>"
    assert len(key) == 24
    assert int(key, 16)


def test_a_test_copy_is_another_letter() -> None:
    subscriber = Subscriber(address="ana@example.com")
    copies = {
        write_letter(subscriber, issue=ISSUE, addressing=ADDRESSING, edition=edition).message_id
        for edition in ("", "first", "second")
    }
    assert len(copies) == 3


def test_message_id_of_an_international_domain_is_ascii() -> None:
    addressing = Addressing(web="https://docket.example/", secret="s", domain="straße.example")
    made = write_letter(Subscriber(address="ana@example.com"), issue=ISSUE, addressing=addressing)
    assert made.message_id.endswith("@xn--strae-oqa.example>")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana Silva", "Ana"),
        ("Ana", "Ana"),
        ("Jean-Luc O’Neill", "Jean-Luc"),
        ("Kaʻiulani K.", "Kaʻiulani"),
        ("Ana Silva, Esq.", "Ana"),
        ("محمد علي", "محمد"),
        ("अनीता देवी", "अनीता"),
        ("Silva, Ana", ""),
        ("Dr. Ana Silva", ""),
        ("The Law Office", ""),
        ("J. Doe", ""),
        ("J Doe", ""),
        ("ana@example.com", ""),
        ("R2D2 Unit", ""),
        ("{{ name }}", ""),
        ("🎉 Ana", ""),
        ("A" * 31, ""),
        ("'' Ana", ""),
        ("", ""),
    ],
)
def test_given_name(name: str, expected: str) -> None:
    assert given_name(clean_name(name)) == expected


def test_no_name_no_comma_too_many() -> None:
    assert letter(name="").slots[Slot.GREETING] == "Good morning,"


@given(st.text())
def test_a_clean_name_is_one_printable_line(name: str) -> None:
    clean = clean_name(name)
    assert len(clean) <= 100
    assert clean == clean.strip()
    assert len(clean.splitlines()) <= 1
    assert not set(clean) & set(map(chr, (*range(32), *range(0x7F, 0xA0), *range(0x202A, 0x202F))))
    clean.encode()


@given(st.one_of(st.text(), st.text(alphabet="ab .\t\x7f", max_size=120)))
def test_names_that_are_clean_already_are_no_exception(name: str) -> None:
    assert clean_name(name) == one_line(name, 100)


def test_a_name_cannot_break_a_line() -> None:
    assert clean_name("Ana\r\nBcc: eve@example.com\x00\u202e") == "Ana Bcc: eve@example.com"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"secret": ""}, "secret"),
        ({"web": "docket.example"}, "publication.web"),
        ({"web": "https://docket.example"}, "publication.web"),
        ({"web": "https://docket.example/a b/"}, "publication.web"),
        ({"web": "https://docket.example/\r\nBcc: x/"}, "publication.web"),
        ({"web": "https://dócket.example/"}, "publication.web"),
        ({"web": f"https://docket.example/{'a' * 900}/"}, "publication.web"),
        ({"domain": "docket example"}, "docket example"),
    ],
)
def test_addressing_that_cannot_work_is_refused(changes: dict[str, str], key: str) -> None:
    values = {"web": "https://docket.example/", "secret": "s", "domain": "docket.example", **changes}
    with pytest.raises(ConfigurationError, match=key):
        Addressing(**values)


def test_the_secret_is_not_shown() -> None:
    assert "a secret of the tests" not in repr(ADDRESSING)


def test_readers_are_greeted_as_the_language_greets() -> None:
    spanish = replace(ADDRESSING, greeting=("Buenos días, ", ":"), greeting_without_name="Buenos días:")
    names = ("Ana Silva", "", "Señora Ruiz", "السيد حداد", "ليلى حداد")
    letters = [
        write_letter(Subscriber(address="a@b.example", name=name), issue=ISSUE, addressing=spanish) for name in names
    ]
    greetings = [one.slots[Slot.GREETING] for one in letters]
    assert greetings == ["Buenos días, Ana:", *["Buenos días:"] * 3, "Buenos días, ليلى:"]
