"""The sign-up as a site's own script asks it, with a real store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from digest.model.readers import Ground, Origin, Rhythm, SignUp
from digest.web.site.problems import KIND
from tests.unit.web.site.house import ANA, House, open_house

CLEO = "cleo@reader.example"
SITE = "https://docket.example"
PLACE = "/api/sign-up"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path, f'[sign_up]\nsites = ["{SITE}"]\n') as house:
        yield house


def consent(house: House, language: str = "en") -> str:
    return str(house.visitor.get(PLACE, params={"language": language}).json()["consent"])


def sign_up(house: House, address: object = CLEO, **fields: object) -> httpx.Response:
    return house.visitor.post(PLACE, json={"address": address, "consent": consent(house), **fields})


def waiting(house: House, address: str = CLEO) -> SignUp | None:
    found = [house.store.readers.pending(key) for key in range(1, 50)]
    return next((asked for asked in found if asked and asked.address == address), None)


def faults(answer: httpx.Response) -> list[str]:
    assert answer.headers["content-type"] == KIND
    assert answer.json()["status"] == answer.status_code
    return [fault["pointer"] for fault in answer.json().get("errors", [])]


def test_a_sign_up_waits_for_its_confirmation_with_what_was_chosen_and_agreed_to(house: House) -> None:
    words = house.visitor.get(PLACE, headers={"accept-language": "de"}).json()
    assert words["language"] == "de"
    assert words["sections"] == ["National", "Politics"]
    answer = sign_up(
        house, consent=words["consent"], sections=["Politics"], rhythm="monthly", name="Cleo", language="es"
    )
    assert (answer.status_code, answer.json()) == (202, {"status": "check_your_mail"})
    asked = waiting(house)
    assert asked
    assert (asked.choice.sections, asked.choice.rhythm) == (("Politics",), Rhythm.MONTHLY)
    assert (asked.choice.name, asked.choice.language) == ("Cleo", "es")
    assert (asked.origin.how, asked.origin.words, asked.origin.language) == ("api", words["words"], "de")
    assert house.store.readers.find(CLEO) is None
    assert house.store.errands.waiting() == 1


def test_words_in_a_language_that_there_is_not_are_no_other_words(house: House) -> None:
    for language in ("tlh", "", ["de", "es"]):
        answer = house.visitor.get(PLACE, params={"language": language})
        assert (answer.status_code, faults(answer)) == (422, [])


def test_the_least_is_an_address_and_the_words(house: House) -> None:
    assert sign_up(house).status_code == 202
    asked = waiting(house)
    assert asked
    assert (asked.choice.sections, asked.choice.rhythm, asked.choice.language) == ((), Rhythm.WEEKLY, "")


def test_everybody_is_told_the_same(house: House) -> None:
    house.store.readers.suppress(
        "dan@reader.example", Ground.COMPLAINED, "", Origin(how="mail"), at=house.now, now=house.now
    )
    told = [sign_up(house, address) for address in (CLEO, ANA, "dan@reader.example")]
    assert len({(answer.status_code, answer.text) for answer in told}) == 1
    assert house.store.errands.waiting() == 3


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"address": ""}, ["#/address"]),
        ({"address": "cleo"}, ["#/address"]),
        ({"address": "cleo@nowhere"}, ["#/address"]),
        ({"address": f"cleo@reader.example\r\nBcc: {ANA}"}, ["#/address"]),
        ({"address": 7, "name": []}, ["#/address", "#/name"]),
        ({"name": "x" * 101}, ["#/name"]),
        ({"sections": ["Politics", "Sports"], "language": "tlh"}, ["#/sections/1", "#/language"]),
        ({"rhythm": "hourly"}, ["#/rhythm"]),
        ({"consent": "0000"}, ["#/consent"]),
        ({"is~it/so": True}, ["#/is~0it~1so"]),
    ],
)
def test_a_field_that_cannot_be_taken_is_named(house: House, fields: dict[str, Any], wrong: list[str]) -> None:
    answer = sign_up(house, **fields)
    assert answer.status_code == 422
    assert faults(answer) == wrong
    assert house.store.errands.waiting() == 0


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"address": "\\ud800"}'])
def test_what_is_no_json_is_told_as_such(house: House, body: bytes) -> None:
    answer = house.visitor.post(PLACE, content=body, headers={"content-type": "application/json; charset=utf-8"})
    assert answer.status_code == 400
    assert faults(answer) == []


def test_other_methods_kinds_and_places_are_told_as_problems(house: House) -> None:
    answer = house.visitor.post(PLACE, data={"address": CLEO})
    assert (answer.status_code, faults(answer)) == (415, [])
    answer = house.visitor.put(PLACE)
    assert (answer.status_code, faults(answer)) == (405, [])
    assert {"GET", "POST"} <= set(answer.headers["allow"].split(", "))
    assert house.visitor.get("/api/nothing").headers["content-type"] == KIND


def test_no_more_from_one_network_than_of_plain_forms(house: House) -> None:
    house.pass_(timedelta(minutes=59, seconds=30))
    answers = [sign_up(house, f"reader{number}@list.example") for number in range(7)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429] * 2
    assert answers[-1].headers["retry-after"] == "30"
    assert faults(answers[-1]) == []
    house.pass_(timedelta(seconds=30))
    assert sign_up(house).status_code == 202


def test_when_all_are_too_many_it_says_when_to_come_again(tmp_path: Path) -> None:
    with open_house(tmp_path, "[sign_up]\nper_hour = 1\n") as house:
        assert sign_up(house).status_code == 202
        answer = sign_up(house, "dan@reader.example")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "3600"


@pytest.mark.parametrize("origin", [SITE, "https://elsewhere.example"])
def test_only_the_sites_that_may_can_ask_from_a_browser(house: House, origin: str) -> None:
    wish = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    preflight = house.visitor.options(PLACE, headers={"origin": origin, **wish})
    asked = house.visitor.post(PLACE, json={}, headers={"origin": origin})
    may = origin == SITE
    assert preflight.is_success is may
    for answer in (preflight, asked):
        assert answer.headers.get("access-control-allow-origin") == (origin if may else None)
        assert "access-control-allow-credentials" not in answer.headers
        assert "Origin" in answer.headers["vary"]


def test_the_description_fits_what_is_asked_and_answered(house: House) -> None:
    document = house.visitor.get("/api/openapi.json").json()
    schemas = document["components"]["schemas"]
    told = house.visitor.get(PLACE).json()
    jsonschema.validate(told, schemas["Terms"])
    jsonschema.validate({"address": CLEO, "consent": told["consent"], "sections": ["Politics"]}, schemas["SignUp"])
    jsonschema.validate(sign_up(house, name=1).json(), schemas["Problem"])
    assert set(document["paths"][PLACE]["post"]["responses"]) == {
        *("202", "400", "405", "408", "413", "415", "422", "429", "503")
    }


def test_where_nobody_can_sign_up_there_is_no_api(tmp_path: Path) -> None:
    with open_house(tmp_path, "[sign_up]\nopen = false\n") as house:
        assert house.visitor.get(PLACE).status_code == 404
        assert house.visitor.get("/api/openapi.json").status_code == 404
