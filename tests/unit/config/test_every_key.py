"""A digest.toml that says everything that can be said, and what becomes of each key."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from digest.config import load
from digest.model import Amount, Form, Logo, Notice, Palette, Sponsor, Theme
from digest.reader_settings import (
    RateSettings,
    ReaderSettings,
    ReturnsSettings,
    ServeSettings,
    SignUpSettings,
    WebhookSettings,
)
from digest.settings import (
    DeliverySettings,
    DoctorSettings,
    Exclusions,
    Fetching,
    FirstSlice,
    Limits,
    NoteSettings,
    NoticeSettings,
    PictureSettings,
    Resend,
    Retrying,
    SectionRule,
    SendGrid,
    Smtp,
    SponsorSettings,
    Week,
)

EVERYTHING = Path(__file__).with_name("everything.toml").read_text(encoding="utf-8")


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
        "gazette.example",
        "ledger.example",
        "By hand",
    ]
    assert [source.rest for source in settings.sources] == [True, True, True, False, True, True, True]
    assert [source.kind.value for source in settings.sources[3:]] == ["feed", "wordpress", "sitemap", "pages"]
    assert settings.sources[-1].pages == ("https://quay.example/story/", str(tmp_path / "saved/story.html"))
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
    assert settings.fetching == Fetching(
        timeout=1.5,
        max_bytes=1000,
        at_once=2,
        contact="web@docket.example",
        pause=1.5,
        deadline=60,
        private=("cms.docket.example", "10.1.0.0/16"),
        most_pages=7,
        every=timedelta(minutes=15),
        articles=False,
    )
    assert settings.pictures == PictureSettings(
        keep=False, from_="https://pictures.docket.example/", folder=tmp_path / "shown", licensed=("AP",)
    )
    assert settings.readers == ReaderSettings(
        sign_up=SignUpSettings(
            open=False,
            sites=("https://docket.example", "https://www.docket.example:8443"),
            privacy="https://docket.example/privacy/",
            least_time=timedelta(seconds=3),
            letters_per_address=2,
            per_network=10,
            per_hour=50,
            per_day=200,
        ),
        serve=ServeSettings(host="0.0.0.0", port=9000, proxies=("10.0.0.0/8",)),
        returns=ReturnsSettings(
            address="Bounces@docket.example",
            verp=True,
            maildir=tmp_path / "Maildir",
            imap_host="imap.docket.example",
            imap_port=143,
            imap_security="starttls",
            imap_username="bounces",
            imap_folder="Returned",
            ca_file=tmp_path / "ca.pem",
            every=timedelta(minutes=30),
        ),
        webhook=WebhookSettings(public_key=settings.readers.webhook.public_key, tolerance=timedelta(minutes=5)),
        rates=RateSettings(complaints_watch=0.002, complaints_hold=0.004, bounces_watch=0.03, bounces_hold=0.06),
    )
    assert settings.doctor == DoctorSettings(
        selectors=("mail", "s1"),
        addresses=("192.0.2.10", "2001:db8::10"),
        name_servers=("192.0.2.53", "192.0.2.53:5353", "[2001:db8::53]:53"),
    )
    assert settings.readers.webhook.public_key.startswith("MFkwEwYH")
    assert settings.store_url == f"sqlite:///{tmp_path}/data/docket.db"
    assert (settings.archive, settings.subscribers) == (tmp_path / "back", tmp_path / "lists/readers.csv")
    assert settings.least_stories == 2
    assert settings.templates == tmp_path / "theme"
    assert settings.preview_folders == (("https://docket.example/pictures/", tmp_path / "pictures"),)
