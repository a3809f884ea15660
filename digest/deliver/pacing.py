"""How fast letters may leave, as pure decisions over what the store knows: rates, quotas, warm-up, push-back.

A rate is kept by GCRA, the generic cell rate algorithm (ITU-T I.371): all that is remembered is when what was given
out will have left. So senders share it through one number, and a restart neither forgets it nor saves up a burst.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from digest.model import Allowance, Usage
from digest.settings import Limits

_NOTHING = timedelta()
_ASK_AGAIN = timedelta(minutes=1)
_SOON = timedelta(milliseconds=10)
_SECOND = timedelta(seconds=1)
_LONGEST_QUEUE = timedelta(seconds=10)
_ONE_PUSH_BACK = timedelta(seconds=10)

_SLOWEST = 0.2
_UNMEASURED = 2.0
_LIFTED = 10_000.0
"""Letters a second. The last is more than a sender gets through a mail server: a limit so high limits nothing."""

_GROWTH = 1.25


@dataclass(frozen=True, slots=True)
class _Quota:
    left: int
    why: str


def allow(limits: Limits, usage: Usage, wanted: int, *, now: datetime, timezone: tzinfo) -> Allowance:
    """How many of `wanted` letters may leave now, and how fast.

    At a rate that is no more than a second's worth (at least 1), so that a lower rate soon holds for everybody. Days of
    the warm-up are those of `timezone`, counted from the publication's first letter.
    """
    domains = {name: max(limit - usage.domains.get(name, 0), 0) for name, limit in limits.domains.items()}
    short = min(_quotas(limits, usage, now, timezone), key=lambda quota: quota.left, default=None)
    if short and not short.left:
        return Allowance(letters=0, domains=domains, wait=_ASK_AGAIN, why=short.why)
    letters = min(wanted, short.left) if short else wanted
    rate = rate_in_force(limits, usage)
    if not rate:
        return Allowance(letters=letters, domains=domains)
    ahead, turn = _ahead(usage, rate, now), _turn(rate)
    if ahead > turn:
        return Allowance(
            letters=0, rate=rate, domains=domains, wait=_until(ahead - turn), why=_rate_words(limits, usage)
        )
    return Allowance(letters=min(letters, _second_worth(rate)), starts_in=ahead, rate=rate, domains=domains)


def rate_in_force(limits: Limits, usage: Usage) -> float:
    """Letters a second: the lower of the configured rate and that of push-back; 0 for no limit."""
    return min((rate for rate in (limits.per_second, usage.rate) if rate > 0), default=0.0)


def slowed(limits: Limits, usage: Usage, recent_rate: float, *, now: datetime) -> float:
    """The rate after push-back: half of the one in force, or of `recent_rate` (measured; 0: not known) if that is less.

    It is at least 0.2 letters a second, or the configured rate where that is lower still. Push-back within 10 seconds
    of the last is the same one, heard on several lines: then it is `usage.rate`. Keep the answer only if it differs.
    """
    if usage.rate and usage.rate_since and abs(now - usage.rate_since) < _ONE_PUSH_BACK:
        return usage.rate
    known = (rate for rate in (rate_in_force(limits, usage), recent_rate) if rate > 0)
    return max(min(known, default=_UNMEASURED) / 2, min(_SLOWEST, limits.per_second or _SLOWEST))


def raised(limits: Limits, usage: Usage, *, now: datetime) -> float:
    """The rate after a time without push-back: a quarter more for each full minute since `rate_since`.

    0 lifts it: once it comes to the configured rate or, without one, to 10,000 letters a second. Keep the answer only
    if it differs from `usage.rate`, because keeping one begins a new minute.
    """
    if not usage.rate:
        return 0.0
    rate: float = usage.rate * _GROWTH ** _quiet_minutes(usage, now)
    return 0.0 if rate >= (limits.per_second or _LIFTED) else rate


def _quotas(limits: Limits, usage: Usage, now: datetime, timezone: tzinfo) -> Iterator[_Quota]:
    """What is left of each limit over a time, the widest first: where several are used up, that one is named."""
    day = _day(usage, now, timezone)
    if day < len(limits.warm_up):
        most = limits.warm_up[day]
        yield _quota(most, usage.last_day, f"the {most} letters of day {day + 1} in delivery.warm_up are used up")
    if limits.per_day:
        yield _quota(limits.per_day, usage.last_day, f"delivery.per_day = {limits.per_day} is used up")
    if limits.per_hour:
        yield _quota(limits.per_hour, usage.last_hour, f"delivery.per_hour = {limits.per_hour} is used up")


def _quota(most: int, used: int, why: str) -> _Quota:
    return _Quota(max(most - max(used, 0), 0), why)


def _day(usage: Usage, now: datetime, timezone: tzinfo) -> int:
    """Calendar days since the first letter ever; 0 on the first, and before there was one."""
    if usage.began is None:
        return 0
    return max((now.astimezone(timezone).date() - usage.began.astimezone(timezone).date()).days, 0)


def _turn(rate: float) -> timedelta:
    """How long one claim's letters take to leave."""
    return max(_SECOND, timedelta(seconds=1 / rate))


def _ahead(usage: Usage, rate: float, now: datetime) -> timedelta:
    """How long until what was given out has left.

    A claim is given at most one turn ahead, so two turns are the most that there can be. What lies further ahead was
    written before the clock was set back: then one turn is waited, and the next claim puts the store right.
    """
    ahead = max((usage.free_at - now) if usage.free_at else _NOTHING, _NOTHING)
    return ahead if ahead <= max(2 * _turn(rate), _LONGEST_QUEUE) else _turn(rate)


def _second_worth(rate: float) -> int:
    return max(int(rate), 1)


def _until(time: timedelta) -> timedelta:
    return min(max(time, _SOON), _ASK_AGAIN)


def _rate_words(limits: Limits, usage: Usage) -> str:
    if usage.rate and usage.rate <= (limits.per_second or usage.rate):
        return f"the provider asked us to slow down, to {usage.rate:g} letters a second for now"
    return f"delivery.pace = {limits.per_second:g} is in full use"


def _quiet_minutes(usage: Usage, now: datetime) -> int:
    """Full minutes without push-back; one where the clock was set back behind it, so that this puts the store right."""
    if usage.rate_since is None:
        return 0
    quiet = now - usage.rate_since
    return 1 if quiet < -_ASK_AGAIN else min(max(quiet, _NOTHING) // _ASK_AGAIN, 100)
