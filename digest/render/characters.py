"""Characters that may stand in a letter. Whatever a story says, control characters do not reach a template."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from operator import is_not
from typing import Any, TypeVar, cast

Value = TypeVar("Value")

_LINE_BREAKS = re.compile(r"[ \t]*[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+[ \t]*")
# What XML 1.0 (2.2) forbids, the other controls, and the direction overrides and isolates of UAX 9 that could turn
# around what stands after them.
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]")


def printable(value: Value) -> Value:
    """`value` with every string in it (through tuples and dataclasses) on one line and free of control characters."""
    return cast("Value", _printable(value))


def _printable(value: Any) -> Any:
    kind: Any = type(value)
    if kind is str:
        return value if value.isprintable() else _FORBIDDEN.sub("", _LINE_BREAKS.sub(" ", value))
    if kind is tuple:
        made = tuple(map(_printable, value))
        return made if any(map(is_not, made, value)) else value
    changed = {}
    for name in _fields(kind):
        before = getattr(value, name)
        after = _printable(before)
        if after is not before:
            changed[name] = after
    return replace(value, **changed) if changed else value


@lru_cache(maxsize=64)
def _fields(kind: type) -> tuple[str, ...]:
    """The names of a dataclass's fields; none of what is no dataclass."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()
