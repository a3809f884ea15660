"""Leaving: one click as mail programs post it, the page, undo, and what must change nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.audience.tokens import Purpose
from digest.model.readers import Act, Ground, Rhythm, WhyLeft
from tests.unit.web.site.house import ANA, BEN, House, open_house

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
TEN_MINUTES = timedelta(minutes=10)
MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    {"content-type": "multipart/form-data; boundary=b"},
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        yield house


class Forms(HTMLParser):
    """The addresses of a page's links and forms, and the fields that its forms send unasked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("a", "link"):
            self.links.append(given.get("href", ""))
        if tag == "form":
            self.forms.append((given["action"], {}))
        if tag == "input" and given.get("type") == "hidden":
            self.forms[-1][1][given["name"]] = given["value"]


def acts(house: House, address: str = ANA) -> list[Act]:
    return [line.act for line in house.store.readers.record_of(address)]


def press(house: House, html: str, number: int = 0, **more: str) -> Any:
    """Sends one of a page's forms, as a browser does."""
    action, fields = Forms(html).forms[number]
    return house.visitor.post(action, data={**fields, **more})


@pytest.mark.parametrize(
    "request_",
    [
        {"data": ONE_CLICK},
        {"content": MULTIPART[0], "headers": MULTIPART[1]},
        {},
        {"content": b"\xff\x00 no form at all", "headers": {"content-type": "application/json"}},
        {"content": b"--b no form", "headers": MULTIPART[1]},
        {"content": b"List-Unsubscribe=One-Click", "headers": {"content-type": "multipart/form-data"}},
    ],
)
def test_one_click_unsubscribes_whatever_the_body(house: House, request_: dict[str, Any]) -> None:
    for _ in range(3):
        answer = house.visitor.post(house.link("u"), follow_redirects=False, **request_)
        assert (answer.status_code, answer.headers.get("location"), answer.cookies) == (200, None, {})
    assert house.reader().ground is Ground.UNSUBSCRIBED
    assert house.reader(BEN).gets_letters
    assert acts(house) == [Act.LEFT]
    assert house.store.readers.record_of(ANA)[0].origin.how == "one-click"


def test_a_link_with_a_query_unsubscribes_too(house: House) -> None:
    assert house.visitor.post(house.link("u") + "?utm_source=mail", data=ONE_CLICK).status_code == 200
    assert house.reader().ground is Ground.UNSUBSCRIBED


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
@pytest.mark.parametrize("kind", ["u", "p"])
def test_looking_changes_nothing(house: House, method: str, kind: str) -> None:
    odd = {"content-type": "application/x-www-form-urlencoded", "x-http-method-override": "POST", "purpose": "prefetch"}
    house.visitor.request(method, house.link(kind) + "?step=leave&_method=POST", headers=odd, content=b"step=leave")
    assert house.reader().gets_letters
    assert acts(house) == []


def test_a_scanner_that_opens_whatever_it_finds_changes_nothing(house: House) -> None:
    seen, ahead = set[str](), [house.link("u"), house.link("p")]
    while ahead:
        address = ahead.pop()
        answer = house.visitor.get(address)
        seen.add(address)
        if "html" in answer.headers["content-type"]:
            page = Forms(answer.text)
            found = [*page.links, *(action for action, _ in page.forms)]
            found = [f"{address.partition('?')[0]}{each}" if each.startswith("?") else each for each in found]
            ahead += {each for each in found if each.startswith("/") and each not in seen} - set(ahead)
    assert len(seen) > 10
    assert house.reader().gets_letters
    assert acts(house) == []


def test_the_page_says_what_will_happen_and_its_button_does_it(house: House) -> None:
    page = house.visitor.get(house.link("u"))
    assert page.status_code == 200
    assert f'no more letters go to <bdi dir="ltr">{ANA}</bdi>' in page.text
    left = press(house, page.text)
    assert (left.status_code, left.history) == (200, [])
    assert "You are unsubscribed" in left.text
    assert house.reader().ground is Ground.UNSUBSCRIBED
    assert house.store.readers.record_of(ANA)[-1].origin.how == "page"
    again = house.visitor.get(house.link("u"))
    assert "You are unsubscribed" in again.text
    assert Forms(again.text).forms == []


def test_leaving_is_taken_back_within_ten_minutes(house: House) -> None:
    left = press(house, house.visitor.get(house.link("u")).text)
    house.pass_(TEN_MINUTES - timedelta(seconds=1))
    back = press(house, left.text)
    assert "You are subscribed again" in back.text
    assert house.reader().gets_letters
    assert acts(house) == [Act.LEFT, Act.CAME_BACK]
    assert press(house, left.text).status_code == 410  # a second press changes nothing
    assert acts(house) == [Act.LEFT, Act.CAME_BACK]


def test_after_ten_minutes_it_is_too_late(house: House) -> None:
    left = press(house, house.visitor.get(house.link("u")).text)
    house.pass_(TEN_MINUTES + timedelta(seconds=1))
    late = press(house, left.text)
    assert late.status_code == 410
    assert "cannot be taken back" in late.text
    assert house.reader().ground is Ground.UNSUBSCRIBED


