"""What a reader filled into a form about their letters, as a choice. Nothing that is sent is taken on trust. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digest.audience.zones import known_zone
from digest.model.forms import Form, first
from digest.model.readers import Choice, Rhythm

SECTIONS, RHYTHM, LANGUAGE, TIMEZONE, NAME = "section", "rhythm", "language", "timezone", "name"
LONGEST_NAME = 100


class Unclear(Exception):
    """A form that cannot be taken as it is. `field` is the one to look at, `given` what the form says all the same."""

    def __init__(self, field: str, given: Choice) -> None:
        super().__init__(field)
        self.field = field
        self.given = given


def wished(form: Form, *, sections: Sequence[str], languages: Sequence[str]) -> Choice:
    """The choice that a form's fields make. `sections` and `languages` are what there is to choose from.

    All sections together are none in particular: who has them gets new ones too. Raises Unclear for a form without a
    section, or with a time zone that there is not.
    """
    ticked = set(form.get(SECTIONS, ()))
    timezone, unknown = known_zone(first(form, TIMEZONE))
    language = first(form, LANGUAGE)
    given = Choice(
        sections=tuple(name for name in sections if name in ticked),
        rhythm=Rhythm.MONTHLY if first(form, RHYTHM) == Rhythm.MONTHLY else Rhythm.WEEKLY,
        language=language if language in languages else "",
        timezone=timezone or _on_one_line(unknown),
        name=_on_one_line(first(form, NAME)),
    )
    if len(sections) > 1 and not given.sections:
        raise Unclear(SECTIONS, given)
    if unknown:
        raise Unclear(TIMEZONE, given)
    return replace(given, sections=()) if len(given.sections) == len(sections) else given


def _on_one_line(text: str) -> str:
    """Without what cannot be seen."""
    line = " ".join(text.split())
    return "".join(character for character in line if character.isprintable())[:LONGEST_NAME].strip()
