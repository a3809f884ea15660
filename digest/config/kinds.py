"""The kinds of values that digest.toml holds: each is checked here, and says in words what would do."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from digest import shipped
from digest.config import colour, places
from digest.config.mailbox import BadMailbox, canonical_mailbox
from digest.model.pictures import AGENCIES

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOSES = re.compile(r"([a-z]{3,9})\s+([01]?\d|2[0-3]):([0-5]\d)", re.IGNORECASE)
_HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


_EARLIEST, _LATEST = 1900, 2999
_LEAST_HOLD, _MOST_HOLD = 11, 72 * 60
"""Minutes. SendGrid takes scheduled letters back until 10 minutes before their time, and schedules them at most 72
hours ahead (twilio.com/docs/sendgrid: "Cancel scheduled sends", and "Scheduling Parameters")."""


CLIENTS = (
    "gmail-web",
    "gmail-app",
    "gmail-mobile-web",
    "outlook-windows",
    "outlook-com",
    "outlook-mac",
    "outlook-app",
    "apple-mail-macos",
    "apple-mail-ios",
    "yahoo",
    "samsung",
    "aol",
    "thunderbird",
    "protonmail",
    "fastmail",
    "gmx",
    "web-de",
)
"""The mail programs of the preflight's table of support."""


def fault(words: str) -> PydanticCustomError:
    """A fault in a value, in words for the person who wrote it."""
    return PydanticCustomError("fault", "{words}", {"words": words})


class Table(BaseModel):
    """A table of digest.toml. Types are taken as written: a number in quotation marks is no number."""

    # Built once, as part of the whole document, and not each table for itself as well.
    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, hide_input_in_errors=True, defer_build=True
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_what_says_nothing(cls, table: Any) -> Any:
        """An empty text where none is needed stands for the default."""
        if not isinstance(table, dict):
            return table
        optional = {field.alias or name for name, field in cls.model_fields.items() if not field.is_required()}
        return {key: value for key, value in table.items() if value != "" or key not in optional}


def _filled(text: str) -> str:
    if not text.strip():
        raise fault("it is empty; write it between the quotation marks")
    return text.strip()


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise fault("it must stand in one line, without tabs or control characters")
    return text.strip()


def _web_address(text: str) -> str:
    if not places.is_web_address(text.strip()):
        raise fault('not a web address; write it like "https://docket.example/"')
    return text.strip()


def _picture_address(text: str) -> str:
    if urlsplit(text).path.lower().endswith((".svg", ".svgz", ".webp")):
        raise fault("Gmail shows no SVG and Outlook no WebP; name a PNG or a JPEG")
    return text


def _closing_slash(text: str) -> str:
    if "?" in text or "#" in text:
        raise fault('an address of a site has no "?" and no "#"; write it like "https://docket.example/"')
    return text if text.endswith("/") else f"{text}/"


def _feed(text: str) -> str:
    scheme, separator, rest = text.strip().partition("://")
    if separator and scheme.lower() not in {"http", "https"}:
        guess = f"https://{rest}" if scheme.lower() == "feed" else "https://docket.example/feed/"
        raise fault(f'only http, https and files can be read; write it like "{guess}"')
    if separator and not places.is_web_address(text.strip()):
        raise fault('not a web address; write it like "https://docket.example/feed/"')
    return text.strip()


def _timezone(text: str) -> str:
    try:
        return ZoneInfo(text.strip()).key
    except (OSError, ValueError, KeyError):  # a folder of zones, a path out of them, an unknown name
        near = places.near_timezones(text)
    raise fault(f"no such time zone; write it like {near}")


def _language(text: str) -> str:
    from babel import Locale, UnknownLocaleError

    written = text.strip().replace("_", "-")
    try:
        Locale.parse(written, sep="-")
    except (UnknownLocaleError, ValueError):
        raise fault('not a language that is known; write its code, like "en", "es" or "pt-BR"') from None
    return written


def _mailbox(text: str) -> str:
    try:
        return canonical_mailbox(text)
    except BadMailbox as bad:
        raise fault(f'{bad}; write it like "Closing Arguments <letters@docket.example>"') from None


def _closes(text: str) -> str:
    found = _CLOSES.fullmatch(text.strip())
    if not found or not any(day.startswith(found[1].lower()) for day in _DAYS):
        raise fault('not a day and an hour; write it like "Friday 06:00"')
    return text.strip()


def weekday_and_hour(closes: str) -> tuple[int, time]:
    """`Friday 06:00` as 4 and 06:00; the value must have been checked."""
    day, _, clock = closes.partition(" ")
    weekday = next(at for at, name in enumerate(_DAYS) if name.startswith(day.strip().lower()))
    return weekday, hour(clock.strip())


def _local_hour(text: str) -> str:
    if not _HOUR.fullmatch(text.strip()):
        raise fault('not an hour; write it like "07:00"')
    return text.strip()


def hour(text: str) -> time:
    """`07:00` as a time; the value must have been checked."""
    hours, _, minutes = text.partition(":")
    return time(int(hours), int(minutes))


def _hold(minutes: float) -> float:
    if 0 < minutes < _LEAST_HOLD:
        raise fault(
            "letters can be taken back until 10 minutes before they go, so this holds nothing; write "
            f"{_LEAST_HOLD} or more, or 0 to hold none"
        )
    if minutes > _MOST_HOLD:
        raise fault(f"letters are held for 72 hours at most; write {_MOST_HOLD} or less")
    return minutes


