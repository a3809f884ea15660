"""`digest bounces`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from digest.cli.options import config_option, json_option, load_settings
from digest.settings import Settings

if TYPE_CHECKING:
    from digest.office.returning import Reading

Kind = TypeVar("Kind", bound=str)


@click.command("bounces")
@click.option(
    "--maildir",
    type=click.Path(path_type=Path),
    help="Read this Maildir in place of the configured mailbox.",
)
@click.option("--dry-run", is_flag=True, help="Tell what the mails say, and leave everything as it is.")
@config_option
@json_option
def command(maildir: Path | None, dry_run: bool, config: Path | None, as_json: bool) -> None:
    """Read the mail that came back: bounces, complaints, wishes to leave.

    What is understood is put into the folder Done once it is on record; the rest stays for you to read. Nothing is ever
    deleted.

    \b
    Example:
      digest bounces --dry-run
      digest bounces --maildir ~/Maildir
    """
    from digest.cli import contract

    reading = read(load_settings(config), maildir, dry_run=dry_run)
    if as_json:
        contract.print_object(_object(reading))
    else:
        tell(reading)


def read(settings: Settings, maildir: Path | None = None, *, dry_run: bool = False) -> Reading:
    """Reads the mailbox. Raises ConfigurationError, MailboxFailed, RecordError."""
    from digest import app, clock
    from digest.office.returning import Returning

    opened = app.open_dry_run if dry_run else app.open_publication
    with opened(settings, clock.now) as publication:
        return Returning(settings, publication.store, clock.now).read(maildir, look_only=dry_run)


def tell(reading: Reading) -> None:
    """What the mailbox held, in a few lines."""
    total = sum(reading.mails.values())
    click.echo(f"{_counted(total, 'mail')} read" if total else "No mail came back.")
    for kind, count in _most_first(reading.mails):
        click.echo(f"  {count} {kind}")
    if reading.told:
        told = ", ".join(f"{count} {kind}" for kind, count in _most_first(reading.told))
        click.echo(f"They tell of letters: {told} ({reading.known} known before)")
    if reading.unproven:
        click.echo(f"  {reading.unproven} do not prove which letter they are about, and count as soft bounces at most")
    if reading.left:
        click.echo(f"{_counted(reading.left, 'reader')} left")
    if reading.suppressed:
        click.echo(f"{_counted(reading.suppressed, 'address', 'addresses')} suppressed")
    if reading.left_over:
        click.echo(f"{reading.left_over} left for you to read")


def _most_first(counts: Mapping[Kind, int]) -> list[tuple[Kind, int]]:
    """In an order that does not hang on that of the mails."""
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def _object(reading: Reading) -> dict[str, Any]:
    return {
        "mails": {kind.value: count for kind, count in reading.mails.items()},
        "told": dict(reading.told),
        "unproven": reading.unproven,
        "known": reading.known,
        "left": reading.left,
        "suppressed": reading.suppressed,
        "left_over": reading.left_over,
    }
