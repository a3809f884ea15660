"""The letter's language: its words out of a gettext catalogue, its dates, numbers and lists out of CLDR (by Babel).

English needs no catalogue, its words stand in the templates. Each other language is one file, `locale/es.po` beside
this module; a publication puts its own into the folder `locale` of its templates, to add a language or to say some
things in another way. Catalogues are read as they are: nothing has to be compiled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from gettext import NullTranslations
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

from digest.errors import ConfigurationError
from digest.render.catalogues import translations
from digest.render.typography import Rules, rules

SHIPPED = Path(__file__).with_name("locale")
OWN = "locale"
"""The folder of catalogues in a publication's folder of templates."""

_ENGLISH = "en"
_RIGHT_TO_LEFT = frozenset(["Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"])
_NAME = "\N{NULL}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Language:
    """A language that a letter can be written in. `code` is as the publication writes it: `es`, `pt-BR`."""

    code: str
    locale: Locale
    words: NullTranslations
    rules: Rules
    right_to_left: bool
    capitals: bool
    """Whether its script has capitals: only then may small capitals, italics and tracking be used."""

    def date_line(self, day: date) -> str:
        """The date in full: `Friday, November 20, 2026` in English."""
        return format_date(day, "full", locale=self.locale)

    def short_date(self, day: date, *, year: bool = False) -> str:
        """Month and day, and the year if wanted: `Nov. 13` in English."""
        made = format_skeleton("yMMMd" if year else "MMMd", day, locale=self.locale)
        if self.locale.language != _ENGLISH:
            return made
        short, full = (self.locale.months["format"][width][day.month] for width in ("abbreviated", "wide"))
        return made.replace(short, _newspaper_month(short, full))

    def month(self, day: date) -> str:
        """The month by itself: `November` in English."""
        return format_date(day, "LLLL", locale=self.locale)

    def month_and_year(self, day: date) -> str:
        """`March 2024` in English."""
        return format_skeleton("yMMMM", day, locale=self.locale)

    def weekday(self, number: int) -> str:
        """The name of a day of the week, 0 for Monday: `Friday` in English."""
        return str(self.locale.days["stand-alone"]["wide"][number])

    def number(self, number: float) -> str:
        """A number with this language's marks: `1,200.5` in English."""
        return format_decimal(number, locale=self.locale)

    def listed(self, things: Sequence[str]) -> str:
        """Things in a row: `A, B, and C` in English."""
        return format_list(list(things), locale=self.locale)

    def greeting(self) -> tuple[str, str]:
        """What stands before and after a reader's name: `Good morning, ` and `,` in English."""
        before, _, after = (self.words.gettext("Good morning, %(name)s,") % {"name": _NAME}).partition(_NAME)
        return before, after

    def greeting_without_name(self) -> str:
        """What greets a reader whose name is not known: `Good morning,` in English."""
        return self.words.gettext("Good morning,")

    def nobody_in_particular(self) -> str:
        """What stands for the reader's address in the copy that is nobody's: `you` in English."""
        return self.words.pgettext("in place of a reader's address", "you")

    def in_one_sentence(self, headlines: Sequence[str]) -> str:
        """The week in up to three headlines, for a letter without an editor's note; empty without any."""
        patterns = (
            "%(first)s",
            self.words.gettext("This week: %(first)s."),
            self.words.gettext("This week: %(first)s; and %(second)s."),
            self.words.gettext("This week: %(first)s; %(second)s; and %(third)s."),
        )
        told = [headline.rstrip(".") for headline in headlines[:3]]
        named = dict(zip(("first", "second", "third"), told, strict=False)) or {"first": ""}
        sentence = patterns[len(told)] % named
        return sentence.removesuffix(".") if sentence.endswith(("?.", "!.", "….", "؟.")) else sentence


def language_of(code: str, templates: Path | None = None) -> Language:
    """The language of `code`, with the catalogues of the publication's `templates` before those that are shipped.

    `pt-BR` is looked for before `pt`. Kept from call to call; a catalogue that changes is read again. Raises
    ConfigurationError for a language without a catalogue, and for a catalogue that cannot be read.
    """
    locale = _locale(code)
    files = [file for file in _places(code, locale, templates) if file.is_file()]
    if not files and locale.language != _ENGLISH:
        raise _no_words(code, locale, templates)
    return _language(code, tuple((file, file.stat().st_mtime_ns) for file in files))


@cache
@cache
def shipped_languages() -> tuple[str, ...]:
    """The codes of the languages that come with the program."""
    return (_ENGLISH, *sorted(file.stem for file in SHIPPED.glob("*.po")))


@lru_cache(maxsize=16)
def _language(code: str, catalogues: tuple[tuple[Path, int], ...]) -> Language:
    locale = _locale(code)
    words = translations([file for file, _ in catalogues], locale)
    return Language(
        code=code,
        locale=locale,
        words=words,
        rules=rules(locale, words),
        right_to_left=_script(locale) in _RIGHT_TO_LEFT,
        capitals=_has_capitals(locale),
    )


def _newspaper_month(short: str, full: str) -> str:
    """A month as English newspapers shorten it: not at all up to five letters, else with a full stop."""
    if len(full) <= 5:
        return full
    return "Sept." if full == "September" else f"{short}."


def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code, sep="-")
    except (ValueError, UnknownLocaleError):
        raise ConfigurationError(
            f"publication.language = {code!r} is not a language that is known",
            hint=f"write one of {', '.join(shipped_languages())}",
        ) from None


def _places(code: str, locale: Locale, templates: Path | None) -> list[Path]:
    folders = [*([templates / OWN] if templates else []), SHIPPED]
    names = dict.fromkeys((code, locale.language))
    return [folder / f"{name}.po" for folder in folders for name in names]


def _no_words(code: str, locale: Locale, templates: Path | None) -> ConfigurationError:
    place = templates / OWN if templates else Path("templates", OWN)
    folder = "" if templates else ' and set theme.templates = "templates"'
    return ConfigurationError(
        f"publication.language = {code!r}: the letter has no words in {locale.get_display_name('en')} yet",
        hint=f"write one of {', '.join(shipped_languages())}; or translate a copy of {SHIPPED / 'es.po'}, put it at "
        f"{place / f'{code}.po'}{folder} (what it lacks is said in English)",
    )


def _script(locale: Locale) -> str:
    """The script's code (ISO 15924): the locale's own, else the likely one."""
    if locale.script:
        return locale.script
    likely = get_global("likely_subtags")
    full = likely.get(f"{locale.language}_{locale.territory}") or likely.get(locale.language, "")
    return full.split("_")[1] if full.count("_") else ""


def _has_capitals(locale: Locale) -> bool:
    return any(month != month.swapcase() for month in locale.months["format"]["wide"].values())
