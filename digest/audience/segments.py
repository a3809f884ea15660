"""Which readers are in a segment, by what they chose. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from digest.audience.choices import gets, that_get, words_of
from digest.model.readers import Choice
from digest.model.segments import Either, Every, Segment, SegmentCount, Selection, Term, Trait, Without, terms_of

Judge = Callable[[Choice], bool]

_PLAIN = re.compile(r"""[^\s():"“”']+(?: [^\s():"“”]+)*""")
_SMALL_WORDS = frozenset({"and", "or", "not"})
_TIGHT = (Term, Without)
"""What needs no parentheses inside something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What there is to choose from. `sections` have the site's categories that each takes. `language` and `timezone`
    are the publication's: who named none has these. `languages` are all that pages or readers have."""

    sections: Mapping[str, Sequence[str]]
    language: str
    timezone: str
    languages: Sequence[str] = ()


def written(segment: Segment) -> str:
    """The segment in its own language; reading it gives the same again."""
    match segment:
        case Term(trait, value):
            return f"{trait.value}:{_value(value)}"
        case Without(part):
            return f"not {_inside(part, Without)}"
        case Every(parts):
            return " and ".join(_inside(part, Every) for part in parts)
        case Either(parts):
            return " or ".join(_inside(part, Either) for part in parts)


def judge_of(segment: Segment, known: Known) -> Judge:
    """Says of a choice whether a reader who made it is in the segment."""
    match segment:
        case Term():
            return _term(segment, known)
        case Without(part):
            inner = judge_of(part, known)
            return lambda choice: not inner(choice)
        case Every(parts):
            judges = [judge_of(part, known) for part in parts]
            return lambda choice: all(judge(choice) for judge in judges)
        case Either(parts):
            judges = [judge_of(part, known) for part in parts]
            return lambda choice: any(judge(choice) for judge in judges)


def selection_of(segment: Segment, known: Known, chosen: Iterable[tuple[str, ...]]) -> Selection:
    """The segment as the store can apply it; `chosen` are the choices of sections that its readers have made."""
    made = tuple(chosen)
    sections = {term.value for term in terms_of(segment) if term.trait is Trait.SECTION}
    return Selection(
        segment=segment,
        words=written(segment),
        language=known.language,
        timezone=known.timezone,
        choices={section: that_get(section, made, known.sections) for section in sorted(sections)},
    )


def counted(segment: Segment, known: Known, readers: Iterable[tuple[Choice, int]]) -> SegmentCount:
    """How many are in the segment and in each of its terms; `readers` says how many made which choice."""
    judge = judge_of(segment, known)
    terms = {written(term): judge_of(term, known) for term in terms_of(segment)}
    total, selected, counts = 0, 0, dict.fromkeys(terms, 0)
    for choice, number in readers:
        total += number
        selected += number * judge(choice)
        for words, holds in terms.items():
            counts[words] += number * holds(choice)
    return SegmentCount(words=written(segment), readers=total, selected=selected, terms=counts)


def code_of(language: str) -> str:
    """`en` for `en-GB` too."""
    return language.partition("-")[0].casefold()


def _term(term: Term, known: Known) -> Judge:
    match term.trait:
        case Trait.SECTION:
            words = words_of(known.sections)
            return lambda choice: gets(term.value, choice.sections, words)
        case Trait.LANGUAGE:
            return lambda choice: code_of(choice.language or known.language) == term.value
        case Trait.RHYTHM:
            return lambda choice: choice.rhythm.value == term.value
        case Trait.TIMEZONE:
            return lambda choice: (choice.timezone or known.timezone) == term.value


def _inside(part: Segment, kind: type[Every | Either | Without]) -> str:
    """A part of another one: `and` binds closer than `or`."""
    is_tight = isinstance(part, _TIGHT) or (isinstance(part, Every) and kind is Either)
    return written(part) if is_tight else f"({written(part)})"


def _value(value: str) -> str:
    if _PLAIN.fullmatch(value) and not _SMALL_WORDS & set(value.casefold().split()):
        return value
    escaped = value.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'
