"""What came back of an issue, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from digest.model.feedback import Figures, Level, share
from digest.reader_settings import RateSettings

if TYPE_CHECKING:
    from digest.office.feedback import Returned

_LINKS = 10
_SAYS = {Level.FINE: "", Level.WATCH: ", which is to be watched", Level.HOLD: ", which is too many"}


def tell(returned: Returned, rates: RateSettings) -> None:
    """What came back of one issue, as far as anything did."""
    for line in (*_delivery(returned.figures, rates), *_reading(returned)):
        click.echo(f"  {line}")


def warn(last: Figures, rates: RateSettings) -> None:
    """One line about the last issue, if there is something to look at."""
    levels = {"marked as spam": rates.of_complaints(last), "bounced": rates.of_bounces(last)}
    counts = {"marked as spam": last.complaints, "bounced": last.bounced}
    found = [
        f"{counts[what]} {what} ({share(counts[what], last.letters)}){_SAYS[level]}"
        for what, level in levels.items()
        if level is not Level.FINE
    ]
    if found or last.doubted:
        held = "; the next issue is held" if Level.HOLD in levels.values() else ""
        told = "; ".join(found) or "most letters bounced"
        click.echo(f"\nThe issue of {last.issue}: {told}{held}. See `digest status {last.issue}`.")


def _delivery(figures: Figures, rates: RateSettings) -> Iterator[str]:
    gone = f", {figures.gone} of them because there is no such mailbox" if figures.gone else ""
    bounced = f"bounced ({share(figures.bounced, figures.letters)}){gone}{_SAYS[rates.of_bounces(figures)]}"
    spam = f"marked as spam ({share(figures.complaints, figures.letters)}){_SAYS[rates.of_complaints(figures)]}"
    for count, told in (
        (figures.delivered, "reached their mailbox"),
        (figures.bounced, bounced),
        (figures.complaints, spam),
        (figures.unsubscribed, "unsubscribed at the provider"),
        (figures.dropped, "dropped by the provider, which knew the address"),
    ):
        if count:
            yield f"{count} {told}"
    if figures.doubted:
        yield (
            "so many mailboxes are gone that a server is the likely cause, and nobody is suppressed for it;"
            f" if it is right: `digest settle {figures.issue} --believe-bounces`"
        )


def _reading(returned: Returned) -> Iterator[str]:
    figures = returned.figures
    if returned.tracks_opens:
        yield (
            f"{figures.opens} opened by somebody, {figures.machine_opens} by machines alone; a guess: who keeps"
            " pictures off is not seen, and not every machine says that it is one"
        )
    if returned.tracks_clicks:
        yield from (f"{readers} went to {link}" for link, readers in list(figures.clicks.items())[:_LINKS])
