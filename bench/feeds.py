"""A hundred sites and more on this machine: `python -m bench.feeds SITES ENTRIES`.

Each has a loopback address of its own, so that manners towards one host slow down no other. It serves, of the site that
was asked, `/kept` (with an ETag, 304 to who knows it), `/plain` (always 200), `/drip` (a byte a second) and `/never`.
Prints its port and serves until its input ends.
"""

from __future__ import annotations

import asyncio
import re
import sys
from contextlib import suppress

from bench import newsroom

_REQUEST = re.compile(rb"GET (\S+)")
_KNOWN = b"if-none-match:"
_ETAG = b'ETag: "1"\r\n'


def address(site: int) -> str:
    """The loopback address of a site."""
    return f"127.0.{1 + site // 250}.{1 + site % 250}"


class Sites:
    """The answers of every site, made once."""

    def __init__(self, sites: int, entries: int) -> None:
        bodies = [newsroom.feed(f"paper{site}", entries) for site in range(sites)]
        self._kept = {address(site): _answer(body, _ETAG) for site, body in enumerate(bodies)}
        self._plain = {address(site): _answer(body) for site, body in enumerate(bodies)}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one connection's requests, one after the other."""
        host = writer.get_extra_info("sockname")[0]
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                found = _REQUEST.match(request)
                await self._answer(found[1] if found else b"", host, request, writer)
                await writer.drain()
        writer.close()

    async def _answer(self, path: bytes, host: str, request: bytes, writer: asyncio.StreamWriter) -> None:
        if path == b"/never":
            await asyncio.sleep(3600)
        elif path == b"/drip":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            for _ in range(3600):
                writer.write(b"<")
                await writer.drain()
                await asyncio.sleep(1)
        elif path == b"/plain":
            writer.write(self._plain[host])
        elif _KNOWN in request.lower():
            writer.write(b"HTTP/1.1 304 Not Modified\r\n" + _ETAG + b"\r\n")
        else:
            writer.write(self._kept[host])


def _answer(body: bytes, *headers: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n" % len(body)
    return head + b"".join(headers) + b"\r\n" + body


async def main(sites: int, entries: int) -> None:
    """Serves until the input ends."""
    answers = Sites(sites, entries)
    hosts = [address(site) for site in range(sites)]
    first = await asyncio.start_server(answers.serve, hosts[0], 0)
    port = first.sockets[0].getsockname()[1]
    await asyncio.start_server(answers.serve, hosts[1:], port)
    print(port, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
