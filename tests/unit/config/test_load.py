"""What a digest.toml becomes."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from digest.config import find_configuration, load
from digest.errors import ConfigurationError
from digest.model import Form, Notice
from digest.settings import (
    DeliverySettings,
    Exclusions,
    Fetching,
    FirstSlice,
    Limits,
    NoteSettings,
    NoticeSettings,
    Resend,
    Retrying,
    SectionRule,
    SendGrid,
    Smtp,
    Source,
    Week,
)

EVERYTHING = """\
[publication]
name = "Closing Arguments"
publisher = "The Docket"
site = "https://docket.example"
postal_address = "12 Court Street\\nSpringfield"
timezone = "Europe/Madrid"
language = "pt_BR"
from = "The Docket, Inc. <Letters@Docket.Example>"
reply_to = "editors@docket.example"
motto = "The week in court"
accent = "#1d2b7d"
accent_dark = "#a4b5eb"

[web]
address = "https://letters.docket.example"

[week]
closes = "thu 18:30"
min_stories = 3
max_stories = 12
first_issue = 2026-11-20

[[sections]]
name = "National"
categories = ["National", "Politics"]
max = 4
form = "lead"

[[sections]]
name = "The rest"
form = "brief"

[exclude]
categories = ["Podcast"]
titles = ["Weekly digest*"]

[[sources]]
name = "The Docket"
feed = "https://docket.example/feed/"

[[sources]]
feed = "feeds/main.xml"

[[sources]]
feed = "https://sister.example/feed/"

[[sources]]
feed = "https://sister.example/courts/feed/"

[note]
text = "Dear reader"
signature = "Dana Marsh"
role = "Editor"

[notice]
text = "Updates to our Terms of Use"
link = "https://docket.example/terms/"
link_text = "Terms of Use"
until = 2026-12-31

[audience]
subscribers = "lists/readers.csv"

[delivery]
provider = "smtp"
outbox = "/tmp/outbox"
pace = 20
per_hour = 5000
per_day = 40000
domains = {"Mail.example" = 500, "bücher.example" = 20}
warm_up = [50, 100]
patience = 48
retry_after = 2.5
uncertain = "resend"
hold = 11
first_slice = 100
first_slice_refused = 0.25
local_hour = "07:00"

[delivery.smtp]
host = "mail.docket.example"
port = 465
security = "tls"
username = "letters"
ca_file = "ca.pem"
timeout = 5
connections = 8
letters_per_connection = 50

[delivery.sendgrid]
address = "https://api.eu.sendgrid.com/"
readers_per_request = 10
at_once = 8
timeout = 7.5
track_clicks = true
track_opens = true

[delivery.resend]
address = "https://resend.example/"
readers_per_request = 50
at_once = 3
timeout = 8

[fetch]
timeout = 1.5
max_bytes = 1000
at_once = 2
contact = "web@docket.example"

[store]
url = "sqlite:///data/docket.db"

[archive]
folder = "back"

[theme]
templates = "theme"

