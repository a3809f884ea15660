"""What a form sent, in either of the encodings that forms have."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request

from digest.model.forms import Form

_MOST_FIELDS = 200
_NO_FORM = 400


async def fields_of(request: Request) -> Form:
    """The texts of each field. What cannot be read as a form has none: mail programs send odd ones, and a wish to leave
    counts whatever is around it. Raises HTTPException for what is too long, or too slow."""
    try:
        async with request.form(max_files=0, max_fields=_MOST_FIELDS) as form:
            read: dict[str, list[str]] = {}
            for name, value in form.multi_items():
                if isinstance(value, str):
                    read.setdefault(name, []).append(_storable(value))
            return read
    except UnicodeError:
        # A form says itself in which code it is written, and there are codes for other things than text.
        return {}
    except HTTPException as error:
        if error.status_code != _NO_FORM:
            raise
        return {}


def _storable(text: str) -> str:
    """Without halves of characters, which some codes can write and no store can keep."""
    return text.encode(errors="replace").decode()
