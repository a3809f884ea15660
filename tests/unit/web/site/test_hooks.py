"""Where SendGrid tells what became of letters, with requests that are signed as it signs them."""

from __future__ import annotations

import asyncio
import base64
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from digest.deliver.event_webhook import SIGNATURE, TIMESTAMP
from digest.model.readers import Ground
from digest.office.pages import Pages
from digest.reader_settings import ReaderSettings, WebhookSettings
from digest.record.archive import Archive
from digest.record.location import url_of
from digest.record.store import Store
from digest.web.site.application import application
from digest.web.site.hooks import LONGEST
from tests.unit.dispatch.office import MovingClock, Office
from tests.unit.record.newsroom import NOW, listed, reader

KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(url_of(tmp_path / "digest.db")) as store:
        listed(store, 3)
        yield store


@dataclass
class Service:
    """The pages, asked without a network."""

    pages: Pages

    def ask(self, method: str, content: bytes = b"", headers: Mapping[str, str] | None = None) -> int:
        async def asked() -> int:
            transport = httpx.ASGITransport(application(self.pages))
            async with httpx.AsyncClient(transport=transport, base_url="https://docket.example") as client:
                return (await client.request(method, "/hooks/sendgrid", content=content, headers=headers)).status_code

        return asyncio.run(asked())


def service(store: Store, public_key: str = PUBLIC) -> Service:
    readers = ReaderSettings(webhook=WebhookSettings(public_key=public_key))
    settings = replace(Office(store).settings, readers=readers)
    return Service(Pages(settings, store, Archive(store.path.parent), MovingClock()))


def post(client: Service, body: bytes | list[Any], *, signed: bytes | None = None, age: int = 0) -> int:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode() + b"\r\n"
    timestamp = str(int(NOW.timestamp()) - age)
    signature = KEY.sign(timestamp.encode() + (sent if signed is None else signed), ec.ECDSA(SHA256()))
    headers = {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP.lower(): timestamp}
    return client.ask("POST", sent, headers)


def complaint(number: int) -> dict[str, Any]:
    return {"event": "spamreport", "email": reader(number).address.upper(), "timestamp": NOW.timestamp() - 60}


def grounds(store: Store) -> list[Ground | None]:
    return [store.readers.ground_of(reader(number).address) for number in (1, 2, 3)]


def test_what_is_signed_is_taken_and_kept(store: Store) -> None:
    client = service(store)
    assert post(client, [complaint(1), {"event": "summer"}, 7]) == 204
    assert grounds(store) == [Ground.COMPLAINED, None, None]
    assert post(client, [complaint(1)]) == 204
    assert post(client, []) == 204


@pytest.mark.parametrize(("age", "status"), [(0, 204), (599, 204), (601, 403), (-601, 403)])
def test_an_old_request_that_is_posted_again_is_refused(store: Store, age: int, status: int) -> None:
    assert post(service(store), [complaint(1)], age=age) == status
    assert (grounds(store)[0] is None) is (status == 403)


def test_what_is_not_signed_or_altered_does_nothing(store: Store) -> None:
    client = service(store)
    assert client.ask("POST", json.dumps([complaint(1)]).encode()) == 403
    body = json.dumps([complaint(1)]).encode()
    assert post(client, body, signed=body + b"\r\n") == 403
    assert grounds(store) == [None, None, None]


@pytest.mark.parametrize("body", [b"payload", b"", b"7", b'"text"', b"[1", b"\xff\xfe"])
def test_what_holds_no_events(store: Store, body: bytes) -> None:
    assert post(service(store), body) == 400


def test_what_is_too_large_is_not_read_to_its_end(store: Store) -> None:
    assert post(service(store), b" " * (LONGEST + 1)) == 413
    assert post(service(store), b"[" + b" " * (LONGEST - 2) + b"]") == 204


def test_without_a_public_key_there_is_nothing_here(store: Store) -> None:
    assert post(service(store, ""), [complaint(1)]) == 404
    assert grounds(store) == [None, None, None]


def test_nobody_else_asks_here(store: Store) -> None:
    assert service(store).ask("GET") == 405


def test_what_could_not_be_kept_is_to_be_posted_again(store: Store) -> None:
    with (
        Store.open(url_of(store.path), patience=0.1) as impatient,
        closing(sqlite3.connect(store.path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        assert post(service(impatient), [complaint(1)]) == 503
        other.execute("ROLLBACK")
        assert post(service(impatient), [complaint(1)]) == 204
