"""What is put into the fields of the readers' pages stays text: known attacks, in every field of a form at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

import httpx
import pytest
from lxml import html

from digest.audience.tokens import Purpose
from digest.web.site.application import application
from tests.api.trying import NO_LIMITS
from tests.unit.web.site.house import ANA, House, open_house

_VECTORS = Path(__file__).resolve().parents[3].parent / "shared" / "corpora" / "html"
_OWN = (
    "x\r\nBcc: all@list.example",
    "x\nSubject: Hello\n\n<p>Hello</p>",
    "%0d%0aSet-Cookie: a=b",
    "'; DROP TABLE subscriber; --",
    "' OR 1=1 --",
    '" OR ""="',
    "') UNION SELECT address FROM subscriber --",
    '"><script>alert(1)</script>',
    "</title></textarea><img src=x onerror=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% for x in y %}",
    "${7*7} #{7*7} %(name)s %s {0}",
    "\0 \x1b[2J \u202e \ufeff \ud7ff",
    "=cmd|' /C calc'!A0",
)
_HARMLESS = "harmless"
_LONGEST = 4000
Shape: TypeAlias = list[tuple[str, tuple[str, ...]]]
Form: TypeAlias = Callable[[House, str], tuple[str, str, dict[str, str]]]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path, NO_LIMITS) as house:
        yield house


def _wrong_sign_up(_house: House, text: str) -> tuple[str, str, dict[str, str]]:
    names = ("address", "name", "section", "rhythm", "language", "token")
    return "POST", f"/?language={_HARMLESS}", dict.fromkeys(names, text)


def _robot(house: House, text: str) -> tuple[str, str, dict[str, str]]:
    method, place, fields = _wrong_sign_up(house, text)
    return method, place, {**fields, "website": text}


def _good_sign_up(_house: House, text: str) -> tuple[str, str, dict[str, str]]:
    fields = dict.fromkeys(("name", "section", "rhythm", "language"), text)
    return "POST", "/embed", {**fields, "section": "National", "address": "cleo@reader.example"}


def _choices(house: House, text: str) -> tuple[str, str, dict[str, str]]:
    fields = dict.fromkeys(("name", "rhythm", "language", "timezone", "section"), text)
    return "POST", house.link("p"), fields


def _why(house: House, text: str) -> tuple[str, str, dict[str, str]]:
    return "POST", house.link("u"), {"step": "why", "why": text, "undo": text}


def _undo(_house: House, text: str) -> tuple[str, str, dict[str, str]]:
    return "POST", "/undo", {"undo": text}


def _erase(house: House, text: str) -> tuple[str, str, dict[str, str]]:
    """The box says anything but what it says when a reader has ticked it, and fields come that nobody asked for."""
    token = house.pages.tokens.make(Purpose.DATA, {"number": house.reader().number}, now=house.now)
    fields = dict.fromkeys(("understood", "token", "number", "address", "language", "wrong"), text)
    return "POST", f"/data/{token}/erase", {**fields, f"more {text}": text}


def _erase_by_a_forged_link(_house: House, text: str) -> tuple[str, str, dict[str, str]]:
    return "POST", f"/data/{_in_a_path(text)}/erase", {"understood": "yes", "number": "1"}


def _look_by_a_forged_link(_house: House, text: str) -> tuple[str, str, dict[str, str]]:
    return "GET", f"/data/{_in_a_path(text)}", {"language": text}


def _in_a_path(text: str) -> str:
    return quote(text.replace("/", "∕"), safe="")


def _search(_house: House, text: str) -> tuple[str, str, dict[str, str]]:
    return "GET", "/issues/search", {"q": text, "language": text}


def _known() -> Sequence[str]:
    """The attacks of the shared corpora, where these are beside the repository."""
    if not _VECTORS.exists():
        return ()
    read = {name: json.loads((_VECTORS / f"{name}.json").read_bytes()) for name in _KEYS}
    known = [entry[_KEYS[name]] for name, entries in read.items() for entry in entries]
    return [text[:_LONGEST] for text in known if text.strip()]


_KEYS = {"dompurify-expect": "payload", "html5sec": "data", "bleach": "input"}


async def _asked(house: House, form: Form, texts: Sequence[str]) -> list[httpx.Response]:
    transport = httpx.ASGITransport(application(house.pages))
    async with httpx.AsyncClient(transport=transport, base_url="https://letters.docket.example") as client:
        answers = []
        for text in texts:
            method, place, fields = form(house, text)
            given = {"params": fields} if method == "GET" else {"data": fields}
            headers = {"referer": text.encode("ascii", "replace")[:200].replace(b"\r", b"").replace(b"\n", b"")}
            answers.append(await client.request(method, place, headers=headers, **given))  # type: ignore[arg-type]
        return answers


def _shape(answer: httpx.Response) -> Shape:
    found = html.document_fromstring(answer.content)
    return [(str(element.tag), tuple(sorted(map(str, element.attrib)))) for element in found.iter()]


_FORMS = (
    *(_wrong_sign_up, _robot, _good_sign_up, _choices, _why, _undo, _search),
    *(_erase, _erase_by_a_forged_link, _look_by_a_forged_link),
)


@pytest.mark.parametrize("form", _FORMS)
def test_no_element_and_no_attribute_comes_of_what_is_typed(house: House, form: Form) -> None:
    texts = [*_OWN, *_known()]
    harmless, *answers = asyncio.run(_asked(house, form, [_HARMLESS, *texts]))
    expected = (harmless.status_code, set(harmless.headers), _shape(harmless))
    for text, answer in zip(texts, answers, strict=True):
        assert (answer.status_code, set(answer.headers), _shape(answer)) == expected, text
    assert house.reader(ANA).gets_letters
    _nothing_strange_waits(house)


def _nothing_strange_waits(house: House) -> None:
    house.pass_(timedelta(hours=1))
    while claimed := house.store.errands.claim(now=house.now):
        assert claimed.address == "cleo@reader.example"
        assert (claimed.payload["language"], set(claimed.payload)) == ("en", {"language", "key", "nonce"})
        house.store.errands.drop(claimed)
    asked = house.store.readers.pending(1)
    for told in (asked.choice.name, asked.origin.form) if asked else ():
        assert told.isprintable()
    assert house.reader(ANA).choice.name.isprintable()


def test_what_is_sent_as_json_is_told_as_json(house: House) -> None:
    async def answers(texts: Sequence[str]) -> list[httpx.Response]:
        transport = httpx.ASGITransport(application(house.pages))
        async with httpx.AsyncClient(transport=transport, base_url="https://letters.docket.example") as client:
            names = ("address", "consent", "name", "rhythm", "language")
            return [
                await client.post("/api/sign-up", json={**dict.fromkeys(names, text), "sections": [text], text: text})
                for text in texts
            ]

    for answer in asyncio.run(answers([*_OWN, *_known()])):
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == 422
    assert house.store.errands.waiting() == 0
