"""What the preflight found, in the terminal: the verdict first, then each finding with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from digest.model import Finding, Override, Preflight, Severity
from digest.settings import Settings

if TYPE_CHECKING:
    from digest.app import Publication

_MARKS = {Severity.ERROR: ("error  ", "red"), Severity.WARNING: ("warning", "yellow")}


def tell(found: Preflight, *, everything: bool = False, err: bool = False) -> None:
    """The verdict and the findings; `everything` lists what is fine too."""
    click.echo(f"\n{click.style('Preflight', bold=True)}\n  {verdict(found)}", err=err)
    for finding in found.findings:
        _finding(finding, overridden=finding.check in found.overridden, err=err)
    if everything:
        for passed in found.passed:
            figure = f": {passed.figure}" if passed.figure else ""
            click.echo(click.style(f"  fine     {passed.check:20} {passed.title}{figure}", dim=True), err=err)


def verdict(found: Preflight) -> str:
    """`Ready to go: 42 checks, 1 warning`, or what keeps it back."""
    counts = ", ".join(filter(None, (_counted(found.errors, "error"), _counted(found.warnings, "warning"))))
    if found.blocking:
        return f"Not ready: {counts}"
    told = f"{len(found.passed)} checks are fine"
    return f"Ready to go: {told}{f'; {counts}' if counts else ''}"


def look(publication: Publication, issue: str, settings: Settings) -> Preflight:
    """The preflight of an issue that is about to be sent, and what it found on standard error."""
    found = publication.preflight(issue, links=settings.preflight.links)
    tell(found, err=True)
    if found.blocking and publication.clearance.is_under_way(issue):
        click.echo(f"  {issue} is under way already, so the rest of its letters goes out all the same.", err=True)
    return found


def overrides(made: Sequence[Override], settings: Settings) -> None:
    """What an issue was sent despite, and who said so."""
    from digest.cli.tell import instant

    for each in made:
        click.echo(f"  sent despite {each.check}, by {each.who} at {instant(each.at, settings.publication.timezone)}")


def _finding(finding: Finding, *, overridden: bool, err: bool) -> None:
    word, colour = _MARKS[finding.severity]
    aside = " (overridden)" if overridden and finding.severity is Severity.ERROR else ""
    click.echo(f"  {click.style(word, fg=colour)}  {finding.title}  [{finding.check}]{aside}", err=err)
    for words in filter(None, (finding.where, finding.why)):
        click.echo(f"           {words}", err=err)
    if finding.do:
        click.echo(f"           → {finding.do}", err=err)


def _counted(findings: Sequence[Finding], word: str) -> str:
    return f"{len(findings)} {word}{'' if len(findings) == 1 else 's'}" if findings else ""
