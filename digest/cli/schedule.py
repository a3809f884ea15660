"""`digest schedule`."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import click

from digest.cli.options import config_option, load_settings
from digest.errors import DigestError, TooFewStories
from digest.settings import Settings

_SHOWN = 5
# Short naps: the wall clock may be set, and a laptop may sleep.
_NAP = 30.0
_AGAIN_AFTER = timedelta(minutes=15)


@click.command("schedule")
@click.option("--print", "form", type=click.Choice(["systemd", "cron"]), help="Print what to install, and do nothing.")
@click.option("--next", "only_next", is_flag=True, help="Print the next five instants, and do nothing.")
@config_option
def command(form: str | None, only_next: bool, config: Path | None) -> None:
    """Run every week at the configured hour, and read the sources every hour in between.

    It stays in the foreground, for a container or a terminal. On a server, let systemd or cron call `digest run` and
    `digest gather`.

    \b
    Example:
      digest schedule --next
      digest schedule --print systemd
      digest schedule
    """
    settings = load_settings(config)
    if form:
        from digest.cli.installation import installation

        click.echo(installation(settings, form, config))
        return
    from digest import clock

    for closes in upcoming(settings, clock.now()):
        click.echo(closes)
    if not only_next:
        from digest import app

        with app.open_pages(settings, clock.now) as pages, pages.errands.at_work():
            keep_running(settings)


def upcoming(settings: Settings, now: datetime) -> list[str]:
    """The next five instants in local time, each with its offset from UTC."""
    from digest.app import closings

    found = islice(closings(settings, now), _SHOWN)
    return [f"{closes:%a %Y-%m-%d %H:%M %Z} (UTC{closes:%z})" for closes in found]


def keep_running(settings: Settings) -> None:
    """Sends each issue when it closes, and reads the sources and the mail that came back in between, for ever.

    A failure is said and tried again; it never ends the schedule.
    """
    from digest import clock

    not_before = next_gather = next_look = clock.now()
    while True:
        now = clock.now()
        if now >= not_before:
            not_before = _send_what_closed(settings, now)
        if settings.fetching.every and now >= next_gather:
            next_gather = now + settings.fetching.every
            _gather(settings)
        if settings.readers.returns.every and now >= next_look:
            next_look = now + settings.readers.returns.every
            _read_returns(settings)
        time.sleep(_NAP)


def _send_what_closed(settings: Settings, now: datetime) -> datetime:
    """Sends what is owed and what has closed lately. Gives when to look again."""
    from digest import app, clock
    from digest.cli.run import finish_owed, prepare
    from digest.cli.send import deliver

    try:
        with app.open_publication(settings, clock.now) as publication:
            unfinished = finish_owed(publication, settings, patient=True)
            with publication.store.alone():
                day = publication.closed_lately()
                plan = prepare(publication, settings, day, None, ask=False) if day else None
            if plan:
                deliver(publication, plan, settings, as_json=False)
        return now + (_AGAIN_AFTER if unfinished else timedelta(seconds=_NAP))
    except TooFewStories as error:
        click.echo(f"digest: {error}", err=True)
        return next(app.closings(settings, now)).astimezone(UTC)
    except DigestError as error:
        click.echo(f"digest: {error}; trying again in 15 minutes", err=True)
        return now + _AGAIN_AFTER


def _gather(settings: Settings) -> None:
    """Reads the sources, so that nothing of a feed that shows its newest stories alone is missed."""
    from digest import app, clock
    from digest.cli import show

    try:
        with app.open_publication(settings, clock.now) as publication:
            for report in publication.gather():
                show.source_line(report)
            publication.complete()
    except DigestError as error:
        click.echo(f"digest: {error}", err=True)


def _read_returns(settings: Settings) -> None:
    """Reads the mail that came back, where a mailbox is configured."""
    from digest.cli import bounces

    returns = settings.readers.returns
    if not (returns.maildir or returns.imap_host):
        return
    try:
        reading = bounces.read(settings)
        if reading.mails:
            bounces.tell(reading)
    except DigestError as error:
        click.echo(f"digest: {error}", err=True)
