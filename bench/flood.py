"""List bombing, for real: `python -m bench.flood` has one network sign up 10,000 addresses in a minute, over HTTP.

It tells how many sign-ups were taken, how many were turned away, and how many letters a mail server got, also in the
half minute after. None should.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiosmtpd.controller import Controller

from bench import campaign, pages, servers
from digest import clock
from digest.app import open_pages
from digest.office.signing_up import SigningUp

SIGN_UPS = 10_000
SECONDS = 60
_AFTERWARDS = 30
_SERVING = "\n[serve]\nprocesses = 2\n"


class _Mailboxes:
    """Take every letter, and count them."""

    taken = 0

    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802
        self.taken += 1
        return "250 2.0.0 Ok"


def calls(folder: Path) -> list[pages.Call]:
    """Sign-ups from all over one network."""
    with open_pages(campaign.settings_of(folder), clock.now) as desk:
        signing_up, root = SigningUp(desk), desk.root
        token = signing_up.form_token(signing_up.terms("en"))

    def call(number: int) -> pages.Call:
        fields = {"token": token, "address": f"reader{number}@example.net", "rhythm": "weekly", "language": "en"}
        form = urlencode({**fields, "section": signing_up.sections}, doseq=True)
        network = f"10.1.2.{number % 254 + 1}"
        return pages.Call(kind="sign-up", request=pages.request("POST", root, network, form))

    return [call(number) for number in range(SIGN_UPS)]


def main() -> None:
    """Prints what became of them."""
    mailboxes = _Mailboxes()
    mail = Controller(mailboxes, hostname="127.0.0.1", port=servers.free_port())
    mail.start()
    with tempfile.TemporaryDirectory(prefix="digest-bench-") as name:
        base = campaign.read(campaign.make(Path(name, "base"), readers=10, html=2000))
        folder = campaign.copy(base, Path(name, "run"))
        campaign.configure(folder, campaign.smtp(mail.port, 2) + _SERVING, subscribers=base / "subscribers.csv")
        made = calls(folder)
        with pages.listening("-m", "digest", "--config", str(folder / "digest.toml"), "serve", "--port", "0") as served:
            time.sleep(2.5)  # no form comes back sooner
            began = time.perf_counter()
            answers = asyncio.run(pages.ask(served[1], made, SIGN_UPS / SECONDS))
            took = time.perf_counter() - began
            time.sleep(_AFTERWARDS)
    mail.stop()
    print("| what | requests | median | 99th percentile | worst |\n|---|---|---|---|---|")
    print(pages.told("sign-ups", answers.all()))
    taken, away = answers.statuses[200], answers.statuses[429]
    print(f"in {took:.0f} s {taken} taken, {away:,} turned away, {SIGN_UPS - taken - away} anything else")
    print(f"letters that a mail server got until {_AFTERWARDS} s later: {mailboxes.taken}")


if __name__ == "__main__":
    main()