def test_undo_does_not_lift_what_was_said_since(house: House) -> None:
    left = press(house, house.visitor.get(house.link("u")).text)
    house.visitor.post(house.link("u"), data=ONE_CLICK)
    assert house.store.suppressions.contains(ANA)
    from digest.model.readers import Origin

    house.store.readers.suppress(ANA, Ground.COMPLAINED, "spam", Origin(how="provider"), at=house.now, now=house.now)
    assert press(house, left.text).status_code == 410
    assert house.reader().ground is Ground.COMPLAINED


def test_one_letter_a_month_instead(house: House) -> None:
    page = house.visitor.get(house.link("u"))
    stayed = press(house, page.text, 1)
    assert "You get one letter a month from now on." in stayed.text
    assert house.reader().choice.rhythm is Rhythm.MONTHLY
    assert house.reader().choice.name == "Ana"
    assert house.reader().gets_letters
    assert "Unsubscribe</a>" in stayed.text
    assert Forms(stayed.text).forms == []  # no button that ends it stands where the other one was


def test_who_has_left_is_not_told_that_letters_come(house: House) -> None:
    page = house.visitor.get(house.link("u"))
    house.visitor.post(house.link("u"), data=ONE_CLICK)
    told = press(house, page.text, 1).text
    assert "You are unsubscribed" in told
    assert "You get one letter a month" not in told


def test_why_is_kept_once_and_only_as_one_of_our_reasons(house: House) -> None:
    left = press(house, house.visitor.get(house.link("u")).text)
    for why in (WhyLeft.TOO_LONG, WhyLeft.TOO_MANY, "<script>", ""):
        assert "Thank you" in press(house, left.text, 1, why=why).text
    assert house.store.readers.record_of(ANA)[-1].origin.words == WhyLeft.TOO_MANY
    assert acts(house) == [Act.LEFT]


def test_who_stays_has_no_reason_to_give(house: House) -> None:
    told = house.visitor.post(house.link("u"), data={"step": "why", "why": WhyLeft.TOO_LONG})
    assert "You are unsubscribed" not in told.text
    assert acts(house) == []


def test_a_test_letter_changes_nothing_and_says_so(house: House) -> None:
    link = f"{house.pages.root}u/{'A' * 22}"
    assert "This is a test letter" in house.visitor.get(link).text
    assert house.visitor.post(link, data=ONE_CLICK).status_code == 200
    assert [acts(house, address) for address in (ANA, BEN)] == [[], []]


def test_a_link_for_choices_does_not_unsubscribe(house: House) -> None:
    token = house.link("p").rpartition("/")[2]
    answer = house.visitor.post(f"{house.pages.root}u/{token}", data=ONE_CLICK)
    assert answer.status_code == 404
    page = house.visitor.get(f"{house.pages.root}u/{token}")
    assert page.status_code == 404
    assert "letters@docket.example" in page.text  # whom to write to
    assert house.reader().gets_letters


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.integers(0, 21), byte=st.integers(33, 126), kind=st.sampled_from("up"))
def test_an_altered_link_does_nothing(house: House, place: int, byte: int, kind: str) -> None:
    link = house.link(kind)
    at = len(link) - 22 + place
    altered = link[:at] + f"%{byte:02x}" + link[at + 1 :]
    if chr(byte) != link[at]:
        assert house.visitor.get(altered).status_code in (200, 404)
        assert house.visitor.post(altered, data=ONE_CLICK).status_code in (200, 404)
    assert acts(house) == acts(house, BEN) == []


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_an_altered_undo_does_nothing(house: House, data: st.DataObject) -> None:
    house.visitor.post(house.link("u"), data=ONE_CLICK)
    undo = house.pages.tokens.make(Purpose.UNDO, {"number": house.reader().number}, now=house.now)
    place = data.draw(st.integers(0, len(undo) - 1))
    letter = data.draw(st.characters(min_codepoint=33, max_codepoint=126).filter(lambda drawn: drawn != undo[place]))
    house.visitor.post(f"{house.pages.root}undo", data={"undo": undo[:place] + letter + undo[place + 1 :]})
    assert house.reader().ground is Ground.UNSUBSCRIBED


@pytest.mark.parametrize("purpose", [Purpose.FORM, Purpose.CONFIRM, Purpose.DATA])
def test_a_token_of_another_purpose_takes_nothing_back(house: House, purpose: Purpose) -> None:
    house.visitor.post(house.link("u"), data=ONE_CLICK)
    token = house.pages.tokens.make(purpose, {"number": house.reader().number}, now=house.now)
    assert house.visitor.post(f"{house.pages.root}undo", data={"undo": token}).status_code == 410
    assert house.reader().ground is Ground.UNSUBSCRIBED


def test_who_was_forgotten_has_no_link_any_more(house: House) -> None:
    link = house.link("u")
    house.store.readers.forget(ANA, now=house.now)
    assert house.visitor.get(link).status_code == 404
    assert house.visitor.post(link, data=ONE_CLICK).status_code == 404


def test_no_page_names_a_link_to_where_a_visitor_goes_next(house: House) -> None:
    page = house.visitor.get(house.link("u"))
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert not re.search(r'<(script|img|iframe)|style="', page.text)
