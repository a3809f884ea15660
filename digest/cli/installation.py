"""What to install so that a publication runs by itself: units for systemd, lines for cron."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from digest.settings import Settings

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

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

_BETWEEN = """
# /etc/systemd/system/{unit}-{part}.service
[Unit]
Description={name}: {what}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
WorkingDirectory={folder}
ExecStart={line}

# /etc/systemd/system/{unit}-{part}.timer
[Unit]
Description={name}: {what}, every {every} minutes

[Timer]
OnBootSec=5min
OnUnitActiveSec={every}min
RandomizedDelaySec=2min

[Install]
WantedBy=timers.target

# Then: systemctl enable --now {unit}-{part}.timer
"""

_CRON = """\
# crontab -e; called every hour, it sends once a week; cron knows no time zones and no clock changes.
{minute} * * * * cd {quoted_folder} && {command} --on-time
"""

_CRON_BETWEEN = """\
{at} cd {quoted_folder} && {line} >/dev/null
"""


def installation(settings: Settings, form: str, config: Path | None) -> str:
    """The units or the crontab lines that run this publication every week, and in between read its sources and, where
    it has a mailbox for it, the mail that comes back."""
    import getpass

    program = shutil.which("digest")
    start = shlex.join([program] if program else [sys.executable, "-m", "digest"])
    named = ["--config", str(config.resolve())] if config else []
    week = settings.week
    escaped = _for_systemd if form == "systemd" else _for_cron

    def line(*words: str) -> str:
        return escaped(f"{start} {shlex.join([*words, *named])}")

    fields = {
        "unit": "closing-arguments",
        "name": escaped(settings.publication.name),
        "user": getpass.getuser(),
        "folder": escaped(str(settings.home)),
        "quoted_folder": escaped(shlex.quote(str(settings.home))),
        "command": line("run", "--yes"),
        "day": _DAYS[week.weekday],
        "hour": f"{week.hour:%H:%M}",
        "minute": week.hour.minute,
        "timezone": settings.publication.timezone.key,
    }
    weekly, between = (_SERVICE, _BETWEEN) if form == "systemd" else (_CRON, _CRON_BETWEEN)
    told = [weekly.format(**fields)]
    for part, what, minutes in _in_between(settings):
        at = _cron_times(minutes, beside=week.hour.minute)
        told.append(between.format(part=part, what=what, line=line(part), every=minutes, at=at, **fields))
    return "".join(told).rstrip()


def _in_between(settings: Settings) -> Iterator[tuple[str, str, int]]:
    """What else is to be run: the command, what it looks at, and after how many minutes again."""
    if minutes := _minutes(settings.fetching.every):
        yield "gather", "the sources", minutes
    returns = settings.readers.returns
    if (returns.maildir or returns.imap_host) and (minutes := _minutes(returns.every)):
        yield "bounces", "the mail that comes back", minutes


def _minutes(every: timedelta) -> int:
    return round(every.total_seconds() / 60)


def _for_systemd(text: str) -> str:
    """`%` begins a specifier (systemd.unit(5))."""
    return text.replace("%", "%%")


def _for_cron(text: str) -> str:
    """`%` is a line break (crontab(5))."""
    return text.replace("%", "\\%")


def _cron_times(minutes: int, *, beside: int) -> str:
    """The times of a crontab line about so often, half an hour away from that of the weekly one."""
    minute = (beside + 30) % 60
    if minutes < 60:
        return f"{minute % max(minutes, 1)}-59/{max(minutes, 1)} * * * *"
    hours = min(minutes // 60, 24)
    return f"{minute} * * * *" if hours == 1 else f"{minute} {'0' if hours == 24 else f'*/{hours}'} * * *"
