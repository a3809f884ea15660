"""The local SendGrid in a process of its own, slow to answer for letters that it has taken.

    python -m tests.crash.service_sink --log FILE [--delay MS] [--cut-every N]

prints its port and appends a line for each letter that went out to FILE (address, letter key, batch id). SIGUSR1 lets
three hours pass: held letters go out. The sender's clock has to be set with it.
"""

from __future__ import annotations

import argparse
import random
import signal
import time
from pathlib import Path
from typing import Any

from tests.contract.deliver.local_sendgrid import LocalSendGrid
from tests.contract.deliver.sendgrid_keeper import Answered

THREE_HOURS = 3 * 3600.0


class SlowSendGrid(LocalSendGrid):
    """Takes letters, and lets some time pass before it says so."""

    def __init__(self, *, delay: float, **options: Any) -> None:
        super().__init__(**options)
        self._delay = delay
        self._chance = random.Random(1)

    def _take(self, request: dict[str, Any]) -> Answered:
        time.sleep(self._delay * self._chance.random())
        answered = super()._take(request)
        time.sleep(self._delay * self._chance.random())
        return answered


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--log", type=Path, required=True)
    options.add_argument("--delay", type=float, default=0.0, metavar="MS")
    options.add_argument("--cut-every", type=int, default=0, metavar="N")
    wanted = options.parse_args()
    ahead = [0.0]

    def let_time_pass(number: int, frame: object) -> None:
        ahead[0] += THREE_HOURS

    signal.signal(signal.SIGUSR1, let_time_pass)
    with (
        wanted.log.open("a", encoding="utf-8") as log,
        SlowSendGrid(
            delay=wanted.delay / 1000, clock=lambda: time.time() + ahead[0], log=log, cut_every=wanted.cut_every
        ) as server,
    ):
        print(server.port, flush=True)
        while True:
            server.release()
            time.sleep(0.02)


if __name__ == "__main__":
    main()
