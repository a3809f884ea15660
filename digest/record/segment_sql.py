"""A segment as a condition of the driver's SQL over `subscriber`: planning a million letters is one statement.

`audience.segments` says the same of one reader's choice; a test holds the two together.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from digest.model.readers import Rhythm
from digest.model.segments import Either, Every, Segment, Selection, Term, Trait, Without

_GETS_SECTION = """(subscriber.categories = '' OR EXISTS (
    SELECT 1 FROM temp.gets WHERE gets.section = {value} AND gets.categories = subscriber.categories))"""


@dataclass(slots=True)
class Condition:
    """The condition's text, and the values of its parameters."""

    sql: str = ""
    values: dict[str, str] = field(default_factory=dict)


def condition_of(selection: Selection) -> Condition:
    """The condition under which a reader is in the segment; it is never null. It wants what `keep_choices` keeps."""
    found = Condition()
    found.sql = _sql(selection.segment, selection, found.values)
    return found


def keep_choices(driver: sqlite3.Connection, selection: Selection) -> None:
    """The choices by the sections that they come to, where the condition finds them."""
    driver.execute(
        "CREATE TEMP TABLE IF NOT EXISTS gets"
        " (section TEXT, categories TEXT, PRIMARY KEY (section, categories)) WITHOUT ROWID"
    )
    driver.execute("DELETE FROM temp.gets")
    rows = [(section, "\n".join(choice)) for section, choices in selection.choices.items() for choice in choices]
    driver.executemany("INSERT OR IGNORE INTO temp.gets VALUES (?, ?)", rows)


def _sql(segment: Segment, selection: Selection, values: dict[str, str]) -> str:
    match segment:
        case Term():
            return _term(segment, selection, values)
        case Without(part):
            return f"NOT {_sql(part, selection, values)}"
        case Every(parts):
            return f"({' AND '.join(_sql(part, selection, values) for part in parts)})"
        case Either(parts):
            return f"({' OR '.join(_sql(part, selection, values) for part in parts)})"


def _term(term: Term, selection: Selection, values: dict[str, str]) -> str:
    name = f"segment_{len(values)}"
    values[name] = term.value
    match term.trait:
        case Trait.SECTION:
            return _GETS_SECTION.format(value=f":{name}")
        case Trait.LANGUAGE:
            return _speaks(f":{name}", is_own=term.value == selection.language)
        case Trait.RHYTHM:
            return _equals("rhythm", f":{name}", is_own=term.value == Rhythm.WEEKLY)
        case Trait.TIMEZONE:
            return _equals("timezone", f":{name}", is_own=term.value == selection.timezone)


def _equals(column: str, value: str, *, is_own: bool) -> str:
    return f"(subscriber.{column} = {value}{_unsaid(column, is_own)})"


def _speaks(value: str, *, is_own: bool) -> str:
    """`en-GB` is `en` too."""
    column = "subscriber.language"
    return f"({column} = {value} OR {column} LIKE {value} || '-%'{_unsaid('language', is_own)})"


def _unsaid(column: str, is_own: bool) -> str:
    """Nothing stands for the publication's own."""
    return f" OR subscriber.{column} = ''" if is_own else ""
