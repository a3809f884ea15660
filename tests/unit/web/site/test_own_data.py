"""My data: asked for from the choices, sent to the reader alone, seen, taken away, erased."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import jinja2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.audience.tokens import Purpose
from digest.model import LetterState
from digest.model.errands import Averted, ErrandKind
from digest.model.readers import Act, Choice, EventKind, Ground, MailEvent, Origin, Rhythm, WhyLeft
from digest.office.own_data import own_data
from digest.render.languages import shipped_languages
from tests.unit.record.newsroom import ISSUE, claim, composed, sender, settle
from tests.unit.web.site.house import ANA, BEN, House, open_house
from tests.unit.web.site.test_leaving import Forms, press

HOUR = timedelta(hours=1)
NAMED = Choice(name="Ána <b>", sections=("Politics",), rhythm=Rhythm.MONTHLY, language="de", timezone="Europe/Berlin")
PAGE = Origin(how="form", network="192.0.2.7", form="https://docket.example/a?b=1", words="Yes & please.")
OTHERS = (PAGE.network, PAGE.form, PAGE.words, "550 <full> up", "452 4.2", "testclient")
"""What others than the page said, or the reader; the last is the network of who left."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        yield house


def ask(house: House, address: str = ANA) -> Any:
    """Presses the button on the page of choices."""
    page = house.visitor.get(house.link("p", address)).text
    place = next(at for at, (_, fields) in enumerate(Forms(page).forms) if fields.get("step") == "data")
    return press(house, page, place)


def link(house: House, address: str = ANA) -> str:
    """What the letter's link is."""
    token = house.pages.tokens.make(Purpose.DATA, {"number": house.reader(address).number}, now=house.now)
    return f"{house.pages.root}data/{token}"


