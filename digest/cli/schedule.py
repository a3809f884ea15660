"""`digest schedule`."""

from __future__ import annotations

import shlex
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import click

from digest.cli.options import config_option, load_settings
from digest.errors import DigestError, TooFewStories
from digest.settings import Settings

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHOWN = 5
# Short naps: the wall clock may be set, and a laptop may sleep.
_NAP = 30.0
_AGAIN_AFTER = timedelta(minutes=15)

_SERVICE = """\
# /etc/systemd/system/{unit}.service
[Unit]
Description={name}: the weekly issue
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
WorkingDirectory={folder}
ExecStart={command} --on-time
# Keys and passwords, one NAME=value a line, readable by this user only:
#EnvironmentFile={folder}/secrets.env

# /etc/systemd/system/{unit}.timer
[Unit]
Description={name}: every {day} at {hour}

[Timer]
OnCalendar={day} *-*-* {hour}:00 {timezone}
Persistent=true

[Install]
WantedBy=timers.target

# Then: systemctl daemon-reload && systemctl enable --now {unit}.timer
"""

_CRON = """\
# crontab -e; called every hour, it sends once a week; cron knows no time zones and no clock changes.
{minute} * * * * cd {quoted_folder} && {command} --on-time
"""


@click.command("schedule")
@click.option("--print", "form", type=click.Choice(["systemd", "cron"]), help="Print what to install, and do nothing.")
@click.option("--next", "only_next", is_flag=True, help="Print the next five instants, and do nothing.")
@config_option
def command(form: str | None, only_next: bool, config: Path | None) -> None:
    """Run every week at the configured hour.

    It stays in the foreground, for a container or a terminal. On a server, let systemd or cron call `digest run`.

    \b
    Example:
      digest schedule --next
      digest schedule --print systemd
      digest schedule
    """
    settings = load_settings(config)
    if form:
        click.echo(installation(settings, form, config))
        return
    from digest import clock

    for closes in upcoming(settings, clock.now()):
        click.echo(closes)
    if not only_next:
        keep_running(settings)


def upcoming(settings: Settings, now: datetime) -> list[str]:
    """The next five instants in local time, each with its offset from UTC."""
    from digest.app import closings

    found = islice(closings(settings, now), _SHOWN)
    return [f"{closes:%a %Y-%m-%d %H:%M %Z} (UTC{closes:%z})" for closes in found]


def installation(settings: Settings, form: str, config: Path | None) -> str:
    """The units or the crontab line that run this publication every week."""
    import getpass

    program = shutil.which("digest")
    start = shlex.join([program] if program else [sys.executable, "-m", "digest"])
    named = ["--config", str(config.resolve())] if config else []
    week = settings.week
    escaped = _for_systemd if form == "systemd" else _for_cron
    fields = {
        "unit": "closing-arguments",
        "name": escaped(settings.publication.name),
        "user": getpass.getuser(),
        "folder": escaped(str(settings.home)),
        "quoted_folder": escaped(shlex.quote(str(settings.home))),
        "command": escaped(f"{start} {shlex.join(['run', '--yes', *named])}"),
        "day": _DAYS[week.weekday],
        "hour": f"{week.hour:%H:%M}",
        "minute": week.hour.minute,
        "timezone": settings.publication.timezone.key,
    }
    return (_SERVICE if form == "systemd" else _CRON).format(**fields).rstrip()


def _for_systemd(text: str) -> str:
    """`%` begins a specifier (systemd.unit(5))."""
    return text.replace("%", "%%")


def _for_cron(text: str) -> str:
    """`%` is a line break (crontab(5))."""
    return text.replace("%", "\\%")


def keep_running(settings: Settings) -> None:
    """Sends each issue when it closes, for ever. A failure is said and tried again; it never ends the schedule."""
    from digest import app, clock
    from digest.cli.run import finish_owed, prepare
    from digest.cli.send import deliver

    not_before = clock.now()
    while True:
        now = clock.now()
        if now >= not_before:
            not_before = now + timedelta(seconds=_NAP)
            try:
                with app.open_publication(settings, clock.now) as publication:
                    unfinished = finish_owed(publication, settings, patient=True)
                    with publication.store.alone():
                        day = publication.closed_lately()
                        plan = prepare(publication, settings, day, None, ask=False) if day else None
                    if plan:
                        deliver(publication, plan, settings, as_json=False)
                if unfinished:
                    not_before = now + _AGAIN_AFTER
            except TooFewStories as error:
                click.echo(f"digest: {error}", err=True)
                not_before = next(app.closings(settings, now)).astimezone(UTC)
            except DigestError as error:
                click.echo(f"digest: {error}; trying again in 15 minutes", err=True)
                not_before = now + _AGAIN_AFTER
        time.sleep(_NAP)