[preview.folders]
"https://docket.example/pictures/" = "pictures"
"""

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
    assert (settings.publication.accent, settings.publication.accent_dark) == ("#7D1D2B", "#EBA49A")
    assert settings.week == Week(weekday=4, hour=time(6), min_stories=5, max_stories=20)
    assert settings.sections == (SectionRule(name="This week", max=20),)
    assert settings.sources == (Source(name="main.xml", feed=str(tmp_path / "feeds/main.xml")),)
    assert settings.delivery == DeliverySettings(outbox=tmp_path / "outbox")
    assert settings.fetching == Fetching(contact="letters@docket.example")
    assert settings.store_url == f"sqlite:///{tmp_path}/var/digest.db"
    assert (settings.archive, settings.subscribers) == (tmp_path / "issues", tmp_path / "subscribers.csv")
    assert (settings.note, settings.notice, settings.templates) == (NoteSettings(), None, None)
    assert (settings.secret, settings.preview_folders) == ("", ())


def test_every_key_arrives_where_it_belongs(tmp_path: Path) -> None:
    (tmp_path / "theme").mkdir()
    (tmp_path / "ca.pem").touch()
    (tmp_path / "digest.toml").write_text(EVERYTHING)
    settings = load(tmp_path / "digest.toml", {})
    publication = settings.publication
    assert publication.site == "https://docket.example/"
    assert publication.web == "https://letters.docket.example/"
    assert publication.postal_address == "12 Court Street\nSpringfield"
    assert publication.timezone == ZoneInfo("Europe/Madrid")
    assert publication.language == "pt-BR"
    assert publication.from_ == '"The Docket, Inc." <Letters@docket.example>'
    assert (publication.reply_to, publication.motto) == ("editors@docket.example", "The week in court")
    assert (publication.accent, publication.accent_dark) == ("#1D2B7D", "#A4B5EB")
    assert settings.week == Week(
        weekday=3, hour=time(18, 30), min_stories=3, max_stories=12, first_issue=date(2026, 11, 20)
    )
    assert settings.sections == (
        SectionRule(name="National", categories=("National", "Politics"), max=4, form=Form.LEAD),
        SectionRule(name="The rest", form=Form.BRIEF),
    )
    assert settings.exclusions == Exclusions(categories=("Podcast",), titles=("Weekly digest*",))
    assert [source.name for source in settings.sources] == [
        "The Docket",
        "main.xml",
        "sister.example",
        "sister.example/courts/feed/",
    ]
    assert settings.note == NoteSettings(text="Dear reader", signature="Dana Marsh", role="Editor")
    assert settings.notice == NoticeSettings(
        notice=Notice(
            text="Updates to our Terms of Use", link="https://docket.example/terms/", link_text="Terms of Use"
        ),
        until=date(2026, 12, 31),
    )
    assert settings.delivery == DeliverySettings(
        provider="smtp",
        outbox=Path("/tmp/outbox"),
        limits=Limits(
            per_second=20,
            per_hour=5000,
            per_day=40_000,
            domains={"mail.example": 500, "xn--bcher-kva.example": 20},
            warm_up=(50, 100),
        ),
        retrying=Retrying(patience=timedelta(hours=48), first_wait=timedelta(minutes=2.5)),
        first_slice=FirstSlice(letters=100, refused=0.25),
        hold=timedelta(minutes=11),
        resend_uncertain=True,
        local_hour=time(7),
        smtp=Smtp(
            host="mail.docket.example",
            port=465,
            security="tls",
            username="letters",
            ca_file=tmp_path / "ca.pem",
            timeout=5,
            connections=8,
            letters_per_connection=50,
        ),
        sendgrid=SendGrid(
            address="https://api.eu.sendgrid.com",
            readers_per_request=10,
            at_once=8,
            timeout=7.5,
            track_clicks=True,
            track_opens=True,
        ),
        resend=Resend(address="https://resend.example", readers_per_request=50, at_once=3, timeout=8),
    )
    assert settings.fetching == Fetching(timeout=1.5, max_bytes=1000, at_once=2, contact="web@docket.example")
    assert settings.store_url == f"sqlite:///{tmp_path}/data/docket.db"
    assert (settings.archive, settings.subscribers) == (tmp_path / "back", tmp_path / "lists/readers.csv")
    assert settings.templates == tmp_path / "theme"
    assert settings.preview_folders == (("https://docket.example/pictures/", tmp_path / "pictures"),)


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


def test_the_configuration_is_found_in_its_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, named, given = tmp_path / "here", tmp_path / "named", tmp_path / "given"
    for folder in (here, named, given):
        folder.mkdir()
        (folder / "digest.toml").touch()
    monkeypatch.chdir(here)
    environ = {"DIGEST_CONFIG": str(named / "digest.toml")}
    assert find_configuration(given / "digest.toml", environ) == given / "digest.toml"
    assert find_configuration(given, environ) == given / "digest.toml"
    assert find_configuration(None, environ) == named / "digest.toml"
    assert find_configuration(None, {}) == here / "digest.toml"


@pytest.mark.parametrize(
    ("path", "environ"),
    [
        (None, {}),
        (None, {"DIGEST_CONFIG": "elsewhere.toml"}),
        (Path("given.toml"), {"DIGEST_CONFIG": "elsewhere.toml"}),
        (Path("x" * 5000), {}),
    ],
)
def test_a_configuration_that_is_not_there_says_how_to_start_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: Path | None, environ: dict[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError) as refusal:
        find_configuration(path, environ)
    assert "digest init" in refusal.value.hint
    assert str(path or environ.get("DIGEST_CONFIG") or tmp_path) in str(refusal.value)


def test_importing_the_room_loads_nothing_heavy() -> None:
    heavy = "{'pydantic', 'tomlkit', 'babel', 'email_validator', 'sqlalchemy'}"
    program = f"import digest.config, digest.audience, sys; print(sorted({heavy} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
