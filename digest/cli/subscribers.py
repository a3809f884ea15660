"""`digest subscribers`: the group. What is done to the whole list stands here, what to single readers next door."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from digest.cli import subscriber_one
from digest.cli.options import config_option, json_option, load_settings
from digest.errors import ConfigurationError

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("subscribers")
def command() -> None:
    """Who asked for the letter, and who must not be written to.

    \b
    Example:
      digest subscribers check
      digest subscribers import mailchimp.csv --reason "moved from Mailchimp"
      digest subscribers suppress reader@example.com
    """


for _one in (subscriber_one.suppress, subscriber_one.allow, subscriber_one.show, subscriber_one.forget):
    command.add_command(_one)


@command.command("check")
@config_option
@json_option
def check(config: Path | None, as_json: bool) -> None:
    """Read the list, and name every row that gets no letter: line, column, reason. Also addresses with a likely slip.

    \b
    Example:
      digest subscribers check
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import contract, contract_readers, show, show_readers

    with app.open_dry_run(settings, clock.now) as publication:
        found = publication.subscriptions.check()
    if as_json:
        contract.print_object(contract_readers.checked(found))
        return
    show_readers.checked(found, show.near(settings.subscribers), settings.delivery.provider)


@command.command("import")
@click.argument("file", type=_FILE)
@click.option("--reason", required=True, help="Why these people may be written to, for the record of consent.")
@click.option("--dry-run", is_flag=True, help="Say what it would come to, and change nothing.")
@config_option
@json_option
def import_(file: Path, reason: str, dry_run: bool, config: Path | None, as_json: bool) -> None:
    """Put the readers of another list on yours: of FILE, a CSV as any service exports it.

    They are kept in the store; your own list is not touched. Who left there, bounced or complained, is never written to
    from here. Who is suppressed here stays so. All of FILE is taken, or nothing.

    \b
    Example:
      digest subscribers import mailchimp.csv --reason "moved from Mailchimp" --dry-run
      digest subscribers import mailchimp.csv --reason "moved from Mailchimp"
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import contract, contract_readers, show_readers

    with (app.open_dry_run if dry_run else app.open_publication)(settings, clock.now) as publication:
        report = publication.subscriptions.take(file, reason=reason)
    if as_json:
        contract.print_object(contract_readers.imported(report))
        return
    show_readers.imported(report, file.name)
    if dry_run:
        click.echo("\nThis was a dry run: nothing was changed.")


@command.command("export")
@click.argument("file", type=_FILE, required=False)
@click.option(
    "--all", "everybody", is_flag=True, help="Everybody who is known, with a column that says how they stand."
)
@config_option
def export(file: Path | None, everybody: bool, config: Path | None) -> None:
    """Write a CSV of who gets letters, to FILE or to standard output.

    With --all it can be imported again, here or elsewhere: nobody who left comes back by it. Who was forgotten is in
    no export.

    \b
    Example:
      digest subscribers export readers.csv
      digest subscribers export --all everybody.csv
    """
    settings = load_settings(config)
    from digest import app, clock

    with app.open_publication(settings, clock.now) as publication:
        lines = publication.subscriptions.export(everybody=everybody)
        if file is None:
            sys.stdout.reconfigure(newline="")  # type: ignore[union-attr]
            sys.stdout.writelines(lines)
            return
        try:
            # Addresses are for nobody else's eyes; and an export never takes the place of another file.
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise ConfigurationError(
                f"{file} cannot be written: {error.strerror}", hint="name a file that is not there yet"
            ) from error
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as written:
            count = sum(bool(written.write(line)) for line in lines) - 1
    click.echo(f"{file}: {count} {'readers' if count != 1 else 'reader'}")


@command.command("stats")
@config_option
@json_option
def stats(config: Path | None, as_json: bool) -> None:
    """Count the readers: where they come from, what they chose, why others get nothing, who came and went lately.

    \b
    Example:
      digest subscribers stats
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import contract, contract_readers, show_readers

    with app.open_publication(settings, clock.now) as publication:
        found = publication.subscriptions.statistics()
    if as_json:
        contract.print_object(contract_readers.statistics(found))
        return
    show_readers.statistics(found)
