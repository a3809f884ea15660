"""Setting the words: what belongs together is bound with a no-break space. Pure functions, used as template filters."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, get_month_names

NO_BREAK_SPACE = "\u00a0"
_SHORT_ENDING = 15
_SHORT = 26
_UNITS = (
    "million|billion|trillion|percent|per cent|degrees|feet|foot|inches|yards|miles|acres|pounds|tons|dollars|cents|"
    "years|months|weeks|days|hours|minutes|seconds|pages|votes|a\\.m\\.|p\\.m\\.|km|kg|m|cm|mm|%|€|£|\\$"
)
_NUMBER_AND_UNIT = re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w))")
_DIGIT = re.compile(r"\d")
_SCORE = re.compile(r"\b(\d{1,3}) to (\d{1,3})\b")


@lru_cache(maxsize=16)
def locale_of(language: str) -> Locale:
    """The locale of a language tag such as `en`, `en-GB` or `ar`; English where Babel does not know it."""
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def is_right_to_left(language: str) -> bool:
    """Whether the language is written from right to left."""
    return locale_of(language).text_direction == "rtl"


def has_capitals(language: str) -> bool:
    """Whether the language's script knows capitals: only then may small capitals and tracking be used."""
    return any(month != month.swapcase() for month in _months(locale_of(language)))


def date_line(day: object, language: str) -> str:
    """The date in full: `Friday, November 20, 2026` in English."""
    return format_date(day, "full", locale=locale_of(language))  # type: ignore[arg-type]


def bound(text: str) -> str:
    """All words of `text` kept on one line, for short links and places; a long one may break."""
    return text.replace(" ", NO_BREAK_SPACE) if len(text) <= _SHORT else text


def running(text: str, language: str = "en") -> str:
    """Running text: month and day, number and unit, and `3 to 2` stay together."""
    if not _DIGIT.search(text):
        return text
    text = _SCORE.sub(rf"\1{NO_BREAK_SPACE}to{NO_BREAK_SPACE}\2", text)
    text = _NUMBER_AND_UNIT.sub(NO_BREAK_SPACE, text)
    month_first, day_first = _months_and_days(locale_of(language))
    return day_first.sub(rf"\1{NO_BREAK_SPACE}", month_first.sub(rf"\1{NO_BREAK_SPACE}", text))


def headline(text: str, language: str = "en") -> str:
    """A headline: as running text, and its last two words stay together when they are short."""
    text = running(text, language)
    start, space, last = text.rpartition(" ")
    before = start.rpartition(" ")[2]
    if not space or NO_BREAK_SPACE in last or len(before) + len(last) > _SHORT_ENDING:
        return text
    return f"{start}{NO_BREAK_SPACE}{last}"


def credit(text: str) -> str:
    """A credit in its parentheses, kept on one line unless it is long."""
    return f"({bound(text)})"


def caption(text: str, language: str = "en") -> str:
    """A caption with its full stop."""
    text = running(text.strip(), language)
    return text if not text or re.search(r"[.!?…][\"”’»)]*$", text) else f"{text}."


def _months(locale: Locale) -> list[str]:
    names = {name for width in ("wide", "abbreviated") for name in get_month_names(width, locale=locale).values()}
    return sorted({name.rstrip(".") for name in names}, key=len, reverse=True)


@lru_cache(maxsize=16)
def _months_and_days(locale: Locale) -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = "|".join(re.escape(name) for name in _months(locale) if not name[:1].isdigit())
    return re.compile(rf"\b((?:{names})\.?) (?=\d{{1,2}}\b)"), re.compile(rf"\b(\d{{1,2}}\.?) (?=(?:{names})\b)")
