"""A digest.toml that says everything that can be said, and what becomes of each key."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from digest.config import load
from digest.model import Amount, Form, Logo, Notice, Palette, Sponsor, Theme
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
    SponsorSettings,
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
least_stories = 2

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
senders = 3
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

[sponsor]
text = "Boxes for cases that go on"
payer = "Fenwick"
heading = "Boxes"
link = "https://fenwick.example/"
link_text = "See them"
until = 2026-12-31

[theme]
name = "plain"
templates = "theme"
headings = "serif"
body = "serif"
columns = 2
text = "decks"
pictures = true
full_stop = true

[theme.light]
paper = "#fbfbfb"
panel = "#f1f1f1"
ink = "#111111"
text = "#222222"
muted = "#333333"
button = "#123456"
rule = "#777777"
hairline = "#dddddd"

[theme.dark]
paper = "#101010"
panel = "#202020"
ink = "#f9f9f9"
text = "#f8f8f8"
muted = "#f7f7f7"
button = "#234567"
rule = "#787878"
hairline = "#303030"

[theme.logo]
address = "https://docket.example/logo.png"
dark = "https://docket.example/night.png"
width = 320
height = 48
alt = "The letter"

[preview.folders]
"https://docket.example/pictures/" = "pictures"
"""


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
    assert publication.theme == Theme(
        name="plain",
        light=Palette(
            paper="#FBFBFB",
            panel="#F1F1F1",
            ink="#111111",
            text="#222222",
            muted="#333333",
            accent="#1D2B7D",
            button="#123456",
            rule="#777777",
            hairline="#DDDDDD",
        ),
        dark=Palette(
            paper="#101010",
            panel="#202020",
            ink="#F9F9F9",
            text="#F8F8F8",
            muted="#F7F7F7",
            accent="#A4B5EB",
            button="#234567",
            rule="#787878",
            hairline="#303030",
        ),
        logo=Logo(
            address="https://docket.example/logo.png",
            width=320,
            height=48,
            dark="https://docket.example/night.png",
            alt="The letter",
        ),
        text=Amount.DECKS,
    )
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
    assert settings.sponsor == SponsorSettings(
        sponsor=Sponsor(
            text="Boxes for cases that go on",
            payer="Fenwick",
            heading="Boxes",
            link="https://fenwick.example/",
            link_text="See them",
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
        senders=3,
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
    assert settings.least_stories == 2
    assert settings.templates == tmp_path / "theme"
    assert settings.preview_folders == (("https://docket.example/pictures/", tmp_path / "pictures"),)
