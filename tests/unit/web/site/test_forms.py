"""Forms in odd encodings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.web.site.house import ANA, House, open_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        yield house


@pytest.mark.parametrize("code", ["unicode_escape", "utf-7", "utf-16", "punycode", "idna", "hex", "no-code"])
def test_a_form_in_whatever_code_is_read_or_is_none(house: House, code: str) -> None:
    fields = {"name": rb"Ana \ud800 +2AA-", "section": b"Politics"}
    part = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    parts = [part % (name.encode(), text) for name, text in fields.items()]
    kind = {"content-type": f"multipart/form-data; boundary=x; charset={code}"}
    answer = house.visitor.post(house.link("p"), content=b"".join(parts) + b"--x--\r\n", headers=kind)
    assert answer.status_code in (200, 422)
    house.reader().choice.name.encode()


def test_who_wants_to_leave_leaves_in_whatever_code_they_say_so(house: House) -> None:
    kind = {"content-type": "multipart/form-data; boundary=x; charset=punycode"}
    part = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n\xff-\xff\r\n--x--\r\n'
    assert house.visitor.post(house.link("u", ANA), content=part, headers=kind).status_code == 200
    assert not house.reader().gets_letters
