"""What came back of the last issue: mailbox services stop taking letters from who does not look at that."""

from __future__ import annotations

from collections.abc import Iterator

from digest.model.feedback import Level, share
from digest.preflight.fault import Fault
from digest.preflight.inspected import Look

_DO = "`digest status {issue}` tells more; find out how these addresses came onto the list before you write to it again"


def complaints(look: Look) -> Iterator[Fault]:
    """Readers who marked the last issue as spam, beyond what Gmail and Yahoo put up with.

    https://support.google.com/a/answer/81126: below 0.1 %, and never 0.3 %.
    """
    last = look.letter.last
    level = look.settings.readers.rates.of_complaints(last)
    if level is not Level.FINE:
        yield Fault(
            title=f"{last.complaints} readers marked the last issue as spam, {share(last.complaints, last.letters)}",
            where=f"the issue of {last.issue}",
            why="Gmail and Yahoo ask for less than 0.1 %, and refuse letters of who reaches 0.3 %",
            do=_DO.format(issue=last.issue),
            mild=level is Level.WATCH,
        )


def bounces(look: Look) -> Iterator[Fault]:
    """Letters of the last issue that bounced, where they are more than a tended list has."""
    last = look.letter.last
    level = look.settings.readers.rates.of_bounces(last)
    if level is not Level.FINE:
        yield Fault(
            title=f"{last.bounced} letters of the last issue bounced, {share(last.bounced, last.letters)}",
            where=f"the issue of {last.issue}",
            why="so many dead addresses look like a bought list, and mailbox services treat it as one",
            do=_DO.format(issue=last.issue),
            mild=level is Level.WATCH,
        )


def complaints_figure(look: Look) -> str:
    """`0.02 % of the last issue`"""
    return _figure(look, look.letter.last.complaints)


def bounces_figure(look: Look) -> str:
    """The same for bounces."""
    return _figure(look, look.letter.last.bounced)


def _figure(look: Look, count: int) -> str:
    last = look.letter.last
    return f"{share(count, last.letters)} of the last issue" if last.letters else ""
