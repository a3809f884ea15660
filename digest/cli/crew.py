"""More senders beside this one: on a large list with a quick provider the work is more than one processor can do.

Each is a `digest send --beside` of its own, and takes its share of the connections. The ledger keeps them apart, as it
keeps any two senders apart. A pipe ties them to the first: when it ends, however that comes, they finish the letters on
the wire, settle and end too.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from digest.cli.options import configuration


class Share(click.ParamType[tuple[int, int]]):
    """Which of how many senders: `2/4`."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        number, _, of = str(value).partition("/")
        if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
            self.fail(f"{value!r} is no share; write it like 2/4", param, ctx)
        return int(number), int(of)


@contextmanager
def beside(issue: str, of: int, *, patient: bool) -> Iterator[None]:
    """So many senders, this one among them. At the end the others are told to stop, and waited for."""
    others = [_started(issue, f"{number}/{of}", patient=patient) for number in range(2, of + 1)]
    try:
        yield
    finally:
        for other in others:
            if other.stdin:
                other.stdin.close()
        for other in others:
            other.wait()


def left_alone() -> Callable[[], bool]:
    """Whether the sender that started this one has ended: then its end of our standard input is closed."""
    if sys.stdin.isatty():
        return lambda: False
    file = sys.stdin.fileno()
    return lambda: bool(select.select([file], [], [], 0)[0]) and not os.read(file, 1)


def _started(issue: str, share: str, *, patient: bool) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "digest", "--config", str(configuration()), "send", "--date", issue, "--yes"]
    command += ["--beside", share, *([] if patient else ["--no-wait"])]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)  # noqa: S603  # nobody else's words
