"""`digest doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from digest.cli.options import config_option, json_option, load_settings
from digest.errors import NotReady
from digest.model.health import Diagnosis, Examination, Verdict

_COLOURS = {Verdict.OK: "green", Verdict.LOOK: "yellow", Verdict.WRONG: "red", Verdict.NOT_ASKED: "cyan"}
_WIDTH = len(Verdict.NOT_ASKED.value)
_INDENT = " " * (_WIDTH + 4)


@click.command("doctor")
@click.option("--all", "everything", is_flag=True, help="Look at the domain and the pages too, whatever the provider.")
@config_option
@json_option
def command(everything: bool, config: Path | None, as_json: bool) -> None:
    """Look whether everything is ready: the domain, the readers' pages, the provider, this machine.

    Changes nothing, sends nothing, and takes 15 seconds at most. What is wrong makes the exit code 11; what could not
    be asked does not.

    \b
    Example:
      digest doctor
      digest doctor --json
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import contract

    found = app.doctor(settings, clock.now).examine(everything=everything)
    if as_json:
        contract.print_object(_object(found))
    else:
        _tell(found)
    if found.wrong:
        checks = ", ".join(dict.fromkeys(each.check for each in found.wrong))
        raise NotReady(f"not ready: {checks}", hint="put it right, and run `digest doctor` again")


def _tell(found: Examination) -> None:
    for each in found.diagnoses:
        _one(each)
    counts = [f"{found.counted(verdict)} {verdict.value}" for verdict in Verdict if found.counted(verdict)]
    click.echo(f"\n{', '.join(counts)}")


def _one(diagnosis: Diagnosis) -> None:
    word = click.style(diagnosis.verdict.value.ljust(_WIDTH), fg=_COLOURS[diagnosis.verdict])
    click.echo(f"  {word}  {diagnosis.words}  [{diagnosis.check}]")
    if diagnosis.do:
        click.echo(f"{_INDENT}→ {diagnosis.do}")
    for record in diagnosis.records:
        # On a line of its own, and whole: it is there to be copied.
        click.echo(f"{_INDENT}  {record.host}  {record.kind}  {record.value}")
    if diagnosis.read_on and diagnosis.verdict is not Verdict.OK:
        click.echo(click.style(f"{_INDENT}{diagnosis.read_on}", dim=True))


def _object(found: Examination) -> dict[str, Any]:
    return {
        "ready": not found.wrong,
        "checks": [
            {
                "check": each.check,
                "verdict": each.verdict.value,
                "words": each.words,
                "do": each.do or None,
                "records": [{"host": one.host, "type": one.kind, "value": one.value} for one in each.records],
                "read_on": each.read_on or None,
            }
            for each in found.diagnoses
        ],
    }
