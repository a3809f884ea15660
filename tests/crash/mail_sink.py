"""A mail server that writes down who got a letter before it says so, and answers as it is told to.

    python -m tests.crash.mail_sink --log FILE [--aiosmtpd] [--delay MS] [--refuse SHARE] [--cut-every N]

prints its port and appends a line (the address) to FILE for each letter that it keeps. Plain it is a few lines on
sockets, with PIPELINING; with `--aiosmtpd` it is that library's server, which has none.

`--refuse` answers 451 to that share of bodies, chosen by address and attempt. `--cut-every` keeps every Nth letter and
closes the connection instead of answering. `--delay` waits before each answer to a body.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

_RECIPIENT = re.compile(rb"RCPT TO:<([^>]*)>", re.IGNORECASE)
_TAKEN, _NOT_NOW = "250 2.0.0 Ok: queued as 4F2A91", "451 4.7.1 try again later"


@dataclass(slots=True, kw_only=True)
class Post:
    """What becomes of the letters: kept (in a file, at once), put off, or kept without a word."""

    log: int
    delay: float = 0.0
    refused: float = 0.0
    cut_every: int = 0
    _attempts: Counter[str] = field(default_factory=Counter)
    _kept: int = 0

    async def take(self, address: str) -> str | None:
        """The answer to a whole letter; None for none."""
        self._attempts[address] += 1
        if _share(address, self._attempts[address]) < self.refused:
            await asyncio.sleep(self.delay)
            return _NOT_NOW
        self._kept += 1
        cut = self.cut_every and self._kept % self.cut_every == 0
        os.write(self.log, f"{address}\n".encode())
        await asyncio.sleep(self.delay)
        return None if cut else _TAKEN


def _share(address: str, attempt: int) -> float:
    """The same number between 0 and 1 for the same attempt, whatever came before."""
    return int.from_bytes(blake2b(f"{attempt}:{address}".encode(), digest_size=4).digest(), "big") / 2**32


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, post: Post) -> None:
    """One connection (RFC 5321), with commands sent ahead of their answers (RFC 2920)."""
    writer.write(b"220 sink\r\n")
    with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        await _letters(reader, writer, post)
    writer.close()


async def _letters(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, post: Post) -> None:
    recipient = ""
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"RCPT":
            found = _RECIPIENT.match(line)
            recipient = found[1].decode() if found else ""
        if verb == b"DATA":
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            answer = await post.take(recipient)
            if answer is None:
                return
            writer.write(answer.encode() + b"\r\n")
            continue
        writer.write(_ANSWERS.get(verb, b"250 ok\r\n"))
        if verb == b"QUIT":
            return


_ANSWERS = {b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n", b"QUIT": b"221 bye\r\n"}
_LARGEST = 1 << 24


class Handler:
    """The same for aiosmtpd."""

    def __init__(self, post: Post) -> None:
        self._post = post

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await self._post.take(envelope.rcpt_tos[0])
        if answer is None and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return answer or _TAKEN


Connected = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def serve(post: Post, *, library: bool) -> None:
    """Listens on a port of the system's choice, until the process is ended."""
    if library:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Handler(post), enable_SMTPUTF8=True), "127.0.0.1", 0)
    else:
        server = await asyncio.start_server(
            lambda reader, writer: converse(reader, writer, post), "127.0.0.1", 0, limit=_LARGEST
        )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--log", type=Path, required=True)
    options.add_argument("--aiosmtpd", action="store_true")
    options.add_argument("--delay", type=float, default=0.0, metavar="MS")
    options.add_argument("--refuse", type=float, default=0.0, metavar="SHARE")
    options.add_argument("--cut-every", type=int, default=0, metavar="N")
    wanted = options.parse_args()
    log = os.open(wanted.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    post = Post(log=log, delay=wanted.delay / 1000, refused=wanted.refuse, cut_every=wanted.cut_every)
    asyncio.run(serve(post, library=wanted.aiosmtpd))


if __name__ == "__main__":
    main()