def words_of(html: str) -> str:
    """What a page says, without its elements."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def inside(html: str) -> str:
    """What is between header and footer of a page."""
    return html.partition("<main")[2].partition("</main>")[0]


def with_a_past(house: House) -> None:
    """Ana signs up, gets a letter that bounces, leaves, says why, and signs up again."""
    readers, now = house.store.readers, house.now
    asked = readers.ask(ANA, NAMED, PAGE, now=now)
    readers.confirm(asked.key, asked.nonce, since=now - HOUR, now=now)
    composed(house.store)
    house.store.ledger.plan(ISSUE, now=now)
    letters = claim(house.store, sender(house.store), 2)
    settle(house.store, letters, LetterState.REFUSED, words="550 <full> up", tried=True)
    bounce = MailEvent(
        kind=EventKind.SOFT_BOUNCE, at=now, identity=b"1" * 16, address=ANA, issue=ISSUE, words="452 4.2"
    )
    house.pages.feedback.take([bounce], Origin(how="provider"))
    house.visitor.post(house.link("u"), data={"step": "leave"})
    house.visitor.post(house.link("u"), data={"step": "why", "why": WhyLeft.TOO_LONG})
    readers.ask(ANA, NAMED, PAGE, now=now)


def test_the_link_goes_to_the_reader_and_the_page_shows_nothing_yet(house: House) -> None:
    with_a_past(house)
    told = ask(house)
    assert told.status_code == 200
    assert "The link is good for an hour." in told.text
    assert "192.0.2.7" not in told.text
    errand = house.store.errands.claim(now=house.now)
    assert errand
    assert (errand.kind, errand.address) == (ErrandKind.DATA, ANA)
    assert errand.payload == {"language": "en", "number": str(house.reader().number)}


def test_nobody_is_flooded_and_nobody_sees_it(house: House) -> None:
    pages = [ask(house).text for _ in range(5)]
    assert len(set(pages)) == 1
    assert house.store.errands.waiting() == house.pages.settings.readers.sign_up.letters_per_address == 3
    averted = house.store.attempts.averted(since=house.now - HOUR)
    assert (averted[Averted.DATA_REQUEST].count, averted[Averted.SIGN_UP].count) == (len(pages) - 3, 0)


def test_a_link_that_is_nobodys_has_nothing_sent(house: House) -> None:
    for token, status in (("A" * 22, 200), ("B" * 22, 404), (house.link("u").rpartition("/")[2], 404)):
        answer = house.visitor.post(f"{house.pages.root}p/{token}", data={"step": "data"})
        assert answer.status_code == status
    assert house.store.errands.waiting() == 0


def test_the_page_shows_whatever_the_file_has(house: House) -> None:
    with_a_past(house)
    page, file = house.visitor.get(link(house)), house.visitor.get(f"{link(house)}/download")
    assert page.status_code == file.status_code == 200
    assert file.json() == json.loads(json.dumps(own_data(house.pages.settings, house.store, ANA)))
    assert file.headers["content-disposition"].startswith("attachment")
    said = words_of(page.text)
    for words in ("ana@reader.example", "Ána <b>", "Politics", "Deutsch", "Europe/Berlin", "once a month"):
        assert words.lower() in said.lower()
    for words in (
        *OTHERS,
        "The letters are too long",
        "You confirmed it, by a form on another page",
        "you unsubscribed",
        "came back",
        "Nov. 25, 2026",
    ):
        assert words in said
    for answer in (page, file):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex"


def test_the_page_speaks_the_visitors_language(house: House) -> None:
    with_a_past(house)
    pages = [house.visitor.get(link(house), headers={"accept-language": code}).text for code in shipped_languages()]
    english, *others = ({words_of(line) for line in re.findall(r">([^<>]{5,})<", inside(html))} for html in pages)
    assert len(english) > 30
    for page in others:
        assert english & page == {ANA, NAMED.name, "Politics", "Deutsch", "Europe/Berlin", *OTHERS}


def test_looking_erases_nobody(house: House) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
        for place in ("", "/download", "/erase"):
            house.visitor.request(method, f"{link(house)}{place}", content=b"understood=yes")
    assert house.reader().gets_letters


def test_erasing_asks_first_and_then_nothing_is_left(house: House) -> None:
    with_a_past(house)
    there, choices = link(house), house.link("p")
    page = house.visitor.get(there).text
    first = press(house, page)
    assert first.status_code == 422
    assert 'id="understood-error"' in first.text
    assert house.store.readers.find(ANA)
    done = press(house, page, understood="yes")
    assert done.status_code == 200
    assert "Your data is erased" in done.text
    assert house.store.readers.find(ANA) is None
    assert house.store.readers.ground_of(ANA) is Ground.FORGOTTEN
    assert house.reader(BEN).gets_letters
    kept = [path for path in house.store.path.parent.rglob("*") if path.is_file()]
    assert [path.name for path in kept if b"ana@" in path.read_bytes().lower()] == []
    again = press(house, page, understood="yes")
    for later in (again, house.visitor.get(there), house.visitor.get(f"{there}/download")):
        assert later.status_code == 410
        assert "Your data is erased" in later.text
    assert house.visitor.get(choices).status_code == 404


def test_who_stands_in_the_newsrooms_file_is_told_so(house: House) -> None:
    done = house.visitor.post(f"{link(house)}/erase", data={"understood": "yes"})
    assert "still has your address" in done.text
    asked = house.store.readers.ask("cleo@reader.example", NAMED, PAGE, now=house.now)
    house.store.readers.confirm(asked.key, asked.nonce, since=house.now - HOUR, now=house.now)
    done = house.visitor.post(f"{link(house, 'cleo@reader.example')}/erase", data={"understood": "yes"})
    assert "still has your address" not in done.text


def test_the_link_is_good_for_an_hour(house: House) -> None:
    there = link(house)
    house.pass_(HOUR)
    assert house.visitor.get(there).status_code == 200
    house.pass_(timedelta(seconds=1))
    for answer in (house.visitor.get(there), house.visitor.post(f"{there}/erase", data={"understood": "yes"})):
        assert answer.status_code == 410
        assert ANA not in answer.text
    assert house.reader().gets_letters


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_an_altered_link_does_nothing(house: House, data: st.DataObject) -> None:
    there = link(house)
    start = there.rindex("/") + 1
    place = data.draw(st.integers(start, len(there) - 1))
    letter = data.draw(st.sampled_from("ABCxyz019-_.").filter(lambda drawn: drawn != there[place]))
    altered = f"{there[:place]}{letter}{there[place + 1 :]}"
    assert house.visitor.get(altered).status_code == 410
    assert house.visitor.post(f"{altered}/erase", data={"understood": "yes"}).status_code == 410
    assert house.reader().gets_letters


def test_a_token_of_another_purpose_shows_nothing(house: House) -> None:
    for purpose in set(Purpose) - {Purpose.DATA}:
        token = house.pages.tokens.make(purpose, {"number": house.reader().number}, now=house.now)
        assert house.visitor.get(f"{house.pages.root}data/{token}").status_code == 410
    assert house.visitor.get(house.link("p").replace("/p/", "/data/")).status_code == 410


def test_there_are_words_for_whatever_the_store_keeps() -> None:
    folder = Path(__file__).resolve().parents[4] / "templates" / "pages"
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), extensions=["jinja2.ext.i18n"])
    templates.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # i18n adds it
    told: Any = templates.get_template("parts/told.html").module
    kept = {
        "said": Act,
        "grounds": Ground,
        "states": LetterState,
        "events": EventKind,
        "rhythms": Rhythm,
        "reasons_for_leaving": WhyLeft,
    }
    for name, kinds in kept.items():
        assert set(getattr(told, name)) == {kind.value for kind in kinds}
