"""A newsroom of many hosts on this machine, sound and hostile ones: each fault that a server can have, by its name.

Every site has a loopback address of its own (127.0.1.1, 127.0.1.2, …), so that each is a host. 127.0.0.0/16 stands for
the world and is to be let in; 127.9.0.0/16 stands for what is inside, where nobody may ask.
"""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler

from tests.unit.sources.scripted_site import (
    Act,
    Site,
    cut_after,
    packed,
    page,
    redirect,
    reset,
    status,
)

WORLD = "127.0.0.0/16"
INSIDE = "127.9.9.9"

_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"


def weekly(name: str, now: datetime, stories: int = 10) -> str:
    """A feed of a story a day back from `now`, each with a link and a picture inside the private network."""
    items = "".join(
        f"<item><title>{name}, story {number}</title><link>http://{INSIDE}/{name}/{number}</link>"
        f"<guid isPermaLink='false'>{name}-{number}</guid><enclosure url='http://{INSIDE}/{number}.jpg' length='1'"
        f" type='image/jpeg'/><pubDate>{format_datetime(now - timedelta(days=number))}</pubDate></item>"
        for number in range(stories)
    )
    return f"<rss version='2.0'><channel><title>{name}</title><link>http://{INSIDE}/</link>{items}</channel></rss>"


