"""Options that several commands share, and the way from a command to its publication."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from digest.settings import Settings

_EARLIEST, _LATEST = 1900, 2999
Function = TypeVar("Function", bound=Callable[..., Any])


class IssueDate(click.ParamType[date]):
    """A day, written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it like 2026-11-20", param, ctx)
        if not _EARLIEST <= day.year <= _LATEST:
            self.fail(f"{value!r} is no day of a newspaper; give a year from {_EARLIEST} to {_LATEST}", param, ctx)
        return day


config_option: Callable[[Function], Function] = click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="The publication's digest.toml (else DIGEST_CONFIG, else ./digest.toml).",
)
json_option: Callable[[Function], Function] = click.option(
    "--json", "as_json", is_flag=True, help="One JSON object on standard output, everything else on standard error."
)


only_option: Callable[[Function], Function] = click.option(
    "--only",
    metavar="SEGMENT",
    help='Send to these readers alone: "section:Environment and language:es". Fixed once the issue is being sent.',
)

issue_argument: Callable[[Function], Function] = click.argument("issue", type=IssueDate())


def configuration(config: Path | None = None) -> Path:
    """The digest.toml of the command under way, or the one given. Raises ConfigurationError when there is none."""
    from digest.config.load import find_configuration

    context = click.get_current_context()
    return find_configuration(config or context.params.get("config") or context.find_root().obj)


def load_settings(config: Path | None) -> Settings:
    """The publication's settings; warnings about them go to standard error. Raises ConfigurationError."""
    from digest.config.load import find_configuration, load_with_warnings

    chosen = config or click.get_current_context().find_root().obj
    settings, warnings = load_with_warnings(find_configuration(chosen))
    for warning in warnings:
        click.echo(f"digest: {warning}", err=True)
    return settings
