"""One piece of work in one process, timed: `python -m bench.work send FOLDER`. Prints what was measured as JSON."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from bench import campaign
from digest import clock
from digest.app import open_publication
from digest.deliver.campaign import campaign_of
from digest.deliver.letters import Addressing, write_letter
from digest.deliver.message import MessageTemplate
from digest.deliver.providers import open_provider
from digest.deliver.seam import Line, OpenGate
from digest.model import (
    Allowance,
    Answer,
    Batch,
    Campaign,
    Claim,
    ClaimedLetter,
    Letter,
    LetterState,
    Settlement,
    Wish,
)
from digest.model.segments import Every, Segment, Term, Trait, Without
from digest.office.publication import Publication
from digest.record.archive import Archive
from digest.record.ledger import Ledger
from digest.record.location import path_of
from digest.record.store import Store

ADDRESSING = Addressing(web="https://docket.example/letters/", secret="of-the-benchmarks", domain="docket.example")
READERS_PER_REQUEST = 1000
AT_ONCE = 8


@dataclass(slots=True)
class Timing:
    """Seconds by the clock on the wall, and of the processor, of this process."""

    seconds: float = 0.0
    cpu: float = 0.0

    @contextmanager
    def timing(self) -> Iterator[None]:
        seconds, cpu = time.perf_counter(), time.process_time()
        yield
        self.seconds += time.perf_counter() - seconds
        self.cpu += time.process_time() - cpu


def plan(folder: Path, only: Segment | None = None) -> dict[str, float]:
    """The plan of a list that was read before."""
    with _opened(folder) as publication:
        timing = Timing()
        with timing.timing():
            planned = publication.sending.plan(campaign.ISSUE, only)
        return {"letters": planned.letters[LetterState.OWED], "seconds": timing.seconds}


def plan_segment(folder: Path) -> dict[str, float]:
    """The same for a segment that everybody is in, so that as many letters are planned."""
    return plan(folder, Every((Without(Term(Trait.LANGUAGE, "es")), Term(Trait.SECTION, "Opinion"))))


def bare_plan(folder: Path) -> dict[str, float]:
    """A row a reader by one statement, in the store's file, into a table that has nothing but the rows."""
    settings = campaign.settings_of(folder)
    with closing(sqlite3.connect(path_of(settings.store_url), isolation_level=None)) as database:
        assert database.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE bare (issue, subscriber, state, PRIMARY KEY (issue, subscriber)) WITHOUT ROWID")
        timing = Timing()
        with timing.timing():
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO bare SELECT '2026-11-20', key, 'owed' FROM subscriber ORDER BY key")
            database.execute("COMMIT")
        (rows,) = database.execute("SELECT count(*) FROM bare").fetchone()
    return {"letters": rows, "seconds": timing.seconds}


