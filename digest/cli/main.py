"""The command `digest`: finds the command asked for, and turns every error into words and an exit code."""

from __future__ import annotations

import gc
import importlib
import logging
import sys
from pathlib import Path

import click

from digest.cli.patient_output import be_patient
from digest.errors import ConfigurationError, DigestError

UNEXPECTED = 1
INTERRUPTED = 130
_SELDOM = 50_000  # new objects between two looks for garbage

# Commands are imported when they are called: `digest --help` loads no database, no feed parser and no template engine.
COMMANDS = {
    "init": ("digest.cli.init", "Start a publication: write its digest.toml."),
    "sources": ("digest.cli.sources", "Show how the sources stand; find and add others."),
    "gather": ("digest.cli.gather", "Read the sources back to where the week began."),
    "add": ("digest.cli.add", "Add a story by hand: the address of its page, or a saved page."),
    "compose": ("digest.cli.compose", "Make up the issue and keep it in the archive."),
    "check": ("digest.cli.check", "Look at the made-up issue: is it right everywhere?"),
    "preview": ("digest.cli.preview", "Open the made-up issue in the browser."),
    "theme": ("digest.cli.theme", "See the themes, and make a part of the letter your own."),
    "send": ("digest.cli.send", "Send the made-up issue to the subscribers."),
    "run": ("digest.cli.run", "Gather, compose and send: the whole week in one go."),
    "schedule": ("digest.cli.schedule", "Run every week at the configured hour."),
    "status": ("digest.cli.status", "Show the last issues, or how one of them stands."),
    "letters": ("digest.cli.letters", "List the letters of an issue: the owed, refused or unknown ones."),
    "why": ("digest.cli.why", "Tell what became of the letters to an address."),
    "settle": ("digest.cli.settle", "Settle letters whose fate is unknown."),
    "pause": ("digest.cli.hands", "Pause an issue that is being sent."),
    "resume": ("digest.cli.hands", "Go on with an issue that was paused or kept back."),
    "stop": ("digest.cli.hands", "Stop an issue for good, and call back what can be."),
    "adopt": ("digest.cli.adopt", "Let a copied or restored store send from now on."),
    "archive": ("digest.cli.archive", "List the back issues, or write them out as a folder of files."),
    "serve": ("digest.cli.serve", "Serve leaving, choices and back issues, and take what SendGrid tells."),
    "keys": ("digest.cli.keys", "Show, renew and drop the keys that sign readers' links."),
    "doctor": ("digest.cli.doctor", "Look whether everything is ready: domain, pages, provider, machine."),
    "bounces": ("digest.cli.bounces", "Read the mail that came back: bounces, complaints, wishes to leave."),
    "subscribers": ("digest.cli.subscribers", "Look after the list: check, import, export, suppress, forget."),
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and one-liners without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, cmd_name if hasattr(module, cmd_name) else "command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


def _show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        from digest import __version__

        click.echo(f"digest {__version__}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(path_type=Path), help="The publication's digest.toml. Also DIGEST_CONFIG.")
@click.option("--verbose", is_flag=True, help="Say more on standard error, addresses of subscribers included.")
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show it.")
@click.pass_context
def cli(ctx: click.Context, config: Path | None, verbose: bool) -> None:
    """Gathers a newsroom's week from its feeds, makes up one good email and sends it to the subscribers.

    \b
    A first look, in an empty folder:
      digest init --sample .
      digest run --dry-run
    """
    ctx.obj = config
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )


def main() -> None:
    """The entry point. Exit codes are listed in `digest.errors` and in the manual."""
    gc.set_threshold(_SELDOM)  # what is imported stays, and looking it through takes a tenth of a command's start
    be_patient()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Runs one command and gives its exit code. No traceback leaves here, except under --verbose."""
    try:
        result = cli.main(arguments, prog_name="digest", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return INTERRUPTED
    except DigestError as error:
        _explain(error)
        return error.exit_code
    except Exception as error:
        return _unexpected(error, "--verbose" in arguments)
    return result if isinstance(result, int) else 0


def _explain(error: DigestError) -> None:
    click.echo(f"digest: {error}", err=True)
    if isinstance(error, ConfigurationError):
        for complaint in error.complaints:
            click.echo(f"  {complaint}", err=True)
    if error.hint:
        click.echo(f"  → {error.hint}", err=True)


def _unexpected(error: Exception, verbose: bool) -> int:
    if verbose:
        logging.getLogger(__name__).exception("unexpected")
    click.echo(f"digest: something unexpected went wrong: {type(error).__name__}: {error}", err=True)
    click.echo("  → run the command again with `digest --verbose …` for the details, and report them", err=True)
    return UNEXPECTED
