"""Finds digest.toml, reads it with what the environment adds, and gives settings or every complaint at once."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from digest.config.places import exists
from digest.errors import ConfigurationError
from digest.settings import Settings

_FILE = "digest.toml"
_SOURCES = "DIGEST_SOURCES"
_INIT = "`digest init` writes one; `--config PATH` or DIGEST_CONFIG names one that lies elsewhere."
_PLACE = re.compile(r"(?P<words>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|(?P<end>end of document))\)")


def find_configuration(path: Path | None, environ: Mapping[str, str] = os.environ) -> Path:
    """The publication's digest.toml: the one given, else the one that DIGEST_CONFIG names, else the one that lies here.

    A folder stands for the digest.toml in it. Raises ConfigurationError when there is none.
    """
    named = environ.get("DIGEST_CONFIG", "").strip()
    chosen = path or Path(named or _FILE)
    found = chosen / _FILE if exists(chosen, Path.is_dir) else chosen
    if exists(found, Path.is_file):
        return found.absolute()
    if path:
        raise ConfigurationError(f"{found}: there is no such file", hint=_INIT)
    if named:
        raise ConfigurationError(f"{found}, which DIGEST_CONFIG names: there is no such file", hint=_INIT)
    raise ConfigurationError(f"there is no {_FILE} in {Path.cwd()}", hint=_INIT)


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the publication whose digest.toml is at `path`; relative paths in it start from its folder.

    Raises ConfigurationError with a line for every complaint.
    """
    return load_with_warnings(path, environ)[0]


def load_with_warnings(path: Path, environ: Mapping[str, str] = os.environ) -> tuple[Settings, tuple[str, ...]]:
    """As `load`, and a line for each `DIGEST_...` variable that nothing reads."""
    from digest.config.environment import warnings

    path = path.absolute()
    return settings_of(read_document(path), path, environ), warnings(environ)


def sources_are_elsewhere(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the environment names the sources (DIGEST_SOURCES), so that those of digest.toml do not count."""
    return bool(environ.get(_SOURCES, "").strip())


def check_file(document: Mapping[str, Any], path: Path, environ: Mapping[str, str] = os.environ) -> None:
    """Raises ConfigurationError where a document would not load as the digest.toml at `path`, whatever sources the
    environment names."""
    settings_of(document, path, {name: value for name, value in environ.items() if name != _SOURCES})


def read_document(path: Path) -> dict[str, Any]:
    """The tables of a TOML file. Raises ConfigurationError when it is missing, not UTF-8 or not TOML."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: there is no such file", hint=_INIT) from None
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}", hint="See to its permissions.") from None
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _unreadable(path, _not_utf8(data, error.start)) from None
    except ValueError as error:  # TOMLDecodeError, and what int() says of a number without end
        raise _unreadable(path, _not_toml(str(error))) from None
    except RecursionError:
        raise _unreadable(path, "lists stand in lists too deeply; no key needs that") from None


def settings_of(document: Mapping[str, Any], path: Path, environ: Mapping[str, str]) -> Settings:
    """The settings that a document at an absolute `path` makes. Raises ConfigurationError with all complaints."""
    from pydantic import ValidationError

    from digest.config.agreement import disagreements
    from digest.config.build import build
    from digest.config.complaints import Origin, from_schema
    from digest.config.environment import read_secrets, secret_files, with_environment
    from digest.config.schema import Document

    said = with_environment({"publication": {}, "week": {}, **document}, environ)
    secrets, lines = read_secrets(environ, path.parent)
    origin = Origin(file=path.name, document=said.document, variables=said.variables)
    complaints = disagreements(said.document, path.parent)
    checked = None
    try:
        checked = Document.model_validate(said.document)
    except ValidationError as error:
        complaints = from_schema(error.errors(include_url=False)) + complaints
    lines = [*map(origin.line, complaints), *said.complaints, *lines]
    if lines or checked is None:
        raise _faulty(path, tuple(dict.fromkeys(lines)))
    return replace(build(checked, path.parent, secrets), secret_files=secret_files(environ, path.parent))


def _faulty(path: Path, complaints: tuple[str, ...]) -> ConfigurationError:
    number = "one thing has" if len(complaints) == 1 else f"{len(complaints)} things have"
    return ConfigurationError(f"{path}: {number} to be put right", complaints=complaints)


def _unreadable(path: Path, words: str) -> ConfigurationError:
    return _faulty(path, (f"{path.name}: {words}",))


def _not_utf8(data: bytes, at: int) -> str:
    line = data.count(b"\n", 0, at) + 1
    return f'line {line}: the file is not UTF-8; save it with the encoding "UTF-8"'


def _not_toml(message: str) -> str:
    found = _PLACE.fullmatch(message)
    if not found:
        return f"not TOML: {message}"
    place = f"line {found['line']}, column {found['column']}" if found["line"] else "at its end"
    words = f"{found['words'][:1].lower()}{found['words'][1:]}"
    return f'{place}: {words}; write a line like name = "Closing Arguments", texts in quotation marks'
