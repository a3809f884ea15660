"""The readers' pages under load while a campaign runs: `python -m bench.pages`.

`digest serve` answers so many requests a second for a minute: by turns the sign-up page, a sign-up, the page to leave
and leaving by one click, each for another reader and from another network. They come at fixed times, whether the ones
before are answered or not (an open loop): a page that falls behind shows it. Meanwhile `digest send` sends a campaign
through a mail server, at a pace that lasts as long. Before it, the same with a bare page of the same server: Starlette
on uvicorn, a few words, no store.

`--rate` (200 a second), `--seconds` (60), `--readers` (50,000) and `--pace` (letters a second; 0 for as fast as it
goes) make it another one.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from bench import campaign, servers
from digest import clock
from digest.app import open_pages
from digest.model import LetterState
from digest.office.reader_links import ReaderLinks
from digest.office.signing_up import SigningUp

CONNECTIONS = 64
"""Kept open, as a reverse proxy keeps them."""
PROMISED = 250
"""Milliseconds, the 99th percentile."""
_FIRST = 80
"""Requests before the clock begins: what a server does but once is not measured."""
_HTML = 60_000
_LIMITS = "[serve]\nprocesses = {processes}\n[sign_up]\nper_network = 1000000\nper_hour = 1000000\nper_day = 1000000\n"
_HEAD = "{method} {path} HTTP/1.1\r\nHost: docket.example\r\nX-Forwarded-For: {network}\r\n"
_FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
_BARE = """
import socket, sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
page = lambda request: HTMLResponse("<!doctype html><title>Closing Arguments</title><p>Hello." + " " * 2000)
app = Starlette(routes=[Route("/{rest:path}", page, methods=["GET", "POST"])])
listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
print(f"http://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
uvicorn.Server(uvicorn.Config(app, http="h11", log_level="critical", access_log=False)).run(sockets=[listener])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request: what kind it is, and its bytes."""

    kind: str
    request: bytes


@dataclass(slots=True)
class Answers:
    """Milliseconds of each kind from when a request was due to when its answer was whole, how often there was each
    status, and what went wrong with connections."""

    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def all(self) -> list[float]:
        return [each for kind in self.milliseconds.values() for each in kind]


def calls(folder: Path, count: int) -> list[Call]:
    """So many requests, the kinds by turns."""
    with open_pages(campaign.settings_of(folder), clock.now) as pages:
        links, root = ReaderLinks(pages.keyring, pages.store), pages.root
        signing_up = SigningUp(pages)
        token = signing_up.form_token(signing_up.terms("en"))
        made = []
        for number in range(count):
            kind, turn = number % 4, number // 4
            network = f"10.{turn >> 8 & 255}.{turn & 255}.7"
            reader = pages.store.readers.numbered(turn + 1)
            assert reader
            leave = f"{root}u/{links.pair(reader)[0]}"
            fields = {"token": token, "address": f"new{turn}@example.net", "rhythm": "weekly", "language": "en"}
            form = urlencode({**fields, "section": signing_up.sections}, doseq=True)
            made.append(
                (
                    Call(kind="sign-up page", request=request("GET", root, network)),
                    Call(kind="sign-up", request=request("POST", root, network, form)),
                    Call(kind="page to leave", request=request("GET", leave, network)),
                    Call(kind="one click", request=request("POST", leave, network, "List-Unsubscribe=One-Click")),
                )[kind]
            )
        return made


def request(method: str, path: str, network: str, form: str | None = None) -> bytes:
    head = _HEAD.format(method=method, path=path, network=network)
    body = (form or "").encode()
    return f"{head}{_FORM if form else ''}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def ask(port: int, made: Sequence[Call], rate: float) -> Answers:
    """Sends every request at its time."""
    answers, free = Answers(), asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]]()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    began = time.perf_counter() + 0.5

    async def one(number: int, call: Call) -> None:
        due = began + number / rate
        reader, writer = await free.get()
        try:
            writer.write(call.request)
            status = await _answered(reader)
        except (OSError, asyncio.IncompleteReadError) as error:
            answers.broken.append(f"{call.kind}: {error!r}")
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        else:
            answers.milliseconds.setdefault(call.kind, []).append(1000 * (time.perf_counter() - due))
            answers.statuses[status] += 1
        free.put_nowait((reader, writer))

    async with asyncio.TaskGroup() as group:
        for number, call in enumerate(made):
            await asyncio.sleep(began + number / rate - time.perf_counter())
            group.create_task(one(number, call))
    return answers


async def _answered(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    assert length
    await reader.readexactly(int(length[1]))
    return int(head.split(b" ", 2)[1])


@contextmanager
def listening(*command: str) -> Iterator[tuple[int, int]]:
    """A server that tells its address: its process and its port."""
    process = subprocess.Popen(
        [sys.executable, "-u", *command], env={**os.environ, **campaign.ENVIRONMENT}, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        yield process.pid, next(int(found[1]) for line in process.stdout if (found := re.search(r":(\d+)/", line)))
    finally:
        process.terminate()
        process.communicate()


@contextmanager
def sending(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`digest send`, stopped in the end if it is not done."""
    command = [sys.executable, "-m", "digest", "--config", str(folder / "digest.toml"), "send", "--yes"]
    process = subprocess.Popen(command, env={**os.environ, **campaign.ENVIRONMENT}, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def processor(process: int) -> float:
    """Seconds of the processor that a process and those that it started have used."""
    told = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    own = (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return own + sum(processor(int(child)) for child in children)


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """A minute under load. `each` is milliseconds of the processor that a request took, `done` says that the campaign
    was over before it."""

    answers: Answers
    each: float
    letters: int
    done: bool


def minute(folder: Path, server: Sequence[str], options: argparse.Namespace) -> Minute:
    """Serves and sends at once."""
    made = calls(folder, int(options.rate * options.seconds) + _FIRST)
    with listening(*server) as (process, port), sending(folder) as sender:
        _wait_for_first_letter(folder)
        time.sleep(2.5)  # no form comes back sooner
        asyncio.run(ask(port, made[-_FIRST:], _FIRST / 4))
        before = processor(process)
        answers = asyncio.run(ask(port, made[:-_FIRST], options.rate))
        each = 1000 * (processor(process) - before) / (len(made) - _FIRST)
        done = sender.poll() is not None
    with open_pages(campaign.settings_of(folder), clock.now) as pages:
        record = pages.store.issues.record(campaign.ISSUE)
    return Minute(
        answers=answers, each=each, letters=record.letters.get(LetterState.ACCEPTED, 0) if record else 0, done=done
    )


def _wait_for_first_letter(folder: Path) -> None:
    with open_pages(campaign.settings_of(folder), clock.now) as pages:
        for _ in range(600):
            record = pages.store.issues.record(campaign.ISSUE)
            if record and record.letters.get(LetterState.ACCEPTED, 0):
                return
            time.sleep(0.1)
    sys.exit("no letter left within a minute")


def told(name: str, milliseconds: Sequence[float]) -> str:
    """A row: median, 99th percentile, worst."""
    ordered = sorted(milliseconds)
    row = (statistics.median(ordered), ordered[int(len(ordered) * 0.99)], ordered[-1])
    return f"| {name} | {len(ordered):,} | {row[0]:.1f} ms | {row[1]:.1f} ms | {row[2]:.0f} ms |"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.pages")
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--readers", type=int, default=50_000)
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--pace", type=float, default=-1)
    return parser.parse_args()


def main() -> None:
    """Prints a table and the ratio."""
    options = _options()
    pace = options.readers / (options.seconds + 10) if options.pace < 0 else options.pace
    with tempfile.TemporaryDirectory(prefix="digest-bench-") as name, servers.smtp_sink() as port:
        base = campaign.read(campaign.make(Path(name, "base"), readers=options.readers, html=_HTML))
        delivery = campaign.smtp(port, 8).replace("[delivery.smtp]", f"pace = {pace}\n[delivery.smtp]")
        minutes: dict[str, Minute] = {}
        for what in ("bare page", "pages"):
            folder = campaign.copy(base, Path(name, "run"))
            limits = _LIMITS.format(processes=options.processes)
            campaign.configure(folder, f"{delivery}\n{limits}", subscribers=base / "subscribers.csv")
            ours = ("-m", "digest", "--config", str(folder / "digest.toml"), "serve", "--port", "0")
            minutes[what] = minute(folder, ("-c", _BARE) if what == "bare page" else ours, options)
    print("| what | requests | median | 99th percentile | worst |\n|---|---|---|---|---|")
    for what, one in minutes.items():
        print(told(what, one.answers.all()))
    for kind, milliseconds in minutes["pages"].answers.milliseconds.items():
        print(told(kind, milliseconds))
    for what, one in minutes.items():
        over = "over before the end" if one.done else "under way to the end"
        errors = one.answers.statuses.total() - one.answers.statuses[200] + len(one.answers.broken)
        wrong = f"{errors} errors {one.answers.broken[:3] or ''}"
        print(f"{what}: {wrong}, {one.each:.2f} ms of the processor each; campaign {over}, {one.letters:,} letters")
    ratio = minutes["pages"].each / minutes["bare page"].each
    print(f"processor: {ratio:.1f} x a bare page; 99th percentile at most {PROMISED} ms")


if __name__ == "__main__":
    main()
