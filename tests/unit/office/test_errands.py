"""Letters to single readers on their way: a real store and a real mail server."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from digest.audience.tokens import Purpose, Tokens
from digest.config.load import load
from digest.model.errands import ErrandState
from digest.model.readers import OPERATOR, Choice, Ground, Origin, SignUp
from digest.office.errands import Errands
from digest.office.keyring import Keyring
from digest.office.letters_to_one import LettersToOne
from digest.record.errands import LEASE
from digest.record.store import Store
from digest.settings import Settings, Smtp
from tests.contract.deliver.ports import closed_port
from tests.contract.deliver.servers import MailServer
from tests.unit.record.newsroom import NOW

ANA = "ana@reader.example"
PAGE = Origin(how="page", language="ar")


class Desk:
    """A store and its errands, at a time that a test sets."""

    def __init__(self, folder: Path, port: int) -> None:
        settings = load(Path(__file__).resolve().parents[3] / "digest.toml", {})
        smtp = Smtp(host="127.0.0.1", port=port, security="none")
        delivery = replace(settings.delivery, provider="smtp", smtp=smtp)
        self.settings: Settings = replace(settings, delivery=delivery)
        self.store = Store.open(f"sqlite:///{folder / 'digest.db'}")
        self.now = NOW
        self.letters = LettersToOne(self.store, lambda: self.now)
        self.errands = Errands(self.settings, self.store, lambda: self.now)

    def asked(self, address: str = ANA) -> SignUp:
        return self.store.readers.ask(address, Choice(name="Click https://spam.example"), PAGE, now=self.now)

    def joined(self, address: str = ANA) -> int:
        asked = self.asked(address)
        reader = self.store.readers.confirm(asked.key, asked.nonce, since=self.now - timedelta(days=3), now=self.now)
        assert reader
        return reader.number


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as opened:
        yield opened


@pytest.fixture
def desk(tmp_path: Path, server: MailServer) -> Iterator[Desk]:
    made = Desk(tmp_path, server.port)
    with made.store:
        yield made


def _mail(server: MailServer, at: int = 0) -> EmailMessage:
    mail = message_from_bytes(server.bytes_of(server.taken[at]), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def _token(mail: EmailMessage, place: str) -> str:
    text = mail.get_body(("plain",))
    assert text
    found = re.search(rf"/{place}/(\S+)", text.get_content())
    assert found
    return found[1]


def test_a_confirmation_has_the_link_that_confirms_and_no_word_of_the_visitor(desk: Desk, server: MailServer) -> None:
    asked = desk.asked()
    desk.letters.confirm(asked, "ar")
    assert not server.taken
    assert desk.errands.send_due() == 1
    mail = _mail(server)
    assert mail["To"] == ANA
    assert mail["Auto-Submitted"] == "auto-generated"
    assert not {"List-Unsubscribe", "List-Id", "List-Unsubscribe-Post", "Precedence", "List-Archive"} & set(mail.keys())
    assert b"spam.example" not in server.bytes_of(server.taken[0])
    html = mail.get_body(("html",))
    assert html
    assert 'lang="ar"' in html.get_content()
    tokens = Tokens(Keyring(desk.settings, desk.store).believed())
    payload = tokens.read(Purpose.CONFIRM, _token(mail, "confirm"), lasts=timedelta(days=3), now=desk.now)
    assert payload == {"key": asked.key, "nonce": asked.nonce}
    sign_up = desk.store.readers.pending(asked.key)
    assert sign_up
    assert sign_up.letters == 1
    assert desk.store.errands.waiting() == 0
    assert desk.errands.send_due() == 0


def test_letters_that_leave_together_share_a_connection_and_nothing_else(desk: Desk, server: MailServer) -> None:
    asked = [desk.asked(f"reader{number}@reader.example") for number in range(3)]
    for number, one in enumerate(asked):
        desk.letters.confirm(one, ("en", "es", "en")[number])
    assert desk.errands.send_due() == 3
    assert server.connections == 1
    tokens = Tokens(Keyring(desk.settings, desk.store).believed())
    for number, one in enumerate(asked):
        mail = _mail(server, number)
        payload = tokens.read(Purpose.CONFIRM, _token(mail, "confirm"), lasts=timedelta(days=3), now=desk.now)
        assert (mail["To"], payload["nonce"]) == (one.address, one.nonce)
        html = mail.get_body(("html",))
        assert html
        assert _token(mail, "confirm") in html.get_content()
    assert len({mail["Message-ID"] for mail in (_mail(server, at) for at in range(3))}) == 3


def test_who_is_on_the_list_is_told_once_a_day(desk: Desk, server: MailServer) -> None:
    desk.joined()
    for _ in range(3):
        desk.letters.already(ANA)
    assert desk.errands.send_due() == 1
    desk.now += timedelta(days=1, minutes=1)
    desk.letters.already(ANA)
    assert desk.errands.send_due() == 1
    assert len(server.taken) == 2


def test_a_link_to_ones_data_goes_to_its_reader_alone(desk: Desk, server: MailServer) -> None:
    number = desk.joined()
    desk.letters.data_link(number, "somebody.else@reader.example")
    desk.letters.data_link(number, ANA)
    assert desk.errands.send_due() == 1
    tokens = Tokens(Keyring(desk.settings, desk.store).believed())
    payload = tokens.read(Purpose.DATA, _token(_mail(server), "data"), lasts=timedelta(days=1), now=desk.now)
    assert payload == {"number": number}


@pytest.mark.parametrize("ground", [Ground.COMPLAINED, Ground.BY_HAND])
def test_who_said_no_meanwhile_gets_nothing(desk: Desk, server: MailServer, ground: Ground) -> None:
    number = desk.joined()
    desk.letters.already(ANA)
    desk.letters.data_link(number, ANA)
    desk.letters.confirm(desk.asked(), "en")
    desk.store.readers.suppress(ANA, ground, "no", OPERATOR, at=desk.now, now=desk.now)
    assert desk.errands.send_due() == 0
    assert not server.taken
    assert desk.store.errands.waiting() == 0


def test_a_sign_up_that_is_confirmed_gets_no_second_letter(desk: Desk, server: MailServer) -> None:
    asked = desk.asked()
    desk.letters.confirm(asked)
    desk.joined()
    assert desk.errands.send_due() == 0
    assert not server.taken


def test_more_letters_than_are_allowed_in_a_day_do_not_leave(desk: Desk, server: MailServer) -> None:
    for _ in range(5):
        desk.letters.confirm(desk.asked())
    assert desk.errands.send_due() == desk.settings.readers.sign_up.letters_per_address == len(server.taken)


def test_a_server_that_is_away_is_asked_again_later(tmp_path: Path) -> None:
    with closed_port() as port:
        desk = Desk(tmp_path, port)
        with desk.store:
            desk.letters.confirm(desk.asked())
            assert desk.errands.send_due() == 0
            assert desk.store.errands.waiting() == 1
            assert desk.store.errands.claim(now=desk.now) is None
            desk.now += timedelta(days=3)
            desk.errands.send_due()
            ((state, words),) = desk.store.errands.not_sent()
    assert state is ErrandState.GIVEN_UP
    assert "127.0.0.1" in words


def test_a_letter_that_is_refused_for_now_goes_later(desk: Desk, server: MailServer) -> None:
    address = "later.ana@reader.example"
    desk.letters.confirm(desk.asked(address))
    assert desk.errands.send_due() == 0
    assert desk.store.errands.waiting() == 1


def test_who_dies_between_claim_and_sending_sends_nothing_twice(desk: Desk, server: MailServer) -> None:
    desk.letters.confirm(desk.asked())
    assert desk.store.errands.claim(now=desk.now)
    desk.now += LEASE
    assert desk.errands.send_due() == 0
    assert not server.taken
    assert [state for state, _ in desk.store.errands.not_sent()] == [ErrandState.UNKNOWN]


def test_a_thread_sends_while_something_else_is_done(desk: Desk, server: MailServer) -> None:
    desk.letters.confirm(desk.asked())
    with desk.errands.at_work():
        deadline = time.monotonic() + 20
        while not server.taken and time.monotonic() < deadline:
            time.sleep(0.02)
    assert len(server.taken) == 1
    assert desk.store.errands.waiting() == 0
