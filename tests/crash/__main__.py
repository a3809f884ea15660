"""The kill test in its long form: `python -m tests.crash`, or `make crash-test`.

Kills real senders with SIGKILL at 200 random instants for each kind of provider, 5,000 readers a campaign, then at
every step of the work, then lets everything else go wrong. Prints a table; exit code 1 if anything is not as promised.
The random instants come from `--seed`, which is printed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.crash import troubles
from tests.crash.campaigns import Account, kill_at_every_step, kill_at_random
from tests.crash.sinks import Sink, mail_sink, postfix_sink, service_sink
from tests.crash.steps import SENDGRID_TURNS, SMTP_AT_THE_END, SMTP_AT_THE_START
from tests.crash.store_troubles import NoMount
from tests.postfix_sink import SMTP_SINK

_AT_ONCE = 2
_KILLS_A_CAMPAIGN = 25
_SPAN = {"SMTP, smtp-sink": 0.3, "SMTP, aiosmtpd": 0.5, "SendGrid": 0.6}
"""Seconds from a sender's first claim within which it is killed, as a rule: so long that a campaign sees many kills."""
_TROUBLED_READERS = 1000
_NAMES = ("kills", "readers", "lost", "twice", "unknown", "bound")


def _postfix() -> AbstractContextManager[Sink]:
    return postfix_sink()


def _aiosmtpd() -> AbstractContextManager[Sink]:
    return mail_sink(aiosmtpd=True, delay=2)


def _pipelining() -> AbstractContextManager[Sink]:
    return mail_sink(delay=2)


def _sendgrid() -> AbstractContextManager[Sink]:
    return service_sink(delay=60)


Opened = Callable[[], AbstractContextManager[Sink]]
_KINDS: Mapping[str, Opened] = {"SMTP, smtp-sink": _postfix, "SMTP, aiosmtpd": _aiosmtpd, "SendGrid": _sendgrid}


@dataclass(frozen=True, slots=True)
class Result:
    """A line of the table. `problem` says what is not as promised, or why the case was left out."""

    case: str
    account: Account
    problem: str = ""
    skipped: bool = False


def random_kills(kind: str, *, kills: int, readers: int, seed: int) -> Result:
    """Campaign after campaign through one kind of provider, until that many senders were killed."""
    total, chance = Account(), random.Random(f"{seed} {kind}")
    while total.kills < kills:
        with tempfile.TemporaryDirectory() as folder, _KINDS[kind]() as sink:
            account = kill_at_random(
                Path(folder) / "newsroom",
                sink,
                readers,
                kills=min(_KILLS_A_CAMPAIGN, kills - total.kills),
                span=_SPAN[kind],
                seed=chance.randrange(2**32),
                forked=False,
            )
        account.check()
        total.add(account)
        print(f"  {kind}: {total.kills} of {kills} kills, {total.readers} readers", file=sys.stderr, flush=True)
    return Result(f"{kind}: `kill -9` at random instants", total)


def every_step(kind: str, readers: int) -> Result:
    """Killed at every step of plan, claim, send and settle."""
    campaigns = {
        "SMTP": ((_aiosmtpd, SMTP_AT_THE_START), (_pipelining, SMTP_AT_THE_END)),
        "SendGrid": ((_sendgrid, SENDGRID_TURNS),),
    }
    total = Account()
    for opened, turns in campaigns[kind]:
        with tempfile.TemporaryDirectory() as folder, opened() as sink:
            account = kill_at_every_step(Path(folder) / "newsroom", sink, readers, turns)
        account.check()
        total.add(account)
    return Result(f"{kind}: `kill -9` at every step", total)


def trouble(case: str, readers: int) -> Result:
    """One of `troubles.CASES`."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            account = troubles.CASES[case](Path(folder) / "newsroom", readers)
        except NoMount as why:
            return Result(case, Account(), f"left out: {why}", skipped=True)
    account.check()
    return Result(case, account)


def _cases(wanted: argparse.Namespace) -> Iterator[partial[Result]]:
    for kind in _KINDS:
        if kind == "SMTP, smtp-sink" and SMTP_SINK is None:
            print("  smtp-sink is not installed: left out", file=sys.stderr)
        else:
            yield partial(random_kills, kind, kills=wanted.kills, readers=wanted.readers, seed=wanted.seed)
    for kind in ("SMTP", "SendGrid"):
        yield partial(every_step, kind, readers=_TROUBLED_READERS)
    for case in troubles.CASES:
        yield partial(trouble, case, readers=_TROUBLED_READERS)


def _judged(act: partial[Result]) -> Result:
    try:
        result = act()
    except AssertionError as error:
        result = Result(f"{act.func.__name__}: {act.args[0]}", Account(), str(error) or "an assertion failed")
    print(f"  {result.case}: {result.problem or 'done'}", file=sys.stderr, flush=True)
    return result


def _table(results: list[Result]) -> str:
    lines = [
        "| what happens | kills | readers | lost | twice | unknown | at most |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for result in results:
        cells = [f"{getattr(result.account, name):,}" for name in _NAMES] if not result.problem else [result.problem]
        lines.append(f"| {' | '.join([result.case, *cells])} |")
    return "\n".join(lines)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=200, help="for each kind of provider")
    options.add_argument("--readers", type=int, default=5000)
    options.add_argument("--seed", type=int, default=20261120)
    options.add_argument("--table", type=Path, help="write the table to this file too")
    wanted = options.parse_args()
    began = time.monotonic()
    print(f"Seed {wanted.seed}.", file=sys.stderr)
    with ProcessPoolExecutor(_AT_ONCE) as pool:
        results = list(pool.map(_judged, _cases(wanted)))
    table = _table(results)
    print(f"{table}\n")
    print(f"{time.monotonic() - began:.0f} seconds.", file=sys.stderr)
    if wanted.table:
        wanted.table.write_text(f"{table}\n", encoding="utf-8")
    return int(any(result.problem and not result.skipped for result in results))


if __name__ == "__main__":
    sys.exit(main())
