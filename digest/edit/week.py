"""Which week: when issues close, which one is due, and what stretch of time it covers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import WEEKLY, rrule

from digest.errors import ConfigurationError
from digest.model import Window
from digest.settings import Settings, Week

_WEEK = timedelta(days=7)
_CATCH_UP = timedelta(hours=24)


def closing(day: date, week: Week, timezone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the issue dated `day` closes: the configured local hour, whatever the offset.

    An hour that a clock change skips is taken as if the change had not happened yet; of two equal hours, the first.
    """
    return datetime.combine(day, week.hour, tzinfo=timezone).astimezone(UTC)


def closings_after(instant: datetime, week: Week, timezone: ZoneInfo) -> Iterator[tuple[date, datetime]]:
    """The issue dates and closing instants (UTC) after `instant`, one a week, for ever."""
    start = instant.astimezone(timezone).date() - timedelta(days=1)
    for day in rrule(WEEKLY, dtstart=datetime.combine(start, time()), byweekday=week.weekday):
        closes = closing(day.date(), week, timezone)
        if closes > instant:
            yield day.date(), closes


def closings(settings: Settings, now: datetime) -> Iterator[datetime]:
    """The instants at which issues close from now on, in the publication's local time, for ever."""
    timezone = settings.publication.timezone
    return (closes.astimezone(timezone) for _, closes in closings_after(now, settings.week, timezone))


def last_closing(instant: datetime, week: Week, timezone: ZoneInfo) -> tuple[date, datetime]:
    """The issue date and closing instant (UTC) at or before `instant`."""
    day, closes = next(closings_after(instant - _WEEK - timedelta(days=1), week, timezone))
    following = closing(day + _WEEK, week, timezone)
    return (day + _WEEK, following) if following <= instant else (day, closes)


def due_issue(now: datetime, week: Week, timezone: ZoneInfo, last_sent: date | None) -> date:
    """The date of the issue to make up now.

    Before anything was sent it is the configured first issue; else the one that closed last, and once that has gone out
    the next one, which is then made up ahead of its time.
    """
    if last_sent is None and week.first_issue:
        return week.first_issue
    day, _ = last_closing(now, week, timezone)
    return day if last_sent is None or day > last_sent else last_sent_successor(last_sent, week, timezone)


def closed_lately(now: datetime, week: Week, timezone: ZoneInfo, last_sent: date | None) -> date | None:
    """The issue that a timer is to send now: it closed within the last day, and neither it nor a later one was sent.

    A timer that missed its hour catches up; an older week is not sent by itself, its stories go into the next issue.
    """
    day, closes = last_closing(now, week, timezone)
    old = now - closes > _CATCH_UP or (last_sent is not None and day <= last_sent)
    early = week.first_issue is not None and day < week.first_issue
    return None if old or early else day


def last_sent_successor(last_sent: date, week: Week, timezone: ZoneInfo) -> date:
    """The issue date that follows `last_sent`."""
    return next(closings_after(closing(last_sent, week, timezone), week, timezone))[0]


def window_of(
    day: date,
    week: Week,
    timezone: ZoneInfo,
    *,
    now: datetime,
    last: Window | None,
    began: datetime | None = None,
    since: date | None = None,
) -> Window:
    """What the issue of `day` covers: from the end of the last sent issue, or `since` (a local day), or a week.

    Before anything was sent the week is the issue's own; but when the first issue should have been an earlier one (the
    configured one, or the first after the feeds were read for the first time, `began`), it reaches back to that one's
    week, because the issues in between went out to nobody.

    An issue made up ahead of its time covers what there is by `now`; the next one begins there. Raises
    ConfigurationError when nothing lies between.
    """
    closes = closing(day, week, timezone)
    if since:
        opens = datetime.combine(since, time(), tzinfo=timezone).astimezone(UTC)
    else:
        opens = last.closes if last else _first_opening(day, week, timezone, began)
    if opens >= closes:
        raise ConfigurationError(
            f"the issue of {day} would close ({closes:%Y-%m-%d %H:%M} UTC) before it opens ({opens:%Y-%m-%d %H:%M})",
            hint="give a later --date, or an earlier --since",
        )
    return Window(opens=opens, closes=min(closes, now) if now > opens else closes)


def _first_opening(day: date, week: Week, timezone: ZoneInfo, began: datetime | None) -> datetime:
    own = closing(day - _WEEK, week, timezone)
    if week.first_issue:
        return min(own, closing(week.first_issue - _WEEK, week, timezone))
    return min(own, last_closing(began, week, timezone)[1]) if began else own
