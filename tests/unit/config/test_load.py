"""What a digest.toml becomes, by default and by what it says."""

from __future__ import annotations

import subprocess
import sys
from datetime import time, timedelta
from pathlib import Path

import pytest

from digest.config import load
from digest.model import Theme
from digest.settings import (
    DeliverySettings,
    Fetching,
    NoteSettings,
    SectionRule,
    Source,
    Week,
)

EXAMPLE = """\
[publication]
name = "Closing Arguments"
publisher = "The Docket"                     # invented
site = "https://docket.example/"
postal_address = "12 Court Street, Springfield"
timezone = "America/Los_Angeles"
language = "en"
from = "Closing Arguments <letters@docket.example>"

[week]
closes = "Friday 06:00"
min_stories = 5
max_stories = 20

[[sections]]
name = "National"
categories = ["National", "Politics", "Government"]
max = 4

[[sources]]
name = "The Docket"
feed = "sample/feeds/main.xml"               # a path, or an http(s) address

[delivery]
provider = "outbox"                          # outbox, smtp, sendgrid, resend

[store]
url = "sqlite:///var/digest.db"
"""


def test_the_example_of_the_manual_loads_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "digest.toml").write_text(EXAMPLE)
    settings = load(tmp_path / "digest.toml", {})
    assert settings.sections == (
        SectionRule(name="National", categories=("National", "Politics", "Government"), max=4),
        SectionRule(name="Also this week"),
    )
    assert settings.sources == (Source(name="The Docket", feed=str(tmp_path / "sample/feeds/main.xml")),)
    assert settings.store_url == f"sqlite:///{tmp_path}/var/digest.db"


def test_the_least_configuration_loads_with_every_default(tmp_path: Path, least: str) -> None:
    (tmp_path / "digest.toml").write_text(least)
    settings = load(tmp_path / "digest.toml", {})
    assert settings.home == tmp_path
    assert settings.publication.web == "https://docket.example/letters/"
    assert settings.publication.language == "en"
    assert settings.publication.theme == Theme()
    assert settings.week == Week(weekday=4, hour=time(6), min_stories=5, max_stories=20)
    assert settings.sections == (SectionRule(name="This week", max=20),)
    assert settings.sources == (Source(name="main.xml", feed=str(tmp_path / "feeds/main.xml")),)
    assert settings.delivery == DeliverySettings(outbox=tmp_path / "outbox")
    assert settings.fetching == Fetching(contact="letters@docket.example", pause=0.25)
    assert settings.store_url == f"sqlite:///{tmp_path}/var/digest.db"
    assert (settings.archive, settings.subscribers) == (tmp_path / "issues", tmp_path / "subscribers.csv")
    assert (settings.note, settings.notice, settings.templates) == (NoteSettings(), None, None)
    assert (settings.secrets, settings.preview_folders) == ((), ())


@pytest.mark.parametrize(
    ("line", "hold"), [("hold = 0", 0), ("hold = 11", 11), ("hold = 30.5", 30.5), ("hold = 4320", 4320)]
)
def test_a_hold_is_none_or_one_that_can_be_ended(tmp_path: Path, least: str, line: str, hold: float) -> None:
    (tmp_path / "digest.toml").write_text(f"{least}\n[delivery]\n{line}\n")
    assert load(tmp_path / "digest.toml", {}).delivery.hold == timedelta(minutes=hold)


def test_an_empty_local_hour_is_none(tmp_path: Path, least: str) -> None:
    (tmp_path / "digest.toml").write_text(f'{least}\n[delivery]\nlocal_hour = ""\nwarm_up = []\n')
    delivery = load(tmp_path / "digest.toml", {}).delivery
    assert (delivery.local_hour, delivery.limits.warm_up) == (None, ())


def test_a_section_for_the_rest_is_added_when_none_takes_it(tmp_path: Path, least: str) -> None:
    (tmp_path / "digest.toml").write_text(f'{least}\n[[sections]]\nname = "also this week"\ncategories = ["Courts"]\n')
    sections = load(tmp_path / "digest.toml", {}).sections
    assert [section.name for section in sections] == ["also this week", "More this week"]
    assert sections[-1] == SectionRule(name="More this week")


def test_an_empty_text_stands_for_the_default(tmp_path: Path, least: str) -> None:
    (tmp_path / "digest.toml").write_text(f'{least}\n[web]\naddress = ""\n[theme]\ntemplates = ""\n')
    settings = load(tmp_path / "digest.toml", {})
    assert settings.publication.web == "https://docket.example/letters/"
    assert settings.templates is None


def test_a_mark_at_the_beginning_of_the_file_does_no_harm(tmp_path: Path, least: str) -> None:
    (tmp_path / "digest.toml").write_text(least, encoding="utf-8-sig")
    assert load(tmp_path / "digest.toml", {}).publication.name == "Closing Arguments"


def test_absolute_store_paths_stay(tmp_path: Path, least: str) -> None:
    (tmp_path / "digest.toml").write_text(f'{least}\n[store]\nurl = "sqlite:////var/lib/digest.db"\n')
    assert load(tmp_path / "digest.toml", {}).store_url == "sqlite:////var/lib/digest.db"


def test_importing_the_room_loads_nothing_heavy() -> None:
    heavy = "{'pydantic', 'tomlkit', 'babel', 'email_validator', 'sqlalchemy'}"
    program = f"import digest.config, digest.audience, sys; print(sorted({heavy} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
