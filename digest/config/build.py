"""From the checked document to the settings that everybody else knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from digest.config import schema
from digest.config.colour import lightened_for_the_dark
from digest.config.kinds import weekday_and_hour
from digest.config.mailbox import bare_address
from digest.model import Form, Notice
from digest.settings import (
    DeliverySettings,
    Exclusions,
    Fetching,
    NoteSettings,
    NoticeSettings,
    Publication,
    SectionRule,
    SendGrid,
    Settings,
    Smtp,
    Source,
    Week,
)

_ALONE = "This week"
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
        templates=home / document.theme.templates if document.theme.templates else None,
        secret=secrets["secret"],
        preview_folders=tuple((prefix, home / folder) for prefix, folder in document.preview.folders.items()),
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
        accent=table.accent,
        accent_dark=table.accent_dark or _dark_accent(table),
    )


def _dark_accent(table: schema.PublicationTable) -> str:
    """The pair that was drawn together, unless the publication has a colour of its own."""
    if "accent" not in table.model_fields_set:
        return str(Publication.__dataclass_fields__["accent_dark"].default)
    return lightened_for_the_dark(table.accent)


def _week(table: schema.WeekTable) -> Week:
    weekday, hour = weekday_and_hour(table.closes)
    return Week(
        weekday=weekday,
        hour=hour,
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


def _sources(tables: Sequence[schema.SourceTable], home: Path) -> tuple[Source, ...]:
    sources: list[Source] = []
    taken = {table.name for table in tables}
    for table in tables:
        name = table.name or next(name for name in _source_names(table.feed) if name not in taken)
        taken.add(name)
        sources.append(Source(name=name, feed=table.feed if _is_on_the_web(table.feed) else str(home / table.feed)))
    return tuple(sources)


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


def _delivery(table: schema.DeliveryTable, home: Path, secrets: Mapping[str, str]) -> DeliverySettings:
    smtp = table.smtp.model_dump(exclude={"ca_file"})
    sendgrid = table.sendgrid.model_dump(exclude={"address"})
    ca_file = home / table.smtp.ca_file if table.smtp.ca_file else None
    return DeliverySettings(
        provider=table.provider,
        outbox=home / table.outbox,
        pace=table.pace,
        smtp=Smtp(**smtp, ca_file=ca_file, password=secrets["smtp_password"]),
        sendgrid=SendGrid(**sendgrid, address=table.sendgrid.address.rstrip("/"), api_key=secrets["sendgrid_api_key"]),
    )


def _fetching(document: schema.Document) -> Fetching:
    table = document.fetch
    return Fetching(
        timeout=table.timeout,
        max_bytes=table.max_bytes,
        at_once=table.at_once,
        contact=table.contact or bare_address(document.publication.from_),
    )
