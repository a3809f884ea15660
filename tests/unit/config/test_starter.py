"""The first digest.toml of a publication."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.config import load, write_starter
from digest.errors import ConfigurationError
from digest.model import Form
from digest.settings import SectionRule, Source

ANSWERS: dict[str, Any] = {
    "name": "Closing Arguments",
    "publisher": "The Docket",
    "site": "https://docket.example/",
    "feeds": [("The Docket", "https://docket.example/feed/"), ("", "feeds/sister.xml")],
    "postal_address": "12 Court Street, Springfield",
    "timezone": "America/Los_Angeles",
    "from_": "Closing Arguments <letters@docket.example>",
}
lines = st.text(st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S", "Zs"]), min_size=1).filter(str.strip)


def test_what_was_answered_is_what_loads(tmp_path: Path) -> None:
    path = write_starter(tmp_path / "new" / "letter", **ANSWERS)
    made = load(path, {})
    assert path == tmp_path / "new" / "letter" / "digest.toml"
    assert (made.publication.name, made.publication.publisher) == ("Closing Arguments", "The Docket")
    assert made.publication.from_ == ANSWERS["from_"]
    assert made.sources == (
        Source(name="The Docket", feed="https://docket.example/feed/"),
        Source(name="sister.xml", feed=str(path.parent / "feeds/sister.xml")),
    )
    assert made.sections == (SectionRule(name="This week", max=20),)
    assert made.delivery.provider == "outbox"
    assert made.subscribers.read_text() == "email,name,categories\n"


def test_sections_language_and_hour_can_be_given(tmp_path: Path) -> None:
    chosen = [("Courts", ["Courts", "Appeals"]), ("Opinion", ["Opinion"])]
    made = load(write_starter(tmp_path, **ANSWERS, sections=chosen, language="es", closes="Monday 07:00"), {})
    assert [section.name for section in made.sections] == ["Courts", "Opinion", "Also this week"]
    assert made.sections[0].categories == ("Courts", "Appeals")
    assert (made.publication.language, made.week.weekday) == ("es", 0)


def test_everything_that_is_switched_off_can_be_switched_on(tmp_path: Path) -> None:
    path = write_starter(tmp_path, **ANSWERS)
    text = path.read_text()
    path.write_text(re.sub(r"^# (?=\[|[a-z_]+ = )", "", text, flags=re.MULTILINE))
    made = load(path, {})
    assert made.sections[0] == SectionRule(
        name="National", categories=("National", "Politics"), max=4, form=Form.STANDARD
    )
    assert made.notice is not None
    assert made.note.signature
    assert made.delivery.smtp.username == "letters"
    assert (made.delivery.limits.domains, made.delivery.limits.warm_up) == ({"mail.example": 500}, (50, 100, 500, 1000))
    assert made.delivery.first_slice.letters == 100
    assert made.publication.web == "https://docket.example/letters/"


def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "digest.toml").write_text("mine")
    (tmp_path / "subscribers.csv").write_text("mine")
    with pytest.raises(ConfigurationError, match=r"digest\.toml exists already"):
        write_starter(tmp_path, **ANSWERS)
    assert (tmp_path / "digest.toml").read_text() == "mine"
    (tmp_path / "digest.toml").unlink()
    write_starter(tmp_path, **ANSWERS)
    assert (tmp_path / "subscribers.csv").read_text() == "mine"


def test_answers_that_will_not_do_write_nothing(tmp_path: Path) -> None:
    wrong = ANSWERS | {"timezone": "Mars", "postal_address": "", "feeds": []}
    with pytest.raises(ConfigurationError) as refusal:
        write_starter(tmp_path / "letter", **wrong)
    assert len(refusal.value.complaints) == 3
    assert not (tmp_path / "letter").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="file"):
        write_starter(tmp_path / "file", **ANSWERS)
    with pytest.raises(ConfigurationError, match="cannot be written"):
        write_starter(tmp_path / "file" / "below", **ANSWERS)


@settings(max_examples=60)
@given(name=lines, publisher=lines, address=st.text(min_size=1).filter(str.strip), category=lines)
def test_any_text_comes_back_as_it_was_typed(name: str, publisher: str, address: str, category: str) -> None:
    answers = ANSWERS | {"name": name, "publisher": publisher, "postal_address": address}
    with TemporaryDirectory() as folder:
        path = write_starter(Path(folder), **answers, sections=[("Courts", [category])])
        made = load(path, {})
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    assert (made.publication.name, made.publication.publisher) == (name.strip(), publisher.strip())
    assert written["publication"]["postal_address"] == address
    assert made.sections[0].categories == (" ".join(category.split()),)
