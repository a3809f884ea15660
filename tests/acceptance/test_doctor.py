"""`digest doctor`, the real command: with a world on this machine, with a broken one, and with none."""

from __future__ import annotations

import json
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.acceptance.publication import Publication
from tests.contract.deliver.servers import MailServer
from tests.contract.health.name_server import SILENT, NameServer
from tests.unit.health.test_sendgrid import SCOPES, WEBHOOK, authenticated
from tests.unit.sources.scripted_site import Site, page

ADDRESS = "203.0.113.25"


class Pages:
    """A web server in front of readers' pages, over TLS: a first page, and links that take a click."""

    def __init__(self, authority: trustme.CA) -> None:
        self.posted: list[tuple[str, bytes]] = []
        pages = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.say()

            def do_POST(self) -> None:
                pages.posted.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
                self.say()

            def say(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.address = f"https://localhost:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return authority


@pytest.fixture
def pages(authority: trustme.CA) -> Iterator[Pages]:
    pages = Pages(authority)
    yield pages
    pages.close()


def dkim_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    return b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def zone() -> dict[str, list[str] | str]:
    key = f"v=DKIM1; k=rsa; p={dkim_key()}"
    return {
        "docket.example TXT": f'"v=spf1 ip4:{ADDRESS} -all"',
        "docket.example MX": "10 mail.docket.example.",
        "mail.docket.example A": ADDRESS,
        "25.113.0.203.in-addr.arpa PTR": "mail.docket.example.",
        "_dmarc.docket.example TXT": '"v=DMARC1; p=reject; rua=mailto:postmaster@docket.example"',
        "news._domainkey.docket.example TXT": f'"{key[:200]}" "{key[200:]}"',
        "s1._domainkey.docket.example TXT": f'"{key[:200]}" "{key[200:]}"',
        "s2._domainkey.docket.example TXT": f'"{key[:200]}" "{key[200:]}"',
        "em1.docket.example TXT": '"v=spf1 ip4:198.51.100.0/24 -all"',
        "em1.docket.example MX": "10 mail.docket.example.",
    }


def prepared(sample: Publication, provider: str, web: str, more: str) -> None:
    """The sample newsroom made the operator's own, with a store, and files for its owner alone."""
    sample.configure("12 Court Street, Springfield", "1 Quay Road, Port Merrow")
    sample.configure('provider = "outbox"', f'provider = "{provider}"')
    sample.configure("https://letters.docket.example/", web)
    path = sample.folder / "digest.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{more}", encoding="utf-8")
    (sample.folder / "subscribers.csv").chmod(0o600)
    sample.run("subscribers", "suppress", "nobody@elsewhere.example")


def verdicts(told: Any) -> dict[str, str]:
    worst = ["ok", "not asked", "look", "wrong"]
    found: dict[str, str] = {}
    for each in told["checks"]:
        found[each["check"]] = max(found.get(each["check"], "ok"), each["verdict"], key=worst.index)
    return found


def test_a_newsroom_with_a_mail_server_of_its_own_is_ready(sample: Publication, pages: Pages, tmp_path: Path) -> None:
    for name in ("cur", "new", "tmp"):
        (tmp_path / "returned" / name).mkdir(parents=True)
    with NameServer(zone()) as names, MailServer() as mail:
        more = f"""
            [doctor]
            name_servers = ["{names.place}"]
            selectors = ["news"]
            addresses = ["{ADDRESS}"]
            [delivery.smtp]
            host = "127.0.0.1"
            port = {mail.port}
            security = "none"
            [returns]
            maildir = "{tmp_path / "returned"}"
        """
        prepared(sample, "smtp", pages.address, more)
        told = sample.json("doctor", SSL_CERT_FILE=str(tmp_path / "ca.pem"), DIGEST_SECRET="x" * 43)
        assert mail.connections == 1 and not mail.taken
    found = verdicts(told)
    found.pop("machine.time_zones")  # which may be old on the machine that runs this
    found.pop("machine.disk")
    assert {check: verdict for check, verdict in found.items() if verdict != "ok"} == {}
    assert {"dns.spf", "dns.dkim", "dns.dmarc", "dns.alignment", "dns.mx", "dns.reverse"} < found.keys()
    assert {
        "web.answers",
        "web.one_click",
        "provider.login",
        "returns.mailbox",
        "machine.clock",
        "store",
    } < found.keys()
    ((path, body),) = pages.posted
    assert path.startswith("/u/") and body == b"List-Unsubscribe=One-Click"


