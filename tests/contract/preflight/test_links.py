"""Asking for links, against real servers on this machine that stand for hosts of the world."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from digest.model import Reached
from digest.network import resolved
from digest.preflight.links import INTERNET, Network, ask

PRIVATE = "10.1.2.3"
"""What `inside.example` is; nobody may connect there."""


@dataclass
class World:
    """A server that answers as the path says, and what it was asked."""

    port: int
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    at_once: Counter[str] = field(default_factory=Counter)
    most_at_once: Counter[str] = field(default_factory=Counter)
    lookups: Counter[str] = field(default_factory=Counter)

    def address(self, path: str, host: str = "docket.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.lookups[host] += 1
        if host.startswith("missing"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if host == "inside.example":
            return ("127.0.0.1", PRIVATE)
        if host == "rebinding.example" and self.lookups[host] > 1:
            return (PRIVATE,)
        return ("127.0.0.1",)

    @property
    def network(self) -> Network:
        return Network(resolve=self.resolve, is_public=lambda address: address != PRIVATE, timeout=1.0, deadline=5.0)


@contextmanager
def served() -> Iterator[World]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            host = self.headers["Host"].partition(":")[0]
            with lock:
                world.asked.append((self.command, host, self.path))
                world.at_once[host] += 1
                world.most_at_once[host] = max(world.most_at_once[host], world.at_once[host])
            time.sleep({"slow": 3.0, "pause": 0.1}.get(self.path.split("/")[1], 0.0))
            with lock:  # before it answers: whoever has the answer may ask for the next address at once
                world.at_once[host] -= 1
            self.answer()

        do_GET = do_HEAD  # noqa: N815

        def answer(self) -> None:
            name, _, rest = self.path.removeprefix("/").partition("/")
            leads_to = {"circle": "/circle", "script": "javascript:alert(1)", "nowhere": "ftp://x.example/"}.get(
                name, ""
            )
            status = {"get": 200 if self.command == "GET" else 405, "to": 302}.get(name, 302 if leads_to else 200)
            self.send_response(int(rest) if name == "status" else status)
            if status == 302:
                self.send_header("Location", leads_to or (rest if rest.startswith("http") else f"/{rest}"))
            self.send_header("Content-Type", "image/jpeg; charset=binary")
            self.send_header("Content-Length", "4321")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    world = World(port=server.server_port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield world
    server.shutdown()
    server.server_close()


@pytest.fixture
def world() -> Iterator[World]:
    with served() as made:
        yield made


def test_what_is_there_answers_with_its_size_and_kind(world: World) -> None:
    address = world.address("/a?x=1#part")
    (answer,) = ask([address], world.network).values()
    assert (answer.address, answer.reached, answer.size, answer.kind) == (address, Reached.ANSWERS, 4321, "image/jpeg")
    assert world.asked == [("HEAD", "docket.example", "/a?x=1")]


def test_where_head_is_refused_get_is_tried(world: World) -> None:
    (answer,) = ask([world.address("/get")], world.network).values()
    assert answer.reached is Reached.ANSWERS
    assert [method for method, *_ in world.asked] == ["HEAD", "GET"]


@pytest.mark.parametrize(
    ("path", "reached", "words"),
    [
        ("/status/404", Reached.GONE, "the server says 404"),
        ("/status/410", Reached.GONE, "the server says 410"),
        ("/status/403", Reached.NOT_NOW, "the server says 403"),
        ("/status/503", Reached.NOT_NOW, "the server says 503"),
        ("/to/ftp", Reached.ANSWERS, ""),
        ("/to/to/to/status/404", Reached.GONE, "the server says 404"),
        ("/slow", Reached.NOT_NOW, "no answer came in time"),
    ],
)
def test_other_answers(world: World, path: str, reached: Reached, words: str) -> None:
    (answer,) = ask([world.address(path)], world.network).values()
    assert (answer.reached, answer.words) == (reached, words)
    assert answer.seconds > 0


def test_where_a_redirect_leads_is_named(world: World) -> None:
    (answer,) = ask([world.address("/to/there")], world.network).values()
    assert (answer.reached, answer.moved_to) == (Reached.ANSWERS, world.address("/there"))


def test_redirects_end(world: World) -> None:
    addresses = [world.address(path) for path in ("/circle", "/" + "to/" * 9 + "x", "/script", "/nowhere")]
    answers = ask(addresses, world.network)
    assert {answer.reached for answer in answers.values()} == {Reached.GONE}
    assert [answers[address].words.split()[3:6] for address in addresses] == [
        ["a", "circle"], ["more", "than", "6"], ["to", "javascript:alert(1),", "which"],
        ["to", "ftp://x.example/,", "which"],
    ]  # fmt: skip


def test_a_private_network_is_not_asked(world: World) -> None:
    direct, behind = world.address("/", "inside.example"), world.address(f"/to/{world.address('/', 'inside.example')}")
    answers = ask([direct, behind], world.network)
    assert {answer.reached for answer in answers.values()} == {Reached.PRIVATE}
    assert PRIVATE in answers[direct].words
    assert "inside.example" not in {host for _, host, _ in world.asked}


def test_a_name_is_looked_up_once_and_that_address_is_used(world: World) -> None:
    (answer,) = ask([world.address("/get", "rebinding.example")], world.network).values()
    assert answer.reached is Reached.ANSWERS
    assert world.lookups["rebinding.example"] == 1
    assert len(world.asked) == 2


def test_a_host_that_is_missing_is_gone_and_without_any_the_network_is(world: World) -> None:
    missing, there = "http://missing.example/", world.address("/")
    assert ask([missing, there], world.network)[missing].reached is Reached.GONE
    assert ask([missing, "http://missing2.example/"], world.network)[missing].reached is Reached.UNASKED


def test_two_at_a_time_a_host(world: World) -> None:
    addresses = [world.address(f"/pause/{number}", host) for number in range(6) for host in ("a.example", "b.example")]
    assert {answer.reached for answer in ask(addresses, world.network).values()} == {Reached.ANSWERS}
    assert set(world.most_at_once) == {"a.example", "b.example"}
    assert max(world.most_at_once.values()) <= 2


def test_what_takes_too_long_is_unasked(world: World) -> None:
    answers = ask([world.address(f"/slow/{n}") for n in range(6)], replace(world.network, timeout=0.4, deadline=0.6))
    assert Reached.UNASKED in {answer.reached for answer in answers.values()}
    assert len(answers) == 6


@pytest.mark.parametrize("address", ["http://", "http://[::1", "http://a b/", "https://:0/", "http://\ud800/", ""])
def test_nonsense_is_an_answer_and_no_crash(address: str, world: World) -> None:
    (answer,) = ask([address], world.network).values()
    assert answer.reached is not Reached.ANSWERS


def test_the_real_network_refuses_this_machine() -> None:
    assert "127.0.0.1" in resolved("localhost", 80) or "::1" in resolved("localhost", 80)
    (answer,) = ask(["http://localhost/"], INTERNET).values()
    assert answer.reached is Reached.PRIVATE
