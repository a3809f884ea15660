"""Setting the words by the rules of their language. Pure functions, used as template filters.

What belongs together is bound with a no-break space; typewriter quotes, dashes and dots become the printer's. Only
spaces and such marks change: addresses, code, feet and inches stay as they are, and what is set already stays set.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from gettext import NullTranslations

from babel import Locale

from digest.render.quotes import PROTECTED, Quotes, curly

NO_BREAK_SPACE = "\u00a0"
NARROW_SPACE = "\u202f"
_SHORT_ENDING = 15
_SHORT = 26
_SYMBOLS = "km|kg|m|cm|mm|ha|%|‰|€|£|¥|$"
_DIGIT = re.compile(r"\d")
_FULL_STOP = re.compile(rf"[.!?…؟][\"”“’»){NO_BREAK_SPACE}{NARROW_SPACE}]*$")
_MAY_BE_SET_OFF = re.compile(r"[«»;:!?]")
# French stories set such marks off in letters of any language; there too no line may begin with one.
_STRAY = re.compile(r"(?<=[^\s«]) (?=[:;!?»]+(?:\s|$))")
_MAY_BE_TYPED = re.compile(r"\.\.\.|--| - ")
_TYPED = re.compile(
    rf"""(?P<kept>{PROTECTED.pattern})"""
    r"""|(?P<dots>(?<![./\\])\.\.\.(?![./\\]))"""
    r"""|(?P<spaced>(?<=[^\W\d_]{2})[ ]--?[ ](?=[^\W\d_]{2}))"""
    r"""|(?P<joined>(?<=[^\W\d_])--(?=[^\W\d_]))"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How a language sets its words. `set_off` finds where its marks want a narrow space, if they do."""

    quotes: Quotes
    dash: str
    set_off: re.Pattern[str] | None
    number_and_unit: re.Pattern[str]
    vote: re.Pattern[str]
    month_and_day: re.Pattern[str]
    day_and_month: re.Pattern[str]


def rules(locale: Locale, words: NullTranslations) -> Rules:
    """The rules of a language: a catalogue translates them like any other words; the months are CLDR's."""
    months = "|".join(re.escape(name) for name in _months(locale) if not name[:1].isdigit())
    units = words.pgettext(
        "units, which stay with their number",
        "million|billion|trillion|percent|per cent|degrees|feet|foot|inches|yards|miles|acres|pounds|tons|dollars|"
        "cents|years|months|weeks|days|hours|minutes|seconds|pages|votes|a.m.|p.m.",
    )
    between = words.pgettext("between the two counts of a vote", "to")
    return Rules(
        quotes=_quotes(words.pgettext("quotation marks, and those within a quotation", "“ ” ‘ ’")),
        dash=words.pgettext("dash between words", "—"),
        set_off=_set_off(words.pgettext("marks set off by a narrow space", "none")),
        number_and_unit=re.compile(rf"(?<=\d) (?=(?:{_either(f'{units}|{_SYMBOLS}')})(?!\w))"),
        vote=re.compile(rf"\b(\d{{1,3}}) ({_either(between)}) (?=\d{{1,3}}\b)"),
        month_and_day=re.compile(rf"\b((?:{months})\.?) (?=\d{{1,2}}\b)"),
        day_and_month=re.compile(rf"\b(\d{{1,2}}\.?)((?: de)?) (?=(?:{months})\b)"),
    )


def bound(text: str) -> str:
    """All words of `text` kept on one line, for short links and places; a long one may break."""
    return text.replace(" ", NO_BREAK_SPACE) if len(text) <= _SHORT else text


def marked(text: str, rules: Rules) -> str:
    """`text` with the language's quotes, dashes and the spaces of its marks; nothing is bound."""
    if _MAY_BE_TYPED.search(text):
        text = _TYPED.sub(lambda found: _printed(found, rules), text)
    text = curly(text, rules.quotes)
    if not _MAY_BE_SET_OFF.search(text):
        return text
    if rules.set_off is None:
        return _STRAY.sub(NO_BREAK_SPACE, text)
    return rules.set_off.sub(lambda found: found["kept"] or NARROW_SPACE, text)


def running(text: str, rules: Rules) -> str:
    """Running text, `marked`: month and day, number and unit, and `3 to 2` stay together."""
    text = marked(text, rules)
    if not _DIGIT.search(text):
        return text
    text = rules.vote.sub(rf"\1{NO_BREAK_SPACE}\2{NO_BREAK_SPACE}", text)
    text = rules.number_and_unit.sub(NO_BREAK_SPACE, text)
    text = rules.month_and_day.sub(rf"\1{NO_BREAK_SPACE}", text)
    return rules.day_and_month.sub(_day_bound, text)


def headline(text: str, rules: Rules) -> str:
    """A headline: as running text, and its last two words stay together when they are short."""
    text = running(text, rules)
    start, space, last = text.rpartition(" ")
    before = start.rpartition(" ")[2]
    if not space or NO_BREAK_SPACE in last or len(before) + len(last) > _SHORT_ENDING:
        return text
    return f"{start}{NO_BREAK_SPACE}{last}"


def credit(text: str) -> str:
    """A credit in its parentheses, kept on one line unless it is long."""
    return f"({bound(text)})"


def caption(text: str, rules: Rules) -> str:
    """A caption with its full stop."""
    text = text.strip()
    return running(text if not text or _FULL_STOP.search(text) else f"{text}.", rules)


def _quotes(marks: str) -> Quotes:
    four = marks.split()
    return Quotes(*four) if len(four) == 4 else Quotes("“", "”", "‘", "’")


def _either(words: str) -> str:
    return "|".join(re.escape(word) for word in words.split("|") if word)


def _set_off(marks: str) -> re.Pattern[str] | None:
    """Where the narrow space goes, with the spaces that it replaces: before a mark at a word's end, in guillemets."""
    if not set(marks) & set("«»;:!?"):
        return None
    within = re.escape("".join(mark for mark in marks if mark in ";:!?")) or "(?!)"
    spaces = f"[ {NO_BREAK_SPACE}{NARROW_SPACE}]*"
    places = [rf"(?<=[^\s(\[«{within}]){spaces}(?=[{within}]+(?:[\s\"”»)\],.…]|$))"]
    if "«" in marks:
        places += [rf"(?<=«){spaces}(?=[\w\"'“‘’…])", rf"(?<=[\w\"'”’….!?)%]){spaces}(?=»)"]
    return re.compile(rf"(?P<kept>{PROTECTED.pattern})|{'|'.join(places)}")


def _printed(found: re.Match[str], rules: Rules) -> str:
    match found.lastgroup:
        case "dots":
            return "…"
        case "spaced":
            return f" {rules.dash.strip()} "
        case "joined":
            return rules.dash
        case _:
            return found[0]


def _day_bound(found: re.Match[str]) -> str:
    # Spanish: 20 de noviembre.
    return f"{found[1]}{found[2].replace(' ', NO_BREAK_SPACE)}{NO_BREAK_SPACE}"


def _months(locale: Locale) -> list[str]:
    names = {name for width in ("wide", "abbreviated") for name in locale.months["format"][width].values()}
    return sorted({name.rstrip(".") for name in names}, key=len, reverse=True)
