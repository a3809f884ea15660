"""The table of all keys, made from the schema, so that the manual and the environment cannot differ from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from digest.config.kinds import Table
from digest.config.schema import Document

_WORDS = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    date: "date",
    list: "list of",
    dict: "table of",
}
_MEMBERS = {str: "texts", int: "whole numbers"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key: `week.closes`; of a table that stands several times `sections.name`, which has no variable of its own.

    `kind` and `default` are words for the manual; `python_type` is what a value of the environment is made into.
    """

    path: tuple[str, ...]
    variable: str
    kind: str
    default: str
    required: bool
    description: str
    python_type: type

    @property
    def key(self) -> str:
        return ".".join(self.path)


@lru_cache(maxsize=1)
def known_keys() -> tuple[Key, ...]:
    """Every key of digest.toml in the order of the schema, with kind, default, variable and a line on what it does."""
    return tuple(_keys(Document, (), has_variable=True))


def keys_in(path: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the keys and tables that may stand in the table at `path`, numbers of list members left out."""
    depth = len(path)
    return tuple(
        dict.fromkeys(key.path[depth] for key in known_keys() if key.path[:depth] == path and key.path != path)
    )


def _keys(table: type[Table], above: tuple[str, ...], *, has_variable: bool) -> Iterator[Key]:
    for name, field in table.model_fields.items():
        path = (*above, field.alias or name)
        kind, member = _kind(field.annotation)
        if issubclass(kind, Table):
            yield from _keys(kind, path, has_variable=has_variable)
            continue
        yield _key(path, field, kind, member, has_variable)
        if member:
            yield from _keys(member, path, has_variable=False)


def _key(path: tuple[str, ...], field: FieldInfo, kind: type, member: type[Table] | None, has_variable: bool) -> Key:
    return Key(
        path=path,
        variable=f"DIGEST_{'_'.join(path).upper()}" if has_variable else "",
        kind="list of tables" if member else _words(kind, field.annotation),
        default=_default(field),
        required=field.is_required(),
        description=field.description or "",
        python_type=kind,
    )


def _words(kind: type, annotation: Any) -> str:
    """What a value is, and in a list or a table what its members are."""
    if kind not in {list, dict}:
        return _WORDS[kind]
    inner = get_args(annotation)[-1]
    return f"{_WORDS[kind]} {_MEMBERS[get_args(inner)[0] if get_origin(inner) is Annotated else inner]}"


def _kind(annotation: Any) -> tuple[type, type[Table] | None]:
    """The plain type of a field, and, when it is a list of tables, which."""
    origin = get_origin(annotation)
    if origin is Literal:
        return str, None
    if origin in {Union, UnionType}:
        return _kind(next(part for part in get_args(annotation) if part is not NoneType))
    if origin is list:
        member = get_args(annotation)[0]
        return list, member if isinstance(member, type) and issubclass(member, Table) else None
    return origin or annotation, None


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is PydanticUndefined or value is None or value in ("", [], {}):
        return ""
    return json.dumps(value)
