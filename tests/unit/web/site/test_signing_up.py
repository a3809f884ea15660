"""The sign-up as a visitor meets it, with a real store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from digest.audience.tokens import Purpose
from digest.model.errands import Averted
from digest.model.readers import Act, Ground, Origin, Rhythm, SignUp
from digest.office.signing_up import HONEYPOT
from tests.unit.web.site.house import ANA, House, open_house

CLEO = "cleo@reader.example"
MAIL = Origin(how="mail")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        yield house


def token(house: House, place: str = "/") -> str:
    found = re.search(r'name="token" value="([^"]+)"', house.visitor.get(place).text)
    assert found
    return found[1]


def sign_up(
    house: House, address: str = CLEO, *, place: str = "/", wait: float = 5, **fields: object
) -> httpx.Response:
    form = {"token": token(house, place), "address": address, "section": ["National", "Politics"], **fields}
    house.pass_(timedelta(seconds=wait))
    return house.visitor.post(place, data=form)


def waiting(house: House, address: str = CLEO) -> SignUp | None:
    found = [house.store.readers.pending(key) for key in range(1, 50)]
    return next((asked for asked in found if asked and asked.address == address), None)


def link(house: House, address: str = CLEO) -> str:
    asked = waiting(house, address)
    assert asked
    payload = {"key": asked.key, "nonce": asked.nonce}
    return f"/confirm/{house.pages.tokens.make(Purpose.CONFIRM, payload, now=house.now)}"


def test_who_confirms_is_on_the_list_with_what_they_chose_and_agreed_to(house: House) -> None:
    answer = sign_up(house, section=["Politics"], rhythm="monthly", name="Cleo", language="de")
    assert answer.status_code == 200
    assert CLEO in answer.text
    assert house.store.readers.find(CLEO) is None
    way = link(house)
    assert CLEO in house.visitor.get(way).text
    assert house.visitor.head(way).status_code == 200
    assert house.store.readers.find(CLEO) is None
    assert "Your first letter comes on Friday" in house.visitor.post(way).text
    reader = house.reader(CLEO)
    assert reader.gets_letters
    assert reader.choice.sections == ("Politics",)
    assert (reader.choice.rhythm, reader.choice.name, reader.choice.language) == (Rhythm.MONTHLY, "Cleo", "de")
    asked, confirmed = house.store.readers.record_of(CLEO)
    assert (asked.act, confirmed.act) == (Act.ASKED, Act.CONFIRMED)
    assert asked.origin.how == "page"
    assert asked.origin.network == "testclient"
    assert asked.origin.language == "en"
    assert "By pressing “Subscribe” I ask" in asked.origin.words
    assert house.visitor.post(way).status_code == 410


@pytest.mark.parametrize("days", [2, 4])
def test_a_link_lasts_three_days(house: House, days: int) -> None:
    sign_up(house)
    way = link(house)
    house.pass_(timedelta(days=days))
    assert house.visitor.get(way).status_code == (200 if days < 3 else 410)
    assert house.visitor.post(way).status_code == (200 if days < 3 else 410)
    assert (house.store.readers.find(CLEO) is not None) is (days < 3)


def test_a_token_of_another_purpose_or_altered_does_nothing(house: House) -> None:
    sign_up(house)
    asked = waiting(house)
    assert asked
    other = house.pages.tokens.make(Purpose.DATA, {"key": asked.key, "nonce": asked.nonce}, now=house.now)
    wrong = house.pages.tokens.make(Purpose.CONFIRM, {"key": asked.key, "nonce": "no"}, now=house.now)
    odd = house.pages.tokens.make(Purpose.CONFIRM, {"key": "x", "nonce": None}, now=house.now)
    for way in (f"/confirm/{other}", f"/confirm/{wrong}", f"/confirm/{odd}", f"{link(house)}x", "/confirm/none"):
        assert house.visitor.post(way).status_code == 410
    assert house.store.readers.find(CLEO) is None


def test_everybody_is_told_the_same(house: House) -> None:
    for address, ground in (("dan@reader.example", Ground.COMPLAINED), ("eve@reader.example", Ground.UNSUBSCRIBED)):
        house.store.readers.suppress(address, ground, "", MAIL, at=house.now, now=house.now)
    told = []
    for address in (CLEO, ANA, "dan@reader.example", "eve@reader.example"):
        answer = sign_up(house, address)
        text = re.sub(r'name="token" value="[^"]+"', "", answer.text.replace(address, "who"))
        told.append((answer.status_code, text))
        assert waiting(house, address) is not None
    assert len(set(told)) == 1
    assert house.store.errands.waiting() == 4


def test_who_complained_cannot_come_back_by_a_link(house: House) -> None:
    sign_up(house)
    way = link(house)
    house.store.readers.suppress(CLEO, Ground.BY_HAND, "", MAIL, at=house.now, now=house.now)
    assert house.visitor.post(way).status_code == 410


def test_a_robot_is_thanked_and_nothing_is_kept(house: House) -> None:
    assert sign_up(house, **{HONEYPOT: "https://spam.example"}).status_code == 200
    assert waiting(house) is None


def test_what_comes_back_too_soon_or_too_late_is_asked_for_once_more(house: House) -> None:
    assert sign_up(house, wait=1).status_code == 422
    assert sign_up(house, wait=90_000).status_code == 422
    assert sign_up(house, token="forged").status_code == 422
    assert waiting(house) is None
    assert sign_up(house, wait=3).status_code == 200


def test_a_form_is_as_old_as_it_is_to_its_visitor_however_many_had_it_before(house: House) -> None:
    token(house)
    house.pass_(timedelta(seconds=3))
    assert sign_up(house, wait=1).status_code == 422
    assert sign_up(house, wait=3).status_code == 200


@pytest.mark.parametrize(
    ("typed", "told"),
    [("", "enter your email"), ("ana", "an @"), ("ana@harrowlaw", "no ending"), ("a b@docket.example", "No letter")],
)
def test_what_is_wrong_with_an_address_is_said_below_it(house: House, typed: str, told: str) -> None:
    answer = sign_up(house, typed, name="Cleo")
    assert answer.status_code == 422
    assert told in answer.text
    assert 'aria-describedby="address-error"' in answer.text
    assert 'value="Cleo"' in answer.text


def test_no_more_from_one_network_than_the_limit(house: House) -> None:
    most = house.pages.settings.readers.sign_up.per_network
    form = {"token": token(house), "section": "National"}
    house.pass_(timedelta(seconds=5))
    answers = [
        house.visitor.post("/", data={**form, "address": f"reader{number}@list.example"}).status_code
        for number in range(most + 10)
    ]
    assert answers == [200] * most + [429] * 10
    assert house.store.errands.waiting() == most
    assert house.store.attempts.averted(since=house.now - timedelta(hours=1))[Averted.SIGN_UP].count == 10


def test_one_address_gets_no_more_letters_than_the_limit_and_nobody_can_tell(house: House) -> None:
    answers = [sign_up(house).status_code for _ in range(5)]
    assert answers == [200] * 5
    assert house.store.errands.waiting() == house.pages.settings.readers.sign_up.letters_per_address


def test_a_plain_form_of_another_site_is_taken_less_often(house: House) -> None:
    headers = {"referer": "https://docket.example/story/"}
    answers = [
        house.visitor.post("/", data={"address": f"reader{number}@list.example"}, headers=headers).status_code
        for number in range(7)
    ]
    assert answers == [200] * 5 + [429] * 2
    asked = waiting(house, "reader0@list.example")
    assert asked
    assert (asked.origin.how, asked.origin.form) == ("form", "https://docket.example/story/")
    assert asked.choice.sections == ()


def test_only_the_sites_that_may_can_frame_the_form(house: House) -> None:
    assert "frame-ancestors 'none'" in house.visitor.get("/").headers["content-security-policy"]
    framed = house.visitor.get("/embed")
    assert "frame-ancestors 'none'" in framed.headers["content-security-policy"]
    assert "<nav" not in framed.text
    assert sign_up(house, place="/embed").status_code == 200


@pytest.mark.parametrize("field", ["address", "name", "section", "rhythm", "language", "token", HONEYPOT])
@pytest.mark.parametrize(
    "text",
    [
        "x\r\nBcc: all@list.example",
        "<script>alert(1)</script>",
        "'; DROP TABLE subscriber; --",
        '"><img src=x onerror=alert(1)>',
        "{{ 7*7 }}\0",
    ],
)
def test_what_is_put_into_a_field_stays_text(house: House, field: str, text: str) -> None:
    answer = sign_up(house, **{"address": CLEO, field: text})
    assert answer.status_code in (200, 422)
    assert "<script" not in answer.text
    assert "<img src=x" not in answer.text
    assert house.reader(ANA).gets_letters
    if (asked := waiting(house)) is not None:
        assert "\n" not in asked.choice.name
