"""Answers that say "not modified" to whoever has them already (RFC 9110, 8.8 and 13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response

_NOT_MODIFIED = 304


def answer(
    request: Request,
    content: bytes,
    kind: str,
    *,
    mark: str,
    changed: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """`content` under the entity tag `mark`; without a body where the request's conditions say that it is known."""
    tag = f'"{mark}"'
    told = {"etag": tag, **(headers or {})}
    if changed is not None:
        told["last-modified"] = format_datetime(changed.astimezone(UTC).replace(microsecond=0), usegmt=True)
    if is_known(request.headers, tag, changed):
        return Response(status_code=_NOT_MODIFIED, headers=told)
    return Response(content, media_type=kind, headers=told)


def is_known(headers: Mapping[str, str], tag: str, changed: datetime | None) -> bool:
    """Whether whoever sends these headers has the content of that tag. Dates count only where no tag is given."""
    tags = headers.get("if-none-match")
    if tags is not None:
        given = {one.strip().removeprefix("W/") for one in tags.split(",")}
        return tag in given or "*" in given
    since = _date(headers.get("if-modified-since", ""))
    return since is not None and changed is not None and changed.replace(microsecond=0) <= since


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