def send(folder: Path) -> dict[str, float]:
    """A whole campaign by `digest send`, from the first claim to the last settling; planned before.

    Its processor time is all that the command and its further senders use, from their start to their end.
    """
    with _opened(folder) as publication:
        letters = publication.sending.plan(campaign.ISSUE).letters[LetterState.OWED]
    command = [sys.executable, "-m", "digest", "--config", str(folder / "digest.toml"), "send", "--yes"]
    subprocess.run(command, env={**os.environ, **campaign.ENVIRONMENT}, stdout=subprocess.DEVNULL, check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    with _opened(folder) as publication:
        assert publication.store.ledger.counts(campaign.ISSUE)[LetterState.ACCEPTED] == letters
    with closing(sqlite3.connect(path_of(campaign.settings_of(folder).store_url))) as database:
        began, ended = database.execute("SELECT min(claimed_at), max(settled_at) FROM batch").fetchone()
    return {"letters": letters, "seconds": (ended - began) / 1e6, "cpu": used.ru_utime + used.ru_stime}


def post(folder: Path) -> dict[str, float]:
    """The same requests to the service made and posted, and nothing remembered."""
    settings = campaign.settings_of(folder)
    with Store.open(settings.store_url) as store:
        readers = [ClaimedLetter(key, reader.address, reader.name) for key, reader in store.subscribers.iterate()]
    provider = open_provider(settings.delivery)
    issue = _campaign(folder)
    provider.check(issue)
    claims = iter([readers[at : at + READERS_PER_REQUEST] for at in range(0, len(readers), READERS_PER_REQUEST)])
    timing = Timing()
    with timing.timing(), ThreadPoolExecutor(AT_ONCE) as threads:
        for each in [threads.submit(_post, provider.line(), issue, claims) for _ in range(AT_ONCE)]:
            each.result()
    return {"letters": len(readers), "seconds": timing.seconds, "cpu": timing.cpu}


def _post(line: Line, issue: Campaign, claims: Iterator[Sequence[ClaimedLetter]]) -> None:
    for number, claim in enumerate(claims):
        letters = tuple(_letter(reader) for reader in claim)
        delivery = line.send(issue, Batch(number=number, letters=letters), OpenGate())
        assert {receipt.answer for receipt in delivery.receipts} == {Answer.TAKEN}
    line.close()


def letters(folder: Path) -> dict[str, float]:
    """Letters made whole, and how long one is."""
    template = MessageTemplate.of(_campaign(folder))
    readers = [_reader(number) for number in range(20_000)]
    timing = Timing()
    with timing.timing():
        for reader in readers:
            size = len(template.message(_letter(reader)))
    return {"letters": len(readers), "seconds": timing.seconds, "bytes": size}


def email_messages(folder: Path) -> dict[str, float]:
    """The same letters as the standard library makes them."""
    issue = _campaign(folder)
    readers = [_reader(number) for number in range(50)]
    timing = Timing()
    with timing.timing():
        for reader in readers:
            size = len(_message(issue, _letter(reader)))
    return {"letters": len(readers), "seconds": timing.seconds, "bytes": size}


def _message(issue: Campaign, letter: Letter) -> bytes:
    message = EmailMessage(policy=SMTP.clone(max_line_length=998))
    message["From"], message["Reply-To"], message["To"] = issue.from_, issue.reply_to, letter.address
    message["Subject"], message["Message-ID"] = issue.rendered.subject, letter.message_id
    message["List-Unsubscribe"] = f"<{letter.one_click}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_filled(issue.rendered.text, issue, letter), cte="quoted-printable")
    message.add_alternative(_filled(issue.rendered.html, issue, letter), subtype="html", cte="quoted-printable")
    return message.as_bytes()


def _filled(body: str, issue: Campaign, letter: Letter) -> str:
    for slot, marker in issue.rendered.slots.items():
        body = body.replace(marker, letter.slots[slot])
    return body


def claims(folder: Path) -> dict[str, float]:
    """The first and the last hundred claims of a campaign, all of it claimed and settled."""
    seconds: list[float] = []
    with _opened(folder) as publication:
        ledger = publication.store.ledger
        publication.sending.plan(campaign.ISSUE)
        wish = _wish(publication.store)
        while (claim := _timed_claim(ledger, wish, seconds)).letters:
            settled = [Settlement(key=letter.key, state=LetterState.ACCEPTED) for letter in claim.letters]
            ledger.settle(campaign.ISSUE, claim.number, settled, now=clock.now())
    seconds.pop()
    return {"claims": len(seconds), "first": sum(seconds[:100]), "last": sum(seconds[-100:])}


def _wish(store: Store) -> Wish:
    return Wish(
        letters=READERS_PER_REQUEST,
        sender=store.senders.enter(campaign.ISSUE, "bench", now=clock.now()),
        journal="bench",
        provider="sendgrid",
        allow=lambda usage, wanted: Allowance(letters=wanted),
    )


def _timed_claim(ledger: Ledger, wish: Wish, seconds: list[float]) -> Claim:
    timing = Timing()
    with timing.timing():
        claim = ledger.claim(campaign.ISSUE, wish, now=clock.now())
    seconds.append(timing.seconds)
    return claim


@contextmanager
def _opened(folder: Path) -> Iterator[Publication]:
    with open_publication(campaign.settings_of(folder), clock.now) as publication:
        yield publication


def _campaign(folder: Path) -> Campaign:
    settings = campaign.settings_of(folder)
    return campaign_of(Archive(settings.archive).load(campaign.ISSUE)[1], settings, date=clock.now())


def _reader(number: int) -> ClaimedLetter:
    return ClaimedLetter(number, f"reader{number}@example.com", f"Ana Reader {number}")


def _letter(reader: ClaimedLetter) -> Letter:
    return write_letter(reader, issue=campaign.ISSUE, addressing=ADDRESSING, key=reader.key)


WORKS: tuple[Callable[[Path], dict[str, float]], ...] = (
    plan,
    plan_segment,
    bare_plan,
    send,
    post,
    letters,
    email_messages,
    claims,
)


def main() -> None:
    """Does one of them."""
    work = next(work for work in WORKS if work.__name__ == sys.argv[1])
    print(json.dumps(work(Path(sys.argv[2]))))


if __name__ == "__main__":
    main()