def test_an_account_at_sendgrid_is_asked_and_what_is_wrong_is_told_with_what_to_do(
    sample: Publication, pages: Pages, site: Site, tmp_path: Path
) -> None:
    answers = {
        "/v3/scopes": {"scopes": SCOPES},
        "/v3/whitelabel/domains": [authenticated()],
        "/v3/user/webhooks/event/settings/all": {
            "webhooks": [{**WEBHOOK, "url": f"{pages.address}hooks/sendgrid", "public_key": "c2lnbmVk"}]
        },
    }
    site.acts.update({path: page(json.dumps(told)) for path, told in answers.items()})
    names = zone()
    names["_dmarc.docket.example TXT"] = '"v=DMARC1; p=none"'
    names["s2._domainkey.docket.example TXT"] = '"v=DKIM1; p="'
    with NameServer(names) as server:
        more = f"""
            [doctor]
            name_servers = ["{server.place}"]
            [delivery.sendgrid]
            address = "{site.at("")}"
        """
        prepared(sample, "sendgrid", pages.address, more)
        environment = {"SSL_CERT_FILE": str(tmp_path / "ca.pem"), "DIGEST_SENDGRID_API_KEY": "SG.secret-key"}
        done = sample.run("doctor", expect=11, **environment)
    assert "SG.secret-key" not in done.stdout + done.stderr
    assert all(asked[1]["authorization"] == "Bearer SG.secret-key" for asked in site.asked)
    lines = done.stdout.splitlines()
    dmarc = next(at for at, line in enumerate(lines) if "[dns.dmarc]" in line)
    assert lines[dmarc].split()[0] == "look"
    assert "v=DMARC1; p=quarantine" in lines[dmarc + 2]
    dkim = next(line for line in lines if "s2._domainkey" in line)
    assert dkim.split()[0] == "wrong" and "withdrawn" in dkim
    webhook = next(at for at, line in enumerate(lines) if "[provider.webhook]" in line)
    assert 'public_key = "c2lnbmVk"' in lines[webhook + 1]
    assert any(line.split()[:1] == ["ok"] and "[provider.key]" in line for line in lines)
    assert any(line.split()[:1] == ["ok"] and "[dns.spf]" in line for line in lines)
    assert "provider.webhook" in done.stderr and "dns.dmarc" not in done.stderr


def test_without_a_network_everything_else_is_told(sample: Publication) -> None:
    """Nobody answers: neither name servers nor hosts. A look that cannot be asked is not wrong."""
    silent = {f"{name} {kind}": SILENT for name in ("docket.example",) for kind in ("TXT", "MX", "A")}
    with NameServer({**silent, "_dmarc.docket.example TXT": SILENT}) as server:
        more = f"""
            [doctor]
            name_servers = ["{server.place}"]
            addresses = ["{ADDRESS}"]
        """
        prepared(sample, "outbox", "https://127.0.0.1:1/", more)
        found = verdicts(sample.json("doctor", "--all", expect=11))
    asked = {check for check, verdict in found.items() if verdict == "not asked"}
    assert {"dns.spf", "dns.dmarc", "dns.alignment", "dns.mx", "machine.clock", "web.one_click"} <= asked
    assert found["web.answers"] == "wrong"  # that machine is there, and nobody listens
    assert found["publication.address"] == found["store"] == "ok"


def test_the_sample_asks_nobody_and_is_told_that_its_address_is_not_its_own(sample: Publication) -> None:
    (sample.folder / "digest.toml").chmod(0o644)
    before = sample.state()
    told = sample.json("doctor", expect=11)
    assert [each["check"] for each in told["checks"] if each["verdict"] == "wrong"] == ["publication.address"]
    assert not any(each["check"].startswith(("dns.", "web.", "provider.")) for each in told["checks"])
    assert told["ready"] is False
    assert sample.state() == before
