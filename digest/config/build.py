"""From the checked document to the settings that everybody else knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from digest import shipped
from digest.config import schema
from digest.config.build_readers import build_readers
from digest.config.kinds import hour, weekday_and_hour
from digest.config.mailbox import bare_address
from digest.config.palette import palettes
from digest.config.schema_gathering import SourceTable
from digest.model import Amount, Form, Logo, Notice, SourceKind, Sponsor, Theme
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
    PreflightSettings,
    Publication,
    Resend,
    Retrying,
    SectionRule,
    SendGrid,
    Settings,
    Smtp,
    Source,
    SponsorSettings,
    Week,
)

_ALONE = "This week"
_LOOK = {"headings", "body", "columns", "pictures", "full_stop"}
_FALLBACKS = ("Also this week", "More this week", "Other news this week")


def build(document: schema.Document, home: Path, secrets: Mapping[str, str]) -> Settings:
    """The settings of a publication whose digest.toml lies in `home`, an absolute path."""
    return Settings(
        home=home,
        publication=_publication(document),
        week=_week(document.week),
        sections=_sections(document),
        exclusions=Exclusions(categories=tuple(document.exclude.categories), titles=tuple(document.exclude.titles)),
        sources=_sources(document.sources, home),
        note=NoteSettings(**document.note.model_dump()),
        notice=_notice(document.notice),
        delivery=_delivery(document.delivery, home, secrets),
        fetching=_fetching(document),
        store_url=f"sqlite:///{home / document.store.url.removeprefix('sqlite:///')}",
        archive=home / document.archive.folder,
        subscribers=home / document.audience.subscribers,
        least_stories=document.audience.least_stories,
        sponsor=_sponsor(document.sponsor),
        templates=home / document.theme.templates if document.theme.templates else None,
        secrets=tuple(secrets["secret"].splitlines()),
        preview_folders=tuple((prefix, home / folder) for prefix, folder in document.preview.folders.items()),
        preflight=PreflightSettings(links=document.preflight.links, clients=tuple(document.preflight.clients)),
        pictures=_pictures(document, home),
        doctor=DoctorSettings(**{name: tuple(value) for name, value in document.doctor.model_dump().items()}),
        readers=build_readers(document, home, secrets),
    )


def _publication(document: schema.Document) -> Publication:
    table = document.publication
    return Publication(
        name=table.name,
        publisher=table.publisher,
        site=table.site,
        web=document.web.address or f"{table.site}letters/",
        postal_address=table.postal_address,
        timezone=ZoneInfo(table.timezone),
        language=table.language,
        from_=table.from_,
        reply_to=table.reply_to,
        motto=table.motto,
        theme=_theme(document),
    )


def _theme(document: schema.Document) -> Theme:
    """What digest.toml says of the look, else what the theme begins from."""
    table = document.theme
    light, dark = palettes(document.model_dump(exclude_unset=True))
    own = {key: value for key, value in shipped.theme_defaults(table.name).items() if key in _LOOK}
    said = {**own, **table.model_dump(include=_LOOK & table.model_fields_set)}
    return Theme(
        name=table.name,
        light=light,
        dark=dark,
        logo=Logo(**table.logo.model_dump()) if table.logo else None,
        text=Amount(table.text),
        **said,
    )


def _week(table: schema.WeekTable) -> Week:
    weekday, closing = weekday_and_hour(table.closes)
    return Week(
        weekday=weekday,
        hour=closing,
        min_stories=table.min_stories,
        max_stories=table.max_stories,
        first_issue=table.first_issue,
    )


def _sections(document: schema.Document) -> tuple[SectionRule, ...]:
    """The sections in their order; one that takes the rest is always among them, so that no story is lost."""
    if not document.sections:
        return (SectionRule(name=_ALONE, max=document.week.max_stories),)
    sections = tuple(
        SectionRule(name=table.name, categories=tuple(table.categories), max=table.max, form=Form(table.form))
        for table in document.sections
    )
    if all(section.categories for section in sections):
        taken = {section.name.casefold() for section in sections}
        sections += (SectionRule(name=next(name for name in _FALLBACKS if name.casefold() not in taken)),)
    return sections


def _sources(tables: Sequence[SourceTable], home: Path) -> tuple[Source, ...]:
    sources: list[Source] = []
    taken = {table.name for table in tables}
    for table in tables:
        address = _written_address(table)
        name = table.name or next(name for name in _source_names(address) if name not in taken)
        taken.add(name)
        sources.append(_source(table, name, home))
    return tuple(sources)


def _source(table: SourceTable, name: str, home: Path) -> Source:
    pages = tuple(_located(page, home) for page in table.pages)
    return Source(
        name=name,
        feed=_located(_written_address(table), home),
        kind=next((kind for kind in SourceKind if getattr(table, kind.value)), SourceKind.FEED),
        rest=table.rest,
        pages=pages,
    )


def _written_address(table: SourceTable) -> str:
    return table.feed or table.wordpress or table.sitemap or next(iter(table.pages), "")


def _located(address: str, home: Path) -> str:
    return address if _is_on_the_web(address) else str(home / address)


def _source_names(feed: str) -> tuple[str, ...]:
    """Names for a source that has none of its own, the shortest first; the last is as distinct as the feed."""
    if not _is_on_the_web(feed):
        return Path(feed).name, feed, f"{feed} (feed)"
    parts = urlsplit(feed)
    return str(parts.hostname), f"{parts.hostname}{parts.path}", feed


def _is_on_the_web(feed: str) -> bool:
    return "://" in feed


def _notice(table: schema.NoticeTable | None) -> NoticeSettings | None:
    if table is None:
        return None
    return NoticeSettings(notice=Notice(text=table.text, link=table.link, link_text=table.link_text), until=table.until)


def _sponsor(table: schema.SponsorTable | None) -> SponsorSettings | None:
    if table is None:
        return None
    return SponsorSettings(sponsor=Sponsor(**table.model_dump(exclude={"until"})), until=table.until)


def _delivery(table: schema.DeliveryTable, home: Path, secrets: Mapping[str, str]) -> DeliverySettings:
    return DeliverySettings(
        provider=table.provider,
        outbox=home / table.outbox,
        limits=_limits(table),
        retrying=Retrying(patience=timedelta(hours=table.patience), first_wait=timedelta(minutes=table.retry_after)),
        first_slice=FirstSlice(letters=table.first_slice, refused=table.first_slice_refused),
        hold=timedelta(minutes=table.hold),
        resend_uncertain=table.uncertain == "resend",
        local_hour=hour(table.local_hour) if table.local_hour else None,
        senders=table.senders,
        smtp=_smtp(table.smtp, home, secrets["smtp_password"]),
        sendgrid=SendGrid(**_service(table.sendgrid), api_key=secrets["sendgrid_api_key"]),
        resend=Resend(**_service(table.resend), api_key=secrets["resend_api_key"]),
    )


def _limits(table: schema.DeliveryTable) -> Limits:
    return Limits(
        per_second=table.pace,
        per_hour=table.per_hour,
        per_day=table.per_day,
        domains=dict(table.domains),
        warm_up=tuple(table.warm_up),
    )


def _smtp(table: schema.SmtpTable, home: Path, password: str) -> Smtp:
    ca_file = home / table.ca_file if table.ca_file else None
    return Smtp(**table.model_dump(exclude={"ca_file"}), ca_file=ca_file, password=password)


def _service(table: schema.SendGridTable | schema.ResendTable) -> dict[str, Any]:
    return table.model_dump() | {"address": table.address.rstrip("/")}


def _fetching(document: schema.Document) -> Fetching:
    table = document.fetch
    return Fetching(
        timeout=table.timeout,
        max_bytes=table.max_bytes,
        at_once=table.at_once,
        contact=table.contact or bare_address(document.publication.from_),
        pause=table.pause,
        deadline=table.deadline,
        private=tuple(table.private),
        most_pages=table.most_pages,
        every=timedelta(minutes=table.every),
        articles=table.articles,
    )


def _pictures(document: schema.Document, home: Path) -> PictureSettings:
    table = document.pictures
    return PictureSettings(
        keep=table.keep,
        from_=table.from_,
        folder=home / table.folder if table.folder else None,
        licensed=tuple(table.licensed),
    )