class Newsroom:
    """`sound` and `hostile` are the feeds' addresses by name; of the hostile ones with the words that are expected.

    `inside` is the site that nobody may ask. `resolve` finds the names of the newsroom, some of which lie.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.sites: list[Site] = []
        self.sound: dict[str, str] = {}
        self.hostile: dict[str, tuple[str, str]] = {}
        self.over = threading.Event()
        self.inside = Site(INSIDE)
        self._names: dict[str, list[Sequence[str]]] = {}
        self._deaf = socket.socket()
        self._build_sound()
        self._build_slow()
        self._build_lying()
        self._build_refusing()
        self._build_astray()

    def close(self) -> None:
        self.over.set()
        self._deaf.close()
        for site in (*self.sites, self.inside):
            site.close()

    def resolve(self, host: str, port: int) -> Sequence[str]:
        answers = self._names.get(host)
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def _site(self) -> Site:
        site = Site(f"127.0.1.{len(self.sites) + 1}")
        self.sites.append(site)
        return site

    def _sound(self, name: str, make: Callable[[str], dict[str, Act]]) -> Site:
        site = self._site()
        site.acts |= make(weekly(name, self.now))
        self.sound[name] = site.at("/feed")
        return site

    def _hostile(self, name: str, said: str, act: Act) -> Site:
        site = self._site()
        site.acts["/feed"] = act
        self.hostile[name] = (site.at("/feed"), said)
        return site

    def _build_sound(self) -> None:
        for number in range(12):
            self._sound(f"plain-{number}", lambda feed: {"/feed": page(feed)})
        self._sound("packed", lambda feed: {"/feed": packed(feed.encode())})
        self._sound("packed twice", lambda feed: {"/feed": packed(gzip.compress(feed.encode()))})
        self._sound("of old", lambda feed: {"/feed": cut_after(b"HTTP/1.0 200 OK\r\n\r\n" + feed.encode())})
        self._sound("chunked", lambda feed: {"/feed": cut_after(_in_chunks(feed.encode()))})
        self._sound("with cookies", lambda feed: {"/feed": page(feed, set_cookie="id=1; Path=/; Max-Age=9999")})
        self._sound("with a long header", lambda feed: {"/feed": page(feed, x_trace="y" * 60_000)})
        self._sound("moved thrice", lambda feed: {
            "/feed": redirect(301, "/2"), "/2": redirect(308, "/3"), "/3": redirect(301, "/4"), "/4": page(feed),
        })  # fmt: skip
        self._sound("behind a wall of no robots", lambda feed: {
            "/feed": page(feed), "/robots.txt": page("User-agent: *\nDisallow: /\n"),
        })  # fmt: skip
        named = self._sound("by name", lambda feed: {"/feed": page(feed)})
        self._names["docket.example"] = [[named.host]]
        self.sound["by name"] = f"http://docket.example:{named.port}/feed"

    def _build_slow(self) -> None:
        chunks = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
        self._hostile("a byte a second", "", self._drip(_OK + b"\r\n<rss>", b"<", 1.0))
        self._hostile("a header byte a second", "", self._drip(b"HTTP/1.1 200 OK\r\nX: ", b"y", 1.0))
        self._hostile("a chunk a second", "", self._drip(chunks, b"1\r\nx\r\n", 1.0))
        self._hostile("never answers", "", self._drip(b"", b"", 1.0))
        self._hostile("stops half-way", "", self._drip(_OK + b"Content-Length: 9999\r\n\r\n<rss>", b"", 1.0))
        self._hostile("a refusal that drips", "the server answered 404", self._drip(_NOT_FOUND, b"x", 1.0))
        self._deaf.bind(("127.0.2.1", 0))
        self._deaf.listen(0)
        self.hostile["never accepts"] = (f"http://127.0.2.1:{self._deaf.getsockname()[1]}/feed", "")

    def _build_lying(self) -> None:
        bomb = gzip.compress(b"\0" * 60_000_000, compresslevel=1)
        nested = gzip.compress(gzip.compress(gzip.compress(b"\0" * 60_000_000, compresslevel=1)))
        chunks = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
        large, broken = "larger than 2,000,000 bytes", "the answer broke off"
        self._hostile("a bomb", large, page(bomb, content_encoding="gzip"))
        self._hostile("a bomb in bombs", large, page(nested, content_encoding="gzip, gzip, gzip"))
        self._hostile("ten bombs deep", "the compression", page(nested, content_encoding=", ".join(["gzip"] * 10)))
        self._hostile("a file that is a bomb", large, page(bomb, content_type="application/gzip"))
        self._hostile("a file cut short", "a gzip file that is broken", page(gzip.compress(b"<rss>" * 99)[:-9]))
        self._hostile("no gzip", "the compression of the answer is broken", page("<rss>", content_encoding="gzip"))
        self._hostile("too long", large, cut_after(_OK + b"Content-Length: 99999999999\r\n\r\n<rss>"))
        self._hostile("too short", broken, cut_after(_OK + b"Content-Length: 1000\r\n\r\n<rss>"))
        self._hostile("no length at all", broken, cut_after(_OK + b"Content-Length: 5, 9\r\n\r\n<rss>"))
        self._hostile("endless", large, self._drip(_OK + b"\r\n", b"x" * 65_536, 0))
        self._hostile("a chunk cut", broken, cut_after(chunks + b"ffff\r\n<rss>"))
        self._hostile("a chunk of no size", broken, cut_after(chunks + b"size\r\n<rss>\r\n0\r\n\r\n"))
        self._hostile("a chunk of less than nothing", large, self._drip(chunks + b"-1\r\n", b"x" * 65_536, 0))
        self._hostile("endless trailers", large, self._drip(chunks + b"0\r\n", b"X-Trailer: yes\r\n" * 999, 0))
        self._hostile("endless beginnings", large, self._drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 999, 0))
        self._hostile("endless headers", broken, self._drip(b"HTTP/1.1 200 OK\r\n", b"X-More: yes\r\n", 0))
        self._hostile("a huge header", broken, self._drip(b"HTTP/1.1 200 OK\r\nX-Long: ", b"y" * 65_536, 0))
        self._hostile("no HTTP", broken, cut_after(b"220 mail.docket.example ESMTP\r\n"))
        self._hostile("reset", broken, reset)
        self._hostile("no feed", "an HTML page, not a feed", page("<html><title>Welcome</title></html>"))

    def _build_refusing(self) -> None:
        for code in (401, 403, 404, 410, 500, 503):
            self._hostile(f"answers {code}", f"the server answered {code}", status(code))
        self._hostile("too often", "the server answered 429", page("", 429, retry_after="7200"))
        late = format_datetime(datetime.now().astimezone() + timedelta(hours=2))
        self._hostile("busy", "the server answered 503", page("", 503, retry_after=late))

    def _build_astray(self) -> None:
        private, no_web = "in a private network", "which is no web address"
        self.inside.acts = dict.fromkeys(("/", "/feed", "/robots.txt"), page(weekly("inside", self.now)))
        circle = self._hostile("a circle", "redirected in a circle", redirect(302, "/2"))
        circle.acts["/2"] = redirect(302, "/feed")
        away = self._hostile("too far away", "redirected more than 10 times", redirect(302, "/1"))
        away.acts |= {f"/{hop}": redirect(302, f"/{hop + 1}") for hop in range(1, 15)}
        self._hostile("to metadata", private, redirect(302, "http://169.254.169.254/latest/meta-data/"))
        self._hostile("to the inside", private, redirect(301, self.inside.at("/")))
        self._hostile("to the inside in other clothes", private, redirect(302, _mapped(self.inside)))
        self._hostile("to a file", no_web, redirect(302, "file:///etc/hostname"))
        self._hostile("to gopher", no_web, redirect(302, f"gopher://{INSIDE}:70/"))
        self._hostile("to another service", "port 25", redirect(302, "http://127.0.1.1:25/"))
        self._hostile("with a password", "the address holds a user's name", redirect(302, "http://a:b@127.0.1.1/"))
        self._hostile("to a name inside", private, redirect(302, f"http://inside.example:{self.inside.port}/"))
        self._hostile("to nobody", "the host nobody.example is not known", redirect(302, "http://nobody.example/"))
        self._names["inside.example"] = [[INSIDE]]
        self._names["both.example"] = [["127.0.1.1", INSIDE]]
        self.hostile["a name of both"] = (f"http://both.example:{self.inside.port}/feed", private)
        self._names["first-inside.example"] = [[INSIDE], ["127.0.1.1"]]
        self.hostile["a name that rebinds"] = (f"http://first-inside.example:{self.inside.port}/feed", private)

    def _drip(self, head: bytes, drop: bytes, pause: float) -> Act:
        """Bytes until the newsroom closes, a few at a time."""

        def act(handler: BaseHTTPRequestHandler) -> None:
            handler.close_connection = True
            handler.wfile.write(head)
            ends = time.monotonic() + 60
            while not self.over.wait(pause) and time.monotonic() < ends:
                handler.wfile.write(drop)

        return act


_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n"


def _in_chunks(body: bytes) -> bytes:
    chunks = [body[at : at + 100] for at in range(0, len(body), 100)]
    framed = b"".join(b"%x;name=value\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return _OK + b"Transfer-Encoding: chunked\r\n\r\n" + framed + b"0\r\nX-Trailer: yes\r\n\r\n"


def _mapped(site: Site) -> str:
    """The site's address as IPv4 inside IPv6."""
    return f"http://[::ffff:{site.host}]:{site.port}/"
