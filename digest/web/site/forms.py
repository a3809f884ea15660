"""What a form sent, in either of the encodings that forms have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request

_MOST_FIELDS = 200


async def fields_of(request: Request) -> Mapping[str, Sequence[str]]:
    """The texts of each field. What cannot be read as a form has none: mail programs send odd ones, and a wish to leave
    counts whatever is around it."""
    try:
        async with request.form(max_files=0, max_fields=_MOST_FIELDS) as form:
            read: dict[str, list[str]] = {}
            for name, value in form.multi_items():
                if isinstance(value, str):
                    read.setdefault(name, []).append(value)
            return read
    except HTTPException:
        return {}


def first(form: Mapping[str, Sequence[str]], name: str) -> str:
    """The first text of a field, empty where it was not sent."""
    return next(iter(form.get(name, ())), "")
