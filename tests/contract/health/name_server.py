"""A name server on this machine, over UDP and TCP, that answers as a test says."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Mapping
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

SILENT = "silent"
SERVFAIL = "SERVFAIL"
_DEEPEST = 8


class _Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True
    zone: NameServer


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    zone: NameServer


class _OverUdp(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        wire, connection = self.request
        answer = self.server.zone.answer(wire, over_udp=True)  # type: ignore[attr-defined]
        if answer:
            connection.sendto(answer, self.client_address)


class _OverTcp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        (length,) = struct.unpack("!H", self.rfile.read(2))
        answer = self.server.zone.answer(self.rfile.read(length), over_udp=False)  # type: ignore[attr-defined]
        self.wfile.write(struct.pack("!H", len(answer)) + answer)


class NameServer:
    """`records` are like `{"docket.example TXT": ['"v=spf1 -all"']}`, each in the form of a zone file; `SILENT` and
    `SERVFAIL` stand for a server in trouble. Other names do not exist."""

    def __init__(self, records: Mapping[str, list[str] | str]) -> None:
        self.records = records
        self.asked: list[str] = []

    def __enter__(self) -> NameServer:
        self._tcp = _Tcp(("127.0.0.1", 0), _OverTcp)
        self.port = self._tcp.server_address[1]
        self._udp = _Udp(("127.0.0.1", self.port), _OverUdp)
        for server in (self._tcp, self._udp):
            server.zone = self
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in (self._tcp, self._udp):
            server.shutdown()
            server.server_close()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer(self, wire: bytes, *, over_udp: bool) -> bytes:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = str(question.name).rstrip(".").lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append(f"{name} {kind}{'' if over_udp else ' over TCP'}")
        told = self.records.get(f"{name} {kind}")
        if told == SILENT:
            return b""
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if told == SERVFAIL:
            response.set_rcode(dns.rcode.SERVFAIL)
        else:
            self._fill(response, name, kind)
        return _cut(response, query) if over_udp else response.to_wire(max_size=65535)

    def _fill(self, response: dns.message.Message, name: str, kind: str) -> None:
        for _ in range(_DEEPEST):
            if records := self.records.get(f"{name} {kind}"):
                response.answer.append(dns.rrset.from_text_list(f"{name}.", 60, "IN", kind, _listed(records)))
                return
            alias = self.records.get(f"{name} CNAME")
            if not alias or kind == "CNAME":
                break
            response.answer.append(dns.rrset.from_text_list(f"{name}.", 60, "IN", "CNAME", _listed(alias)))
            name = _listed(alias)[0].rstrip(".")
        if not any(known.partition(" ")[0] == name for known in self.records):
            response.set_rcode(dns.rcode.NXDOMAIN)


def _listed(records: list[str] | str) -> list[str]:
    return [records] if isinstance(records, str) else records


def _cut(response: dns.message.Message, query: dns.message.Message) -> bytes:
    """The answer as UDP carries it: where it is too long for the asker, only that it is."""
    wire: bytes = response.to_wire(max_size=65535)
    most: Any = query.payload or 512
    if len(wire) <= most:
        return wire
    response.answer.clear()
    response.flags |= dns.flags.TC
    return response.to_wire()
