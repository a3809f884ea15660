"""`digest theme`."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.options import config_option, load_settings
from digest.settings import Settings


@click.group("theme")
def command() -> None:
    """See the themes, and make a part of the letter your own.

    A part is a template: the masthead, the note, a form of section. Copy one into your own folder of templates and
    change it there; all others stay the theme's.

    \b
    Example:
      digest theme list
      digest theme copy footer
    """


@command.command("list")
@config_option
def list_(config: Path | None) -> None:
    """List the themes, and the parts of yours."""
    settings = load_settings(config)
    from digest import shipped
    from digest.cli import show
    from digest.render.parts import parts_of

    used = settings.publication.theme.name
    show.heading("Themes")
    for name in shipped.themes():
        mark = "*" if name == used else " "
        click.echo(f"{mark} {name:18} {shipped.theme_defaults(name)['description']}")
    show.heading(f"Parts of {used}")
    for part in parts_of(used, settings.templates):
        click.echo(f"  {part.name:22} {f'your own: {show.near(part.file)}' if part.own else ''}".rstrip())


@command.command("show")
@click.argument("part")
@config_option
def show_(part: str, config: Path | None) -> None:
    """Print a part as it is used.

    \b
    Example:
      digest theme show sections/brief
    """
    settings = load_settings(config)
    from digest.render.parts import part_called, parts_of

    found = part_called(part, parts_of(settings.publication.theme.name, settings.templates))
    click.echo(found.file.read_text(encoding="utf-8"), nl=False)


@command.command("copy")
@click.argument("part")
@click.option("--to", type=click.Path(path_type=Path), help="The folder. Without it: your own folder of templates.")
@config_option
def copy(part: str, to: Path | None, config: Path | None) -> None:
    """Copy a part into your own folder of templates, to change it there.

    \b
    Example:
      digest theme copy footer
      digest theme copy sections/opinion --to drafts
    """
    settings = load_settings(config)
    from digest.cli import show
    from digest.render.parts import copy_part, part_called, parts_of

    found = part_called(part, parts_of(settings.publication.theme.name, settings.templates))
    target = copy_part(found, to or settings.templates or settings.home / "templates")
    click.echo(f"Copied to {show.near(target)}. Change it there, then: digest run --dry-run")
    _tell_how_it_is_used(settings, to)


def _tell_how_it_is_used(settings: Settings, to: Path | None) -> None:
    used = settings.templates and settings.templates.resolve()
    folder = to.resolve() if to else used or settings.home / "templates"
    if folder != used:
        click.echo(f'The letter uses it once digest.toml says, under [theme]: templates = "{_named(folder, settings)}"')


def _named(folder: Path, settings: Settings) -> str:
    """The folder as digest.toml would name it: from its own folder, where it lies below it."""
    home = settings.home.resolve()
    return folder.relative_to(home).as_posix() if folder.is_relative_to(home) else str(folder)
