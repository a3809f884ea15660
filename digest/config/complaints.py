"""What is wrong, a line for each fault: file, key, value, and what would do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from digest.config.keys import keys_in, known_keys

Path = tuple[str | int, ...]
NOTHING = object()

_SECRET = re.compile(r"passw|secret|token|api_?key|credential", re.IGNORECASE)
_SECRET_WORDS = ("password", "passwd", "secret", "api_key", "apikey", "token")
_LOGIN = re.compile(r"//[^/@\s]*:[^/@\s]*@")
_LONGEST = 60
_TYPES = {
    "string_type": "not a text; write it in quotation marks",
    "int_type": "not a whole number; write it like 5, without quotation marks",
    "float_type": "not a number; write it like 2.5, without quotation marks",
    "finite_number": "not a number that can be used; write it like 2.5",
    "bool_type": "neither true nor false; write one of them, without quotation marks",
    "dict_type": "not a table; write it under a heading of its own in [brackets]",
    "model_type": "not a table; write it under a heading of its own in [brackets]",
    "missing": "it is missing",
}
_CONTEXTS = {
    "words": "{}",
    "ge": "it must be {:g} or more",
    "gt": "it must be more than {:g}",
    "le": "it must be {:g} or less",
    "expected": "not known; write one of {}",
}
_GONE: Mapping[Path, str] = {
    ("delivery", "sendgrid", "patience"): "it is gone, because what the service asks for is always waited; take it out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A fault at a place in the document: `("sections", 1, "max")`. `value` may be NOTHING."""

    path: Path
    words: str
    value: object = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where values came from: the file's name, and for what the environment says the variable's."""

    file: str
    document: Mapping[str, Any]
    variables: Mapping[Path, str] = field(default_factory=dict)

    def line(self, complaint: Complaint) -> str:
        """`digest.toml: week.closes = "Fryday": not a day`, or with the variable's name in place of file and key."""
        path = complaint.path
        at = next((at for at in range(len(path), 0, -1) if path[:at] in self.variables), 0)
        if at:
            where = self.variables[path[:at]] + _dotted(self.document, path, at)
        else:
            where = f"{self.file}: {_dotted(self.document, path, 0).removeprefix('.')}"
        value = "" if complaint.value is NOTHING else f" = {shown(complaint.value)}"
        return _harmless(f"{where}{value}: {complaint.words}")


def shown(value: object) -> str:
    """A value as it would stand in the file, cut short, without a password that an address may hold."""
    text = _LOGIN.sub("//…@", json.dumps(value, ensure_ascii=False, default=str))
    text = _harmless(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _harmless(text: str) -> str:
    """The text without anything that a terminal would obey."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def from_schema(errors: Iterable[ErrorDetails]) -> list[Complaint]:
    """The schema's findings in our words."""
    return [_complaint(error) for error in errors]


def _complaint(error: ErrorDetails) -> Complaint:
    path, kind = error["loc"], error["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path, error["input"])
    value = NOTHING if kind == "missing" else error["input"]
    return Complaint(path=path, value=value, words=_words(error))


def _words(error: ErrorDetails) -> str:
    kind = error["type"]
    if kind == "list_type":
        return _list_words(error["loc"], error["input"])
    if kind in {"missing", "too_short"}:
        return _missing_words(error["loc"])
    if kind.startswith("date"):
        return "not a date; write it like 2026-11-20, without quotation marks"
    return _context_words(error.get("ctx", {})) or _TYPES.get(kind, error["msg"])


def _context_words(context: Mapping[str, Any]) -> str:
    """What the schema knows of the value that would do."""
    said = next((name for name in _CONTEXTS if name in context), "")
    return _CONTEXTS[said].format(context[said]).replace("'", '"') if said else ""


def _list_words(path: Path, value: object) -> str:
    if path in {("sections",), ("sources",)}:
        return f"write each of them under a heading of its own, [[{path[0]}]] in double brackets"
    if _kind_at(path) == "list of whole numbers":
        return "not a list; write it like [50, 100, 500]"
    return f"not a list; write it like [{shown(value if isinstance(value, str) else 'National')}]"


def _kind_at(path: Path) -> str:
    return next((key.kind for key in known_keys() if key.path == _names(path)), "")


def _missing_words(path: Path) -> str:
    if path == ("sources",):
        return "no feed is named; add [[sources]] and below it feed = with the feed's address"
    name = next((key for key in known_keys() if key.path == _names(path)), None)
    return f"it is missing; write it ({name.kind}: {name.description.rstrip('.')})" if name else "it is missing"


def _unknown_key(path: Path, value: object) -> Complaint:
    name, table = str(path[-1]), _names(path[:-1])
    if is_secret(name):
        return Complaint(path=path, words=_secret_words(table, name))
    hide = table[:1] == ("delivery",) or isinstance(value, dict | list)
    return Complaint(path=path, value=NOTHING if hide else value, words=_unknown_words(table, name))


def _unknown_words(table: tuple[str, ...], name: str) -> str:
    if (*table, name) in _GONE:
        return _GONE[*table, name]
    known = keys_in(table)
    near = get_close_matches(name.lower(), known, n=1)
    if near:
        return f'no such key; did you mean "{near[0]}"?'
    elsewhere = next((key.path[:-1] for key in known_keys() if len(key.path) > 1 and key.path[-1] == name), None)
    if elsewhere:
        return f"no such key here; it belongs under [{'.'.join(elsewhere)}]"
    return f"no such key; known here are {', '.join(known)}"


def is_secret(name: str) -> bool:
    """Whether a key's name, or one that it nearly is, is that of a secret."""
    near = (SequenceMatcher(None, name.lower(), word).ratio() for word in _SECRET_WORDS)
    return bool(_SECRET.search(name)) or max(near) > 0.75


def _secret_words(table: tuple[str, ...], name: str) -> str:
    if "resend" in table or "resend" in name.lower():
        variable = "DIGEST_RESEND_API_KEY"
    elif "sendgrid" in table or "key" in name.lower():
        variable = "DIGEST_SENDGRID_API_KEY"
    else:
        variable = "DIGEST_SMTP_PASSWORD" if "delivery" in table else "DIGEST_SECRET"
    return (
        "a secret does not belong in this file; take it out, and set it as "
        f"{variable} or in a file named by {variable}_FILE in the environment"
    )


def _names(path: Sequence[str | int]) -> tuple[str, ...]:
    return tuple(part for part in path if isinstance(part, str))


def _dotted(document: object, path: Path, start: int) -> str:
    """`.sections[National].max`, from the part at `start` on."""
    parts = []
    for at, part in enumerate(path):
        document = _inside(document, part)
        if at >= start:
            parts.append(f".{part}" if isinstance(part, str) else f"[{_member(document, part)}]")
    return "".join(parts)


def _inside(document: object, part: str | int) -> object:
    try:
        return document[part]  # type: ignore[index]
    except (TypeError, LookupError):
        return None


def _member(member: object, at: int) -> str:
    """A member of a list by its name, else by its number from 1."""
    name = member.get("name") if isinstance(member, dict) else None
    return shown(name.strip())[1:-1] if isinstance(name, str) and name.strip() else str(at + 1)
