"""A sign-up as JSON: its fields, and what they may hold. Pydantic reads it and writes the schema of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from digest.model.forms import Form
from digest.model.readers import Rhythm

_LONGEST_ADDRESS, _LONGEST_NAME, _LONGEST_WORD, _MOST_SECTIONS = 320, 100, 200, 200
_Word = Annotated[str, Field(max_length=_LONGEST_WORD)]


class NoJson(Exception):
    """What was sent is no JSON; the text says where it ends to be."""


class BadFields(Exception):
    """`faults` are the fields that cannot be taken, as JSON pointers in a fragment, each with what is wrong with it."""

    def __init__(self, faults: Collection[tuple[str, str]]) -> None:
        super().__init__(faults)
        self.faults = tuple(faults)


class SignUpJson(BaseModel):
    """A sign-up, as a program sends it."""

    model_config = ConfigDict(extra="forbid", strict=True, title="SignUp")

    address: Annotated[str, Field(max_length=_LONGEST_ADDRESS, json_schema_extra={"format": "email"})] = Field(
        description="The reader's email address."
    )
    consent: _Word = Field(description="`consent` of the words that the reader was shown and agrees to.")
    name: Annotated[str, Field(max_length=_LONGEST_NAME)] = Field(default="", description="How letters greet them.")
    sections: Annotated[tuple[_Word, ...], Field(max_length=_MOST_SECTIONS)] = Field(
        default=(), description="The sections that they want; none for all."
    )
    rhythm: Rhythm = Field(default=Rhythm.WEEKLY, description="How often they want a letter.")
    language: _Word = Field(default="", description="The language of their letters; the publication's when not given.")

    @classmethod
    def read(cls, body: bytes) -> SignUpJson:
        """What a body says. Raises NoJson and BadFields."""
        try:
            return cls.model_validate_json(body)
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False, include_context=False)
        if found[0]["type"] == "json_invalid":
            raise NoJson(found[0]["msg"])
        raise BadFields([(pointer(*fault["loc"]), fault["msg"]) for fault in found])

    def unknown(self, *, sections: Collection[str], languages: Collection[str]) -> Iterator[tuple[str, str]]:
        """Each section or language that there is not, and what there is."""
        for place, name in enumerate(self.sections):
            if name not in sections:
                yield pointer("sections", place), f"There is no such section. There are: {', '.join(sections)}."
        if self.language and self.language not in languages:
            yield pointer("language"), f"There is no such language. There are: {', '.join(languages)}."

    def form(self) -> Form:
        """The same as a form says it."""
        return {
            "address": (self.address,),
            "name": (self.name,),
            "section": self.sections,
            "rhythm": (self.rhythm.value,),
            "language": (self.language,),
        }


def pointer(*place: str | int) -> str:
    """A JSON pointer as a fragment (RFC 6901, section 6)."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in place)
