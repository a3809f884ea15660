"""`python -m bench.events [READERS]`: what SendGrid posts of a campaign, taken and applied, in requests of 500 events.

Each request goes the whole way: signature, JSON, the store with one durable commit, ledger and suppressions. Beside it,
in the same run and by turns, a bare `sqlite3` inserts the same events into a table like ours, with the same commit for
each 500, from rows that are made before. Prints events a second of both on one core, and the ratio.
"""

from __future__ import annotations

import base64
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bench import campaign
from digest import clock
from digest.app import open_publication
from digest.deliver.event_webhook import SIGNATURE, TIMESTAMP
from digest.deliver.letters import Addressing
from digest.office.addressing import addressing_of
from digest.office.feedback import Feedback, Reception
from digest.reader_settings import ReaderSettings, WebhookSettings
from digest.record.location import path_of
from digest.record.store import Store
from digest.settings import Settings

READERS, RUNS, BATCH = 25_000, 3, 500
PROMISED = 20_000
"""Events a second, or half of the bare insert where that is less."""
_KEY = ec.generate_private_key(ec.SECP256R1())
_TABLE = """
CREATE TABLE bare (issue, subscriber, kind, identity, at, words, url, is_machine,
                   PRIMARY KEY (issue, subscriber, kind, identity)) WITHOUT ROWID
"""


def settings_of(folder: Path) -> Settings:
    """The publication's, with a public key that our requests are signed for."""
    public = _KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    webhook = WebhookSettings(public_key=base64.b64encode(public).decode())
    return replace(campaign.settings_of(folder), readers=ReaderSettings(webhook=webhook))


def sent(settings: Settings) -> None:
    """Every letter of the issue is accepted, as after a send."""
    with open_publication(settings, clock.now) as publication:
        publication.sending.plan(campaign.ISSUE)
    with closing(sqlite3.connect(path_of(settings.store_url))) as driver, driver:
        driver.execute("UPDATE letter SET state = 'accepted'")
        driver.execute("UPDATE issue SET state = 'sent', accepted = owed, owed = 0")


def events(store: Store, addressing: Addressing, now: float) -> list[dict[str, Any]]:
    """What comes of a campaign: nearly everything is processed and delivered; some bounces, a few complaints; a tenth
    is told twice; a little out of order."""
    chance, told = random.Random(7), []
    for key, reader in store.subscribers.iterate():
        letter = addressing.ids.of_letter(campaign.ISSUE, "", reader.address)
        common: dict[str, Any] = {
            "email": reader.address,
            "issue": campaign.ISSUE,
            "letter": letter,
            "category": ["digest"],
        }
        common |= {
            "category": ["digest"],
            "sg_message_id": f"{letter}.filterdrecv-7b5d",
            "smtp-id": f"<{letter}@is>",
            "timestamp": int(now),
        }
        told.append((key, {**common, "event": "processed"}))
        told.append((key + chance.randint(200, 2000), {**common, **_fate(chance)}))
        if chance.random() < 0.001:
            told.append((key + 5000, {**common, "event": "spamreport"}))
    told += [(when + 700, event) for when, event in chance.sample(told, len(told) // 10)]
    return [{**event, "sg_event_id": f"{chance.random()}"} for _, event in sorted(told, key=lambda one: one[0])]


def _fate(chance: random.Random) -> dict[str, Any]:
    die = chance.random()
    if die < 0.01:
        return {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such user"}
    if die < 0.02:
        return {"event": "bounce", "type": "blocked", "status": "5.2.2", "reason": "552 5.2.2 mailbox full"}
    return {"event": "delivered", "response": "250 2.0.0 OK 1461095248 m143si2210036ioe.159 - gsmtp"}


def requests(told: list[dict[str, Any]], now: float) -> list[tuple[bytes, dict[str, str]]]:
    """The bodies and headers that SendGrid would post."""
    made, timestamp = [], str(int(now))
    for batch in batches(told):
        body = json.dumps(batch).encode() + b"\r\n"
        signature = _KEY.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
        made.append((body, {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: timestamp}))
    return made


def batches(rows: list[Any]) -> Iterator[list[Any]]:
    for at in range(0, len(rows), BATCH):
        yield rows[at : at + BATCH]


def ours(folder: Path, posted: list[tuple[bytes, dict[str, str]]]) -> float:
    """Seconds for all requests, on a copy of the publication."""
    settings = settings_of(folder)
    with Store.open(settings.store_url) as store:
        feedback = Feedback(settings, store, clock.now)
        start = time.perf_counter()
        for body, headers in posted:
            assert feedback.hear_sendgrid(body, headers) is Reception.TAKEN
        return time.perf_counter() - start


def bare(folder: Path, rows: list[tuple[Any, ...]]) -> float:
    """Seconds for the same events as rows that are made already."""
    with closing(sqlite3.connect(path_of(settings_of(folder).store_url), isolation_level=None)) as driver:
        driver.execute("PRAGMA journal_mode = WAL")
        driver.execute("PRAGMA synchronous = FULL")
        driver.execute(_TABLE)
        start = time.perf_counter()
        for batch in batches(rows):
            driver.execute("BEGIN IMMEDIATE")
            driver.executemany("INSERT OR IGNORE INTO bare VALUES (?, ?, ?, ?, ?, ?, ?, ?)", batch)
            driver.execute("COMMIT")
        return time.perf_counter() - start


def rows_of(told: list[dict[str, Any]], numbers: dict[str, int]) -> list[tuple[Any, ...]]:
    """The events as rows; a repeat is the same row once more."""
    return [
        (
            campaign.ISSUE,
            numbers[each["email"]],
            each["event"],
            blake2b(f"{each['email']}{each['event']}".encode(), digest_size=16).digest(),
            each["timestamp"],
            each.get("reason", ""),
            "",
            0,
        )
        for each in told
    ]


def main() -> None:
    """Prints the medians of runs that take turns."""
    readers = int(sys.argv[1]) if sys.argv[1:] else READERS
    with tempfile.TemporaryDirectory() as folder:
        made = campaign.make(Path(folder) / "made", readers=readers, html=1000)
        campaign.read(made)
        settings, now = settings_of(made), time.time()
        sent(settings)
        with Store.open(settings.store_url) as store:
            told = events(store, addressing_of(settings, store), now)
            numbers = {reader.address: key for key, reader in store.subscribers.iterate()}
        posted, rows = requests(told, now), rows_of(told, numbers)
        runs: dict[str, list[float]] = {"ours": [], "bare": []}
        for _ in range(RUNS):
            runs["ours"].append(ours(campaign.copy(made, Path(folder) / "run"), posted))
            runs["bare"].append(bare(campaign.copy(made, Path(folder) / "run"), rows))
    a_second = {name: len(told) / statistics.median(seconds) for name, seconds in runs.items()}
    ratio, floor = a_second["ours"] / a_second["bare"], min(PROMISED, a_second["bare"] / 2)
    print(f"{len(told)} events of {readers} readers, {BATCH} a request, one core")
    print(f"ours {a_second['ours']:,.0f} a second, bare insert {a_second['bare']:,.0f} a second, ratio {ratio:.2f}")
    print(f"promised {floor:,.0f} a second: {'met' if a_second['ours'] >= floor else 'MISSED'}")


if __name__ == "__main__":
    main()
