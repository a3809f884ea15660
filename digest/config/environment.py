"""What the environment says: values that take the place of the file's, and secrets, which stand nowhere else."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from digest.config import complaints
from digest.config.complaints import is_secret, shown
from digest.config.keys import Key, known_keys

CONFIG = "DIGEST_CONFIG"
SECRETS: Mapping[str, tuple[str, ...]] = {
    "smtp_password": ("DIGEST_SMTP_PASSWORD",),
    "sendgrid_api_key": ("DIGEST_SENDGRID_API_KEY", "SENDGRID_API_KEY"),
    "resend_api_key": ("DIGEST_RESEND_API_KEY", "RESEND_API_KEY"),
    "imap_password": ("DIGEST_IMAP_PASSWORD",),
    "secret": ("DIGEST_SECRET",),
}
"""The variables of each secret, the first that is set wins. Each has a second one, `..._FILE`, that names a file."""
_SEVERAL = "DIGEST_SECRET"
"""The file of this one may hold several, one a line: the newest first, with which links are signed."""

_TRUTH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_EXAMPLES = {
    "whole number": "not a whole number; write it like 5",
    "number": "not a number; write it like 2.5",
    "true or false": "neither true nor false; write one of them",
    "date": "not a date; write it like 2026-11-20",
    "list of texts": 'not a list; write it like ["National", "Politics"]',
    "list of tables": 'not a list of tables; write it like [{name = "National", feed = "https://docket.example/feed/"}]',
    "list of whole numbers": "not a list; write it like [50, 100, 500]",
    "table of texts": 'not a table; write it like {"https://docket.example/pictures/" = "pictures"}',
    "table of whole numbers": 'not a table; write it like {"mail.example" = 500}',
}


@dataclass(slots=True, kw_only=True)
class Said:
    """A document with the environment's values in it, where those came from, and what is wrong with them."""

    document: dict[str, Any]
    variables: dict[complaints.Path, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


def with_environment(document: Mapping[str, Any], environ: Mapping[str, str]) -> Said:
    """The document with every `DIGEST_<TABLE>_<KEY>` in its place. An empty variable says nothing."""
    said = Said(document=deepcopy(dict(document)))
    for key in known_keys():
        text = environ.get(key.variable, "") if key.variable else ""
        if text.strip():
            _put(said, key, text)
    return said


def _put(said: Said, key: Key, text: str) -> None:
    try:
        value = _parse(key.python_type, text.strip())
    except (ValueError, RecursionError):
        said.complaints.append(f"{key.variable} = {shown(text)}: {_EXAMPLES[key.kind]}")
        return
    table = said.document
    for name in key.path[:-1]:
        table = table.setdefault(name, {})
        if not isinstance(table, dict):  # the schema will say so
            return
    table[key.path[-1]] = value
    said.variables[key.path] = key.variable


def _parse(kind: type, text: str) -> object:
    """Raises ValueError."""
    readers: dict[type, Callable[[str], object]] = {
        str: str,
        int: _whole,
        float: float,
        bool: _truth,
        date: date.fromisoformat,
        list: lambda written: _compound(list, written),
        dict: lambda written: _compound(dict, written),
    }
    return readers[kind](text)


def _whole(text: str) -> int:
    if not text.removeprefix("-").isdecimal():
        raise ValueError(text)
    return int(text)


def _truth(text: str) -> bool:
    if text.lower() not in _TRUTH:
        raise ValueError(text)
    return _TRUTH[text.lower()]


def _compound(kind: type, text: str) -> object:
    """A list or table, written as JSON or as a value of TOML."""
    try:
        value = json.loads(text)
    except ValueError:  # not JSON
        document = tomllib.loads(f"value = {text}")
        value = document["value"] if len(document) == 1 else None
    if not isinstance(value, kind):
        raise ValueError(text)
    return value


def warnings(environ: Mapping[str, str]) -> tuple[str, ...]:
    """A line for every variable that looks like one of ours and is none."""
    known = known_variables()
    strangers = sorted(name for name in environ if name.startswith("DIGEST_") and name not in known)
    return tuple(f"{name}: no such variable, so it changes nothing{_meant(name, known)}" for name in strangers)


def _meant(name: str, known: tuple[str, ...]) -> str:
    if is_secret(name):
        known = tuple(variable for variable in known if is_secret(variable))
    near = get_close_matches(name, known, n=1, cutoff=0.7)
    return f"; did you mean {near[0]}?" if near else ""


def known_variables() -> tuple[str, ...]:
    """Every variable that is read: the keys', those of secrets, and DIGEST_CONFIG."""
    secrets = (name for names in SECRETS.values() for name in names)
    return (
        CONFIG,
        *(key.variable for key in known_keys() if key.variable),
        *(variable for name in secrets for variable in (name, f"{name}_FILE")),
    )


def read_secrets(environ: Mapping[str, str], home: Path) -> tuple[dict[str, str], list[str]]:
    """Each secret, empty where none is set, and complaints; neither those nor anything else shows a secret's text.

    A file's path is relative to the folder of digest.toml. `secret` may have several lines.
    """
    secrets, faults = {}, []
    for name, variables in SECRETS.items():
        try:
            secrets[name] = next(filter(None, (_secret(variable, environ, home) for variable in variables)), "")
        except ValueError as fault:
            faults.append(str(fault))
    return secrets, faults


def secret_files(environ: Mapping[str, str], home: Path) -> tuple[tuple[str, Path], ...]:
    """The files that hold secrets, each with the variable that names it."""
    variables = [f"{name}_FILE" for names in SECRETS.values() for name in names]
    return tuple((name, home / environ[name].strip()) for name in variables if environ.get(name, "").strip())


def _secret(variable: str, environ: Mapping[str, str], home: Path) -> str:
    """Raises ValueError with a complaint."""
    text, named = environ.get(variable, "").strip(), environ.get(f"{variable}_FILE", "").strip()
    if text and named:
        raise ValueError(f"{variable} and {variable}_FILE are both set; keep one of them")
    if named:
        text = _secret_of_file(f"{variable}_FILE", home / named)
    lines = text.split("\n") if named and variable == _SEVERAL else [text]
    secrets = tuple(filter(None, map(str.strip, lines)))
    if not all(map(str.isprintable, secrets)):
        raise ValueError(f"{variable}: the secret has a line break or a control character in it; write it in one line")
    return "\n".join(dict.fromkeys(secrets))


def _secret_of_file(variable: str, path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise ValueError(
            f"{variable} = {shown(str(path))}: the file is no text in UTF-8; write the secret anew"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise ValueError(
            f"{variable} = {shown(str(path))}: it cannot be read ({reason}); name the right file"
        ) from None
    if not text:
        raise ValueError(f"{variable} = {shown(str(path))}: the file is empty; write the secret into it")
    return text