def _whole_names(limits: Any) -> Any:
    """TOML makes tables in tables of `mail.example = 500`; nobody means that."""
    if isinstance(limits, dict) and any(isinstance(limit, dict) for limit in limits.values()):
        raise fault('domains stand in quotation marks; write them like {"mail.example" = 500}')
    return limits


def _by_domain(limits: dict[str, int]) -> dict[str, int]:
    """The same limits by domains as addresses have them; that of a domain which stands there twice is not clear."""
    made = {places.domain(name): limit for name, limit in limits.items()}
    wrong = next((name for name in limits if not places.domain(name)), None)
    if wrong is not None:
        raise fault(f'"{wrong[:60]}" is not a domain; write it like {{"mail.example" = 500}}')
    if len(made) < len(limits):
        raise fault("a domain stands in it twice, letter case aside; keep one of them")
    return made


def _colour(text: str) -> str:
    if not colour.is_colour(text):
        raise fault('not a colour; write it like "#7D1D2B"')
    return text.upper()


def _theme(text: str) -> str:
    if text.strip() not in shipped.themes():
        raise fault(f"no such theme; write one of {', '.join(shipped.themes())}")
    return text.strip()


def _store(text: str) -> str:
    if not text.startswith("sqlite://"):
        raise fault('only SQLite stores are known so far; write it like "sqlite:///var/digest.db"')
    path = text.removeprefix("sqlite:///")
    if path == text or not path or path == ":memory:":
        raise fault('it names no file to remember things in; write it like "sqlite:///var/digest.db"')
    if "?" in path:
        raise fault('a store takes no options after "?"; write it like "sqlite:///var/digest.db"')
    return text


def _path(text: str) -> str:
    if "\0" in text:
        raise fault("a path cannot hold a NUL character")
    return _filled(text)


def _each_filled(texts: list[str]) -> list[str]:
    if not all(text.strip() for text in texts):
        raise fault("one of them is empty; take it out")
    return [" ".join(text.split()) for text in texts]


def _clients(names: list[str]) -> list[str]:
    wrong = next((name for name in names if name not in CLIENTS), None)
    if wrong is not None:
        raise fault(f'"{wrong[:60]}" is not a mail program that is known; known are {", ".join(CLIENTS)}')
    if not names:
        raise fault("it names no mail program; take it out to have the usual ones")
    return names


def _agencies(names: list[str]) -> list[str]:
    known = {name.casefold(): name for name in AGENCIES}
    wrong = next((name for name in names if name.strip().casefold() not in known), None)
    if wrong is not None:
        raise fault(f'"{wrong[:60]}" is not an agency that is known; known are {", ".join(AGENCIES)}')
    return [known[name.strip().casefold()] for name in names]


def _day(day: date | None) -> date | None:
    if day and not _EARLIEST <= day.year <= _LATEST:
        raise fault(f"it must be a day of the years {_EARLIEST} to {_LATEST}")
    return day


def _pictures_from(text: str) -> str:
    if text.strip() in {"original", "archive"}:
        return text.strip()
    if not places.is_web_address(text.strip()):
        raise fault('write "original", "archive", or an address like "https://pictures.docket.example/"')
    return _closing_slash(text.strip())


Line = Annotated[str, AfterValidator(_one_line)]
FilledLine = Annotated[str, AfterValidator(_filled), AfterValidator(_one_line)]
Filled = Annotated[str, AfterValidator(_filled)]
Text = Annotated[str, StringConstraints(strip_whitespace=True)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
PictureAddress = Annotated[str, AfterValidator(_web_address), AfterValidator(_picture_address)]
Site = Annotated[str, AfterValidator(_web_address), AfterValidator(_closing_slash)]
PicturesFrom = Annotated[str, AfterValidator(_pictures_from)]
Feed = Annotated[str, AfterValidator(_path), AfterValidator(_feed)]
TimeZone = Annotated[str, AfterValidator(_timezone)]
Language = Annotated[str, AfterValidator(_language)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
Closes = Annotated[str, AfterValidator(_closes)]
Colour = Annotated[str, AfterValidator(_colour)]
ThemeName = Annotated[str, AfterValidator(_theme)]
Face = Literal["serif", "sans"]
HowMuch = Literal["headlines", "decks", "full"]
StoreAddress = Annotated[str, AfterValidator(_store)]
PathText = Annotated[str, AfterValidator(_path)]
Day = Annotated[date | None, AfterValidator(_day)]
Names = Annotated[list[str], AfterValidator(_each_filled)]
Agencies = Annotated[list[str], AfterValidator(_agencies)]
Clients = Annotated[list[str], AfterValidator(_clients)]
Security = Literal["starttls", "tls", "none"]
Provider = Literal["outbox", "smtp", "sendgrid", "resend"]
Uncertain = Literal["hold", "resend"]
FormName = Literal["lead", "standard", "brief", "opinion", "feature", "podcast", "correction"]
AtLeastOne = Annotated[int, Field(ge=1)]
Count = Annotated[int, Field(ge=0)]
Every = Annotated[int, Field(ge=0, le=1440)]
AtOnce = Annotated[int, Field(ge=1, le=32)]
Column = Annotated[int, Field(ge=1, le=560)]
Share = Annotated[float, Field(ge=0, le=1)]
Hold = Annotated[float, Field(ge=0), AfterValidator(_hold)]
LocalHour = Annotated[str, AfterValidator(_local_hour)]
DomainLimits = Annotated[dict[str, AtLeastOne], BeforeValidator(_whole_names), AfterValidator(_by_domain)]
Positive = Annotated[float, Field(gt=0, le=86_400)]
