"""The real command, in a process that kills itself at a step of its work, or that has an odd clock.

    python -m tests.crash.victim [--step NAME --nth N] [--later S | --jumping S] [--patience S] -- send --yes

Nothing in the product knows of it: its functions are wrapped from outside, before the command is run.
"""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, NoReturn

from digest import clock
from digest.cli.main import run as digest
from digest.cli.patient_output import be_patient
from tests.crash import clocks
from tests.crash.steps import STEPS, Step

_posting = threading.local()


def kill() -> NoReturn:
    """Ends this process as `kill -9` does: nothing is flushed, closed or undone."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("SIGKILL leaves nobody to say this")


def arm(step: Step, nth: int) -> None:
    """Has the process killed the `nth` time that the step comes."""
    owner, name = _place(step)
    function = getattr(owner, name)
    count = _Count(nth)

    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if not step.after and _counts(step) and count.is_up():
            _parting(step, args)
            kill()
        result = function(*args, **kwargs)
        if step.after and count.is_up():
            kill()
        return result

    setattr(owner, name, staticmethod(wrapped) if _is_static(owner, name) else wrapped)


class _Count:
    def __init__(self, nth: int) -> None:
        self._left = nth
        self._lock = threading.Lock()

    def is_up(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left == 0


def _place(step: Step) -> tuple[Any, str]:
    owner: Any = importlib.import_module(step.module)
    *path, name = step.name.split(".")
    for each in path:
        owner = getattr(owner, each)
    return owner, name


def _is_static(owner: Any, name: str) -> bool:
    return isinstance(getattr(owner, "__dict__", {}).get(name), staticmethod)


def _counts(step: Step) -> bool:
    """A connection to SendGrid carries other calls too: only letters count."""
    return step.name != "KeptConnection._answer" or bool(getattr(_posting, "letters", False))


def _parting(step: Step, args: tuple[Any, ...]) -> None:
    """`smtp.halfway`: the first half of the letter still leaves."""
    if step.name == "Connection.finish":
        connection, posting = args[:2]
        body = b"".join(posting.pieces)
        connection._wire.send(body[: len(body) // 2])


def _mark_letters() -> None:
    from digest.deliver.sendgrid import SendGridLine

    post: Callable[..., Any] = SendGridLine._post

    def marked(*args: Any) -> Any:
        _posting.letters = True
        try:
            return post(*args)
        finally:
            _posting.letters = False

    setattr(SendGridLine, "_post", marked)  # noqa: B010


def _set_clock(seconds: clocks.Seconds) -> None:
    setattr(clock, "now", clocks.as_instants(seconds))  # noqa: B010


def _set_patience(seconds: float) -> None:
    from digest.record.store import Store

    defaults = Store.open.__func__.__kwdefaults__  # type: ignore[attr-defined]
    defaults["patience"] = seconds


def run(arguments: Sequence[str]) -> int:
    """Makes the process what the options say, and runs the command behind `--`; gives its exit code."""
    wanted = _options().parse_args(arguments)
    if wanted.later:
        _set_clock(clocks.later(wanted.later))
    if wanted.jumping:
        _set_clock(clocks.jumping(wanted.jumping))
    if wanted.patience:
        _set_patience(wanted.patience)
    if wanted.step:
        if wanted.step.startswith("sendgrid"):
            _mark_letters()
        arm(STEPS[wanted.step], wanted.nth)
    sys.argv = ["digest", *wanted.command]
    be_patient()
    return digest(wanted.command)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--step", choices=STEPS)
    options.add_argument("--nth", type=int, default=1)
    options.add_argument("--later", type=float, metavar="SECONDS")
    options.add_argument("--jumping", type=float, metavar="SECONDS")
    options.add_argument("--patience", type=float, metavar="SECONDS")
    options.add_argument("command", nargs="+")
    return options


def main() -> None:
    """Runs it with the arguments of the process."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
