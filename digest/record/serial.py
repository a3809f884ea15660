"""The words of the trade as plain JSON values, and back. Pure.

Dataclasses become objects, instants and dates ISO 8601 texts, tuples lists. A field that the JSON lacks keeps its
default, a field that the class lacks is passed over: issues kept by another version can be read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from digest.model import ArticlePage, Issue, Passage, Picture, RenderedIssue, Slot
from digest.model.back_issues import BackIssue


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptIssue:
    """What `issue.json` holds: an issue and what its mail form has beside HTML and text."""

    issue: Issue
    subject: str
    preheader: str
    slots: Mapping[Slot, str]
    fingerprint: str
    html_passages: tuple[Passage, ...] = ()
    text_passages: tuple[Passage, ...] = ()


def issue_to_json(issue: Issue, rendered: RenderedIssue) -> str:
    """`issue.json`, made to be read by people too."""
    kept = KeptIssue(
        issue=issue,
        subject=rendered.subject,
        preheader=rendered.preheader,
        slots=rendered.slots,
        fingerprint=rendered.fingerprint,
        html_passages=rendered.html_passages,
        text_passages=rendered.text_passages,
    )
    return json.dumps(to_plain(kept), ensure_ascii=False, indent=2) + "\n"


def issue_from_json(text: str) -> KeptIssue:
    """What `issue_to_json` wrote. Raises ValueError."""
    kept: KeptIssue = _of(KeptIssue, json.loads(text))
    return kept


def pictures_to_json(pictures: tuple[Picture, ...]) -> str:
    """An entry's pictures."""
    return json.dumps(to_plain(pictures), ensure_ascii=False)


def pictures_from_json(text: str) -> tuple[Picture, ...]:
    """What `pictures_to_json` wrote."""
    return tuple(_of(Picture, plain) for plain in json.loads(text))


def article_to_json(page: ArticlePage) -> str:
    """What an article's page said."""
    return json.dumps(to_plain(page), ensure_ascii=False)


def article_from_json(text: str) -> ArticlePage:
    """What `article_to_json` wrote."""
    page: ArticlePage = _of(ArticlePage, json.loads(text))
    return page


def back_issue_to_json(shown: BackIssue) -> str:
    """What a list says of a back issue."""
    return json.dumps(to_plain(shown), ensure_ascii=False)


def back_issue_from_json(text: str) -> BackIssue:
    """What `back_issue_to_json` wrote."""
    shown: BackIssue = _of(BackIssue, json.loads(text))
    return shown


def to_plain(value: Any) -> Any:
    """A value of the model as JSON knows values."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [to_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def from_plain(kind: Any, plain: Any) -> Any:
    """The value of the type `kind` that `to_plain` made `plain` of. Raises ValueError."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return None if plain is None else from_plain(parts[0], plain)
    if origin is tuple:
        return tuple(from_plain(parts[0], one) for one in _checked(list, plain))
    if origin is Mapping:
        return {from_plain(parts[0], key): from_plain(parts[1], one) for key, one in _checked(dict, plain).items()}
    if is_dataclass(kind):
        return _of(kind, plain)
    if issubclass(kind, date):
        return kind.fromisoformat(_checked(str, plain))
    return kind(plain) if issubclass(kind, Enum) else _checked(kind, plain)


def _of(kind: Any, plain: Any) -> Any:
    members = _checked(dict, plain)
    known = {name: from_plain(hint, members[name]) for name, hint in _hints(kind).items() if name in members}
    try:
        return kind(**known)
    except TypeError as error:
        raise ValueError(f"{kind.__name__}: {error}") from error


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _checked(kind: Any, plain: Any) -> Any:
    if not isinstance(plain, kind):
        raise ValueError(f"{plain!r:.60} stands where a {kind.__name__} should")
    return plain
